"""What the console lists, a page at a time and never beyond the reader's centre; ids, codes and instants alone.

A list is paged by the database, so that a hundred thousand people cost as much as fifty.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, literal, or_, select

from surveys.records.columns import const, one_of, shaped
from surveys.records.database import Tx
from surveys.records.participants import Participant
from surveys.records.tables import deliveries, invitations, participants
from surveys.rules.vocabulary import Channel, DeliveryKind, Disposition, Status

PAGE = 50
ANY = "*"


@dataclass(frozen=True, slots=True)
class GoingOut:
    """One message that the service will start."""

    delivery: str
    participant: str
    centre: str
    kind: DeliveryKind
    channel: Channel
    due_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One response, by its invitation; `reviewed_at` is None until staff have read it."""

    invitation: str
    participant: str
    centre: str
    wave: str
    disposition: Disposition
    closed_at: datetime
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """Which responses: of one wave, of one person, those that nobody has read; empty is all."""

    wave: str = ""
    participant: str = ""
    unread: bool = False


def _of_centre() -> ColumnElement[bool]:
    asked = bindparam("the_centre", type_=Text)
    return or_(asked == literal(ANY), participants.c.centre == asked)


_GOING_OUT = (
    select(
        deliveries.c.id, deliveries.c.participant, participants.c.centre, deliveries.c.kind, deliveries.c.channel,
        deliveries.c.due_at, deliveries.c.reason,
    )
    .join(participants, participants.c.id == deliveries.c.participant)
    .where(deliveries.c.state == const("planned"), deliveries.c.due_at < bindparam("until"), _of_centre())
    .order_by(deliveries.c.due_at, deliveries.c.id)
    .limit(bindparam("most"))
)  # fmt: skip
_PEOPLE = (
    select(*shaped(participants, Participant))
    .where(
        participants.c.id > bindparam("after"),
        participants.c.id >= bindparam("first"),
        participants.c.id < bindparam("last"),
        or_(
            bindparam("the_status", type_=Text) == literal(ANY),
            participants.c.status == bindparam("the_status", type_=Text),
        ),
        _of_centre(),
    )
    .order_by(participants.c.id)
    .limit(bindparam("most"))
)
_ANSWERED = (
    select(
        invitations.c.id, invitations.c.participant, invitations.c.centre, invitations.c.wave,
        invitations.c.disposition, invitations.c.closed_at, invitations.c.reviewed_at,
    )
    .join(participants, participants.c.id == invitations.c.participant)
    .where(
        invitations.c.centre == bindparam("the_centre"),
        invitations.c.state == const("closed"),
        one_of(invitations.c.disposition, "complete", "partial", "break_off"),
        participants.c.status != const("purged"),
        invitations.c.closed_at <= bindparam("before"),
        or_(invitations.c.closed_at < bindparam("before"), invitations.c.id < bindparam("before_id")),
        or_(
            bindparam("the_wave", type_=Text) == literal(ANY), invitations.c.wave == bindparam("the_wave", type_=Text)
        ),
    )
    .order_by(invitations.c.closed_at.desc(), invitations.c.id.desc())
    .limit(bindparam("most"))
)  # fmt: skip
_UNREAD = _ANSWERED.where(invitations.c.reviewed_at.is_(None))
_OF_PERSON = _ANSWERED.where(invitations.c.participant == bindparam("the_participant"))


async def going_out(tx: Tx, centre: str, until: datetime, most: int = PAGE) -> list[GoingOut]:
    """Planned messages that are due before `until`, the next first; `centre` `*` is every centre."""
    return [GoingOut(*row) for row in await tx.rows(_GOING_OUT, the_centre=centre, until=until, most=most)]


async def people(
    tx: Tx, centre: str, status: Status | None = None, begins: str = "", after: str = "", most: int = PAGE
) -> list[Participant]:
    """Participants in the order of their ids, those whose id begins so; one page of `most`."""
    given: dict[str, Any] = {"first": begins, "last": begins + "\x7f", "after": after, "most": most}
    return [Participant(*row) for row in await tx.rows(_PEOPLE, the_centre=centre, the_status=status or ANY, **given)]


async def answered(tx: Tx, centre: str, before: tuple[datetime, str], shown: Shown, most: int = PAGE) -> list[Answered]:
    """One centre's responses, the latest first, older than `before` (closing instant and id of the last one seen)."""
    given: dict[str, Any] = {"before": before[0], "before_id": before[1], "the_wave": shown.wave or ANY}
    if shown.participant:
        given["the_participant"] = shown.participant
        rows = await tx.rows(_OF_PERSON, the_centre=centre, most=most, **given)
        return [each for row in rows if (each := Answered(*row)).reviewed_at is None or not shown.unread]
    return [
        Answered(*row)
        for row in await tx.rows(_UNREAD if shown.unread else _ANSWERED, the_centre=centre, most=most, **given)
    ]
