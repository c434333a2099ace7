"""Somebody of the staff goes: their alerts wait for others again, and whoever is needed is not closed."""

from datetime import UTC, datetime

import pytest

from surveys.records import accounts, alerts, audit, staff_sessions
from surveys.records.accounts import Account, NewAccount
from surveys.records.alerts import Alert, NewAlert
from surveys.rules.roles import Role
from surveys.rules.vocabulary import Urgency
from surveys.steps import staff_access, staff_leaving, taking
from surveys.steps.staff_access import SignInRefused
from tests.steps.on_call import attested, on_call
from tests.steps.stage import Stage

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


async def worker(stage: Stage, login: str = "mira@example.org", centre: str = "nis") -> Account:
    async with stage.service.database.writing() as tx:
        new = NewAccount(login, "Мира Јовић", Role.WORKER, centre, "sr_Cyrl", "operator")
        made = await staff_access.invite(tx, stage.service, new, NOW)
        await accounts.activate(tx, made.account)
        found = await accounts.get(tx, made.account)
    assert found is not None
    return found


async def taken(stage: Stage, who: Account) -> str:
    async with stage.service.database.writing() as tx:
        name = await alerts.open_one(tx, NewAlert(None, "nis", "drill", Urgency.URGENT, False, drill=True), NOW)
        assert name is not None
        assert await taking.take(tx, name, who.id, NOW)
    return name


async def seen(stage: Stage, alert: str) -> Alert:
    async with stage.service.database.reading() as tx:
        found = await alerts.get(tx, alert)
    assert found is not None
    return found


async def close(stage: Stage, account: Account) -> None:
    async with stage.service.database.writing() as tx:
        await staff_leaving.close(tx, account, "operator", NOW)


async def test_safety_an_alert_that_somebody_took_and_left_is_open_again_and_escalates(stage: Stage) -> None:
    mira, _ = await worker(stage), await worker(stage, "ana@example.org")
    alert = await taken(stage, mira)
    await close(stage, mira)
    found = await seen(stage, alert)
    assert (found.state, found.acknowledged_by, found.escalate_at) == ("open", None, NOW)
    assert found.is_red(NOW)
    async with stage.service.database.reading() as tx:
        assert [each.action for each in await audit.of_subject(tx, alert)][-1] == "alert.reopened"


async def test_safety_the_last_one_for_whom_something_waits_is_not_closed(stage: Stage) -> None:
    mira, _ = await worker(stage), await worker(stage, "ana@example.org", "kragujevac")
    alert = await taken(stage, mira)
    with pytest.raises(staff_leaving.NobodyElse):
        await close(stage, mira)
    assert (await seen(stage, alert)).state == "acknowledged"
    await worker(stage, "vera@example.org")
    await close(stage, mira)


async def test_safety_who_is_on_call_is_not_closed(stage: Stage) -> None:
    mira = await worker(stage, "Mira@example.org")
    await attested(stage.service.database, NOW, [on_call("mira"), on_call("ana")])
    with pytest.raises(staff_leaving.StillOnCall):
        await close(stage, mira)
    await attested(stage.service.database, NOW.replace(hour=10), [on_call("ana")])
    await close(stage, mira)


async def test_who_is_invited_again_has_nothing_left_of_what_they_had(stage: Stage) -> None:
    mira = await worker(stage)
    alert = await taken(stage, mira)
    async with stage.service.database.writing() as tx:
        await accounts.add_passkey(tx, mira.id, "credential", "{}", 0, NOW)
        session = await staff_sessions.begin(tx, mira.id, NOW, NOW.replace(hour=17))
        token = await staff_leaving.invite_again(tx, mira, "u-admin", NOW)
    async with stage.service.database.reading() as tx:
        found = await accounts.get(tx, mira.id)
        assert found is not None
        assert (found.state, found.password, found.totp) == ("invited", None, None)
        assert await accounts.passkeys_of(tx, mira.id) == []
        assert await staff_access.signed_in(tx, session, NOW) is None
        assert await staff_sessions.invited(tx, token, NOW) == mira.id
    assert (await seen(stage, alert)).state == "open"
    with pytest.raises(SignInRefused):
        await staff_access.sign_in(stage.service, mira.login, "anything at all", NOW)
