"""Takes each guard away in a copy of the project and runs its tests there: one of them must go red (make soak).

In `make test` the list alone is held: each guard stands in its file exactly once, and its tests are there.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.test_threat_model import RULES

ROOT = Path(__file__).parents[2]
LISTS = ("guards.toml", "people.toml", "rules.toml")
GUARDS: list[dict[str, Any]] = [
    guard for name in LISTS for guard in tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))["guard"]
]
BESIDE = (".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "demo-output")
FAILED = 1
"""What the test runner ends with where a test failed; anything else is no proof."""


def is_there(test: str) -> bool:
    """A file of tests, or one test of it."""
    file, _, name = test.partition("::")
    path = ROOT / file
    return path.exists() and (not name or f"def {name}(" in path.read_text("utf-8"))


def test_safety_every_rule_for_survivors_and_every_invariant_has_a_guard_whose_loss_turns_a_test_red() -> None:
    rules = [f"{kind}{number + 1}" for kind, many in (*RULES.items(), ("I", 20)) for number in range(many)]
    held = {rule for guard in GUARDS for rule in guard.get("holds", ())}
    assert [rule for rule in rules if rule not in held] == []
    assert held <= set(rules)


def test_each_guard_of_the_list_stands_in_its_file_once_and_its_tests_are_there() -> None:
    assert len(GUARDS) > 190
    assert len({each["rule"] for each in GUARDS}) == len(GUARDS)
    for guard in GUARDS:
        assert (ROOT / guard["file"]).read_text("utf-8").count(guard["old"]) == 1, guard["rule"]
        assert all(is_there(each) for each in guard["tests"]), guard["rule"]
        assert guard["old"] != guard["new"]


@pytest.mark.soak
@pytest.mark.parametrize("guard", GUARDS, ids=[each["rule"] for each in GUARDS])
def test_without_this_guard_a_test_goes_red(tmp_path: Path, guard: dict[str, Any]) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*BESIDE), symlinks=True)
    file = copy / guard["file"]
    file.write_text(file.read_text("utf-8").replace(guard["old"], guard["new"]), "utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *guard["tests"]]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(words, cwd=copy, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == FAILED, f"{guard['rule']}: {done.stdout[-400:]}"
