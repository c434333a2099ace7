"""Nobody is enrolled twice, and nobody who left comes back as if nothing had been."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from surveys.records import consents, contacts, deliveries, erasure, holds, participants, tasks
from surveys.records.database import Database
from surveys.rules.vocabulary import Channel, DeliveryState, Purpose, Side, Status
from surveys.steps import enrol as enrolling
from surveys.steps.amend import amend
from surveys.steps.amend import read as read_change
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.withdraw import withdraw
from tests.databases import any_seals
from tests.records.looked import chain
from tests.steps.her_stage import HerStage, make_her_stage
from tests.steps.stage import Stage, given

PHONE = "+381641234567"
CHANNELS = ("telegram", "sms", "phone")


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


def again(on: date) -> dict[str, str]:
    return {"recorded_by": "Мира Јовић", "on": on.isoformat()}


def today(stage: Stage) -> date:
    return stage.service.local(stage.now).date()


async def _leave(stage: Stage, participant: str, how: str) -> None:
    if how == "deceased":
        change = {"participant": participant, "kind": "deceased", "recorded_by": "Мира Јовић"}
        await amend(stage.service, read_change(stage.service, change, stage.now), "by:one", stage.now)
        return
    async with stage.service.database.writing() as tx:
        await withdraw(tx, stage.service, participant, "by:one", stage.now)


async def _count(stage: Stage) -> int:
    async with stage.service.database.reading() as tx:
        return len(await participants.page(tx))


@pytest.mark.parametrize("how", ["withdrawn", "deceased"])
@pytest.mark.parametrize("channel", CHANNELS)
async def test_i11_a_number_of_somebody_who_left_is_refused_without_a_consent_given_since(
    stage: Stage, channel: str, how: str
) -> None:
    left = (await stage.enrol(channel=channel, phone=PHONE)).participant
    stage.now += timedelta(days=3)
    await _leave(stage, left, how)
    before = today(stage) - timedelta(days=1)
    for changes in ({}, {"reconsent": again(before)}):
        with pytest.raises(EnrolmentRefused, match=r"phone|reconsent"):
            await stage.enrol(channel=channel, phone=PHONE, **changes)
    assert await _count(stage) == 1
    stage.now += timedelta(days=1)
    anew = (await stage.enrol(channel=channel, phone=PHONE, reconsent=again(today(stage)))).participant
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, left)).status is Status(how)
        assert (await participants.private(tx, anew)).reconsented_on == today(stage)
        assert len([e for e in await consents.of_participant(tx, anew) if e.purpose is Purpose.CONTACT]) == 2
        assert [e.action for e in await chain(tx) if e.subject == anew].count(
            "participant.reconsented"
        ) == 1  # fmt: skip
        assert not [e for e in await deliveries.of_participant(tx, left) if e.state is DeliveryState.PLANNED]
        assert await holds.standing(tx) == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_i11_a_case_code_of_somebody_who_withdrew_is_refused_without_a_consent_given_since(
    stage: Stage, channel: str
) -> None:
    left = (await stage.enrol(case_code="KG-1", channel=channel, phone=PHONE)).participant
    await _leave(stage, left, "withdrawn")
    other = {"case_code": "KG-1", "channel": channel, "phone": "+381641234568"}
    with pytest.raises(EnrolmentRefused, match="case_code"):
        await stage.enrol(**other)
    await stage.enrol(**other, reconsent=again(today(stage)))


async def test_i11_a_chat_of_somebody_who_withdrew_is_bound_only_by_a_consent_given_since(stage: Stage) -> None:
    first = await stage.enrol()
    await stage.start(first.token)
    await stage.say("STOP")
    other = await stage.enrol()
    reply = await stage.start(other.token)
    assert reply is None, "who withdrew hears nothing more"
    async with stage.service.database.reading() as tx:
        assert await contacts.current(tx, other.participant, Channel.TELEGRAM) is None
        assert "reconsent_needed" in [each.kind for each in await tasks.standing(tx)]


async def test_i11_a_new_consent_takes_over_the_chat_of_the_same_person_and_of_nobody_else(stage: Stage) -> None:
    for code, chat in (("KG-1", "11"), ("KG-2", "12")):
        await stage.start((await stage.enrol(case_code=code)).token, chat=chat)
        await stage.say("STOP", chat=chat)
    anew = await stage.enrol(case_code="KG-1", reconsent=again(today(stage)))
    assert await stage.start(anew.token, chat="12") is None, "that is somebody else's"
    async with stage.service.database.reading() as tx:
        assert await contacts.current(tx, anew.participant, Channel.TELEGRAM) is None
        assert "reconsent_needed" in [each.kind for each in await tasks.standing(tx)]
    assert await stage.start(anew.token, chat="11") is not None


async def test_i11_on_the_command_line_too_a_new_consent_frees_no_number_of_somebody_else_who_left(
    stage: Stage,
) -> None:
    for code, phone in (("KG-1", "+381641234568"), ("KG-2", PHONE)):
        left = (await stage.enrol(case_code=code, channel="sms", phone=phone)).participant
        await _leave(stage, left, "withdrawn")
    with pytest.raises(EnrolmentRefused, match="phone: belongs to somebody else who left"):
        await stage.enrol(case_code="KG-1", channel="sms", phone=PHONE, reconsent=again(today(stage)))
    await stage.enrol(case_code="KG-1", channel="sms", phone="+381641234568", reconsent=again(today(stage)))


WRONG: dict[str, Any] = {
    "no object": "yes",
    "no name": {"on": "2026-09-01"},
    "no day": {"recorded_by": "Мира"},
    "to come": {"recorded_by": "Мира", "on": "2026-09-02"},
    "no date": {"recorded_by": "Мира", "on": "1.9.2026"},
    "unknown key": {"recorded_by": "Мира", "on": "2026-09-01", "why": "x"},
}


@pytest.mark.parametrize("kind", WRONG)
async def test_a_consent_given_again_is_read_strictly(stage: Stage, kind: str) -> None:
    with pytest.raises(EnrolmentRefused, match="reconsent"):
        await stage.enrol(reconsent=WRONG[kind])


@pytest.mark.parametrize("written", ["KG-7Q2M-1", "kg-7q2m-1", " KG-7Q2M-1 ", "ＫＧ-7Q2M-1"])
async def test_a_man_is_enrolled_once_by_his_case_code(stage: Stage, written: str) -> None:
    await stage.enrol(case_code="KG-7Q2M-1")
    with pytest.raises(EnrolmentRefused, match="case_code: belongs to somebody"):
        await stage.enrol(case_code=written)
    assert await _count(stage) == 1


async def test_safety_a_case_code_of_another_centre_is_held_for_the_coordinator_and_nothing_is_said(
    stage: Stage,
) -> None:
    await stage.enrol(case_code="KG-1", centre="kragujevac")
    other = (await stage.enrol(case_code="KG-1", centre="nis")).participant
    async with stage.service.database.reading() as tx:
        assert [(each.target, each.reason) for each in await holds.standing(tx)] == [(other, "case_code_shared")]
        assert [each.centre for each in await tasks.standing(tx) if each.kind == "case_code_shared"] == ["*"]


async def test_of_two_in_one_file_the_later_is_named(stage: Stage) -> None:
    several = [
        enrolling.read(stage.service, given(case_code=code), stage.now) for code in ("KG-1", "KG-2", "KG-3", "KG-2")
    ]
    with pytest.raises(EnrolmentRefused) as refused:
        await enrolling.enrol_many(stage.service, several, stage.now)
    assert refused.value.place == 3
    assert await _count(stage) == 0


async def test_the_number_of_somebody_on_telegram_is_looked_at_too(stage: Stage) -> None:
    await stage.enrol(phone=PHONE)
    with pytest.raises(EnrolmentRefused, match="phone"):
        await stage.enrol(phone=PHONE)


async def test_several_women_may_share_one_mans_case_code(her: HerStage) -> None:
    await her.enrol(case_code="KG-1", phone="+381641230001")
    await her.enrol(case_code="KG-1", phone="+381641230002")
    async with her.service.database.reading() as tx:
        people = await participants.page(tx)
        assert len(people) == 2
        assert await participants.namesakes(tx, participants.case_index(tx.seals, "KG-1")) == []


def test_i16_the_index_of_a_case_code_differs_between_the_sides_even_under_the_same_secret() -> None:
    his, hers = any_seals(), any_seals(Side.SURVIVORS)
    assert participants.case_index(his, "KG-1") != participants.case_index(hers, "KG-1")
    hers._index = his._index
    assert participants.case_index(his, "KG-1") != participants.case_index(hers, "KG-1")


async def test_i15_an_erased_man_leaves_no_index_behind(stage: Stage, database: Database) -> None:
    gone = (await stage.enrol(case_code="KG-1")).participant
    async with database.writing() as tx:
        await erasure.erase(tx, gone, stage.now)
    async with database.reading() as tx:
        assert await participants.namesakes(tx, participants.case_index(tx.seals, "KG-1")) == []
