"""After a withdrawal: earlier answers are deleted where the person wishes it, behind the gate or by staff alone."""

from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from posle.restoring import replay
from surveys.records import answers, participants
from surveys.records.database import Database
from surveys.records.tombstones import Fate, last_words
from surveys.rules.vocabulary import Status
from surveys.steps.page import IDLE
from surveys.steps.page_said import Do, View
from surveys.steps.withdraw import delete_answers, withdraw
from tests.steps import test_chat
from tests.steps.her_stage import CODE, HerStage, Phone, make_her_stage
from tests.steps.test_chat import EXIT, HERS, labels

OFFER = "Obriši i moje ranije odgovore"


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def begun(her: HerStage) -> tuple[str, Phone]:
    """Behind the gate, with a first answer given."""
    await her.ready()
    person = str((await her.enrol()).participant)
    phone = Phone(her, await her.noticed())
    await phone.gate(CODE)
    await phone.do(Do.AGREE)
    await phone.do(Do.NEXT, "c0")
    assert await kept(her, person)
    return person, phone


async def kept(her: HerStage, person: str) -> bool:
    async with her.service.database.reading() as tx:
        return await answers.any_of(tx, person)


async def test_safety_who_withdraws_behind_the_gate_may_have_earlier_answers_deleted(her: HerStage) -> None:
    person, phone = await begun(her)
    shown = await phone.do(Do.STOP_FOR_GOOD)
    assert (shown.view, shown.may_delete, shown.cookie) == (View.WORDS, True, None)
    assert await kept(her, person), "only where it is wished"
    done = await phone.do(Do.DELETE, language="sr_Cyrl")
    assert (done.view, done.may_delete, done.cookie) == (View.WORDS, False, "")
    assert not await kept(her, person)
    assert last_words(her.service.tombstones.read())[person].fate is Fate.ANSWERS_DELETED
    async with her.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN


async def test_safety_nobody_deletes_answers_before_the_gate_in_another_browser_or_too_late(her: HerStage) -> None:
    person, phone = await begun(her)
    other, unknown = Phone(her, phone.token), Phone(her, "nobodys")
    await phone.do(Do.DELETE)
    assert await kept(her, person), "a withdrawal comes first"
    await phone.do(Do.STOP_FOR_GOOD)
    assert await other.do(Do.DELETE) == await unknown.do(Do.DELETE)
    her.now += IDLE + timedelta(seconds=1)
    assert await phone.do(Do.DELETE) == unknown.screen
    assert await kept(her, person)


async def test_safety_a_withdrawal_on_the_cover_offers_nothing_and_deletes_nothing(her: HerStage) -> None:
    person, phone = await begun(her)
    await phone.do(Do.EXIT)
    her.now += timedelta(days=1)
    again, unknown = Phone(her, await her.noticed()), Phone(her, "nobodys")
    for visitor in (again, unknown):
        await visitor.gate("STOP")
        assert not visitor.screen.may_delete
        await visitor.do(Do.DELETE)
    assert (again.screen.view, again.screen.text) == (unknown.screen.view, unknown.screen.text)
    assert await kept(her, person)


async def test_safety_in_the_chat_one_press_deletes_them_and_the_bubble_goes_at_once(her: HerStage) -> None:
    person = await test_chat.noticed(her)
    await test_chat.asked(her)
    await her.say("1", HERS)
    shown = await her.say("STOP", HERS)
    assert shown is not None
    assert labels(shown) == [OFFER, EXIT]
    before = len(her.ledger)
    await her.press(OFFER, HERS)
    assert not await kept(her, person)
    assert [each.text for each in her.ledger[before:]] == [""], "nothing is said to who withdrew"
    await test_chat.emptied(her)
    assert await test_chat.left(her) == []


async def test_safety_in_the_chat_what_is_written_after_a_withdrawal_ends_the_offer(her: HerStage) -> None:
    person = await test_chat.noticed(her)
    await test_chat.asked(her)
    await her.say("1", HERS)
    shown = await her.say("STOP", HERS)
    await her.say("obriši", HERS)
    await her.press(OFFER, HERS, on=shown)
    assert await kept(her, person)
    assert await test_chat.sessions(her) == 0


async def test_staff_delete_them_only_after_a_withdrawal(her: HerStage) -> None:
    person, _ = await begun(her)
    async with her.service.database.writing() as tx:
        assert not await delete_answers(tx, her.service, person, "by:one", her.now)
        await withdraw(tx, her.service, person, "by:one", her.now)
        assert await delete_answers(tx, her.service, person, "by:one", her.now)
        assert not await delete_answers(tx, her.service, person, "by:one", her.now)
    assert not await kept(her, person)


async def test_i11_a_replay_of_the_tombstones_deletes_the_answers_again_that_were_deleted(her: HerStage) -> None:
    person, _ = await begun(her)
    await her.service.tombstones.append(person, Fate.ANSWERS_DELETED, her.now)
    await her.service.tombstones.append(person, Fate.WITHDRAWN, her.now)
    assert await replay(her.service, her.now) == 1
    assert not await kept(her, person)
    async with her.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN
