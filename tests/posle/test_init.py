"""`posle init` makes a whole side or nothing."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from posle import founding
from posle.settings import load_settings
from surveys.records.evaluators import make_evaluator_keys
from surveys.records.keyfile import load_keys
from surveys.rules.vocabulary import Side
from tests.databases import fresh_url
from tests.posle.conftest import Posle

__all__ = ["fresh_url"]


def test_a_new_side_can_be_read_and_belongs_to_its_owner_alone(his: Path) -> None:
    assert load_settings(his, {}).side.name is Side.EX_PERPETRATORS
    assert load_keys(his / "side.key", Side.EX_PERPETRATORS)
    for path in (his, *his.iterdir()):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path.name
    assert [path.name for path in his.parent.iterdir()] == ["his"]


def test_two_sides_share_nothing(his: Path, hers: Path, posle: Posle) -> None:
    assert posle("doctor", his, "--against", hers).status == 0


def test_an_empty_folder_is_taken(tmp_path: Path, posle: Posle) -> None:
    (tmp_path / "side").mkdir()
    assert posle("init", tmp_path / "side", "--side", "survivors").status == 0


def test_folders_above_are_made(tmp_path: Path, posle: Posle) -> None:
    assert posle("init", tmp_path / "a" / "b", "--side", "survivors").status == 0
    assert (tmp_path / "a" / "b" / "posle.toml").is_file()


def test_the_evaluators_key_is_copied_in(tmp_path: Path, posle: Posle) -> None:
    public, _ = make_evaluator_keys(tmp_path / "evaluators")
    assert posle("init", tmp_path / "his", "--side", "ex-perpetrators", "--evaluators", public).status == 0
    copied = load_settings(tmp_path / "his", {}).keys.evaluators_public
    assert copied is not None
    assert copied.read_bytes() == public.read_bytes()


@pytest.mark.parametrize("what", ["a file inside", "a file in its place", "a link"])
def test_a_folder_that_holds_anything_is_refused_and_left_alone(tmp_path: Path, posle: Posle, what: str) -> None:
    folder = tmp_path / "side"
    if what == "a file inside":
        folder.mkdir()
        (folder / "letter").write_text("mine")
    elif what == "a file in its place":
        folder.write_text("mine")
    else:
        folder.symlink_to(tmp_path / "elsewhere")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    done = posle("init", folder, "--side", "survivors")
    assert (done.status, done.out) == (1, "")
    assert "has something in it" in done.err
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_failure_midway_leaves_nothing_behind(tmp_path: Path, posle: Posle, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(founding, "_fill", full)
    done = posle("init", tmp_path / "a" / "b", "--side", "survivors")
    assert (done.status, done.err) == (1, "posle: No space left on device\n")
    assert list(tmp_path.iterdir()) == []


def test_a_private_key_is_not_taken_for_the_public_one(tmp_path: Path, posle: Posle) -> None:
    _, private = make_evaluator_keys(tmp_path / "evaluators")
    done = posle("init", tmp_path / "his", "--side", "ex-perpetrators", "--evaluators", private)
    assert done.status == 1
    assert "no evaluators' public key" in done.err
    assert not (tmp_path / "his").exists()


@pytest.mark.parametrize("where", ["the option", "the environment"])
def test_the_database_may_be_elsewhere(
    tmp_path: Path,
    posle: Posle,
    fresh_url: Callable[..., str],
    where: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = fresh_url(migrated=False)
    arguments = ["--database", url] if where == "the option" else []
    if where == "the environment":
        monkeypatch.setenv("POSLE_DATABASE_URL", url)
    made = posle("init", tmp_path / "his", "--side", "ex-perpetrators", *arguments)
    assert made.status == 0, made.err
    assert (url in (tmp_path / "his" / "posle.toml").read_text()) is (where == "the option")
    assert "database\tok" in posle("doctor", tmp_path / "his").out
    assert posle("keys", "rotate", tmp_path / "his").status == 0
    assert posle("backup", tmp_path / "his", tmp_path / "copy.db").status == 0
    again = posle("init", tmp_path / "again", "--side", "ex-perpetrators", *arguments)
    assert (again.status, (tmp_path / "again").exists()) == (1, False)
    assert "already has something in it" in again.err
