"""A backup is one consistent file without keys or plain values; it comes back only to its side and an empty place."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from surveys.records import audit, backup, holds, inbox, migrations, participants, stamps, ticks
from surveys.records.backup import BackupRefused
from surveys.records.database import Database, Tx
from surveys.records.holds import WHOLE_SIDE, Scope
from surveys.records.keyfile import KeyRing, make_keys
from surveys.records.sealing import Seals
from surveys.records.tables import metadata
from surveys.rules.vocabulary import Side

from .cast import NOW, somebody


async def nothing(_: Tx, __: backup.Restored) -> None:
    """Nothing is written into the copy."""


async def _filled(database: Database) -> list[str]:
    async with database.writing() as tx:
        await stamps.create(tx, NOW, "test")
        people = [(await somebody(tx, f"7001{number}")).id for number in range(3)]
        await inbox.put(tx, "telegram", "17", b"zacekalo", NOW)
        await ticks.record(tx, "plan", NOW)
        for person in people:
            audit.record(tx, "system", "enrol", person, NOW)
    return people


def _named(folder: Path, part: str) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if part in path.name)


async def _rows(database: Database) -> dict[str, list[str]]:
    async with database.reading() as tx:
        return {table.name: sorted(map(repr, await tx.rows(select(table)))) for table in metadata.sorted_tables}


async def test_everything_comes_back_and_goes_on(
    database: Database, fresh_url: Callable[..., str], tmp_path: Path
) -> None:
    people = await _filled(database)
    await backup.back_up(database, tmp_path / "posle.backup")
    url = fresh_url(migrated=False)
    restored = await backup.restore(tmp_path / "posle.backup", url, database.seals, nothing)
    assert (restored.revision, restored.last_audit, restored.last_tick) == (migrations.HEAD, 3, NOW)
    assert restored.stamp.side is Side.EX_PERPETRATORS
    other = await Database.open(url, database.seals)
    assert await _rows(other) == await _rows(database)
    async with other.writing() as tx:
        assert (await participants.private(tx, people[0])).other_word == "bivša"
        assert await inbox.put(tx, "telegram", "18", b"next", NOW) == 2
        audit.record(tx, "system", "restore", "x", NOW)
    async with other.reading() as tx:
        assert await audit.verify(tx) is None
    await other.close()
    assert _named(tmp_path, "backup") == ["posle.backup"]


async def test_a_backup_taken_while_others_write_is_consistent(database: Database, tmp_path: Path) -> None:
    await _filled(database)
    stop = asyncio.Event()

    async def write() -> None:
        while not stop.is_set():
            async with database.writing() as tx:
                person = await somebody(tx)
                audit.record(tx, "system", "enrol", person.id, NOW)

    writer = asyncio.create_task(write())
    await backup.back_up(database, tmp_path / "posle.backup")
    stop.set()
    await writer
    restored = await backup.restore(
        tmp_path / "posle.backup", f"sqlite:///{tmp_path / 'again.db'}", database.seals, nothing
    )
    other = await Database.open(f"sqlite:///{tmp_path / 'again.db'}", database.seals)
    async with other.reading() as tx:
        assert await audit.verify(tx) is None
        assert len(await participants.page(tx, limit=9999)) == restored.last_audit
    await other.close()


async def test_a_backup_shows_nothing_in_clear_and_is_its_owners_alone(database: Database, tmp_path: Path) -> None:
    people = await _filled(database)
    path = tmp_path / "posle.backup"
    await backup.back_up(database, path)
    kept = path.read_bytes()
    assert people[0].encode() in kept
    for planted in ("70010", "bivša", "Marija", "zacekalo"):
        assert planted.encode() not in kept
    assert all(key.secret not in kept and key.secret.hex().encode() not in kept for key in database.seals.ring.keys)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupRefused, match="never overwrites"):
        await backup.back_up(database, path)


async def test_a_restore_never_overwrites(database: Database, tmp_path: Path) -> None:
    await _filled(database)
    await backup.back_up(database, tmp_path / "posle.backup")
    before = await _rows(database)
    with pytest.raises(BackupRefused, match="never overwrites"):
        await backup.restore(tmp_path / "posle.backup", database.url, database.seals, nothing)
    assert await _rows(database) == before


async def test_a_backup_of_another_side_other_keys_or_a_newer_version_is_refused_and_leaves_nothing(
    database: Database, fresh_url: Callable[..., str], tmp_path: Path
) -> None:
    await _filled(database)
    await backup.back_up(database, tmp_path / "posle.backup")
    url, ring = fresh_url(migrated=False), database.seals.ring
    for seals, says in (
        (Seals(KeyRing(Side.SURVIVORS, ring.keys)), "belongs to the side"),
        (Seals(make_keys(Side.EX_PERPETRATORS)), "key file does not belong"),
    ):
        with pytest.raises(BackupRefused, match=says):
            await backup.restore(tmp_path / "posle.backup", url, seals, nothing)
    with sqlite3.connect(tmp_path / "posle.backup") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackupRefused, match="newer version"):
        await backup.restore(tmp_path / "posle.backup", url, database.seals, nothing)
    connection.close()
    await backup.restore(await _again(database, tmp_path), url, database.seals, nothing)


async def _again(database: Database, tmp_path: Path) -> Path:
    path = tmp_path / "second.backup"
    await backup.back_up(database, path)
    return path


@pytest.mark.parametrize("damage", ["cut", "text", "empty", "missing", "foreign", "page"])
async def test_a_damaged_or_foreign_file_is_refused(database: Database, tmp_path: Path, damage: str) -> None:
    await _filled(database)
    path = tmp_path / "posle.backup"
    await backup.back_up(database, path)
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "foreign":
        path.unlink()
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE something (x)")
        connection.close()
    else:
        middle = whole[:8192] + b"\xff" * 4096 + whole[12288:]
        path.write_bytes(
            {"cut": whole[: len(whole) // 2], "text": b"hello" * 999, "empty": b"", "page": middle}[damage]
        )
    with pytest.raises(BackupRefused):
        await backup.restore(path, f"sqlite:///{tmp_path / 'again.db'}", database.seals, nothing)
    assert _named(tmp_path, "again") == []


async def test_i20_whatever_stands_in_the_database_place_of_a_restore_that_was_killed_is_on_hold(
    database: Database, fresh_url: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _filled(database)
    await backup.back_up(database, tmp_path / "posle.backup")
    url, whole = fresh_url(migrated=False), backup._remove

    class Killed(BaseException):
        """kill -9 leaves no time for anything after this."""

    def last_thing_done(*given: Path) -> None:
        whole(*given)
        raise Killed

    async def hold(tx: Tx, _: backup.Restored) -> None:
        await holds.place(tx, Scope.SIDE, WHOLE_SIDE, "restored_backup", "operator", NOW)

    monkeypatch.setattr(backup, "_remove", last_thing_done)
    with pytest.raises(Killed):
        await backup.restore(tmp_path / "posle.backup", url, database.seals, hold)
    other = await Database.open(url, database.seals)
    async with other.reading() as tx:
        assert [each.reason for each in await holds.standing(tx)] == ["restored_backup"]
    await other.close()
