"""What the Makefile says to the test runner is understood by it."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, text


@pytest.mark.parametrize(("target", "has_long_loops"), [("test", False), ("soak", True)])
def test_make_soak_runs_the_long_loops_and_make_test_does_not(target: str, has_long_loops: bool) -> None:
    found = re.search(rf"^{target}: setup\n(?:\t@.*\n)?\t\$\(BIN\)/pytest(.*)$", text(Path("Makefile")), re.MULTILINE)
    assert found is not None
    arguments = [*shlex.split(found[1]), "--collect-only", "-p", "no:cacheprovider", "tests/faults/test_kill.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert ("test_killed_at_any_moment" in done.stdout) is has_long_loops
