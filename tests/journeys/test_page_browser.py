"""The private page in a real browser, at the size of an old phone: axe, both scripts, Back, the keyboard alone."""

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

from tests.journeys.sms_house import SmsHouse, sms_house
from tests.journeys.test_page import EXIT, PAGE, link_of

pytestmark = pytest.mark.browser
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


@asynccontextmanager
async def at_the_link(root: Path, language: str) -> AsyncIterator[tuple[SmsHouse, Browser]]:
    """A man whose notice just arrived, and a browser; where there is none, that is said in one line."""
    if CHROMIUM is None:
        line = "NOT RUN: the browser tests need Debian's Chromium (apt-get install chromium)"
        sys.__stderr__.write(f"\n{line}\n") if sys.__stderr__ else None
        pytest.skip(line)
    async with sms_house(root, two_way=False, more=PAGE) as house, async_playwright() as driver:
        await house.enrol(language=language)
        await house.side.serve()
        await house.noticed()
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield house, browser
        finally:
            await browser.close()


async def small_phone(browser: Browser, **options: Any) -> BrowserContext:
    """A narrow phone that runs no script of a page."""
    return await browser.new_context(viewport={"width": 320, "height": 568}, **options)


async def pressed(page: Page, button: str, then: str) -> None:
    """Press it, and wait for a new page that has `then` on it."""
    async with page.expect_navigation(wait_until="load"):
        await page.click(button)
    await page.wait_for_selector(then, state="attached")


async def looked_at(page: Page, folder: Path, name: str, language: str) -> None:
    """Nothing cut off, one script, nothing that axe objects to."""
    await page.screenshot(path=folder / f"{name}-{language}.png", full_page=True)
    assert await page.evaluate(CUT_OFF) == []
    shown = re.sub(r"latinica|English|ћирилица", "", await page.evaluate(OWN_TEXT))
    if language != "en":
        wrong = LATIN if language == "sr_Cyrl" else CYRILLIC
        assert not wrong.findall(shown), shown
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("language", ["sr_Cyrl", "sr_Latn", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_screen_is_accessible_whole_and_of_one_script(tmp_path: Path, language: str, scheme: Any) -> None:
    async with at_the_link(tmp_path, language) as (house, browser):
        page = await (await small_phone(browser, color_scheme=scheme)).new_page()
        await page.goto(link_of(house))
        await looked_at(page, tmp_path, "start", "en")
        await pressed(page, ".go", "[value=yes]")
        await looked_at(page, tmp_path, "consent", language)
        await pressed(page, "[value=stop]", "[value=again]")
        await looked_at(page, tmp_path, "stop", language)
        await pressed(page, "[value=again]", "[value=yes]")
        await pressed(page, "[value=yes]", "[name=turn]")
        for step in range(30):
            if not await page.query_selector("[name=turn]"):
                break
            await looked_at(page, tmp_path, f"item{step}", language)
            options = await page.query_selector_all("[name=a]")
            if step == 0:
                await pressed(page, "[value=next]", "[role=alert]")
                await looked_at(page, tmp_path, "unmarked", language)
                options = await page.query_selector_all("[name=a]")
            if options:
                await options[0].check()
            await pressed(page, "[value=next]", "main")
        await looked_at(page, tmp_path, "closing", language)
        assert await page.query_selector("[role=alert]") is None


async def test_safety_back_and_reload_show_nothing_of_what_was_answered(tmp_path: Path) -> None:
    async with at_the_link(tmp_path, "sr_Latn") as (house, browser):
        context = await small_phone(browser, java_script_enabled=False)
        page = await context.new_page()
        await page.goto(link_of(house))
        await pressed(page, ".go", "[value=yes]")
        await pressed(page, "[value=yes]", "[name=a]")
        first = await page.inner_text("h1")
        await (await page.query_selector_all("[name=a]"))[0].check()
        await pressed(page, "[value=next]", "main")
        await page.goto(link_of(house))
        assert await page.query_selector_all("button") != []
        assert first not in await page.content()
        await pressed(page, ".go", "main")
        assert not await page.query_selector_all("[name=a]:checked")
        await context.route(EXIT, lambda route: route.fulfill(body="an everyday page"))
        await page.click("[value=exit]")
        await page.wait_for_url(EXIT)
        assert await context.cookies() == []


async def test_the_keyboard_is_enough(tmp_path: Path) -> None:
    async with at_the_link(tmp_path, "sr_Latn") as (house, browser):
        page = await (await small_phone(browser)).new_page()
        await page.goto(link_of(house))
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[value=yes]")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.value") == "exit"
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[name=a]")
        for _ in range(2):
            await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("progress, h1")
        assert await page.query_selector("[name=a]:checked") is None
