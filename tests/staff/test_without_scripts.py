"""The console in a browser without JavaScript, as an office may have set it: all works, and no button is dead."""

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.staff.office import PASSWORD, Office
from tests.staff.test_browser import at_office

pytestmark = pytest.mark.browser
DEAD = "button[type=button], [data-print], [data-passkey]"
"""What works by a script alone, and is not shown where there is none."""


async def test_a_workers_day_needs_no_script_and_shows_no_button_that_does_nothing(tmp_path: Path) -> None:
    async with at_office(tmp_path) as (office, browser):
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await _sign_in(page, office)
        await page.get_by_role("button", name="Преузми").first.click()
        await page.locator("form[action$='/close']").wait_for()
        await _nothing_is_dead(page)
        await _veil(page)
        await _enrol(page, office)
        await _review(page, office)


async def _sign_in(page: Page, office: Office) -> None:
    await page.goto(f"{office.url}/staff/")
    await page.fill("#login", await office.account())
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await _nothing_is_dead(page)
    await page.fill("#code", office.code())
    await page.keyboard.press("Enter")
    await page.locator("#alerts").wait_for()
    await _nothing_is_dead(page)


async def _veil(page: Page) -> None:
    """The screen is covered by a press too, whole, and comes back."""
    await page.get_by_role("link", name="Замагли").click()
    covered, window = await page.locator("#veil").bounding_box(), page.viewport_size
    assert covered == {"x": 0, "y": 0, **(window or {})}
    await page.locator("#veil a").click()
    await page.locator("#veil").wait_for(state="hidden")


async def _enrol(page: Page, office: Office) -> None:
    await page.goto(f"{office.url}/staff/people/new")
    await page.check("input[name=channel][value=telegram]")
    await page.check("input[name=language][value=sr_Cyrl]")
    await page.locator("main button").last.click()
    await page.fill("[name=case_code]", "KG-7Q2M-11")
    await page.fill("[name=completed_on]", "1. 9. 2026.")
    await page.check("[name=adult]")
    for purpose in ("contact", "evaluation"):
        await page.check(f"[name={purpose}]")
    await page.locator("main button").last.click()
    await page.locator("main svg").first.wait_for()
    await _nothing_is_dead(page)


async def _review(page: Page, office: Office) -> None:
    await page.goto(f"{office.url}/staff/responses")
    await page.locator("main tbody a").first.click()
    await page.locator("main h1").wait_for()
    await _nothing_is_dead(page)
    await page.emulate_media(media="print")
    assert not await page.locator("nav").first.is_visible()
    await page.emulate_media(media="screen")


async def _nothing_is_dead(page: Page) -> None:
    assert [await each.inner_html() for each in await page.locator(DEAD).all() if await each.is_visible()] == []
