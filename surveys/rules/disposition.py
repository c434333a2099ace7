"""How an invitation ended, and the AAPOR family of each ending. Pure: facts in, one disposition out, never a guess.

A finished response stays complete, whatever became of the person afterwards.
"""

from dataclasses import dataclass
from enum import StrEnum

from surveys.rules.vocabulary import Disposition, Status


class Family(StrEnum):
    """AAPOR's families of final dispositions, as far as enrolled people can fall into them."""

    INTERVIEW = "interview"
    PARTIAL_INTERVIEW = "partial_interview"
    REFUSAL = "refusal_and_break_off"
    NON_CONTACT = "non_contact"
    OTHER = "other"
    UNKNOWN = "unknown"


_FAMILIES = {
    Disposition.COMPLETE: Family.INTERVIEW,
    Disposition.PARTIAL: Family.PARTIAL_INTERVIEW,
    Disposition.REFUSAL: Family.REFUSAL,
    Disposition.BREAK_OFF: Family.REFUSAL,
    Disposition.WITHDRAWN: Family.REFUSAL,
    Disposition.NON_CONTACT: Family.NON_CONTACT,
    Disposition.EXPIRED: Family.NON_CONTACT,
    Disposition.UNSAFE_TO_CONTACT: Family.OTHER,
    Disposition.NOT_RECONFIRMED: Family.OTHER,
    Disposition.IN_CUSTODY: Family.OTHER,
    Disposition.MOVED_ABROAD: Family.OTHER,
    Disposition.DECEASED: Family.OTHER,
    Disposition.UNKNOWN: Family.UNKNOWN,
}
_STATUSES = {
    Status.WITHDRAWN: Disposition.WITHDRAWN,
    Status.PURGED: Disposition.WITHDRAWN,
    Status.IN_CUSTODY: Disposition.IN_CUSTODY,
    Status.MOVED_ABROAD: Disposition.MOVED_ABROAD,
    Status.DECEASED: Disposition.DECEASED,
}


@dataclass(frozen=True, slots=True)
class Course:
    """What happened in one invitation. `answers` counts substantive ones: values, not missing codes.

    `sent` counts messages that a provider took, `perhaps_sent` those whose fate is unknown.
    """

    status: Status
    finished: bool = False
    refused: bool = False
    began: bool = False
    answers: int = 0
    unsafe: bool = False
    not_reconfirmed: bool = False
    sent: int = 0
    perhaps_sent: int = 0


def family(disposition: Disposition) -> Family:
    """The AAPOR family that a disposition is counted in."""
    return _FAMILIES[disposition]


def how_it_ended(course: Course) -> Disposition:
    """The disposition: a finished interview first, then what became of the person, then how far they came."""
    if course.finished:
        return Disposition.COMPLETE
    if course.status in _STATUSES:
        return _STATUSES[course.status]
    if course.refused:
        return Disposition.REFUSAL
    if course.began:
        return Disposition.PARTIAL if course.answers else Disposition.BREAK_OFF
    return _never_began(course)


def _never_began(course: Course) -> Disposition:
    if course.unsafe:
        return Disposition.UNSAFE_TO_CONTACT
    if course.not_reconfirmed:
        return Disposition.NOT_RECONFIRMED
    if course.sent:
        return Disposition.EXPIRED
    return Disposition.UNKNOWN if course.perhaps_sent else Disposition.NON_CONTACT
