"""The console's first day in a real browser, on a running side: from `posle staff add` to a printed response."""

import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Browser, Page, async_playwright

from posle import staffing
from posle.opening import opened
from surveys.rules.roles import EVERY_CENTRE, Role
from tests.journeys.hands import Keyboard, Mouse
from tests.journeys.house import House, house, until
from tests.staff.office import PASSWORD
from tests.staff.test_browser import ARGUMENTS, CHROMIUM, virtual_key
from tests.steps.on_call import attested, on_call

pytestmark = pytest.mark.browser
CHAT = 911
MINUTE = timedelta(minutes=1)
WORDS = "ubicu se"
NOTE = "razgovor je obavljen"
PRINTED = "window.print = () => { document.documentElement.dataset.printed = 'yes'; };"


@asynccontextmanager
async def at_work(root: Path) -> AsyncIterator[tuple[House, Browser]]:
    """His side at work with somebody on call, and a browser; where there is none, that is said in one line."""
    if CHROMIUM is None or shutil.which("chromium") is None:
        line = "NOT RUN: the browser tests need Debian's Chromium (apt-get install chromium)"
        sys.__stderr__.write(f"\n{line}\n") if sys.__stderr__ else None
        pytest.skip(line)
    async with house(root) as side, async_playwright() as driver:
        file = side.folder / "posle.toml"
        file.write_text(f'{file.read_text()}\n[staff]\npublic_url = "{console(side)}"\n')
        async with opened(side.folder) as (_, database):
            await attested(database, side.clock.now(), [on_call("first", "kragujevac")])
        await side.serve()
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield side, browser
        finally:
            await browser.close()


def console(side: House) -> str:
    return f"http://localhost:{side.port}"


async def account_opened(side: House, hand: Mouse, invitation: str, login: str) -> str:
    """Password, code, reserve codes, the first sign-in; the secret of the codes."""
    page = hand.page
    await page.goto(invitation)
    secret = str(await page.get_attribute("input[name=secret]", "value"))
    await hand.type("#password", PASSWORD)
    await hand.type("#code", pyotp.TOTP(secret).at(side.clock.now()))
    await hand.press("button.first")
    await page.wait_for_selector(".codes li")
    await hand.press("a.button.first")
    side.clock.set(side.clock.now() + MINUTE)  # a code is good once
    await named(hand, login)
    await hand.type("#code", pyotp.TOTP(secret).at(side.clock.now()))
    await hand.press("button.first")
    await page.wait_for_selector("header.top")
    return secret


async def named(hand: Mouse, login: str) -> None:
    """The first factor."""
    await hand.page.wait_for_selector("#login")
    await hand.type("#login", login)
    await hand.type("#password", PASSWORD)
    await hand.press("button.first")
    await hand.page.wait_for_selector("#code")


async def first_administrator(side: House, browser: Browser, hands: type[Mouse], language: str) -> str:
    """`posle staff add`, then the administrator's own account; the link for a worker whom the administrator invites."""
    page = await (await browser.new_context()).new_page()
    hand = hands(page)
    link = await staffing.invite(
        side.folder, "first@example.org", "Прва Особа", Role.ADMINISTRATOR, EVERY_CENTRE, language, side.clock.now()
    )
    await account_opened(side, hand, link, "first@example.org")
    await hand.press("nav a[href='/staff/accounts']")
    await hand.type("#name", "Мира Јовић")
    await hand.type("#login", "mira@example.org")
    await hand.choose("#role", "worker")
    await hand.choose("#centre", "kragujevac")
    await hand.choose("#speaks", language)
    await hand.press("main form.card button.first")
    return str(await page.inner_text(".note.good code"))


async def passkey_added(hand: Mouse) -> None:
    """A passkey, and out again."""
    await hand.press("header.top a[href='/staff/me']")
    await hand.press("form[data-passkey] button")
    await hand.page.get_by_text(re.compile(r"(Уписано кључева|Upisano ključeva): 1")).wait_for()
    await hand.press("form[action='/staff/sign-out'] button")


async def signed_in_by_passkey(hand: Mouse) -> None:
    await named(hand, "mira@example.org")
    await hand.press("form[data-passkey=get] button")
    await hand.page.wait_for_selector("#alerts")


async def enrolled(side: House, hand: Mouse, language: str) -> None:
    """By the form, step by step; he takes the picture's link with his phone."""
    await hand.press("nav a[href='/staff/people']")
    await hand.press("a[href='/staff/people/new']")
    await hand.mark("input[name=channel][value=telegram]")
    await hand.press("main button.first")
    await hand.type("#case_code", "KG-7Q2M-911")
    await hand.type("#completed_on", "20. 8. 2026.")
    await hand.mark("input[name=adult]")
    await hand.mark("input[name=contact]")
    await hand.mark("input[name=evaluation]")
    await hand.press("main button.first")
    await hand.page.wait_for_selector(".qr svg")
    link = await hand.page.inner_text(".note.good code")
    side.wire.world.add_person("Planted911", number=CHAT, link=link)
    side.people[CHAT] = await hand.page.inner_text("h1 .id")
    side.follow(CHAT)


async def interviewed(side: House) -> None:
    """The interview on the simulated phone, with words of danger in it."""
    await side.noticed(CHAT)
    assert await side.answer(CHAT, steps=4) == 4
    before = side.seen(CHAT)
    side.type(CHAT, WORDS)
    await side.changed(CHAT, before)
    await side.answer(CHAT)

    async def finished() -> bool:
        return bool(await side.stored(CHAT)) and not side.buttons(CHAT)

    await until(finished, side.process)


async def taken_and_closed(hand: Mouse) -> None:
    """The alert."""
    await hand.press("form[action^='/staff/alerts/'][action$='/acknowledge'] button")
    await hand.page.wait_for_selector("form[action$='/close']")
    await hand.mark("input[name=answer][value=yes]")
    await hand.press("form[action$='/close'] button")
    await hand.page.wait_for_selector("#alerts")


async def reviewed_and_printed(hand: Mouse) -> None:
    page: Page = hand.page
    await hand.press("nav a[href='/staff/responses']")
    await page.wait_for_selector("#wave")
    await hand.press("tbody a")
    await page.wait_for_selector("#note")
    await hand.press("[data-print]")
    assert await page.evaluate("document.documentElement.dataset.printed") == "yes"
    await page.emulate_media(media="print")
    assert await page.locator("nav, form, [data-print]").locator("visible=true").count() == 0
    assert await page.locator("table").first.is_visible()
    await page.emulate_media(media="screen")
    await hand.type("#note", NOTE)
    await hand.press("form[action$='/review'] button")
    await page.get_by_text(NOTE).wait_for()


@pytest.mark.parametrize(("language", "hands"), [("sr_Latn", Mouse), ("sr_Cyrl", Keyboard)])
async def test_from_the_first_administrator_to_a_response_that_is_printed(
    tmp_path: Path, language: str, hands: type[Mouse]
) -> None:
    async with at_work(tmp_path) as (side, browser):
        invitation = await first_administrator(side, browser, hands, language)
        page = await (await browser.new_context()).new_page()
        await page.add_init_script(PRINTED)
        await virtual_key(page)
        hand = hands(page)
        await account_opened(side, hand, invitation, "mira@example.org")
        assert await page.get_attribute("html", "lang") == language.replace("_", "-")
        await passkey_added(hand)
        await signed_in_by_passkey(hand)
        await enrolled(side, hand, language)
        await interviewed(side)
        await page.goto(f"{console(side)}/staff/")  # months later the session is long over
        await signed_in_by_passkey(hand)
        await taken_and_closed(hand)
        await reviewed_and_printed(hand)
        await side.noticed_nothing_of(WORDS, NOTE, PASSWORD)
