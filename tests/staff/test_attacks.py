"""Attacks on the console, each by name: what an address, a field, a header or an old session may never do."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from staff.asked import Page
from staff.pages.audit import Line, _csv
from staff.table import PAGES
from surveys.records import accounts, staff_sessions
from surveys.records.accounts import NewAccount
from surveys.records.staff_tables import accounts as table
from surveys.rules.roles import Role
from surveys.steps import staff_access
from tests.staff.office import PASSWORD, Client, Office
from tests.staff.test_matrix import MISSING, sent

NASTY = '"><script>x()</script>'


async def test_safety_a_session_planted_before_the_sign_in_is_worth_nothing_after_it(office: Office) -> None:
    login = await office.account()
    half = await staff_access.sign_in(office.stage.service, login, PASSWORD, office.stage.now)
    browser = Client(office.open({office.cookie: half}))
    csrf = office.stage.service.database.seals.index("staff_sessions", "csrf", half).hex()
    answer = await browser.http.post("/staff/second", data={"csrf": csrf, "code": office.code()})
    assert answer.status_code == 303
    assert answer.cookies[office.cookie] != half
    planted = Client(office.open({office.cookie: half}))
    assert (await planted.get("/staff/me")).headers["location"] == "/staff/sign-in"


async def test_safety_a_code_that_was_used_signs_nobody_in_again(office: Office) -> None:
    login = await office.account()
    code = office.code()
    statuses = []
    for _ in range(2):
        half = await staff_access.sign_in(office.stage.service, login, PASSWORD, office.stage.now)
        csrf = office.stage.service.database.seals.index("staff_sessions", "csrf", half).hex()
        browser = office.open({office.cookie: half})
        statuses.append((await browser.post("/staff/second", data={"csrf": csrf, "code": code})).status_code)
    assert statuses == [303, 422]


async def test_safety_a_role_that_changed_counts_from_the_next_request_on(office: Office) -> None:
    admin = await office.client(Role.ADMINISTRATOR)
    assert (await admin.get("/staff/accounts")).status_code == 200
    async with office.stage.service.database.writing() as tx:
        (found,) = await accounts.everyone(tx)
        await tx.run(table.update().values(role=Role.EVALUATOR))
    assert (await admin.get("/staff/accounts")).status_code == 404
    assert (await admin.post("/staff/accounts", login="x@example.org")).status_code == 404
    async with office.stage.service.database.writing() as tx:
        await accounts.close(tx, found.id, office.stage.now)
    assert (await admin.get("/staff/overview")).headers["location"] == "/staff/sign-in"


@pytest.mark.parametrize("page", [page for page in PAGES if page.strong], ids=lambda page: f"{page.method} {page.path}")
async def test_safety_what_needs_a_fresh_second_factor_leads_to_it_and_does_nothing(office: Office, page: Page) -> None:
    for role in Role:
        client = await office.client(role)
        form = await client.csrf()
        office.stage.now += staff_access.FRESH + timedelta(seconds=1)
        answer = await sent(client, page, MISSING)
        assert form
        assert answer.status_code in (303, 404), answer.status_code
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/staff/again?next=")


@pytest.mark.parametrize(
    "name", ["../table.py", "..%2f..%2ftable.py", "%2e%2e/console.py", "console.css%00", "/etc/passwd"]
)
async def test_no_address_leads_out_of_the_folder_of_files(office: Office, name: str) -> None:
    answer = await office.open().get(f"/staff/static/{name}")
    assert answer.status_code == 404
    assert b"import" not in answer.content


async def test_no_field_or_address_makes_a_header(office: Office) -> None:
    client = await office.client()
    for path in ("/staff/again?next=%0d%0aSet-Cookie:%20c=planted", "/staff/people?begins=%0d%0aX-Planted:%201"):
        answer = await client.get(path)
        assert "planted" not in str(answer.headers).lower()
    answer = await client.post("/staff/me/language", language="en\r\nX-Planted: 1")
    assert "x-planted" not in answer.headers


async def test_nothing_is_set_by_a_field_that_no_form_has(office: Office) -> None:
    admin = await office.client(Role.ADMINISTRATOR)
    more = {"state": "active", "id": "u-mine", "totp": "X", "created_by": "operator", "password": "planted-password"}
    await admin.post(
        "/staff/accounts", login="new@example.org", name="Нова", role="worker", centre="nis", language="en", **more
    )
    async with office.stage.service.database.reading() as tx:
        found = await accounts.find(tx, "new@example.org")
    assert found is not None
    assert (found.state, found.id == "u-mine", found.totp, found.password) == ("invited", False, None, None)
    assert found.created_by != "operator"


def test_no_cell_of_the_audits_file_is_a_formula() -> None:
    now = datetime(2027, 1, 1, tzinfo=UTC)
    for start in ("=", "+", "-", "@"):
        text = _csv([Line(1, now, f"{start}cmd", "x.y", f"{start}1+1", f'{start}"a,b"')])
        row = text.splitlines()[1]
        assert f",{start}" not in row
        assert f'"{start}' not in row.replace('""', "")


async def test_what_staff_write_is_never_markup(office: Office) -> None:
    """Names, logins and every field of an address, on every page that shows them."""
    admin, coordinator = await office.client(Role.ADMINISTRATOR), await office.client(Role.COORDINATOR)
    new = NewAccount('"><b>@x', f"{NASTY}", Role.WORKER, "nis", "en", "operator")
    async with office.stage.service.database.writing() as tx:
        await staff_access.invite(tx, office.stage.service, new, office.stage.now)
        await staff_sessions.forget(tx, office.stage.now)
    asked = "&".join(f"{name}=%22%3E%3Cscript%3Ex()" for name in ("actor", "action", "subject", "centre", "begins"))
    shown: list[httpx.Response] = [await admin.get("/staff/accounts")]
    shown += [await coordinator.get(f"{path}?{asked}") for path in ("/staff/audit", "/staff/people", "/staff/overview")]
    for answer in shown:
        assert "<script>x()" not in answer.text
        assert "<b>@x" not in answer.text
