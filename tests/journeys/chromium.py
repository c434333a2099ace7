"""A real browser at the size of an old phone: presses buttons, looks at each screen, and hears what it complains of."""

import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
CYRILLIC, LATIN = re.compile(r"[а-яђјљњћџ]", re.IGNORECASE), re.compile(r"[a-zčćžšđ]", re.IGNORECASE)
OWN_TEXT = """() => {
  const own = document.documentElement.lang, copy = document.body.cloneNode(true);
  for (const each of copy.querySelectorAll("[lang]")) if (each.lang !== own) each.remove();
  return copy.textContent;
}"""
CUT_OFF = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
  .filter((each) => getComputedStyle(each).display !== "inline")
  .map((each) => each.tagName + " " + each.textContent.slice(0, 30))"""
TOO_SMALL = """() => [...document.querySelectorAll("button, label, textarea, input[name=t], a")]
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.height > 0 && (box.height < 44 || box.width < 44))
  .map(([each]) => each.tagName + " " + each.textContent.trim().slice(0, 30))"""
STYLE = """() => {
  const button = document.querySelector(".go"), body = document.documentElement;
  return [button && getComputedStyle(button).backgroundColor, getComputedStyle(body).backgroundColor];
}"""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser; where there is none, that is said in one line."""
    if CHROMIUM is None:
        line = "NOT RUN: the browser tests need Debian's Chromium (apt-get install chromium)"
        sys.__stderr__.write(f"\n{line}\n") if sys.__stderr__ else None
        pytest.skip(line)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


async def small_phone(browser: Browser, **options: Any) -> BrowserContext:
    """A narrow phone."""
    return await browser.new_context(viewport={"width": 320, "height": 568}, **options)


def complaints(page: Page) -> list[str]:
    """What the browser's console says from now on of what it refused or could not do."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


async def pressed(page: Page, button: str, then: str) -> None:
    """Press it, and wait for a new page that has `then` on it."""
    async with page.expect_navigation(wait_until="load"):
        await page.click(button)
    await page.wait_for_selector(then, state="attached")


async def looked_at(page: Page, folder: Path, name: str, language: str) -> None:
    """Nothing cut off, nothing too small to be hit, one script, nothing that axe objects to."""
    await page.screenshot(path=folder / f"{name}-{language}.png", full_page=True)
    assert await page.evaluate(CUT_OFF) == []
    assert await page.evaluate(TOO_SMALL) == []
    shown = re.sub(r"latinica|English|ћирилица", "", await page.evaluate(OWN_TEXT))
    if language != "en":
        wrong = LATIN if language == "sr_Cyrl" else CYRILLIC
        assert not wrong.findall(shown), shown
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
