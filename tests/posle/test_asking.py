"""What nothing undoes is asked for once more on a terminal, and never of a script."""

import asyncio
import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posle.cli import run
from posle.opening import opened
from surveys.records import participants
from surveys.records.evaluators import make_evaluator_keys
from surveys.rules.vocabulary import Status
from tests.posle.conftest import Posle
from tests.posle.test_enrol_warnings import person

PURGE = ("purge", "--by", "Mira")
WITHDRAW = ("withdraw",)


class _Terminal(io.StringIO):
    """Somebody at a keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def someone(tmp_path: Path, posle: Posle) -> tuple[Path, str]:
    """A side, and somebody in it."""
    public, _ = make_evaluator_keys(tmp_path / "evaluators")
    folder = tmp_path / "side"
    posle("init", folder, "--side", "ex-perpetrators", "--evaluators", public)
    born = datetime.now(UTC).date().isoformat()
    enrolled = posle("enrol", folder, given=json.dumps(person(channel="phone", completed_on=born)))
    return folder, str(json.loads(enrolled.out)["participant"])


async def status(folder: Path, participant: str) -> Status:
    async with opened(folder) as (_, database), database.reading() as tx:
        (one,) = [each for each in await participants.page(tx) if each.id == participant]
        return one.status


def typed(monkeypatch: pytest.MonkeyPatch, folder: Path, participant: str, command: tuple[str, ...], said: str) -> int:
    monkeypatch.setattr(sys, "stdin", _Terminal(said))
    return run([command[0], str(folder), participant, *command[1:]])


async def test_on_a_terminal_the_id_is_typed_again_or_nothing_is_done(
    someone: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (PURGE, WITHDRAW):
        for said in ("", "\n", "y\n", "p-somebodyelse\n"):
            assert await _in_thread(monkeypatch, *someone, command, said) == 1
            assert "nothing was done" in capsys.readouterr().err
    assert await status(*someone) is Status.ACTIVE


@pytest.mark.parametrize("command", [PURGE, WITHDRAW])
async def test_who_types_the_id_again_is_obeyed(
    someone: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    assert await _in_thread(monkeypatch, *someone, command, f" {someone[1]} \n") == 0
    assert await status(*someone) is not Status.ACTIVE


async def test_yes_asks_nothing_on_a_terminal(someone: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert await _in_thread(monkeypatch, *someone, (*PURGE, "--yes"), "") == 0
    assert await status(*someone) is Status.PURGED


def test_a_script_is_asked_nothing(someone: tuple[Path, str], posle: Posle) -> None:
    folder, participant = someone
    assert posle("purge", folder, participant, "--by", "Mira").status == 0


async def _in_thread(
    monkeypatch: pytest.MonkeyPatch, folder: Path, participant: str, command: tuple[str, ...], said: str
) -> int:
    """A command has an event loop of its own, so it runs beside this one."""
    return await asyncio.to_thread(typed, monkeypatch, folder, participant, command, said)
