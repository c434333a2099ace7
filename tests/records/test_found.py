"""Who is found by an address, and with what; how many people's keys are held meanwhile. On both databases."""

import pytest

from surveys.records import consents, contacts, keys, participants
from surveys.records.consents import NewConsent
from surveys.records.database import Database
from surveys.rules.vocabulary import Channel, Purpose

from .cast import DAY, NOW, somebody


async def test_so_many_peoples_keys_are_held_unwrapped_and_no_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_REMEMBERED", 2)
    async with database.writing() as tx:
        people = [await somebody(tx, str(700 + number)) for number in range(4)]
    async with database.reading() as tx:
        for each in people:
            assert (await participants.private(tx, each.id)).other_word == "bivša"
    assert len(database.remembered_keys) == 2


async def test_i3_who_is_found_by_an_address_comes_with_the_latest_word_on_being_contacted(database: Database) -> None:
    async def found() -> bool:
        async with database.reading() as tx:
            return (await contacts.find(tx, Channel.TELEGRAM, "700"))[0].consent

    async def says(purpose: Purpose, given: bool, days: int) -> None:
        async with database.writing() as tx:
            await consents.record(tx, NewConsent(person, purpose, given, "1"), NOW + days * DAY)

    async with database.writing() as tx:
        person = (await somebody(tx, "700", consent=False)).id
    assert not await found()
    await says(Purpose.CONTACT, True, 1)
    await says(Purpose.EVALUATION, False, 2)
    assert await found()
    await says(Purpose.CONTACT, False, 3)
    assert not await found()
