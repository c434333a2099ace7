"""Nothing that waits for staff is shown to them as a code: every reason and every kind of task has its words."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from staff.codes import CODES, CONSTRUCTS, SUSPENDED_BY
from staff.next_steps import NEXT
from staff.words import Words
from surveys.instruments.compile import compile_source
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Disposition, Status
from surveys.steps.telephone import Outcome

ROOT = Path(__file__).parents[2]
DYNAMIC = {
    "plan.reason": "a Reason", "kind": "given by name below", "why": "given by name below",
    "f'contact_{reason}'": "by its beginning",
}  # fmt: skip
NAMED = ("send_failed", "send_unknown", "case_code_shared", "number_shared")


def kinds() -> Iterator[str]:
    """Every kind of task that the code opens, as it stands in the source."""
    for path in sorted([*(ROOT / "surveys").rglob("*.py"), *(ROOT / "posle").rglob("*.py")]):
        source = path.read_text()
        if "NewTask(" not in source:
            continue
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NewTask":
                yield from _kind(node.args[1], module)


def _kind(given: ast.expr, module: str) -> Iterator[str]:
    if isinstance(given, ast.Constant):
        yield str(given.value)
    elif isinstance(given, ast.Name) and given.id.isupper():
        yield getattr(importlib.import_module(module), given.id)
    else:
        assert ast.unparse(given) in DYNAMIC, f"{module}: say how this kind of task is named"


def test_every_kind_of_task_is_said_in_words() -> None:
    found = {*kinds(), *NAMED}
    assert len(found) > 15
    assert found - set(CODES) == set()


def test_what_to_do_is_said_of_kinds_of_task_that_there_are() -> None:
    assert set(NEXT) - {*kinds(), *NAMED, *(each.value for each in Reason)} == set()


@pytest.mark.parametrize("codes", [Reason, Disposition, Status, Outcome])
def test_every_reason_and_state_is_said_in_words(codes: type[Reason]) -> None:
    assert {str(each.value) for each in codes} - set(CODES) == set()


@pytest.mark.parametrize("language", ["sr_Cyrl", "sr_Latn", "en"])
def test_an_address_that_is_given_up_is_said_in_words_whatever_the_provider_called_it(language: str) -> None:
    words = Words(language, ZoneInfo("Europe/Belgrade"))
    assert "_" not in words.code(f"{SUSPENDED_BY}some_new_reason")
    assert "some" not in words.code(f"{SUSPENDED_BY}some_new_reason")


def test_what_the_shipped_questionnaires_ask_about_is_said_in_words() -> None:
    forms = [*(ROOT / "surveys" / "library").rglob("check-in.md")]
    items = [item for file in forms for item in compile_source(file.name, file.read_bytes()).items]
    constructs = {item.construct for item in items if item.construct}
    assert len(constructs) > 10
    assert constructs - set(CONSTRUCTS) == set()
