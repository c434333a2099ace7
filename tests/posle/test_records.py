"""Looking after a side's records: audit, backup, upgrade, keys. A refusal changes nothing."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from surveys.records.keyfile import load_keys
from surveys.rules.vocabulary import Side
from tests.posle.conftest import Posle


def test_a_new_sides_audit_begins_with_its_making(his: Path, posle: Posle) -> None:
    found = json.loads(posle("audit", his, "--json").out)
    assert found == {"intact": True, "broken_at": None, "last": 2, "entries": []}


def test_a_changed_audit_entry_is_found(his: Path, posle: Posle) -> None:
    with sqlite3.connect(his / "posle.db") as connection:
        connection.execute("UPDATE audit SET action = 'side.unmade'")
    done = posle("audit", his, "--json")
    assert done.status == 1
    assert json.loads(done.out)["broken_at"] == 1
    assert "BROKEN at entry 1" in posle("audit", his).out


def test_rotating_keys_replaces_them_and_is_written_down(his: Path, posle: Posle) -> None:
    before = {key.id for key in load_keys(his / "side.key", Side.EX_PERPETRATORS).keys}
    done = posle("keys", "rotate", his, "--json")
    assert done.status == 0
    after = {key.id for key in load_keys(his / "side.key", Side.EX_PERPETRATORS).keys}
    assert before - after == set(json.loads(done.out)["retired"])
    assert "keys.rotated" in posle("audit", his, "--of", "side").out
    assert posle("doctor", his).status == 0


def test_a_backup_is_one_private_file_and_overwrites_nothing(his: Path, tmp_path: Path, posle: Posle) -> None:
    file = tmp_path / "copy.db"
    assert posle("backup", his, file).status == 0
    assert file.stat().st_mode & 0o077 == 0
    before = file.read_bytes()
    done = posle("backup", his, file)
    assert (done.status, done.out) == (1, "")
    assert "never overwrites" in done.err
    assert file.read_bytes() == before


def test_a_backup_into_the_sides_own_folder_is_refused(his: Path, posle: Posle) -> None:
    done = posle("backup", his, his / "copy.db")
    assert (done.status, (his / "copy.db").exists()) == (1, False)


def test_a_current_database_needs_no_upgrade(his: Path, posle: Posle) -> None:
    versions = json.loads(posle("upgrade", his, "--json").out)
    assert versions["from"] == versions["to"]


def test_an_older_database_is_refused_until_it_is_upgraded(his: Path, posle: Posle) -> None:
    _set_revision(his, "")
    done = posle("audit", his)
    assert done.status == 1


def test_a_newer_database_is_refused_by_every_command(his: Path, posle: Posle) -> None:
    _set_revision(his, "9999")
    for command in ("audit", "upgrade"):
        done = posle(command, his)
        assert (done.status, done.out) == (1, "")
        assert "newer version" in done.err


def _set_revision(folder: Path, revision: str) -> None:
    with sqlite3.connect(folder / "posle.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


COMMANDS = (("audit",), ("backup",), ("upgrade",), ("keys", "rotate"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("fault", ["the other side's keys", "the other side's database", "no database", "no keys"])
def test_what_does_not_belong_together_is_refused_and_not_touched(
    his: Path, hers: Path, tmp_path: Path, posle: Posle, command: tuple[str, ...], fault: str
) -> None:
    match fault:
        case "the other side's keys":
            shutil.copy(hers / "side.key", his / "side.key")
        case "the other side's database":
            shutil.copy(hers / "posle.db", his / "posle.db")
        case "no database":
            (his / "posle.db").unlink()
        case _:
            (his / "side.key").unlink()
    before = {path.name: path.read_bytes() for path in his.iterdir()}
    arguments = [*command, his, *([tmp_path / "copy.db"] if command == ("backup",) else [])]
    done = posle(*arguments)
    assert (done.status, done.out) == (1, "")
    assert done.err.count("\n") == 1
    assert {path.name: path.read_bytes() for path in his.iterdir()} == before
    assert not (tmp_path / "copy.db").exists()
