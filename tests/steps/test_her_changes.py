"""The survivors' side as things change: corrections, words said anew, withdrawal, duress, nobody confirming."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from surveys.language.dull import undull
from surveys.records import alerts, audit, deliveries, holds, invitations, participants, safe_contacts, tasks
from surveys.records.database import Database
from surveys.records.deliveries import Delivery
from surveys.records.holds import Scope
from surveys.rules.calendar import local_day
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import DeliveryKind, DeliveryState, Disposition
from surveys.steps.amend import Amended, amend, read
from surveys.steps.call import CallRefused, open_call
from surveys.steps.duress import plan_of
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.expire import expire
from surveys.steps.page_said import View
from surveys.steps.reconfirm import reconfirm
from surveys.steps.safe_contact import current
from surveys.steps.withdraw import COERCION, withdraw
from tests.steps.her_stage import CODE, DURESS, PHONE, HerStage, Phone, make_her_stage, safe
from tests.steps.stage import ZONE


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def change(her: HerStage, person: str, kind: str, **values: object) -> Amended:
    given = {"participant": person, "kind": kind, "recorded_by": "Ana"} | values
    return await amend(her.service, read(her.service, given, her.now), "by:one", her.now)


async def planned(her: HerStage, person: str) -> list[Delivery]:
    async with her.service.database.reading() as tx:
        return await deliveries.of_participant(tx, person)


async def kinds(her: HerStage) -> dict[str, str]:
    async with her.service.database.reading() as tx:
        return {each.kind: each.centre for each in await tasks.standing(tx)}


async def test_safety_a_corrected_completion_date_is_kept_nowhere_either(her: HerStage) -> None:
    person = (await her.enrol()).participant
    done = await change(her, person, "completed_on", completed_on="2026-08-01")
    assert done.moved == ("m3", "m6")
    async with her.service.database.reading() as tx:
        assert (await participants.private(tx, person)).completed_on is None
        waves = await invitations.of_participant(tx, person)
        assert [await safe_contacts.needed_from(tx, each.id) for each in waves] == [
            date(2026, 11, 1) - timedelta(days=30), date(2027, 2, 1) - timedelta(days=30),
        ]  # fmt: skip
    for wave in waves:
        first = next(each for each in await planned(her, person) if each.invitation == wave.id)
        assert wave.due_on == local_day(first.due_at, ZONE)


async def test_safety_a_second_course_keeps_no_completion_date(her: HerStage) -> None:
    person = (await her.enrol()).participant
    consent = {"contact": True, "evaluation": True, "call": False, "recorded_by": "Ana", "version": "1"}
    await change(her, person, "second_course", completed_on="2026-09-10", consent=consent)
    async with her.service.database.reading() as tx:
        assert (await participants.private(tx, person)).completed_on is None
        assert len(await invitations.of_participant(tx, person)) == 4


async def test_safety_hours_said_anew_move_what_is_planned_and_confirm_nothing(her: HerStage) -> None:
    person = (await her.enrol(safe_contact=safe(confirmed_on=None))).participant
    night = [{"days": "sat", "from": "10:00", "to": "11:00"}]
    her.now += timedelta(minutes=1)
    await change(her, person, "safe_contact", safe_contact={"hours": night})
    for each in await planned(her, person):
        local = each.due_at.astimezone(ZONE)
        assert each.state is DeliveryState.CANCELLED or (local.weekday(), local.hour) == (5, 10)
    async with her.service.database.reading() as tx:
        kept = await current(tx, person)
    assert kept is not None
    assert kept.confirmed_on is None


async def test_words_said_anew_open_the_gate_and_the_old_ones_do_not(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol()).participant
    words = {"code_word": "plava čaša", "duress_word": "crveni tanjir"}
    her.now += timedelta(minutes=1)
    await change(her, person, "safe_contact", safe_contact=words)
    phone = Phone(her, await her.noticed())
    assert (await phone.gate(CODE)).view is View.COVER
    assert (await phone.gate("plava casa")).view is View.CONSENT


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"confirmed_on": "2026-09-01"}, {"code_word": "plava čaša"},
        {"code_word": "isto ono", "duress_word": "ISTO ono"},
    ],
)  # fmt: skip
async def test_a_safe_contact_is_never_half_said_anew(her: HerStage, changes: dict[str, str]) -> None:
    person = (await her.enrol()).participant
    with pytest.raises(EnrolmentRefused, match="safe_contact"):
        await change(her, person, "safe_contact", safe_contact=changes)


async def test_safety_fewer_reminders_agreed_means_fewer_are_sent(her: HerStage) -> None:
    person = (await her.enrol()).participant
    await change(her, person, "safe_contact", safe_contact={"reminders": 0})
    rows = [each for each in await planned(her, person) if each.kind is DeliveryKind.REMINDER]
    assert rows
    assert {each.reason for each in rows} == {Reason.FEWER_AGREED}


async def test_safety_nobody_is_contacted_once_it_is_agreed_so(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol()).participant
    her.now += timedelta(minutes=1)
    await reconfirm(her.service, person, {"do_not_contact": True}, "by:one", "Ana", her.now)
    assert not await her.forward_until(60)
    async with her.service.database.reading() as tx:
        ended = {each.disposition for each in await invitations.of_participant(tx, person)}
    assert ended == {Disposition.UNSAFE_TO_CONTACT}


async def test_safety_a_survivors_withdrawal_opens_a_private_task(her: HerStage) -> None:
    await her.ready()
    await her.enrol()
    phone = Phone(her, await her.noticed())
    await phone.gate("ODJAVA")
    assert COERCION in await kinds(her)


async def test_safety_after_the_duress_word_nothing_that_was_planned_is_sent(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol()).participant
    phone = Phone(her, await her.noticed())
    await phone.gate(DURESS)
    async with her.service.database.reading() as tx:
        (alert,) = await alerts.standing(tx)
    assert (alert.rule, alert.call_consented) == ("duress", False)
    assert not await her.forward_until(10)
    held = [each for each in await planned(her, person) if each.kind is DeliveryKind.REMINDER]
    assert held[0].reason == Reason.PERSON_HELD


async def test_safety_what_nobody_confirmed_in_ten_days_is_the_coordinators(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol(safe_contact=safe(confirmed_on=None))).participant
    first = (await planned(her, person))[0].due_at
    await her.forward(first + timedelta(days=9))
    assert await kinds(her) == {"reconfirm": "kragujevac", "number_untested": "kragujevac"}
    await her.forward(first + timedelta(days=11))
    assert (await kinds(her))["reconfirm_overdue"] == "*"
    await reconfirm(her.service, person, {}, "by:one", "Ana", her.now, words_stay=True)
    assert set(await kinds(her)) == {"number_untested"}


async def test_a_wave_that_was_not_confirmed_in_time_ends_as_such(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol(safe_contact=safe(confirmed_on=None))).participant
    async with her.service.database.reading() as tx:
        wave = (await invitations.of_participant(tx, person))[0]
    await her.forward(wave.closes_at - timedelta(hours=1))
    await expire(her.service, wave.closes_at)
    async with her.service.database.reading() as tx:
        wave = (await invitations.of_participant(tx, person))[0]
    assert wave.disposition is Disposition.NOT_RECONFIRMED


async def test_safety_her_reminder_counts_from_the_notice_that_left(her: HerStage) -> None:
    person = (await her.enrol()).participant
    first, second = (await planned(her, person))[:2]
    her.now = first.due_at + timedelta(days=5)
    await her.ready(recorded_on=her.now.date().isoformat())
    assert await her.forward_until(6)
    notice, reminder = (await planned(her, person))[:2]
    assert (notice.kind, reminder.kind) == (DeliveryKind.NOTICE, DeliveryKind.REMINDER)
    assert notice.finished_at is not None
    assert reminder.id == second.id
    assert reminder.state is DeliveryState.CANCELLED or reminder.due_at >= notice.finished_at + timedelta(days=6)


async def to_be_called(her: HerStage, **changes: Any) -> str:
    """Somebody on the phone channel, at the moment at which the task to call her is there."""
    await her.ready()
    person: str = (await her.enrol(channel="phone", **changes)).participant
    while "call" not in await kinds(her):
        her.now += timedelta(hours=1)
        await her.tick()
    return person


async def test_safety_a_call_shows_her_number_inside_her_hours_only_and_counts_like_a_message(her: HerStage) -> None:
    person = await to_be_called(her)
    inside = her.now
    her.now = inside.replace(hour=19)
    with pytest.raises(CallRefused, match="outside the hours"):
        await open_call(her.service, person, "by:one", her.now)
    call = await open_call(her.service, person, "by:one", inside)
    assert (call.number, call.until.astimezone(ZONE).hour) == (PHONE, 16)
    assert not undull(call.someone_else)
    with pytest.raises(CallRefused, match="one day"):
        await open_call(her.service, person, "by:one", inside + timedelta(minutes=5))


async def test_safety_nobody_is_called_without_consent_on_a_hold_or_where_another_channel_was_chosen(
    her: HerStage,
) -> None:
    person = await to_be_called(her)
    async with her.service.database.writing() as tx:
        held = await holds.place(tx, Scope.PERSON, person, "drill", "by:one", her.now)
    assert held
    with pytest.raises(CallRefused, match="on hold"):
        await open_call(her.service, person, "by:one", her.now)
    async with her.service.database.writing() as tx:
        await withdraw(tx, her.service, person, "by:one", her.now)
    with pytest.raises(CallRefused):
        await open_call(her.service, person, "by:one", her.now)
    other = (await her.enrol(case_code="KG-OTHER", phone="+381641234568")).participant
    while not her.ledger:
        her.now += timedelta(hours=1)
        await her.tick()
    with pytest.raises(CallRefused, match="Nothing to call about"):
        await open_call(her.service, other, "by:one", her.now + timedelta(days=1))


async def test_safety_who_takes_a_duress_alert_is_shown_her_plan_and_it_is_audited(her: HerStage) -> None:
    await her.ready()
    await her.enrol()
    phone = Phone(her, await her.noticed())
    await phone.gate(DURESS)
    async with her.service.database.writing() as tx:
        (alert,) = await alerts.standing(tx)
        assert await plan_of(tx, alert.id, "by:one", her.now) == "Pozovite sestru."
    async with her.service.database.reading() as tx:
        assert [each.action for each in await audit.of_subject(tx, alert.id)] == ["alert.opened", "duress_plan.read"]
