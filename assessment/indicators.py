"""What a wave says: non-violent, violent, no contact, or unknown; and whether an answer is one for the better.

By the rules of instruments.md, which stand as data beside this module. Anything missing is unknown, never peace.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from assessment.reading import Wave

ANSWERED = ("complete", "partial")


class Status(StrEnum):
    """One wave of one person, as that person tells it."""

    NON_VIOLENT = "non_violent"
    VIOLENT = "violent"
    NO_CONTACT = "no_contact"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Construct:
    """One item of one side, and its favourable answers."""

    name: str
    side: str
    item: str
    favourable: frozenset[str]


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("indicators.toml").read_text(encoding="utf-8"))


@cache
def constructs() -> tuple[Construct, ...]:
    """Every construct of the report."""
    rows = _rules()["construct"]
    return tuple(Construct(row["name"], row["side"], row["item"], frozenset(row["favourable"])) for row in rows)


def status_of(wave: Wave) -> Status:
    """The status that one wave's answers give."""
    rules = _rules()
    said = [wave.answers.get(item) for item in rules["harm"]]
    if any(each is not None and each != rules["never"] for each in said):
        return Status.VIOLENT
    if any(each is None for each in said) or wave.answers.get(rules["contact"]) is None:
        return Status.UNKNOWN
    apart = wave.answers[rules["contact"]] in rules["no_contact"]
    return Status.NO_CONTACT if apart else Status.NON_VIOLENT


def about_the_index(wave: Wave) -> bool:
    """Whether what he tells is about the index person: nothing happened, or it was towards her."""
    rules = _rules()
    return status_of(wave) is not Status.VIOLENT or wave.answers.get(rules["towards"]) in rules["index"]


def favourable(construct: Construct, wave: Wave) -> bool | None:
    """Whether the answer is one for the better; None where there is no answer."""
    said = wave.answers.get(construct.item)
    return None if said is None else said in construct.favourable


def answered(wave: Wave) -> bool:
    """Whether anything was answered."""
    return wave.disposition in ANSWERED
