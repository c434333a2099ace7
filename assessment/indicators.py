"""What a wave says: non-violent, violent, no contact, or unknown; and whether an answer is one for the better.

By the rules of instruments.md, which stand as data beside this module. Anything missing is unknown, never peace.
"""

from enum import StrEnum

from assessment.reading import Wave
from assessment.rules import Construct, rules

ANSWERED = ("complete", "partial")


class Status(StrEnum):
    """One wave of one person, as that person tells it."""

    NON_VIOLENT = "non_violent"
    VIOLENT = "violent"
    NO_CONTACT = "no_contact"
    UNKNOWN = "unknown"


def status_of(wave: Wave) -> Status:
    """The status that one wave's answers give."""
    law = rules()
    said = [wave.answers.get(item) for item in law["harm"]]
    if any(each is not None and each != law["never"] for each in said):
        return Status.VIOLENT
    if any(each is None for each in said) or wave.answers.get(law["contact"]) is None:
        return Status.UNKNOWN
    apart = wave.answers[law["contact"]] in law["no_contact"]
    return Status.NO_CONTACT if apart else Status.NON_VIOLENT


def about_the_index(wave: Wave) -> bool:
    """Whether what he tells is about the index person: nothing happened, or it was towards her."""
    law = rules()
    return status_of(wave) is not Status.VIOLENT or wave.answers.get(law["towards"]) in law["index"]


def favourable(construct: Construct, wave: Wave) -> bool | None:
    """Whether the answer is one for the better; None where there is no answer."""
    said = wave.answers.get(construct.item)
    return None if said is None else said in construct.favourable


def answered(wave: Wave) -> bool:
    """Whether anything was answered."""
    return wave.disposition in ANSWERED
