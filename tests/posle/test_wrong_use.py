"""Every wrong command: its exit status, one line, no traceback, nothing written, nothing secret repeated."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from posle.cli import refusing
from surveys.rules.vocabulary import Side
from tests.posle.conftest import Posle
from tests.posle.test_settings import TOKEN

WRONG: dict[str, tuple[str, int, str]] = {
    "nothing": ("", 2, "Missing command"),
    "unknown command": ("enroll DIR", 2, "No such command"),
    "unknown option": ("doctor DIR --jsn", 2, "No such option"),
    "no folder": ("doctor", 2, "Missing argument"),
    "two folders": ("doctor DIR DIR", 2, "unexpected extra argument"),
    "no side": ("init NEW", 2, "Missing option"),
    "unknown side": ("init NEW --side theirs", 2, "Invalid value"),
    "unknown database": ("init NEW --side survivors --database mysql://x", 1, "[database] url: must be"),
    "empty database": ("init NEW --side survivors --database sqlite:///", 1, "[database] url: must be"),
    "no evaluators' key there": ("init NEW --side survivors --evaluators MISSING", 1, "is missing or cannot be"),
    "evaluators' key is no key": (
        "init NEW --side survivors --evaluators KEYS/evaluators.key",
        1,
        "holds no evaluators'",
    ),
    "init into a side": ("init DIR --side survivors", 1, "has something in it"),
    "keys without a command": ("keys", 2, "Missing command"),
    "keys without a folder": ("keys evaluators", 2, "Missing option"),
    "keys twice": ("keys evaluators --out KEYS", 1, "never overwritten"),
    "keys into a file": ("keys evaluators --out DIR/posle.toml", 1, "File exists"),
    "rotate elsewhere": ("keys rotate MISSING", 1, "posle.toml: is not in this folder"),
    "form without a command": ("form", 2, "Missing command"),
    "form without a file": ("form check", 2, "Missing argument"),
    "form in a bad day": ("form try FORM --today 30.2.2027", 2, "Invalid value"),
    "form with a bad fact": ("form try FORM --fact wave", 2, "must be NAME=VALUE"),
    "form in an unknown language": ("form try FORM --language xx", 1, "it is in"),
    "no form there": ("form check MISSING", 1, ""),
    "a form that is no form": ("form check DIR/posle.toml", 1, ""),
    "a folder as a form": ("form check DIR", 1, ""),
    "doctor of nothing against": ("doctor DIR --against MISSING", 1, "posle.toml: is not in this folder"),
    "audit of nothing": ("audit MISSING", 1, "posle.toml: is not in this folder"),
    "audit of a file": ("audit DIR/posle.toml", 1, "posle.toml: is not in this folder"),
    "backup without a file": ("backup DIR", 2, "Missing argument"),
    "backup over a file": ("backup DIR KEYS/evaluators.pub", 1, "never overwrites"),
    "backup to nowhere": ("backup DIR MISSING/copy.db", 1, "No such file or directory"),
    "upgrade of nothing": ("upgrade MISSING", 1, "posle.toml: is not in this folder"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_command_is_refused_in_one_line_and_writes_nothing(
    his: Path, tmp_path: Path, posle: Posle, kind: str
) -> None:
    typed, status, expected = WRONG[kind]
    assert posle("keys", "evaluators", "--out", tmp_path / "keys").status == 0
    places = {"DIR": his, "NEW": tmp_path / "new", "MISSING": tmp_path / "missing", "KEYS": tmp_path / "keys"}
    form = Path(__file__).parents[2] / "surveys" / "library" / Side.EX_PERPETRATORS / "check-in.md"
    before = _everything(tmp_path)
    done = posle(*(_placed(word, places | {"FORM": form}) for word in typed.split()))
    assert done.status == status, done.err
    assert done.out == ""
    assert expected in done.err
    assert done.err.startswith("posle: ")
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert _everything(tmp_path) == before


def _placed(word: str, places: dict[str, Path]) -> str:
    for name, place in places.items():
        if word == name or word.startswith(f"{name}/"):
            return word.replace(name, str(place), 1)
    return word


def _everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm")}


def test_a_secret_in_bad_settings_is_never_repeated_by_any_command(his: Path, posle: Posle) -> None:
    with (his / "posle.toml").open("a") as file:
        file.write(f'[telegram]\ntoken = "{TOKEN}"\ntoken = "{TOKEN}"\n')
    for command in (("audit",), ("doctor",), ("upgrade",), ("keys", "rotate")):
        done = posle(*command, his)
        assert done.status == 1
        assert TOKEN not in done.out + done.err


def test_an_error_that_nobody_foresaw_shows_its_class_and_place_and_no_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(KeyError) as caught:
        dict[str, str]()[TOKEN]
    assert refusing.refuse(caught.value) == 1
    shown = capsys.readouterr().err
    assert TOKEN not in shown
    assert shown.count("\n") == 1
    assert "KeyError at tests.posle.test_wrong_use:" in shown


def test_the_installed_command_answers_quickly_and_in_one_line(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("posle")), "audit", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C"})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "posle: posle.toml: is not in this folder; make one with `posle init`\n"
