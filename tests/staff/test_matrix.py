"""Every route × role × centre: what a reader may not have answers exactly like what is not there (I17)."""

import httpx
import pytest
from sqlalchemy import bindparam, select

from staff.asked import Page
from staff.table import PAGES
from surveys.records import accounts, alerts, approvals, holds, tasks
from surveys.records.alerts import NewAlert
from surveys.records.holds import Scope
from surveys.records.tables import invitations
from surveys.records.tasks import NewTask
from surveys.rules.roles import MATRIX, Role
from surveys.rules.vocabulary import Urgency
from surveys.steps import staff_access
from tests.staff.office import PASSWORD, Client, Office

MISSING = {"participant": "p-none", "alert": "a-none", "task": "t-none", "invitation": "i-none", "approval": "v-none"}
FIXED = {
    "account": "u-none", "scope": "side", "target": "all", "kind": "language", "name": "none", "version": "9",
    "token": "nothing", "draft": "none", "place": "0", "line": "none", "centre": "none", "row": "g-none",
}  # fmt: skip
SAME = ("content-security-policy", "cache-control", "content-type", "referrer-policy", "x-frame-options")


def address(page: Page, ids: dict[str, str]) -> str:
    return page.path.format(**(FIXED | ids))


async def sent(client: Client, page: Page, ids: dict[str, str]) -> httpx.Response:
    if page.method == "GET":
        return await client.get(address(page, ids))
    return await client.post(address(page, ids), language="en", code="000000")


async def someone(office: Office) -> dict[str, str]:
    """A man at Kragujevac with an alert, a task and a wave: the ids that a foreign reader may try."""
    enrolled = await office.stage.enrol()
    async with office.stage.service.database.writing() as tx:
        new = NewAlert(enrolled.participant, "kragujevac", "rule", Urgency.URGENT, True)
        alert = await alerts.open_one(tx, new, office.stage.now)
        task = await tasks.open_one(
            tx, NewTask("kragujevac", "wants_help", "x", enrolled.participant), office.stage.now
        )
        rows = await tx.rows(_INVITATIONS, the_participant=enrolled.participant)
    return {
        "participant": enrolled.participant, "alert": str(alert), "task": str(task), "invitation": rows[0][0],
        "approval": "v-none",
    }  # fmt: skip


_INVITATIONS = select(invitations.c.id).where(invitations.c.participant == bindparam("the_participant"))
BEHIND = [page for page in PAGES if page.open_to == "full"]
WITH_IDS = [page for page in BEHIND if any(f"{{{name}}}" in page.path for name in MISSING)]


@pytest.mark.parametrize("page", BEHIND, ids=lambda page: f"{page.method} {page.path}")
async def test_i17_every_role_gets_a_page_exactly_where_the_matrix_says_so(office: Office, page: Page) -> None:
    for role in Role:
        client = await office.client(role)
        answer = await sent(client, page, MISSING)
        if page.may is None or page.may in MATRIX[role]:
            assert answer.status_code < 500, (role, page.path, answer.text[:500])
        else:
            nothing = await client.get(f"{address(page, MISSING)}/nothing-here")
            assert (answer.status_code, answer.text) == (404, nothing.text), (role, page.path)


@pytest.mark.parametrize("page", WITH_IDS, ids=lambda page: f"{page.method} {page.path}")
async def test_i17_a_foreign_centres_id_answers_exactly_like_a_missing_one(office: Office, page: Page) -> None:
    ids = await someone(office)
    foreign = await office.client(Role.WORKER, "nis")
    theirs, none = await sent(foreign, page, ids), await sent(foreign, page, MISSING)
    assert (theirs.status_code, theirs.text) == (none.status_code, none.text)
    assert [theirs.headers.get(name) for name in SAME] == [none.headers.get(name) for name in SAME]


async def test_i17_a_foreign_account_answers_exactly_like_a_missing_one(
    office: Office,
) -> None:
    there = office.stage
    await office.client(Role.WORKER, "kragujevac")
    async with there.service.database.reading() as tx:
        account = (await accounts.everyone(tx))[0].id
    keeper = await office.client(Role.ADMINISTRATOR)
    for role in (Role.WORKER, Role.COORDINATOR, Role.EVALUATOR):
        client = await office.client(role, "nis")
        for what in ("close", "invite"):
            theirs = await client.post(f"/staff/accounts/{account}/{what}")
            none = await client.post(f"/staff/accounts/u-none/{what}")
            assert (theirs.status_code, theirs.text) == (none.status_code, none.text) == (404, none.text)
    async with there.service.database.reading() as tx:
        assert (await accounts.get(tx, account)) is not None
    gone = await keeper.post("/staff/accounts/u-none/close")
    await keeper.post(f"/staff/accounts/{account}/close")
    closed = await keeper.post(f"/staff/accounts/{account}/close")
    assert (gone.status_code, gone.text) == (closed.status_code, closed.text) == (404, gone.text)


async def test_i17_a_foreign_centres_hold_answers_exactly_like_a_missing_one(office: Office) -> None:
    enrolled, now = await office.stage.enrol(), office.stage.now
    async with office.stage.service.database.writing() as tx:
        await holds.place(tx, Scope.CENTRE, "kragujevac", "trouble", "operator", now)
        await holds.place(tx, Scope.PERSON, enrolled.participant, "trouble", "operator", now)
    foreign = await office.client(Role.WORKER, "nis")
    none = await foreign.post("/staff/holds/centre/none/release")
    for scope, target in (("centre", "kragujevac"), ("centre", "nis"), ("person", enrolled.participant), ("x", "y")):
        theirs = await foreign.post(f"/staff/holds/{scope}/{target}/release")
        assert (theirs.status_code, theirs.text) == (none.status_code, none.text) == (404, none.text), scope
    async with office.stage.service.database.reading() as tx:
        assert await approvals.standing(tx, now) == []


async def test_i17_a_foreign_reader_changes_nothing(office: Office) -> None:
    ids = await someone(office)
    foreign = await office.client(Role.WORKER, "nis")
    for page in WITH_IDS:
        await sent(foreign, page, ids)
    async with office.stage.service.database.reading() as tx:
        alert, task = await alerts.get(tx, ids["alert"]), await tasks.get(tx, ids["task"])
    assert alert is not None
    assert task is not None
    assert (alert.state, task.state) == ("open", "open")


async def test_nobody_gets_behind_the_sign_in_without_one(office: Office) -> None:
    stranger = Client(office.open())
    for page in BEHIND:
        answer = await sent(stranger, page, MISSING)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in"), page.path


async def test_a_password_alone_leads_to_the_second_factor_only(office: Office) -> None:
    login = await office.account()
    token = await staff_access.sign_in(office.stage.service, login, PASSWORD, office.stage.now)
    half = Client(office.open({office.cookie: token}))
    for page in BEHIND:
        answer = await sent(half, page, MISSING)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/second"), page.path


async def test_no_method_is_forgotten(office: Office) -> None:
    client = await office.client()
    known = {(page.method, page.path) for page in PAGES}
    for page in PAGES:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            if (method, page.path) not in known:
                answer = await client.http.request(method, address(page, MISSING))
                assert answer.status_code == 404, (method, page.path)
