"""Every page of the console as every role meets it, on both sides: axe, one script, nothing cut off.

The pages are those of the console's own table, so that a new one is looked at without being named here.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from staff.table import PAGES
from surveys.records import accounts, alerts, invitations
from surveys.records.database import Database
from surveys.rules.roles import MATRIX, Role
from tests.databases import any_seals, fresh_sqlite
from tests.staff.office import Office, opened
from tests.staff.test_browser import (
    ANY_SCRIPT,
    ARGUMENTS,
    CHROMIUM,
    CYRILLIC,
    LATIN,
    OWN_TEXT,
    at_office,
    serious,
    signed_in,
)
from tests.steps.her_stage import DURESS, Phone, make_her_stage

pytestmark = pytest.mark.browser
NARROW, ZOOMED = {"width": 360, "height": 740}, {"width": 640, "height": 400}
SCREENS = [("light", ZOOMED, "sr_Cyrl"), ("dark", NARROW, "en"), ("light", NARROW, "sr_Latn")]
"""1280 wide at 200 % is 640 wide."""
OFFICE = 1024
"""The width of an old office computer's screen."""
KINDS = ("completed_on", "second_course", "purge")
AS_TYPED = "Pozovite sestru."
BUILT = """() => Array.from((document.querySelector('main') || document).querySelectorAll('*'), each =>
    each.tagName + Array.from(each.attributes, a => a.name + (/^(class|role|type|lang)$/.test(a.name) ? a.value : ''))
).join()"""
"""What axe judges a page's own part by, its words left out: several roles meet the same."""
SIDEWAYS = """() => Array.from(document.querySelectorAll('.scroll:not([tabindex])'))
    .filter(each => each.scrollWidth > each.clientWidth).map(each => each.innerText.slice(0, 60))"""
"""Tables of which a part is out of sight and out of the keyboard's reach: on a narrow screen a row is a card."""
NO_PAGE = ("/staff/static/{name}", "/staff/overview/charts/{name}", "/staff/second")


@asynccontextmanager
async def at_her_office(folder: Path) -> AsyncIterator[tuple[Office, Browser]]:
    """Her side's console after a duress word."""
    assert CHROMIUM is not None
    database = await Database.open(fresh_sqlite(folder), any_seals())
    her = await make_her_stage(database, folder)
    await her.ready()
    await her.enrol()
    await Phone(her, await her.noticed()).gate(DURESS)
    async with opened(her) as office, async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield office, browser
        await browser.close()
    await database.close()


def addresses(role: Role, ids: dict[str, str]) -> Iterator[str]:
    """Every page that this role may see."""
    for page in PAGES:
        shown = page.method == "GET" and not page.download and page.path not in NO_PAGE and page.open_to != "anybody"
        if shown and (page.may is None or page.may in MATRIX[role]):
            for kind in KINDS if "{kind}" in page.path else ("",):
                own = {"name": "consent_wave"} if page.path.startswith("/staff/settings") else {}
                yield page.path.format(**(ids | own), kind=kind)
    yield "/staff/nothing"


async def there(office: Office) -> dict[str, str]:
    """Ids that lead to something."""
    async with office.stage.service.database.reading() as tx:
        alert = (await alerts.standing(tx))[0]
        waves = await invitations.of_participant(tx, str(alert.participant))
        account = (await accounts.everyone(tx))[0]
    return {
        "participant": str(alert.participant), "alert": alert.id, "invitation": waves[0].id, "name": "check-in",
        "version": "1", "draft": "none", "centre": "nis",
        "account": account.id,
    }  # fmt: skip


async def roles(page: Page) -> set[str]:
    """What a screen reader meets on the page."""
    session = await page.context.new_cdp_session(page)
    found = await session.send("Accessibility.getFullAXTree")
    return {each["role"]["value"] for each in found["nodes"]}


async def looked_at(page: Page, address: str, language: str, seen: set[str]) -> None:
    """Axe where no page so built was looked at before, the script, the width."""
    built = await page.evaluate(BUILT)
    assert built in seen or serious(await Axe().run(page)) == [], address
    seen.add(built)
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, address
    own = page.viewport_size
    assert own is not None
    for width in (own["width"], OFFICE):
        await page.set_viewport_size({"width": width, "height": own["height"]})
        assert await page.evaluate(SIDEWAYS) == [], f"{address} at {width}"
    await page.set_viewport_size(own)
    if await page.locator("table.stack").count():
        assert {"table", "row", "columnheader", "cell"} <= await roles(page), f"cards are no table: {address}"
    if any(part in address for part in ("/staff/audit", "/staff/accounts", "/staff/data", "/staff/settings/rota")):
        return  # records and names stand there as they were written
    assert await page.locator("input[type=time], input[type=date]").count() == 0, "they show another country's form"
    foreign = LATIN if language == "sr_Cyrl" else CYRILLIC
    words = ANY_SCRIPT.sub("", await page.evaluate(OWN_TEXT)).replace(AS_TYPED, "")
    assert [line for line in words.splitlines() if foreign.search(line)] == [], address


@pytest.mark.parametrize(("scheme", "screen", "language"), SCREENS)
@pytest.mark.parametrize("side", [at_office, at_her_office], ids=["his", "hers"])
async def test_every_page_is_accessible_whole_and_of_one_script_for_every_role(
    tmp_path: Path, side: Any, scheme: Any, screen: Any, language: str
) -> None:
    async with side(tmp_path) as (office, browser):
        look: dict[str, Any] = {"color_scheme": scheme, "viewport": screen, "reduced_motion": "reduce"}
        seen: set[str] = set()
        for role in Role:
            page = await signed_in(office, browser, language, role, **look)
            around, ids = True, await there(office)
            for address in addresses(role, ids):
                await page.goto(office.url + address)
                assert "/staff/sign-in" not in page.url, address
                await looked_at(page, f"{role} {address}", language, set() if around else seen)
                around = False  # what stands around a page's own part differs by role alone
            await page.context.close()
        stranger = await browser.new_page(**look)
        await stranger.goto(f"{office.url}/staff/sign-in?language={language}")
        await looked_at(stranger, "sign-in", language, seen)
