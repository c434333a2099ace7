"""Accounts in the console: closing, inviting again, and what an administrator never sees of participants."""

import re

from surveys.records import accounts, alerts, audit
from surveys.records.alerts import NewAlert
from surveys.rules.roles import Role
from surveys.rules.vocabulary import Urgency
from tests.staff.office import Office

_IDS = re.compile(r"\b[padi]-[a-z2-9]{20}\b")


async def everyone(office: Office) -> dict[str, str]:
    async with office.stage.service.database.reading() as tx:
        return {each.login: each.id for each in await accounts.everyone(tx)}


async def test_somebody_whose_password_is_forgotten_is_invited_again_and_is_out_at_once(office: Office) -> None:
    mira, admin = await office.client(), await office.client(Role.ADMINISTRATOR)
    (login,) = [each for each in await everyone(office) if each.startswith("quick.0")]
    name = (await everyone(office))[login]
    answer = await admin.post(f"/staff/accounts/{name}/invite")
    assert "/staff/invitation/" in answer.text
    assert (await mira.get("/staff/me")).headers["location"] == "/staff/sign-in"


async def test_safety_a_closed_account_is_not_opened_again_in_the_console(office: Office) -> None:
    await office.client()
    admin = await office.client(Role.ADMINISTRATOR)
    (name,) = [found for login, found in (await everyone(office)).items() if login.startswith("quick.0")]
    await admin.post(f"/staff/accounts/{name}/close")
    assert f"{name}/invite" not in (await admin.get("/staff/accounts")).text
    assert (await admin.post(f"/staff/accounts/{name}/invite")).status_code == 422
    async with office.stage.service.database.reading() as tx:
        found = await accounts.get(tx, name)
    assert found is not None
    assert found.state == "closed"


async def test_an_invitation_that_is_refused_says_why_and_keeps_what_was_typed(office: Office) -> None:
    admin, there = await office.client(Role.ADMINISTRATOR), await office.account()
    typed = {"name": "Зоран Илић", "login": there, "role": "coordinator", "language": "en"}
    shown = await admin.post("/staff/accounts", **typed)
    assert shown.status_code == 422
    assert "већ има налог" in shown.text
    for kept in ('value="Зоран Илић"', f'value="{there}"', 'value="coordinator" selected', 'value="en" selected'):
        assert kept in shown.text


async def test_the_last_worker_of_a_centre_where_an_alert_waits_is_not_closed(office: Office) -> None:
    await office.client()
    admin = await office.client(Role.ADMINISTRATOR)
    async with office.stage.service.database.writing() as tx:
        new = NewAlert(None, "kragujevac", "drill", Urgency.URGENT, False, drill=True)
        await alerts.open_one(tx, new, office.stage.now)
    (name,) = [found for login, found in (await everyone(office)).items() if login.startswith("quick.0")]
    answer = await admin.post(f"/staff/accounts/{name}/close")
    assert (answer.status_code, "последња особа" in answer.text) == (422, True)


async def test_an_administrator_reads_of_nobody_in_the_audit(office: Office) -> None:
    enrolled = await office.stage.enrol()
    worker, admin = await office.client(), await office.client(Role.ADMINISTRATOR)
    await worker.get(f"/staff/people/{enrolled.participant}")
    for path in ("/staff/audit", "/staff/audit?action=person.read", "/staff/audit/file"):
        shown = (await admin.get(path)).text
        assert "person.read" in shown or "страница особе прочитана" in shown
        assert not _IDS.search(shown), path
    for hidden in (enrolled.participant, "p-none"):
        answer = await admin.get(f"/staff/audit?subject={hidden}")
        assert answer.status_code == 404


async def test_the_audit_is_filtered_by_who_what_about_what_and_day(office: Office) -> None:
    enrolled = await office.stage.enrol()
    worker, coordinator = await office.client(), await office.client(Role.COORDINATOR)
    await worker.get(f"/staff/people/{enrolled.participant}")
    shown = (await coordinator.get(f"/staff/audit?subject={enrolled.participant}&action=person.read")).text
    assert (shown.count("<tr>"), enrolled.participant in shown) == (2, True)
    day = f"{office.stage.now:%d.%m.%Y.}"
    assert "страница особе прочитана</td>" in (await coordinator.get(f"/staff/audit?action=person&from={day}")).text
    assert "Овде нема записа" in (await coordinator.get("/staff/audit?from=1.1.2040.")).text
    assert (await coordinator.get("/staff/audit?from=11/24/2026")).status_code == 422


async def test_the_chain_is_verified_in_steps_and_a_changed_entry_is_found(office: Office) -> None:
    coordinator = await office.client(Role.COORDINATOR)
    assert "Ланац је цео" in (await coordinator.get("/staff/audit/chain")).text
    async with office.stage.service.database.reading() as tx:
        last = await audit.last(tx)
        assert await audit.verify_some(tx, 0) == (None, last)
        assert await audit.verify_some(tx, last) == (None, last)
        assert (await audit.look(tx, audit.Wanted(action="account."), 1))[1] > 0
