"""Where an interview stands: a small frozen value that can be stored, resumed and replayed.

It holds answers, so outside memory it is always sealed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from surveys.rules.vocabulary import Missing


class Ending(StrEnum):
    """How a conversation ended. `left` ends this sitting only: the interview can be resumed."""

    COMPLETE = "complete"
    WITHDRAWN = "withdrawn"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class State:
    """`values` are ODK strings by item; `passed` are the items gone through, in order (the way back).

    `turn` grows with every step forward or back, so that a button of an earlier question is known to be stale.
    """

    digest: str
    language: str
    facts: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, Missing] = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    picked: tuple[str, ...] = ()
    at: str | None = None
    turn: int = 0
    ended: Ending | None = None


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def to_json(state: State) -> str:
    """Canonical JSON: the same state gives the same text."""
    record = {
        "digest": state.digest,
        "language": state.language,
        "facts": dict(state.facts),
        "values": dict(state.values),
        "missing": dict(state.missing),
        "passed": state.passed,
        "picked": state.picked,
        "at": state.at,
        "turn": state.turn,
        "ended": state.ended,
    }
    return _CANONICAL(record)


def from_json(text: str) -> State:
    """The state that `to_json` wrote; KeyError or ValueError on anything else."""
    record: dict[str, Any] = json.loads(text)
    return State(
        digest=record["digest"],
        language=record["language"],
        facts=record["facts"],
        values=record["values"],
        missing={item: Missing(kind) for item, kind in record["missing"].items()},
        passed=tuple(record["passed"]),
        picked=tuple(record["picked"]),
        at=record["at"],
        turn=record["turn"],
        ended=Ending(record["ended"]) if record["ended"] else None,
    )
