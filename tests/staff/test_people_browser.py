"""Her people's pages in a real browser: axe finds nothing, nothing is cut off on a narrow screen."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from surveys.records.database import Database
from tests.databases import any_seals, fresh_sqlite
from tests.staff.office import opened
from tests.staff.test_browser import ARGUMENTS, CHROMIUM, serious, signed_in
from tests.steps.test_telephone import hers

pytestmark = pytest.mark.browser
SCREENS = [("light", 1280, "sr_Cyrl"), ("dark", 360, "en"), ("light", 360, "sr_Latn")]


@pytest.mark.parametrize(("scheme", "width", "language"), SCREENS)
async def test_axe_finds_nothing_on_her_pages_and_nothing_is_cut_off(
    tmp_path: Path, scheme: Any, width: int, language: str
) -> None:
    if CHROMIUM is None or shutil.which("chromium") is None:
        line = "NOT RUN: the browser tests need Debian's Chromium (apt-get install chromium)"
        sys.__stderr__.write(f"\n{line}\n") if sys.__stderr__ else None
        pytest.skip(line)
    database = await Database.open(fresh_sqlite(tmp_path), any_seals())
    stage, person = await hers(database, tmp_path)
    async with opened(stage) as office, async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        screen = {"width": width, "height": 740}
        page = await signed_in(
            office, browser, language, color_scheme=scheme, viewport=screen, reduced_motion="reduce"
        )  # fmt: skip
        one = f"/staff/people/{person}"
        for address in (
            "/staff/people/new", "/staff/people/new?channel=sms&language=sr_Latn", one, f"{one}/safe",
            f"{one}/change/channel", f"{one}/change/second_course", f"{one}/call",
        ):  # fmt: skip
            await page.goto(office.url + address)
            await looked_at(page, address)
        for step in ("number", "consent", "first item"):
            await page.locator("main button.first").first.click()
            await page.wait_for_load_state()
            await looked_at(page, step)
        await browser.close()
    await database.close()


async def looked_at(page: Page, where: str) -> None:
    assert serious(await Axe().run(page)) == [], where
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, where
