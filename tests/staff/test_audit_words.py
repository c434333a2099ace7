"""Everything that the audit records has its words: every action and every detail's name, as the code names them."""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from staff.audit_words import ACTIONS, KEYS, detail
from staff.words import Words
from surveys.records.oversight import FORGOTTEN, LEFT
from surveys.steps.guesses import MISSED
from surveys.steps.once import RECONSENTED
from surveys.steps.turn import Act

ROOT = Path(__file__).parents[2]
ENDS = (Act.COMPLETE, Act.LEAVE, Act.REFUSE, Act.WITHDRAW, Act.WRONG_NUMBER)
NAMED = {
    "MISSED": (MISSED,), "RECONSENTED": (RECONSENTED,), "LEFT": (LEFT,), "FORGOTTEN": (FORGOTTEN,),
    "f'page.{how}'": tuple(f"page.{each}" for each in ENDS),
    "f'conversation.{act}'": (f"conversation.{Act.LEAVE}", f"conversation.{Act.UNBLOCKED}"),
}  # fmt: skip
HERE = ("surveys", "posle", "staff", "bot", "scheduler")


def _records() -> Iterator[ast.Call]:
    for path in chain.from_iterable((ROOT / each).rglob("*.py") for each in HERE):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                yield node


def test_every_action_of_the_audit_is_said_in_words() -> None:
    found: set[str] = set()
    for call in _records():
        given = call.args[2]
        found |= {str(given.value)} if isinstance(given, ast.Constant) else set(NAMED[ast.unparse(given)])
    assert len(found) > 60
    assert found - set(ACTIONS) == set()


def test_every_detail_of_the_audit_has_a_name() -> None:
    found = {word.arg for call in _records() for word in call.keywords if word.arg}
    assert len(found) > 20
    assert found - set(KEYS) == set()


def test_a_day_among_the_details_is_written_out() -> None:
    words = Words("sr_Cyrl", ZoneInfo("Europe/Belgrade"))
    assert detail(words, '{"on": "2026-12-24"}', {}) == "дана: 24. децембра 2026."


def test_a_detail_that_has_no_words_is_code_and_never_markup() -> None:
    words = Words("sr_Cyrl", ZoneInfo("Europe/Belgrade"))
    said = detail(words, '{"item": "any_harm", "role": "worker", "new": "<i>"}', {})
    assert "<code>any_harm</code>" in said
    assert "радник" in said
    assert "<code>&lt;i&gt;</code>" in said
