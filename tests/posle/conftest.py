"""The command line as operators meet it: status, standard output and standard error."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from posle.cli import run
from tests.quick import quick_hashes

__all__ = ["quick_hashes"]


@dataclass(frozen=True, slots=True)
class Done:
    """What one command did."""

    status: int
    out: str
    err: str


Posle = Callable[..., Done]


class _Input(io.TextIOWrapper):
    """Standard input made of bytes."""


@pytest.fixture
def posle(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Posle:
    def call(*arguments: str | Path, given: str | bytes = b"") -> Done:
        raw = given.encode() if isinstance(given, str) else given
        monkeypatch.setattr(sys, "stdin", _Input(io.BytesIO(raw), encoding="utf-8"))
        capsys.readouterr()
        status = run([str(each) for each in arguments])
        return Done(status, *capsys.readouterr())

    return call


@pytest.fixture
def his(tmp_path: Path, posle: Posle) -> Path:
    """A new folder of the ex-perpetrators' side."""
    return _made(tmp_path / "his", "ex-perpetrators", posle)


@pytest.fixture
def hers(tmp_path: Path, posle: Posle) -> Path:
    """A new folder of the survivors' side."""
    return _made(tmp_path / "hers", "survivors", posle)


def _made(folder: Path, side: str, posle: Posle) -> Path:
    done = posle("init", folder, "--side", side)
    assert done.status == 0, done.err
    return folder
