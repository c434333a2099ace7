"""The console in a real browser: a first day with passkey and keyboard, every script, axe's opinion of every page."""

import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.async_api import Browser, CDPSession, Page, async_playwright

from surveys.records import staff_sessions
from surveys.records.accounts import NewAccount
from surveys.records.database import Database
from surveys.rules.roles import EVERY_CENTRE, Role
from surveys.steps import staff_access
from tests.databases import any_seals, fresh_sqlite
from tests.staff.answered import go_through
from tests.staff.office import PASSWORD, Office, opened
from tests.steps.stage import make_stage

pytestmark = pytest.mark.browser
STEP = timedelta(seconds=30)
CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PAGES = (
    "/staff/", "/staff/people", "/staff/people/new", "/staff/responses", "/staff/overview", "/staff/questionnaires",
    "/staff/questionnaires/check-in/1", "/staff/me", "/staff/nothing",
)  # fmt: skip
CYRILLIC, LATIN = re.compile(r"[а-яђјљњћџ]", re.IGNORECASE), re.compile(r"[a-zčćžšđ]", re.IGNORECASE)
ANY_SCRIPT = re.compile(
    r"Telegram|SMS|English|latinica|ћирилица|XLSForm|Esc|\.xlsx|\.md|[a-z]+-[a-z0-9]{8,}\S*|\S+@\S+|check-in|sr_\w+|en\b"
    r"|Мира Јовић|[0-9a-f]{64}"
)

OWN_TEXT = """() => {
  const own = document.documentElement.lang;
  for (const each of document.querySelectorAll("body [lang]")) if (each.lang !== own) each.remove();
  for (const each of document.querySelectorAll("code, .id")) each.remove();
  return document.body.innerText;
}"""
"""What is on the page in its own language: what is in another says so by its `lang`; names and ids are no words."""


@asynccontextmanager
async def at_office(folder: Path) -> AsyncIterator[tuple[Office, Browser]]:
    """A console with a response behind it, and a browser; where there is none, that is said in one line."""
    if CHROMIUM is None:
        line = "NOT RUN: the browser tests need Debian's Chromium (apt-get install chromium)"
        sys.__stderr__.write(f"\n{line}\n") if sys.__stderr__ else None
        pytest.skip(line)
    database = await Database.open(fresh_sqlite(folder), any_seals())
    stage = await make_stage(database, folder)
    await go_through(stage, choice=1)
    async with opened(stage) as office, async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield office, browser
        await browser.close()
    await database.close()


async def signed_in(
    office: Office, browser: Browser, language: str = "sr_Cyrl", role: Role = Role.WORKER, **screen: Any
) -> Page:
    """A page of somebody's browser, a worker's where it is not said whose."""
    client = await office.client(role)
    await client.post("/staff/me/language", language=language)
    context = await browser.new_context(**screen)
    await context.add_cookies([{"name": office.cookie, "value": client.http.cookies[office.cookie], "url": office.url}])
    return await context.new_page()


def serious(found: Any) -> list[tuple[str, list[str]]]:
    return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found.response["violations"]]


async def virtual_key(page: Page) -> CDPSession:
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


async def _invited(office: Office, role: Role) -> str:
    async with office.stage.service.database.writing() as tx:
        new = NewAccount("first@example.org", "Прва Особа", role, EVERY_CENTRE, "sr_Cyrl", "operator")
        if role is Role.WORKER:
            new = NewAccount("worker@example.org", "Мира Јовић", role, "kragujevac", "sr_Cyrl", "operator")
        made = await staff_access.invite(tx, office.stage.service, new, office.stage.now)
        assert await staff_sessions.invited(tx, made.token, office.stage.now)
    return f"{office.url}/staff/invitation/{made.token}"


async def test_a_worker_opens_the_account_adds_a_passkey_and_takes_an_alert_by_keyboard_alone(tmp_path: Path) -> None:
    async with at_office(tmp_path) as (office, browser):
        page = await browser.new_page()
        await virtual_key(page)
        await page.goto(await _invited(office, Role.WORKER))
        secret = str(await page.get_attribute("input[name=secret]", "value"))
        await page.fill("#password", PASSWORD)
        await page.fill("#code", pyotp.TOTP(secret).at(office.stage.now - STEP))
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".codes li")
        assert len(await page.locator(".codes li").all()) == staff_access.CODES
        await page.click("a.button")
        await page.fill("#login", "worker@example.org")
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await page.fill("#code", pyotp.TOTP(secret).at(office.stage.now))
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#alerts")
        await page.goto(f"{office.url}/staff/me")
        await page.click("form[data-passkey] button")
        await page.get_by_text("Уписано кључева: 1").wait_for()  # a function would need eval, which is forbidden
        await page.get_by_role("button", name="Одјава").click()
        await page.fill("#login", "worker@example.org")
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Потврди кључем").click()
        await page.wait_for_selector("#alerts")
        taking = page.get_by_role("button", name="Преузми").first
        while not await taking.evaluate("node => node === document.activeElement"):
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("form[action$='/close']")
        await page.wait_for_load_state()  # the script that hears the key comes after the form
        await page.keyboard.press("Escape")
        assert await page.evaluate("document.body.classList.contains('veiled')")
