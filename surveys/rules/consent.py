"""What is in force, from everything that a person agreed to or refused.

A withdrawal is monotone: only staff can record a new yes. A refusal of one wave is no withdrawal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from surveys.rules.vocabulary import Purpose


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One yes or no. `invitation` is set where it was about that wave alone; `by_staff` where staff recorded it."""

    purpose: Purpose
    given: bool
    at: datetime
    invitation: str | None = None
    by_staff: bool = False


def in_force(records: Iterable[ConsentRecord], purpose: Purpose, now: datetime) -> bool:
    """Whether this purpose is consented to; of two records of one instant the refusal counts."""
    standing: ConsentRecord | None = None
    for record in _in_order(records, now):
        if record.purpose is not purpose or record.invitation is not None:
            continue
        withdrawn = standing is not None and not standing.given
        if not (withdrawn and record.given and not record.by_staff):
            standing = record
    return standing is not None and standing.given


def wave_answer(records: Iterable[ConsentRecord], invitation: str, now: datetime) -> bool | None:
    """What the person said to this wave's consent text; None where nothing yet."""
    said = [record.given for record in _in_order(records, now) if record.invitation == invitation]
    return said[-1] if said else None


def _in_order(records: Iterable[ConsentRecord], now: datetime) -> list[ConsentRecord]:
    return sorted((record for record in records if record.at <= now), key=lambda record: (record.at, not record.given))
