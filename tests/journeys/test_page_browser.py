"""The private page in a real browser, at the size of an old phone: axe, both scripts, Back, the keyboard alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.journeys.chromium import STYLE, chromium, complaints, looked_at, pressed, small_phone
from tests.journeys.sms_house import SmsHouse, sms_house
from tests.journeys.test_page import EXIT, PAGE, link_of

pytestmark = pytest.mark.browser
COLOURS = {
    "light": ["rgb(31, 92, 122)", "rgb(255, 255, 255)"],
    "dark": ["rgb(142, 203, 230)", "rgb(21, 24, 26)"],
}
"""Of the first button and of the page, where the browser takes our style."""


@asynccontextmanager
async def at_the_link(root: Path, language: str) -> AsyncIterator[tuple[SmsHouse, Browser]]:
    """A man whose notice just arrived, and a browser."""
    async with sms_house(root, two_way=False, more=PAGE) as house, chromium() as browser:
        await house.enrol(language=language)
        await house.side.serve()
        await house.noticed()
        yield house, browser


@pytest.mark.parametrize(("scheme", "language"), [("light", "sr_Cyrl"), ("dark", "sr_Latn"), ("light", "en")])
async def test_every_screen_is_accessible_whole_and_of_one_script(tmp_path: Path, language: str, scheme: Any) -> None:
    async with at_the_link(tmp_path, language) as (house, browser):
        page = await (await small_phone(browser, color_scheme=scheme)).new_page()
        heard = complaints(page)
        await page.goto(link_of(house))
        assert await page.evaluate(STYLE) == COLOURS[scheme]
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
        assert heard == [], "nothing of ours may be refused by our own policy"


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


async def test_a_double_tap_is_one_press_and_the_link_stays_this_browsers(tmp_path: Path) -> None:
    async with at_the_link(tmp_path, "sr_Latn") as (house, browser):
        context = await small_phone(browser, java_script_enabled=False, has_touch=True)
        page = await context.new_page()
        posted: list[str] = []
        page.on("request", lambda sent: posted.append(sent.method) if sent.method == "POST" else None)
        await page.goto(link_of(house))
        box = await page.locator(".go").bounding_box()
        assert box is not None
        with house.locked():  # so that the first press is not answered before the second
            for _ in range(2):
                await page.touchscreen.tap(box["x"] + 20, box["y"] + 20)
                await asyncio.sleep(0.2)  # as long as a finger takes
        await page.wait_for_load_state()
        assert posted == ["POST"]


async def test_safety_who_presses_enter_twice_at_once_is_not_shut_out_of_their_own_link(tmp_path: Path) -> None:
    async with at_the_link(tmp_path, "sr_Latn") as (house, browser):
        page = await (await small_phone(browser, java_script_enabled=False)).new_page()
        posted: list[str] = []
        page.on("request", lambda sent: posted.append(sent.method) if sent.method == "POST" else None)
        await page.goto(link_of(house))
        await page.keyboard.press("Tab")
        with house.locked():  # so that the first press is not answered before the second
            for _ in range(2):
                async with page.expect_request(lambda sent: sent.method == "POST"):
                    await page.keyboard.press("Enter")
        await page.wait_for_selector("[value=yes]")
        assert posted == ["POST", "POST"]
        other = await (await small_phone(browser)).new_page()
        await other.goto(link_of(house))
        await pressed(other, ".go", "[value=exit]")
        assert await other.query_selector("[value=yes]") is None


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
