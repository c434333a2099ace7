"""How long things are kept, as data of the protocol, and what is to go now. Pure; it never says whose row it is.

Everything is counted from when a person's last wave was over, from the last change of the person after that, or from
when their last alert was closed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from surveys.rules.vocabulary import Status


class Clock(StrEnum):
    """What of a person is to go."""

    CONTACT = "contact"
    """How they are reached, their words and plan, day of birth and of completion; answers stay."""
    ALL = "all"
    """Everything: a purge."""


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """`contact`: how a person is reached, once every wave is over; `unanswered`: an enrolment that never brought an
    answer, as a whole; `answers`: the whole of everybody else; `alerts`: notes and staff's addresses in a closed alert,
    notes of a closed task; `audit`: a row of the audit."""

    contact: timedelta
    unanswered: timedelta
    answers: timedelta
    alerts: timedelta
    audit: timedelta

    @property
    def soonest(self) -> timedelta:
        """Nobody who is over for less than this has anything to go."""
        return min(self.contact, self.unanswered, self.answers)


@dataclass(frozen=True, slots=True)
class Kept:
    """What one person's clocks go by. `over_at`: since when nothing goes on; None while a wave is open."""

    status: Status
    over_at: datetime | None
    answered: bool
    reachable: bool
    """Something is still kept of how they are reached, or of what goes with it."""


AT_MOST = timedelta(hours=49)
"""As much as passes between two looks of a service that runs; of a longer gap nobody can tell an outage from a clock
that is wrong."""


def reached(before: datetime, last: datetime, now: datetime) -> datetime:
    """The instant by which things go: how far time is known to have come since the look at `last`, which went by
    `before`. A gap counts for `AT_MOST`, so a clock that is years ahead brings nothing closer by more than that."""
    return min(now, before + max(timedelta(), min(now - last, AT_MOST)))


def last_day(rule: RetentionRule, kept: Kept) -> datetime | None:
    """When everything of the person goes; None while a wave is open."""
    if kept.over_at is None:
        return None
    return kept.over_at + (rule.answers if kept.answered or kept.status is Status.WITHDRAWN else rule.unanswered)


def to_go(rule: RetentionRule, kept: Kept, now: datetime) -> Clock | None:
    """What of this person is to go now. A withdrawal is remembered as long as answers are, so that nobody who withdrew
    is enrolled anew by mistake."""
    last = last_day(rule, kept)
    if kept.over_at is None or last is None:
        return None
    if last <= now:
        return Clock.ALL
    return Clock.CONTACT if kept.reachable and kept.over_at + rule.contact <= now else None
