"""Her screens in a real browser at the size of an old phone, before and behind the gate; what an unknown link shows,
and what is shown where nothing works."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.journeys.chromium import STYLE, chromium, complaints, looked_at, pressed, small_phone
from tests.journeys.test_her_page import invited
from tests.journeys.test_page import EXIT, link_of
from tests.journeys.test_page_browser import at_the_link
from tests.steps.her_stage import CODE

pytestmark = pytest.mark.browser
COLOURS = {
    "light": ["rgb(47, 107, 42)", "rgb(244, 246, 241)"],
    "dark": ["rgb(154, 212, 143)", "rgb(22, 28, 20)"],
}
"""Of the first button and of the page, where the browser takes our style."""
LOOKED = 4
"""Items that are looked at closely; the rest are of the same kinds, and axe takes its time."""


async def answered(page: Page) -> None:
    """Mark the first option, where there are any, and go on."""
    options = await page.query_selector_all("[name=a]")
    if options:
        await options[0].check()
    await pressed(page, "[value=next]", "main")


async def spoken(page: Page, language: str, then: str) -> None:
    """Choose this language at the foot, where the screen speaks another."""
    if await page.query_selector(f'[value="speak.{language}"]'):
        await pressed(page, f'[value="speak.{language}"]', then)


async def at_the_gate(page: Page, folder: Path, language: str) -> None:
    """From the link to the consent screen; on the way the cover's own way out is looked at."""
    await looked_at(page, folder, "start", "en")
    await pressed(page, ".go", "[name=p]")
    await spoken(page, language, "[name=p]")
    await looked_at(page, folder, "cover", language)
    await pressed(page, "[value=stop]", "[value=again]")
    await looked_at(page, folder, "cover-stop", language)
    await pressed(page, "[value=again]", "[name=p]")
    await page.fill("textarea, input[name=t]", CODE)
    await pressed(page, "[value=next]", "[value=yes]")


async def behind_it(page: Page, folder: Path, language: str) -> None:
    """From the consent screen to the end."""
    await spoken(page, language, "[value=yes]")
    await looked_at(page, folder, "consent", language)
    await pressed(page, "[value=yes]", "[name=turn]")
    for step in range(30):
        if not await page.query_selector("[name=turn]"):
            break
        if step < LOOKED:
            await looked_at(page, folder, f"item{step}", language)
        if step == 1:
            await pressed(page, "[value=stop]", "[value=again]")
            await looked_at(page, folder, "stop", language)
            await pressed(page, "[value=again]", "[name=turn]")
        await answered(page)
    assert "192" in await page.inner_text("main")
    await looked_at(page, folder, "helplines", language)


async def through_hers(browser: Browser, link: str, folder: Path, language: str, scheme: Any) -> None:
    page = await (await small_phone(browser, color_scheme=scheme)).new_page()
    heard = complaints(page)
    await page.goto(link)
    assert await page.evaluate(STYLE) == COLOURS[scheme]
    await at_the_gate(page, folder, language)
    await behind_it(page, folder, language)
    assert heard == [], "nothing of ours may be refused by our own policy"


@pytest.mark.parametrize(("scheme", "language"), [("dark", "sr_Cyrl"), ("light", "sr_Latn"), ("light", "en")])
async def test_her_screens_are_accessible_and_whole_before_and_behind_the_gate(
    tmp_path: Path, scheme: str, language: str
) -> None:
    async with invited(tmp_path) as house, chromium() as browser:
        await through_hers(browser, link_of(house), tmp_path, language, scheme)


async def test_the_cover_to_its_end_is_accessible_and_leads_away(tmp_path: Path) -> None:
    async with invited(tmp_path) as house, chromium() as browser:
        context = await small_phone(browser, color_scheme="dark")
        page = await context.new_page()
        await page.goto(f"{link_of(house)[:-22]}{'k' * 22}")
        await pressed(page, ".go", "[name=p]")
        for step in range(12):
            if not await page.query_selector("[value=next]"):
                break
            if step == 1:  # the first is looked at elsewhere, and the others are like this one
                await looked_at(page, tmp_path, "cover1", "sr_Latn")
            await answered(page)
        await looked_at(page, tmp_path, "end", "sr_Latn")
        await context.route(EXIT, lambda route: route.fulfill(body="an everyday page"))
        await page.click("[value=exit]")
        await page.wait_for_url(EXIT)
        assert await context.cookies() == []


async def test_what_an_unknown_link_and_a_locked_database_show_is_accessible(tmp_path: Path) -> None:
    async with at_the_link(tmp_path, "sr_Latn") as (house, browser):
        page = await (await small_phone(browser)).new_page()
        await page.goto(f"{link_of(house)[:-22]}{'k' * 22}")
        await pressed(page, ".go", "main")
        assert await page.query_selector("[value=yes]") is None
        await looked_at(page, tmp_path, "elsewhere", "en")
        await page.goto(link_of(house))
        with house.locked():
            await pressed(page, ".go", "main")
            assert await page.query_selector("[value=yes]") is None
            await looked_at(page, tmp_path, "not-working", "en")
