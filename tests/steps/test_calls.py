"""Calls by staff, whatever the channel: consent, hold, cap, hours; and about what there is to call about alone."""

from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from surveys.instruments.engine import Change
from surveys.records import alerts, consents, deliveries, participants, tasks, ticks
from surveys.records.alerts import NewAlert
from surveys.records.consents import NewConsent
from surveys.records.database import Database
from surveys.rules.vocabulary import Channel, DeliveryKind, Purpose, Urgency
from surveys.steps.call import CallRefused, open_call
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.occasion import About
from surveys.steps.page_said import Do, View
from surveys.steps.wanted_call import note_wanted_call
from tests.steps.her_stage import DURESS, PHONE, HerStage, Phone, consenting, make_her_stage, safe
from tests.steps.stage import ZONE


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def test_safety_who_is_called_by_default_must_have_agreed_to_be_called(her: HerStage) -> None:
    with pytest.raises(EnrolmentRefused, match=r"consent\.call"):
        await her.enrol(channel="phone", consent=consenting(call=False))
    async with her.service.database.reading() as tx:
        assert await participants.page(tx) == []


async def test_safety_nobody_is_called_once_they_do_not_want_to_be_called(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol(channel="phone")).participant
    while not await called_for(her, "call"):
        her.now += timedelta(hours=1)
        await her.tick()
    async with her.service.database.writing() as tx:
        await consents.record(tx, NewConsent(person, Purpose.CALL, False, "1"), her.now + timedelta(seconds=1))
    with pytest.raises(CallRefused, match="consent to be called"):
        await open_call(her.service, person, "by:one", her.now + timedelta(seconds=2))


async def called_for(her: HerStage, kind: str) -> bool:
    async with her.service.database.reading() as tx:
        return kind in {each.kind for each in await tasks.standing(tx)}


async def written_to(her: HerStage, call: bool = True, **changes: object) -> str:
    """Somebody who is written to by SMS, and her side is ready."""
    await her.ready()
    enrolled = await her.enrol(consent=consenting(call=call), **changes)
    return str(enrolled.participant)


async def test_safety_who_is_written_to_is_called_to_confirm_before_a_wave_and_for_nothing_else(her: HerStage) -> None:
    person = await written_to(her, safe_contact=safe(confirmed_on=None))
    call = await open_call(her.service, person, "by:one", her.now)
    assert (call.number, call.about) == (PHONE, About.CONFIRM)
    assert call.someone_else
    async with her.service.database.reading() as tx:
        made = [each for each in await deliveries.of_participant(tx, person) if each.kind is DeliveryKind.CALL]
    assert [(each.channel, each.claimed_at, each.why) for each in made] == [(Channel.PHONE, her.now, About.CONFIRM)]
    with pytest.raises(CallRefused, match="one day"):
        await open_call(her.service, person, "by:one", her.now + timedelta(minutes=5))
    confirmed = await written_to(her, case_code="KG-OTHER", phone="+381641234568")
    with pytest.raises(CallRefused, match="posle serve is not at work"):
        await open_call(her.service, confirmed, "by:one", her.now)
    async with her.service.database.writing() as tx:
        await ticks.record(tx, "due", her.now)
    with pytest.raises(CallRefused, match="Nothing to call about: no wave"):
        await open_call(her.service, confirmed, "by:one", her.now)


async def test_safety_a_call_to_confirm_needs_consent_to_be_called(her: HerStage) -> None:
    person = await written_to(her, call=False, safe_contact=safe(confirmed_on=None))
    with pytest.raises(CallRefused, match="consent to be called"):
        await open_call(her.service, person, "by:one", her.now)


async def test_a_call_to_confirm_takes_no_message_of_the_wave_away(her: HerStage) -> None:
    person = await written_to(her)
    async with her.service.database.reading() as tx:
        before = len([each for each in await deliveries.of_participant(tx, person) if each.state == "planned"])
    assert before == 4
    await her.noticed()
    her.now += timedelta(days=1)
    async with her.service.database.writing() as tx:
        await alerts.open_one(
            tx, NewAlert(person, "kragujevac", "answer", Urgency.URGENT, call_consented=True), her.now
        )
    assert (await open_call(her.service, person, "by:one", her.now)).about is About.ASKED
    with pytest.raises(CallRefused, match="one day"):
        await open_call(her.service, person, "by:one", her.now + timedelta(minutes=5))
    assert await her.forward_until(14), "the reminder that she agreed to still comes"


async def test_safety_after_the_duress_word_nobody_is_called_whatever_else_was_said(her: HerStage) -> None:
    person = await written_to(her)
    phone = Phone(her, await her.noticed())
    await phone.gate(DURESS)
    async with her.service.database.writing() as tx:
        await alerts.open_one(
            tx, NewAlert(person, "kragujevac", "answer", Urgency.URGENT, call_consented=True), her.now
        )
    with pytest.raises(CallRefused, match="on hold"):
        await open_call(her.service, person, "by:one", her.now)


@pytest.mark.parametrize(("wanted", "hours"), [("call_morning", range(9, 12)), ("call_afternoon", range(12, 16))])
async def test_who_wants_to_be_called_is_called_then_inside_her_hours(her: HerStage, wanted: str, hours: range) -> None:
    person = await written_to(her, call=False)
    her.now += timedelta(minutes=1)
    async with her.service.database.writing() as tx:
        row = await participants.get(tx, person)
        await note_wanted_call(tx, her.service, row, [Change("wants_call", wanted)], Channel.PAGE, her.now)
        (task,) = [each for each in await tasks.standing(tx) if each.kind == "call_wanted"]
        assert await consents.in_force(tx, person, Purpose.CALL)
    assert task.due_at is not None
    local = task.due_at.astimezone(ZONE)
    assert local.weekday() < 5
    assert local.hour in hours
    async with her.service.database.writing() as tx:
        await note_wanted_call(tx, her.service, row, [Change("wants_call", "no_call")], Channel.PAGE, her.now)


async def test_a_wish_to_be_called_in_the_questionnaire_opens_the_task(her: HerStage) -> None:
    person = await written_to(her)
    phone = Phone(her, await her.noticed())
    await phone.gate("jutarnja kafa")
    await phone.do(Do.AGREE)
    for _ in range(30):
        asked = phone.screen.asked
        if phone.screen.view is not View.ITEM or asked is None:
            break
        at = next((place for place, each in enumerate(asked.choices) if "radnim danom pre podne" in each.label), 0)
        await phone.do(Do.NEXT, *((f"c{at}",) if asked.choices else ()), text="3")
    assert await called_for(her, "call_wanted")
    assert person
