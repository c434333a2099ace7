"""How long a backup may be there: its last day is written into it, and afterwards it is neither kept nor restored."""

import inspect
import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from posle import restoring
from posle.cli import records as commands
from posle.copying import KEPT, LONGEST, copy_out
from posle.opening import opened
from posle.restoring import HELD, PastItsDay
from posle.serving.process import at_work
from posle.wiring import wire
from scheduler.clock import SystemClock
from surveys.library import load_library
from surveys.records import backup_dates, holds
from surveys.rules.vocabulary import Side
from tests.posle.conftest import Posle

NOW = datetime(2027, 2, 14, 12, tzinfo=UTC)


def there(folder: Path) -> list[Path]:
    return list(folder.glob("posle.db*"))


def lost(folder: Path) -> None:
    for path in there(folder):
        path.unlink()


async def test_safety_a_backup_past_its_last_day_is_restored_only_where_that_is_said(his: Path, tmp_path: Path) -> None:
    made = await copy_out(his, tmp_path / "copy.db", NOW)
    assert made.not_after == date(2027, 2, 14) + timedelta(days=KEPT)
    assert backup_dates.last_day(made.file) == made.not_after
    lost(his)
    late = NOW + timedelta(days=KEPT + 1)
    with pytest.raises(PastItsDay):
        await restoring.restore(his, made.file, late)
    assert not there(his), "nothing was put in its place"
    await restoring.restore(his, made.file, late, past_its_day=True)
    assert backup_dates.last_day(his / "posle.db") is None, "what was restored is no backup"


async def test_on_its_last_day_a_backup_is_restored(his: Path, tmp_path: Path) -> None:
    made = await copy_out(his, tmp_path / "copy.db", NOW, 1)
    lost(his)
    assert (await restoring.restore(his, made.file, NOW + timedelta(days=1))).tombstones


async def test_safety_backups_past_their_day_are_named_and_deleted_where_asked_and_no_other_file(
    his: Path, hers: Path, tmp_path: Path
) -> None:
    place = tmp_path / "kept"
    place.mkdir()
    old = (await copy_out(his, place / "old.db", NOW)).file
    theirs = (await copy_out(hers, place / "theirs.db", NOW)).file
    fresh = (await copy_out(his, place / "fresh.db", NOW + timedelta(days=KEPT))).file
    (place / "notes.txt").write_text("x")
    shutil.copy(his / "posle.db", place / "a-database.db")
    later = NOW + timedelta(days=KEPT + 1)
    told = await copy_out(his, place / "a.db", later)
    assert (told.overdue, told.pruned, old.exists()) == ((old,), False, True)
    told = await copy_out(his, place / "b.db", later, prune=True)
    assert (told.overdue, told.pruned, old.exists()) == ((old,), True, False)
    assert all(each.exists() for each in (theirs, fresh, place / "notes.txt", place / "a-database.db"))


async def test_safety_the_sides_own_database_is_never_pruned_though_it_was_a_backup_once(
    his: Path, tmp_path: Path
) -> None:
    made = (await copy_out(his, tmp_path / "old.db", NOW)).file
    lost(his)
    told, place = (his / "posle.toml").read_text(), tmp_path / "in-use.db"
    made.rename(place)
    (his / "posle.toml").write_text(told.replace("sqlite:///posle.db", f"sqlite:///{place}"))
    done = await copy_out(his, tmp_path / "new.db", NOW + timedelta(days=KEPT + 1), prune=True)
    assert (done.overdue, place.exists()) == ((), True)


async def test_i20_a_backup_that_was_put_into_its_place_by_hand_holds_the_side_once_it_starts(
    hers: Path, tmp_path: Path
) -> None:
    made = (await copy_out(hers, tmp_path / "copy.db", NOW)).file
    lost(hers)
    shutil.copy(made, hers / "posle.db")
    for _ in range(2):
        async with opened(hers) as (settings, database):
            async with at_work(settings, wire(settings, database), SystemClock()):
                pass
            async with database.reading() as tx:
                reasons = [each.reason for each in await holds.standing(tx)]
        assert reasons == [HELD], "once"
    assert backup_dates.last_day(hers / "posle.db") is None


def test_no_backup_may_be_kept_longer_than_the_shortest_clock_of_the_protocol() -> None:
    for side in Side:
        rule = load_library(side).protocol.retention
        assert rule is not None
        assert timedelta(days=KEPT) < timedelta(days=LONGEST) <= rule.contact


def test_the_command_says_until_when_and_refuses_what_is_longer(his: Path, tmp_path: Path, posle: Posle) -> None:
    done = posle("backup", his, tmp_path / "copy.db", "--keep-days", "7", "--json")
    assert date.fromisoformat(json.loads(done.out)["not_after"]) == backup_dates.last_day(tmp_path / "copy.db")
    assert posle("backup", his, tmp_path / "other.db", "--keep-days", str(LONGEST + 1)).status == 2
    assert inspect.signature(commands.backup).parameters["keep_days"].default == KEPT
