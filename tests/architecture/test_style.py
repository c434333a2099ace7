"""Sizes, words and habits that a linter does not hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import CODE, files, modules, parsed, text

LONGEST_FILE, LONGEST_FUNCTION = 400, 50
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"))
)
MACHINE_PATH = re.compile(r"(?<![\w.:)])/(?:work|root|home|Users)/\w|[A-Z]:\\Users")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
LEVELS = {"debug", "info", "warning", "error", "critical", "log"}
TELLING = {"text", "address", "phone", "token", "url", "payload", "body", "value", "answer", "word", "secret", "state"}
READS_THE_CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
MAY_READ_THE_CLOCK = ("posle", "scheduler", "simulator")


@pytest.mark.parametrize("path", modules(), ids=str)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(text(path).splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", modules(), ids=str)
def test_no_function_is_too_long(path: Path) -> None:
    functions = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION]
    assert long == []


@pytest.mark.parametrize("path", files(), ids=str)
def test_no_committed_file_names_a_registry_or_a_place_on_a_machine(path: Path) -> None:
    written = text(path)
    assert not [host for host in REGISTRIES if host in written]
    assert not MACHINE_PATH.search(written)


@pytest.mark.parametrize("path", modules(), ids=str)
def test_nothing_is_left_for_later(path: Path) -> None:
    assert not UNFINISHED.search(text(path))


@pytest.mark.parametrize("path", modules(*CODE), ids=str)
def test_what_is_logged_is_a_constant_with_ids_and_counts(path: Path) -> None:
    for call in _calls(path):
        if isinstance(call.func, ast.Attribute) and _is_a_log(call.func.value):
            assert call.func.attr != "exception", "a traceback's last line may quote a value"
            if call.func.attr in LEVELS:
                _check_logged(call)


def _check_logged(call: ast.Call) -> None:
    assert not [word for word in call.keywords if word.arg in ("exc_info", "stack_info")]
    words, *values = call.args[1:] if isinstance(call.func, ast.Attribute) and call.func.attr == "log" else call.args
    assert isinstance(words, ast.Constant), "the words of a log line are constant"
    assert not [name for value in values for name in _names(value) if name in TELLING]


def _is_a_log(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name.strip("_").lower() in ("log", "logger", "logging")


def _names(value: ast.expr) -> Iterator[str]:
    """What a logged value is called; the length of something says nothing of it."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "len":
        return
    for node in ast.walk(value):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


@pytest.mark.parametrize("path", [p for p in modules(*CODE) if p.parts[0] not in MAY_READ_THE_CLOCK], ids=str)
def test_the_clock_is_handed_in(path: Path) -> None:
    for call in _calls(path):
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
            assert (call.func.value.id, call.func.attr) not in READS_THE_CLOCK


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call))
