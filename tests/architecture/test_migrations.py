"""Revisions of the schema: every one has a number of its own, and they form one chain without a fork."""

import ast
from itertools import pairwise
from pathlib import Path

from surveys.records import migrations

FILES = sorted((Path(migrations.__file__).parent / "versions").glob("0*.py"))


def _said(file: Path) -> tuple[str, str | None]:
    """What the file calls itself, and what it follows."""
    said: dict[str, str | None] = {}
    for line in ast.parse(file.read_text()).body:
        if isinstance(line, ast.Assign | ast.AnnAssign) and isinstance(line.value, ast.Constant):
            target = line.targets[0] if isinstance(line, ast.Assign) else line.target
            said[ast.unparse(target)] = line.value.value  # type: ignore[assignment]
    return str(said["revision"]), said["down_revision"]


def _faults(said: list[tuple[str, str | None]]) -> list[str]:
    """What is wrong with revisions in the order of their files."""
    names = [name for name, _ in said]
    twice = [f"{name} twice" for name in sorted(set(names)) if names.count(name) > 1]
    first = [] if said[0][1] is None else [f"{names[0]} is first but follows {said[0][1]}"]
    loose = [
        f"{name} follows {after}, not {before}" for (before, _), (name, after) in pairwise(said) if after != before
    ]
    return twice + first + loose


def test_revisions_are_unique_and_form_one_chain() -> None:
    said = [_said(file) for file in FILES]
    assert _faults(said) == []
    assert [name for name, _ in said] == [file.name.partition("_")[0] for file in FILES] == [*migrations.REVISIONS]


def test_a_number_taken_twice_and_a_fork_are_noticed() -> None:
    assert _faults([("0001", None), ("0002", "0001"), ("0002", "0001")]) == [
        "0002 twice",
        "0002 follows 0001, not 0002",
    ]
    assert _faults([("0001", None), ("0002", "0001"), ("0003", "0001")]) == ["0003 follows 0001, not 0002"]
