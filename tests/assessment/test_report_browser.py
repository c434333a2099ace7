"""The report in a real browser, in every language: one script in every text, nothing cut off, axe, and a printed A4."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, async_playwright

from assessment.figures import Assessed
from assessment.report import html
from tests.assessment.test_linked import _cohort
from tests.staff.test_browser import ARGUMENTS, CHROMIUM, CYRILLIC, LATIN, serious

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="NOT RUN: the browser tests need Debian's Chromium"),
]
LANGUAGES = {"sr_Cyrl": LATIN, "sr_Latn": CYRILLIC, "en": CYRILLIC}
NAMED = re.compile(r"AAPOR|RR[12]|REF1|\((I|P|R|NC|O|UO)\)|^p$")
"""AAPOR's names, and the letter of a probability, are the same in both scripts."""
TEXTS = """() => {
  const found = [], all = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (all.nextNode()) if (!all.currentNode.parentElement.closest("style")) found.push(all.currentNode.data.trim());
  document.querySelectorAll("[aria-label]").forEach(each => found.push(each.getAttribute("aria-label")));
  return found.filter(Boolean);
}"""
CUT_OFF = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const all = [...document.querySelectorAll("p, ul li, h1, h2, h3, caption")];
  return [wide, ...all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)];
}"""
CENTRES = {"nis": "Niš", "belgrade": "Beograd"}
"""One centre of the cohort is not in the list, as a side's own may be."""


def reports() -> Iterator[tuple[str, str]]:
    """One report, in every language."""
    assessed = Assessed(_cohort(4, 420)).figures()
    for language in LANGUAGES:
        names = {"nis": "Ниш", "belgrade": "Београд"} if language == "sr_Cyrl" else CENTRES
        yield language, html(assessed, language, names, ["survivors"])


async def test_a_report_is_of_one_script_whole_accessible_and_printed_on_a4_in_every_language(tmp_path: Path) -> None:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for language, text in reports():
            file = tmp_path / f"{language}.html"
            file.write_text(text, encoding="utf-8")
            await _looked_at(browser, file, language)
        await browser.close()


async def _looked_at(browser: Browser, file: Path, language: str) -> None:
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await page.goto(file.as_uri())
    texts = await page.evaluate(TEXTS)
    assert len(texts) > 100
    assert [each for each in texts if LANGUAGES[language].search(NAMED.sub("", each))] == []
    if language == "en":  # the page is built alike in all
        assert serious(await Axe().run(page)) == []
    for width in (1280, 360):
        await page.set_viewport_size({"width": width, "height": 800})
        assert await page.evaluate(CUT_OFF) == [0]
    sheet = (await page.pdf(prefer_css_page_size=True)).decode("latin-1")
    assert re.search(r"/MediaBox \[0 0 59[45]\S* 84[12]", sheet), "not A4"
    await page.close()
