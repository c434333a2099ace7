"""Transactions: nothing is lost, nothing is half done, on either database."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select, update

from surveys.records import audit, contacts, keys, sqlite, ticks
from surveys.records.contacts import NewContact
from surveys.records.database import Database, DatabaseUnavailable
from surveys.records.failures import AlreadyThere, StatementRefused
from surveys.records.sealing import Seals
from surveys.records.tables import ticks as table
from surveys.rules.vocabulary import Channel
from tests.databases import fresh_sqlite

from .cast import NOW, somebody
from .looked import chain

_RUNS = select(table.c.runs).where(table.c.name == "n").with_for_update()
_FILL = insert(table)
_SET = update(table).where(table.c.name == "n").values(runs=bindparam("new"))


async def _increment(db: Database) -> None:
    async with db.writing() as tx:
        runs = await tx.value(_RUNS)
        await asyncio.sleep(0)
        await tx.run(_SET, new=runs + 1)


async def _runs(db: Database) -> int:
    async with db.reading() as tx:
        return int(await tx.value(select(table.c.runs).where(table.c.name == "n")))


async def test_a_hundred_concurrent_read_and_write_updates_are_all_kept(database: Database) -> None:
    async with database.writing() as tx:
        await ticks.record(tx, "n", NOW)
    await asyncio.gather(*(_increment(database) for _ in range(100)))
    assert await _runs(database) == 101


async def test_updates_from_two_connections_to_one_database_are_all_kept(database: Database, seals: Seals) -> None:
    other = await Database.open(database.url, seals)
    async with database.writing() as tx:
        await ticks.record(tx, "n", NOW)
    await asyncio.gather(*(_increment(db) for _ in range(30) for db in (database, other)))
    assert await _runs(database) == 61
    await other.close()


async def test_a_failed_turn_leaves_nothing_and_its_neighbours_everything(database: Database) -> None:
    async def turn(number: int) -> None:
        async with database.writing() as tx:
            await ticks.record(tx, f"t{number}", NOW)
            audit.record(tx, "system", "tick", f"t{number}", NOW)
            await asyncio.sleep(0)
            if number % 3 == 0:
                raise LookupError

    outcomes = await asyncio.gather(*(turn(number) for number in range(12)), return_exceptions=True)
    assert [type(each) for each in outcomes] == [LookupError if n % 3 == 0 else type(None) for n in range(12)]
    async with database.reading() as tx:
        assert len(await tx.rows(select(table.c.name))) == 8
        assert await audit.verify(tx) is None
        assert len(await chain(tx)) == 8


async def test_a_cancelled_turn_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    started = asyncio.Event()

    async def stuck() -> None:
        async with database.writing() as tx:
            await ticks.record(tx, "stuck", NOW)
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.writing() as tx:
        await ticks.record(tx, "n", NOW)
    async with database.reading() as tx:
        assert [row[0] for row in await tx.rows(select(table.c.name))] == ["n"]


async def test_a_waiting_turn_that_is_cancelled_does_not_keep_others_from_their_commit(database: Database) -> None:
    async def turn(number: int) -> None:
        async with database.writing() as tx:
            await ticks.record(tx, f"t{number}", NOW)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(turn(number)) for number in range(6)]
    await asyncio.sleep(0)
    for task in tasks[1::2]:
        task.cancel()
    await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    async with database.reading() as tx:
        names = {row[0] for row in await tx.rows(select(table.c.name))}
    assert {"t0", "t2", "t4"} <= names


async def test_what_is_written_is_seen_by_the_same_transaction_and_by_no_other_until_it_ends(
    database: Database,
) -> None:
    async with database.writing() as tx:
        await ticks.record(tx, "n", NOW)
        assert await ticks.last(tx, "n") == NOW
        async with database.reading() as other:
            assert await ticks.last(other, "n") is None
    async with database.reading() as tx:
        assert await ticks.last(tx, "n") == NOW


async def test_reads_see_one_state_while_others_write(database: Database) -> None:
    async with database.reading() as reader:
        assert await ticks.latest(reader) is None
        async with database.writing() as tx:
            await ticks.record(tx, "n", NOW)
        assert await ticks.latest(reader) is None


async def test_a_reading_transaction_cannot_write(database: Database) -> None:
    with pytest.raises((DatabaseUnavailable, StatementRefused)):
        async with database.reading() as tx:
            await ticks.record(tx, "n", NOW)


async def test_a_foreign_key_that_points_nowhere_is_refused_without_its_value(database: Database) -> None:
    async def add() -> None:
        async with database.writing() as tx:
            keys.make(tx, "p-nobody-here")
            await contacts.add(tx, NewContact("p-nobody-here", Channel.SMS, "+381601234567"), NOW)

    with pytest.raises(StatementRefused) as refused:
        await add()
    assert "p-nobody" not in str(refused.value)
    assert "381" not in str(refused.value)


async def test_a_second_current_contact_is_refused_as_already_there_without_its_value(database: Database) -> None:
    async with database.writing() as tx:
        person = await somebody(tx)
    with pytest.raises(AlreadyThere) as refused:
        async with database.writing() as tx:
            await contacts.add(tx, NewContact(person.id, Channel.TELEGRAM, "12345"), NOW)
    assert person.id not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_sqlite_is_opened_with_every_safety_setting(tmp_path: Path, seals: Seals) -> None:
    db = await Database.open(f"sqlite:///{tmp_path / 'side.db'}", seals)
    writer = db.driver._writer  # type: ignore[attr-defined]
    told = {name: writer.execute(f"PRAGMA {name}").fetchone()[0] for name in _SETTINGS}
    assert told == _SETTINGS
    assert (tmp_path / "side.db").stat().st_mode & 0o777 == 0o600
    await db.close()


_SETTINGS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


async def test_a_locked_sqlite_file_is_waited_for_without_stopping_the_loop(tmp_path: Path, seals: Seals) -> None:
    url = fresh_sqlite(tmp_path)
    db = await Database.open(url, seals)
    outside = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with db.writing() as tx:
            await ticks.record(tx, "n", NOW)

    task = asyncio.create_task(write())
    for _ in range(50):
        await asyncio.sleep(0)
    assert not task.done()
    outside.execute("COMMIT")
    await asyncio.wait_for(task, 5)
    outside.close()
    await db.close()


async def test_a_file_that_stays_locked_is_unavailable(
    tmp_path: Path, seals: Seals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.02)
    db = await Database.open(f"sqlite:///{tmp_path / 'side.db'}", seals)
    outside = sqlite3.connect(tmp_path / "side.db", isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable):
        async with db.writing():
            pass
    outside.close()
    await db.close()


async def test_a_full_disk_is_unavailable_and_the_next_turn_works(tmp_path: Path, seals: Seals) -> None:
    db = await Database.open(fresh_sqlite(tmp_path), seals)
    writer = db.driver._writer  # type: ignore[attr-defined]
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DatabaseUnavailable):
        async with db.writing() as tx:
            await tx.many(_FILL, [{"name": f"t{number}" * 20, "last_wall": NOW, "runs": 1} for number in range(2000)])
    writer.execute("PRAGMA max_page_count=1000000")
    async with db.writing() as tx:
        await ticks.record(tx, "n", NOW)
    async with db.reading() as tx:
        assert [row[0] for row in await tx.rows(select(table.c.name))] == ["n"]
    await db.close()


async def test_an_unknown_url_is_refused(seals: Seals) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        await Database.open("mysql://x", seals)


_KILLED = """
import asyncio, sys
from datetime import UTC, datetime
from surveys.records import ticks
from surveys.records.database import Database
from surveys.records.keyfile import make_keys
from surveys.records.sealing import Seals
from surveys.rules.vocabulary import Side

async def main():
    db = await Database.open(sys.argv[1], Seals(make_keys(Side.EX_PERPETRATORS)))
    async def one(number):
        async with db.writing() as tx:
            await ticks.record(tx, f"t{number}", datetime(2026, 1, 1, tzinfo=UTC))
        print(number, flush=True)
    for start in range(0, 100000, 7):
        await asyncio.gather(*(one(number) for number in range(start, start + 7)))

asyncio.run(main())
"""


async def test_every_turn_that_ended_survives_kill_9(database_url: str, seals: Seals) -> None:
    child = subprocess.Popen(  # noqa: ASYNC220 - it is read to the end right here
        [sys.executable, "-c", _KILLED, database_url], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    acknowledged = [int(child.stdout.readline()) for _ in range(60)]
    os.kill(child.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    child.wait()
    child.stdout.close()
    db = await Database.open(database_url, seals)
    async with db.reading() as tx:
        kept = {row[0] for row in await tx.rows(select(table.c.name))}
    await db.close()
    assert {f"t{number}" for number in acknowledged} <= kept


async def test_a_turn_alone_waits_until_no_other_process_writes_so_that_no_key_is_retired_in_use(
    database: Database, seals: Seals
) -> None:
    other, started, go_on = await Database.open(database.url, seals), asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with other.writing() as tx:
            await ticks.record(tx, "n", NOW)
            started.set()
            await go_on.wait()

    async def alone() -> object:
        async with database.writing(alone=True) as tx:
            return await ticks.last(tx, "n")

    writer = asyncio.create_task(write())
    await started.wait()
    waiting = asyncio.create_task(alone())
    done, _ = await asyncio.wait({waiting}, timeout=0.2)
    assert not done
    go_on.set()
    await writer
    assert await asyncio.wait_for(waiting, 5) == NOW
    await other.close()
