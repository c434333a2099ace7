"""A Python without our packages gets one line that says what to type, not a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("program", "needs"), [("posle", "typer"), ("simulator", "uvicorn")])
def test_outside_the_environment_it_says_to_run_make_setup(program: str, needs: str) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", program, "--help"], cwd=Path(__file__).parents[2], env={}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{program}: {needs} is not installed here; run make setup, then ")
    assert done.stderr.count("\n") == 1
