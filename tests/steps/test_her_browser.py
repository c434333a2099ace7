"""What her browser keeps of a session and what it does not, and that leaving ends the session alone."""

import json
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from surveys.language.script import packed
from surveys.records import participants, safe_contacts
from surveys.records.database import Database
from surveys.records.passwords import matches
from surveys.rules.vocabulary import Status
from surveys.steps.page import IDLE, ON_THE_WAY, on_page
from surveys.steps.page_said import Do, PageSaid, View
from surveys.steps.safe_contact import keyed
from tests.steps.her_stage import CODE, DURESS, HerStage, make_her_stage
from tests.steps.test_her_side import invited, seen


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def test_safety_a_code_word_out_of_the_browsers_history_opens_nothing_once_the_session_ran_out(
    her: HerStage,
) -> None:
    _, phone = await invited(her)
    await phone.gate(CODE)
    typed = PageSaid(Do.NEXT, -1, (), CODE, "sr_Latn", 0)
    reloaded = await on_page(her.service, phone.token, phone.cookie, typed, her.now)
    assert reloaded.view is View.CONSENT, "she reloads what she has before her"
    her.now += timedelta(minutes=4)
    unknown = await on_page(her.service, "x" * 22, phone.cookie, typed, her.now)
    for _ in range(2):
        assert seen(await on_page(her.service, phone.token, phone.cookie, typed, her.now)) == seen(unknown)
    assert (await phone.gate(CODE)).view is View.CONSENT


async def test_safety_a_code_word_that_never_arrived_opens_nothing_out_of_the_history_once_the_cover_went_back(
    her: HerStage,
) -> None:
    _, phone = await invited(her)
    await phone.do(Do.START)
    typed = PageSaid(Do.NEXT, -1, (), CODE, "sr_Latn", 0)
    her.now += IDLE + ON_THE_WAY + timedelta(seconds=1)
    unknown = await on_page(her.service, "x" * 22, phone.cookie, typed, her.now)
    for _ in range(2):
        assert seen(await on_page(her.service, phone.token, phone.cookie, typed, her.now)) == seen(unknown)
    await phone.do(Do.START)
    her.now += IDLE + timedelta(seconds=10)
    assert (await phone.do(Do.NEXT, text=CODE)).view is View.CONSENT, "typed in time, and slow to arrive"


async def test_safety_leaving_ends_this_session_only_and_the_reminder_that_was_agreed_comes(her: HerStage) -> None:
    person, phone = await invited(her)
    await phone.gate(CODE)
    await phone.do(Do.AGREE)
    await phone.do(Do.EXIT)
    async with her.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.ACTIVE
    assert await her.forward_until(14)


async def test_safety_the_words_are_in_no_column_in_clear_nor_sealed(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with her.service.database.reading() as tx:
        last = await safe_contacts.latest(tx, person)
    assert last is not None
    assert "kafa" not in last.document
    assert "argon2" in last.document
    kept = json.loads(last.document)
    for word, key in ((CODE, "code"), (DURESS, "duress")):
        assert await matches(kept[key], keyed(her.service.database.seals, word))
        for guess in (word, packed(word)):
            assert not await matches(kept[key], guess), "a stolen database alone lets nobody try words"
