"""`posle serve` says at once that it starts, before it loads or checks anything."""

from pathlib import Path

import pytest

from posle.cli import run


def test_serve_says_what_it_starts_before_anything_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == f"starting {tmp_path} …\n"
    assert said.err.startswith("posle: posle.toml: is not in this folder")
