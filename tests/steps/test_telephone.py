"""An interview by telephone, on both sides: only in a call that was opened, through the same engine as everywhere."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from surveys.records import alerts, audit, calls, consents, contacts, interviews, invitations, participants, tasks
from surveys.records.database import Database
from surveys.records.tables import answers
from surveys.rules.vocabulary import Channel, Purpose, Status
from surveys.steps import amend, telephone
from surveys.steps.call import open_call
from surveys.steps.expire import expire
from surveys.steps.occasion import About
from surveys.steps.page_said import Do, PageSaid, Screen, View
from surveys.steps.reconfirm import reconfirm
from surveys.steps.telephone import NoCall, Outcome
from tests.records.looked import outcomes
from tests.steps.her_stage import PHONE, make_her_stage, safe
from tests.steps.stage import Stage, given, make_stage

WORKER = "u-worker"
_MODES = select(answers.c.mode)
Choose = Callable[[Screen], str]


async def his(database: Database, folder: Path) -> tuple[Stage, str]:
    stage = await make_stage(database, folder)
    agreed = given()["consent"] | {"call": True}
    person = await stage.enrol(channel="phone", phone=PHONE, consent=agreed)
    return stage, await to_be_called(stage, person.participant)


async def hers(database: Database, folder: Path) -> tuple[Stage, str]:
    stage = await make_her_stage(database, folder)
    await stage.ready()
    agreed = given()["consent"] | {"call": True}
    person: Any = await stage.enrol(channel="phone", consent=agreed)
    return stage, await to_be_called(stage, person.participant)


async def to_be_called(stage: Stage, person: str) -> str:
    """Go on until the task to call is there."""
    while not await open_tasks(stage, person, "call"):
        stage.now += timedelta(hours=1)
        await stage.tick()
    return person


async def open_tasks(stage: Stage, person: str, kind: str) -> int:
    async with stage.service.database.reading() as tx:
        every = await tasks.of_participant(tx, person)
    return sum((each.kind, each.state) == (kind, "open") for each in every)


SIDES = pytest.mark.parametrize("side", [his, hers], ids=["his", "hers"])


class Call:
    """A worker who reads the screens and types what is said."""

    def __init__(self, stage: Stage, person: str) -> None:
        self.stage, self.person = stage, person
        self.screen = Screen(View.START, "sr_Latn")
        self.over: object = None

    async def open(self) -> "Call":
        await open_call(self.stage.service, self.person, WORKER, self.stage.now)
        await self.do(Do.START)
        return self

    async def do(self, do: Do, *picked: str, text: str = "") -> Screen:
        turn = self.screen.asked.turn if self.screen.asked else -1
        said = PageSaid(do, turn, picked, text)
        heard = await telephone.in_call(self.stage.service, self.person, said, WORKER, self.stage.now)
        self.screen, self.over = heard.screen, heard.over
        return self.screen

    async def answer(self) -> None:
        """The last choice, a plain number or a plain word."""
        asked = self.screen.asked
        assert asked is not None
        if asked.choices:
            await self.do(Do.NEXT, f"c{len(asked.choices) - 1}")
        elif asked.kind == "note":
            await self.do(Do.NEXT)
        else:
            await self.do(Do.SKIP)

    async def to_the_end(self) -> None:
        for _ in range(200):
            if self.over is not None:
                return
            await self.answer()
        raise AssertionError("the interview does not end")


@SIDES
async def test_a_whole_interview_is_typed_in_a_call_and_its_mode_recorded(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    call = await Call(stage, person).open()
    assert call.screen.view is View.CONSENT
    await call.do(Do.AGREE)
    await call.to_the_end()
    async with database.reading() as tx:
        assert {row[0] for row in await tx.rows(_MODES)} == {Channel.PHONE}
        (wave,) = [each for each in await invitations.of_participant(tx, person) if each.disposition]
        (talk,) = await interviews.of_invitation(tx, wave.id)
        (outcome,) = (await outcomes(tx, person)).values()
        by = {each.actor for each in await audit.of_subject(tx, talk.id)}
        last = (await consents.of_participant(tx, person))[0]
    assert (wave.disposition, talk.mode, outcome) == ("complete", Channel.PHONE, "complete")
    assert by <= {WORKER, "service"}, "what staff typed is not put down as the person's own act"
    assert (last.purpose, last.channel, last.invitation) == (Purpose.EVALUATION, "phone", wave.id)
    assert not await open_tasks(stage, person, "call")


@SIDES
async def test_safety_no_interview_is_typed_without_a_call_that_goes_on(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    start = PageSaid(Do.START)
    with pytest.raises(NoCall):
        await telephone.in_call(stage.service, person, start, WORKER, stage.now)
    call = await Call(stage, person).open()
    with pytest.raises(NoCall):
        await telephone.in_call(stage.service, person, start, WORKER, stage.now + timedelta(hours=3))
    await telephone.hang_up(stage.service, person, Outcome.CALL_LATER, WORKER, stage.now)
    with pytest.raises(NoCall):
        await call.do(Do.AGREE)


@SIDES
async def test_i10_a_risk_answer_typed_in_a_call_opens_its_alert_with_the_answer(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    call = await Call(stage, person).open()
    await call.do(Do.AGREE)
    for _ in range(200):
        asked = call.screen.asked
        if call.over is not None:
            break
        if asked is not None and asked.choices:
            await call.do(Do.NEXT, f"c{min(1, len(asked.choices) - 1)}")
        else:
            await call.answer()
    async with database.reading() as tx:
        found = await alerts.of_participant(tx, person)
        (wave,) = [each for each in await invitations.of_participant(tx, person) if each.disposition]
        (talk,) = await interviews.of_invitation(tx, wave.id)
    assert found
    assert {each.interview for each in found} == {talk.id}
    assert len({each.item for each in found}) == len(found)


@SIDES
async def test_a_refusal_in_a_call_is_this_waves_and_a_withdrawal_for_good(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    call = await Call(stage, person).open()
    await call.do(Do.DECLINE)
    assert call.over == "refuse"
    async with database.reading() as tx:
        assert "refusal" in {each.disposition for each in await invitations.of_participant(tx, person)}
    with pytest.raises(NoCall):
        await call.do(Do.START)


@SIDES
async def test_i11_who_withdraws_in_a_call_is_asked_nothing_more(database: Database, tmp_path: Path, side: Any) -> None:
    stage, person = await side(database, tmp_path)
    call = await Call(stage, person).open()
    await call.do(Do.AGREE)
    assert (await call.do(Do.STOP)).view is View.STOP
    await call.do(Do.STOP_FOR_GOOD)
    assert call.over == "withdraw"
    async with database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN
    with pytest.raises(NoCall):
        await call.do(Do.START)


@SIDES
async def test_an_interview_that_was_broken_off_goes_on_in_the_next_call_and_shows_no_answer(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    call = await Call(stage, person).open()
    await call.do(Do.AGREE)
    await call.answer()
    before = call.screen.asked
    assert before is not None
    await telephone.hang_up(stage.service, person, Outcome.CALL_LATER, WORKER, stage.now)
    assert await open_tasks(stage, person, "call"), "somebody is to call again"
    stage.now += timedelta(days=1)
    while stage.now.weekday() > 4:
        stage.now += timedelta(days=1)
    await call.open()
    assert call.screen.asked is not None
    assert (call.screen.asked.item, any(each.ticked for each in call.screen.asked.choices)) == (before.item, False)


@SIDES
async def test_safety_a_wrong_number_is_called_no_more_and_staff_are_told(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    await open_call(stage.service, person, WORKER, stage.now)
    await telephone.hang_up(stage.service, person, Outcome.WRONG_NUMBER, WORKER, stage.now)
    async with database.reading() as tx:
        contact = await contacts.current(tx, person, Channel.PHONE)
    assert contact is not None
    assert contact.suspended_at is not None
    assert await open_tasks(stage, person, "contact_wrong_number")
    assert not await open_tasks(stage, person, "call")


@SIDES
async def test_the_task_to_call_ends_with_its_wave(database: Database, tmp_path: Path, side: Any) -> None:
    stage, person = await side(database, tmp_path)
    await expire(stage.service, stage.now + timedelta(days=60))
    assert not await open_tasks(stage, person, "call")


async def test_safety_a_number_that_was_changed_is_called_to_confirm_only_and_nothing_is_asked_before(
    database: Database, tmp_path: Path
) -> None:
    stage, person = await hers(database, tmp_path)
    given_ = {"kind": "phone", "participant": person, "phone": "+381641234599", "recorded_by": "Ana"}
    await amend.amend(stage.service, amend.read(stage.service, given_, stage.now), WORKER, stage.now)
    call = await open_call(stage.service, person, WORKER, stage.now)
    assert call.about is About.CONFIRM
    start = PageSaid(Do.START)
    with pytest.raises(NoCall):
        await telephone.in_call(stage.service, person, start, WORKER, stage.now)
    await reconfirm(stage.service, person, {}, WORKER, "Ana", stage.now, words_stay=True)
    assert (await telephone.in_call(stage.service, person, start, WORKER, stage.now)).screen.view is View.CONSENT


async def test_safety_no_interview_is_typed_in_a_call_to_somebody_who_did_not_choose_the_telephone(
    database: Database, tmp_path: Path
) -> None:
    stage = await make_her_stage(database, tmp_path)
    await stage.ready()
    agreed = given()["consent"] | {"call": True}
    person: Any = await stage.enrol(consent=agreed, safe_contact=safe(confirmed_on=None))
    async with stage.service.database.reading() as tx:
        (wave, *_) = await invitations.of_participant(tx, person.participant)
    stage.now = wave.opens_at
    while not stage.service.hours.is_allowed(stage.now):
        stage.now += timedelta(hours=1)
    assert (await open_call(stage.service, person.participant, WORKER, stage.now)).about is About.CONFIRM
    await reconfirm(stage.service, person.participant, {}, WORKER, "Ana", stage.now, words_stay=True)
    with pytest.raises(NoCall):
        await telephone.in_call(stage.service, person.participant, PageSaid(Do.START), WORKER, stage.now)


async def test_one_call_to_a_person_goes_on_at_a_time(database: Database, tmp_path: Path) -> None:
    stage, person = await hers(database, tmp_path)
    async with stage.service.database.writing() as tx:
        (wave, *_) = await invitations.of_participant(tx, person)
        (contact,) = await contacts.of_participant(tx, person)
        first = await calls.begin(tx, person, wave.id, contact.id, WORKER, stage.now)
        second = await calls.begin(tx, person, wave.id, contact.id, WORKER, stage.now + timedelta(minutes=1))
        known = await outcomes(tx, person)
    assert known == {first: calls.REPLACED, second: None}
