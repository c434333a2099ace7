"""A withdrawal is on the disk before it is acknowledged, and survives torn lines; only opaque ids are in the file."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.records import tombstones
from surveys.records.tombstones import Fate, Tombstone, Tombstones, TombstonesDamaged

from .cast import NOW

_FIRST = Tombstone("p-aaaa", Fate.WITHDRAWN, NOW)
_SECOND = Tombstone("p-bbbb", Fate.PURGED, NOW)


async def test_i11_what_was_appended_reads_back_in_order(tmp_path: Path) -> None:
    stones = Tombstones(tmp_path / "tombstones")
    assert stones.read() == []
    await stones.append("p-aaaa", Fate.WITHDRAWN, NOW)
    await stones.append("p-bbbb", Fate.PURGED, NOW)
    assert stones.read() == [_FIRST, _SECOND]
    assert stones.path.stat().st_mode & 0o777 == 0o600


@given(st.integers(0, 120))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_i11_a_line_torn_anywhere_loses_only_itself(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "tombstones"
    path.unlink(missing_ok=True)
    tombstones.append(path, _FIRST)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: min(cut, len(whole) - 2)])
    assert tombstones.read(path) == [_FIRST]
    tombstones.append(path, _SECOND)
    assert tombstones.read(path) == [_FIRST, _SECOND]


def test_i11_a_last_line_that_lacks_only_its_end_counts(tmp_path: Path) -> None:
    path = tmp_path / "tombstones"
    tombstones.append(path, _FIRST)
    path.write_bytes(path.read_bytes()[:-1])
    assert tombstones.read(path) == [_FIRST]


def test_a_damaged_line_is_refused_rather_than_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "tombstones"
    for line in (
        '{"participant":"p-a","fate":"cured","at":"2026-01-01T00:00:00+00:00"}',
        "p-aaaa",
        '{"fate":"purged"}',
    ):
        path.write_text(line + "\n")
        with pytest.raises(TombstonesDamaged):
            tombstones.read(path)


def test_i11_the_file_and_its_folder_are_synced_before_append_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def watch(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr(os, "fsync", watch)
    tombstones.append(tmp_path / "tombstones", _FIRST)
    assert synced == [str(tmp_path / "tombstones"), str(tmp_path)]
    tombstones.append(tmp_path / "tombstones", _SECOND)
    assert synced[2:] == [str(tmp_path / "tombstones")]


def test_lines_appended_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "tombstones"
    stones = [Tombstone(f"p-{number:04}", Fate.WITHDRAWN, NOW) for number in range(40)]
    threads = [threading.Thread(target=tombstones.append, args=(path, stone)) for stone in stones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stone.participant for stone in tombstones.read(path)) == [stone.participant for stone in stones]
