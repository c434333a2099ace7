"""Counts over everything of a side, by centre and wave: for figures that are counted ahead, never for a page."""

from sqlalchemy import BigInteger, case, func, literal_column, select, type_coerce

from surveys.records.columns import const, one_of
from surveys.records.database import Tx
from surveys.records.tables import deliveries, invitations

_DAY = 86_400 * 1_000_000
EARLY, LATE = 8, 22
"""Days after the due date: within a week, within three weeks, later."""

_OUTCOME = func.coalesce(invitations.c.disposition, invitations.c.state)
_OUTCOMES = select(
    invitations.c.centre, invitations.c.wave, type_coerce(_OUTCOME, invitations.c.state.type), func.count()
)
_OUTCOMES = _OUTCOMES.group_by(invitations.c.centre, invitations.c.wave, _OUTCOME)
_TOOK = type_coerce(invitations.c.closed_at, BigInteger) - type_coerce(invitations.c.opens_at, BigInteger)
_WHEN = case(
    (literal_column(str(EARLY * _DAY)) > _TOOK, const("week")),
    (literal_column(str(LATE * _DAY)) > _TOOK, const("three_weeks")),
    else_=const("later"),
)
_LATENESS = (
    select(invitations.c.centre, invitations.c.wave, _WHEN, func.count())
    .where(
        invitations.c.state == const("closed"),
        one_of(invitations.c.disposition, "complete", "partial", "break_off"),
    )
    .group_by(invitations.c.centre, invitations.c.wave, _WHEN)
)
_CONTACTS = (
    select(invitations.c.centre, invitations.c.wave, deliveries.c.channel, func.count())
    .join(invitations, invitations.c.id == deliveries.c.invitation)
    .where(deliveries.c.state == const("sent"), one_of(deliveries.c.kind, "notice", "reminder"))
    .group_by(invitations.c.centre, invitations.c.wave, deliveries.c.channel)
)


async def outcomes(tx: Tx) -> list[tuple[str, str, str, int]]:
    """Centre, wave, disposition (where it is not over, the state), how many waves."""
    return [(*row[:2], str(row[2]), row[3]) for row in await tx.rows(_OUTCOMES)]


async def lateness(tx: Tx) -> list[tuple[str, str, str, int]]:
    """Centre, wave, how long after the due date the answers ended, how many."""
    return [(*row[:2], str(row[2]), row[3]) for row in await tx.rows(_LATENESS)]


async def contacts(tx: Tx) -> list[tuple[str, str, str, int]]:
    """Centre, wave, channel, how many notices and reminders were sent."""
    return [(*row[:2], str(row[2]), row[3]) for row in await tx.rows(_CONTACTS)]
