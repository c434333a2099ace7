"""The claim: planned → claimed in one transaction, with every fact that the contact rule needs. The one door to
sending.

A claim is fenced by its lease. Two workers never get the same delivery, nor two deliveries of one person at the same
time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, select, update

from surveys.records import contacts, deliveries
from surveys.records.columns import Instant, const, one_of
from surveys.records.consents import latest_given
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.keyfile import KeyPurpose
from surveys.records.tables import contacts as contact_table
from surveys.records.tables import data_keys, holds, invitations, participants
from surveys.records.tables import deliveries as delivery_table
from surveys.rules.vocabulary import Channel, DeliveryKind, Purpose, SmsScript, Status


@dataclass(frozen=True, slots=True, repr=False)
class Claimed:
    """A delivery that is now this worker's, and the facts at the instant of the claim.

    `sent_today` and `sent_this_wave` count the messages started by the service that were or may have been sent to this
    person (claimed, sent, unknown), this one not included. `consent` is the latest word on being contacted,
    `call_consent` on being called; `None` where there is none.
    """

    delivery: str
    lease: str
    participant: str
    invitation: str | None
    interview: str | None
    kind: DeliveryKind
    sequence: int
    channel: Channel
    due_at: datetime
    not_after: datetime | None
    attempts: int
    why: str
    centre: str
    status: Status
    chosen_channel: Channel
    language: str
    sms_script: SmsScript
    protocol: str | None
    gender: str | None
    other_gender: str | None
    wave: str | None
    invitation_state: str | None
    opens_at: datetime | None
    closes_at: datetime | None
    instrument: str | None
    version: str | None
    contact: str | None
    verified_at: datetime | None
    suspended_at: datetime | None
    consent: bool | None
    call_consent: bool | None
    side_held: bool
    centre_held: bool
    person_held: bool
    sent_today: int
    sent_this_wave: int
    course_is_current: bool
    address: str | None


def _held(scope: str, target: Any) -> ColumnElement[bool]:
    return exists(
        select(holds.c.id).where(holds.c.scope == const(scope), holds.c.target == target, holds.c.released_at.is_(None))
    )


_APART = (const("call_to_confirm"), const("call_asked_for"))
"""Calls that stand in for no message of the wave: they have a cap of their own."""
_other = delivery_table.alias("other")
_started = (
    select(func.count())
    .select_from(_other)
    .where(
        _other.c.participant == delivery_table.c.participant,
        _other.c.id != delivery_table.c.id,
        one_of(_other.c.kind, *deliveries.STARTED_BY_SERVICE),
        one_of(_other.c.state, "claimed", "sent", "unknown"),
    )
)

_FACTS = (
    select(
        delivery_table.c.id,
        delivery_table.c.participant,
        delivery_table.c.invitation,
        delivery_table.c.interview,
        delivery_table.c.kind,
        delivery_table.c.sequence,
        delivery_table.c.channel,
        delivery_table.c.due_at,
        delivery_table.c.not_after,
        delivery_table.c.attempts,
        delivery_table.c.why,
        participants.c.centre,
        participants.c.status,
        participants.c.channel.label("chosen_channel"),
        participants.c.language,
        participants.c.sms_script,
        participants.c.protocol,
        participants.c.gender,
        participants.c.other_gender,
        invitations.c.wave,
        invitations.c.state.label("invitation_state"),
        invitations.c.opens_at,
        invitations.c.closes_at,
        invitations.c.instrument,
        invitations.c.version,
        contact_table.c.id.label("contact"),
        contact_table.c.verified_at,
        contact_table.c.suspended_at,
        latest_given(delivery_table.c.participant, Purpose.CONTACT).scalar_subquery().label("consent"),
        latest_given(delivery_table.c.participant, Purpose.CALL).scalar_subquery().label("call_consent"),
        _held("side", const("all")).label("side_held"),
        _held("centre", participants.c.centre).label("centre_held"),
        _held("person", participants.c.id).label("person_held"),
        _started.where(_other.c.claimed_at >= bindparam("day_start", type_=Instant)).scalar_subquery().label("today"),
        _started.where(_other.c.invitation == delivery_table.c.invitation, _other.c.why.not_in(_APART))
        .scalar_subquery()
        .label("this_wave"),
        (invitations.c.course == participants.c.course).label("course_is_current"),
        contact_table.c.address,
        data_keys.c.id.label("key_name"),
        data_keys.c.wrapped,
    )
    .select_from(delivery_table)
    .join(participants, participants.c.id == delivery_table.c.participant)
    .outerjoin(invitations, invitations.c.id == delivery_table.c.invitation)
    .outerjoin(
        contact_table,
        and_(
            contact_table.c.participant == delivery_table.c.participant,
            contact_table.c.channel == delivery_table.c.channel,
            contact_table.c.replaced_at.is_(None),
        ),
    )
    .outerjoin(
        data_keys,
        and_(data_keys.c.participant == participants.c.id, data_keys.c.purpose == const(KeyPurpose.CONTACT)),
    )
    .where(delivery_table.c.state == const("planned"))
    .with_for_update(skip_locked=True, of=[delivery_table, participants])
)
_DUE = (
    _FACTS.where(delivery_table.c.due_at <= bindparam("now")).order_by(delivery_table.c.due_at).limit(bindparam("most"))
)
_ONE = _FACTS.where(delivery_table.c.id == bindparam("the_id"))
_CLAIM = (
    update(delivery_table)
    .where(delivery_table.c.id == bindparam("the_id"), delivery_table.c.state == const("planned"))
    .values(
        state=const("claimed"),
        claimed_at=bindparam("now"),
        lease=bindparam("the_lease"),
        attempts=delivery_table.c.attempts + 1,
    )
)


async def claim_due(tx: Tx, now: datetime, day_start: datetime, limit: int) -> list[Claimed]:
    """Claim what is due, at most `limit` and at most one per person; empty when nothing (more) is due.

    `day_start` is the beginning of the local day, for the cap. Judge each in this same transaction: whatever may not
    be sent
    goes to `deliveries.drop` or `deliveries.put_back` before it ends.
    """
    return await _claimed(tx, _DUE, now, now=now, day_start=day_start, most=limit)


async def claim(tx: Tx, delivery: str, now: datetime, day_start: datetime) -> Claimed | None:
    """Claim one planned delivery; `None` where it is not planned (any more) or another worker is at it."""
    several = await _claimed(tx, _ONE, now, the_id=delivery, day_start=day_start)
    return several[0] if several else None


async def _claimed(tx: Tx, query: Select[Any], instant: datetime, **given: Any) -> list[Claimed]:
    rows = {row[1]: row for row in reversed(await tx.rows(query, **given))}
    lease = new_id("l", tx.chance)
    taken = sorted(rows.values(), key=lambda row: (row[7], row[0]))
    await tx.many(_CLAIM, [{"the_id": row[0], "now": instant, "the_lease": lease} for row in taken])
    return [_opened(tx, row, lease) for row in taken]


def _opened(tx: Tx, row: Sequence[Any], lease: str) -> Claimed:
    *facts, sealed, key_name, wrapped = row
    address = None
    if sealed is not None and wrapped is not None:
        key = tx.seals.unwrap(row[1], KeyPurpose.CONTACT, key_name, wrapped)
        address = contacts.open_address(tx, key, row[25], sealed)
    *others, current = facts
    return Claimed(*(others[0], lease, *others[1:], bool(current), address))
