"""Rotation moves everything under a new generation, can be killed anywhere, and leaves everything readable."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from surveys.records import audit, contacts, inbox, keys, participants, readiness, rotation, tasks
from surveys.records.database import Database
from surveys.records.keyfile import KeyPurpose, create_keys, load_keys, next_generation, replace_keys
from surveys.records.rotation import NoKeyFile, rotate
from surveys.records.sealing import REGISTRY, Seals
from surveys.records.tasks import NewTask
from surveys.rules.vocabulary import Channel, Side

from .cast import NOW, somebody

SIDE = Side.EX_PERPETRATORS


@pytest_asyncio.fixture
async def filed(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A database whose keys are in a file."""
    create_keys(tmp_path / "keys.json", SIDE)
    db = await Database.open(database_url, Seals.load(tmp_path / "keys.json", SIDE))
    yield db
    await db.close()


async def _fill(db: Database) -> tuple[str, str]:
    async with db.writing() as tx:
        people = [await somebody(tx, f"70010{number}") for number in range(5)]
        task = await tasks.open_one(tx, NewTask("nis", "late", people[0].id, note="позвати"), NOW)
        await inbox.put(tx, "telegram", "17", "ћирилица".encode(), NOW)
        await readiness.record(tx, "{}", NOW)
        audit.record(tx, "system", "enrol", people[0].id, NOW)
    assert task
    return people[0].id, task


async def _check(db: Database, person: str, task: str) -> None:
    db.remembered_keys.clear()
    async with db.reading() as tx:
        assert (await participants.private(tx, person)).other_word == "bivša"
        contact = await contacts.current(tx, person, Channel.TELEGRAM)
        assert contact is not None
        assert contact.address == "700100"
        assert [found.participant for found in await contacts.find(tx, Channel.TELEGRAM, "700100")] == [person]
        assert await tasks.note(tx, task) == "позвати"
        assert [each.payload.decode() for each in await inbox.unhandled(tx)] == ["ћирилица"]
        latest = await readiness.latest(tx)
        assert latest is not None
        assert latest.document == "{}"
        assert await audit.verify(tx) is None


async def test_everything_is_readable_after_a_rotation_and_the_old_keys_are_gone(filed: Database) -> None:
    person, task = await _fill(filed)
    before = load_keys(filed.seals.path or Path(), SIDE)
    done = await rotate(filed)
    assert done.moved == 5 * 2 + 3
    assert set(done.retired) == {
        before.newest(purpose).id for purpose in (KeyPurpose.CONTACT, KeyPurpose.ANSWERS, KeyPurpose.OPERATIONS)
    }
    await _check(filed, person, task)
    fresh = await Database.open(filed.url, Seals.load(filed.seals.path or Path(), SIDE))
    await _check(fresh, person, task)
    await fresh.close()


async def test_a_rotation_killed_at_any_step_is_taken_up_again(
    filed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, task = await _fill(filed)
    monkeypatch.setattr(rotation, "_BATCH", 2)
    for step in ("_rewrap_all", "_reseal_all", "_retire"):
        with monkeypatch.context() as patch:
            patch.setattr(rotation, step, _dies)
            with pytest.raises(InterruptedError):
                await rotate(filed)
        await _check(filed, person, task)
    await rotate(filed)
    assert not filed.seals.ring.older()
    await _check(filed, person, task)


async def _dies(*_: object) -> None:
    raise InterruptedError


async def test_a_process_that_runs_meanwhile_goes_on_with_the_new_keys(filed: Database) -> None:
    person, task = await _fill(filed)
    running = await Database.open(filed.url, Seals.load(filed.seals.path or Path(), SIDE))
    await rotate(filed)
    await _check(running, person, task)
    async with running.writing() as tx:
        other = await somebody(tx, "700999")
    filed.remembered_keys.clear()
    async with filed.reading() as tx:
        assert await keys.of(tx, other.id)
    await running.close()


async def test_an_old_key_that_something_still_uses_is_not_retired(filed: Database) -> None:
    person, task = await _fill(filed)
    assert filed.seals.path
    replace_keys(filed.seals.path, next_generation(filed.seals.ring))
    filed.seals.refresh()
    assert await rotation._retire(filed) == ()
    assert len(filed.seals.ring.older()) == 3
    await _check(filed, person, task)


async def test_keys_without_a_file_are_not_rotated(database: Database) -> None:
    with pytest.raises(NoKeyFile):
        await rotate(database)


def test_every_column_of_the_operations_key_is_moved_by_rotation() -> None:
    assert {(place.table, place.column) for place, _ in rotation._PLACES} == {
        column for column, purpose in REGISTRY.items() if purpose is KeyPurpose.OPERATIONS
    }
