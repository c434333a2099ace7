"""Consents: one row each time a person says yes or no to a purpose. Rows are never changed; the latest one is in
force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, insert, select

from surveys.records import keys
from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.tables import consents
from surveys.rules.vocabulary import Purpose


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to or refused, with the exact text's hash."""

    id: str
    participant: str
    purpose: Purpose
    given: bool
    version: str
    text_hash: str | None
    language: str | None
    channel: str | None
    message: str | None
    at: datetime
    invitation: str | None


@dataclass(frozen=True, slots=True, repr=False)
class NewConsent:
    """A yes or a no to be recorded. `recorded_by` is the member of staff, where one wrote it down."""

    participant: str
    purpose: Purpose
    given: bool
    version: str
    text_hash: str | None = None
    language: str | None = None
    channel: str | None = None
    message: str | None = None
    recorded_by: str | None = None
    invitation: str | None = None


_INSERT = insert(consents)
_NEWEST = (consents.c.at.desc(), consents.c.given)
"""Of two rows of one instant the refusal counts."""
_OF = (
    select(*shaped(consents, Consent)).where(consents.c.participant == bindparam("the_participant")).order_by(*_NEWEST)
)
_IN_FORCE = (
    select(consents.c.given)
    .where(
        consents.c.participant == bindparam("the_participant"),
        consents.c.purpose == bindparam("the_purpose"),
        consents.c.invitation.is_(None),
    )
    .order_by(*_NEWEST)
    .limit(1)
)


async def record(tx: Tx, new: NewConsent, now: datetime) -> None:
    """Record one yes or no."""
    await record_many(tx, [new], now)


async def record_many(tx: Tx, several: Sequence[NewConsent], now: datetime) -> None:
    """Record many in this one transaction."""
    rows = []
    for new in several:
        name = new_id("g", tx.chance)
        by = new.recorded_by
        rows.append(
            {
                "id": name,
                "participant": new.participant,
                "purpose": new.purpose,
                "given": new.given,
                "version": new.version,
                "text_hash": new.text_hash,
                "language": new.language,
                "channel": new.channel,
                "message": new.message,
                "recorded_by": None if by is None else await _sealed(tx, new.participant, name, by),
                "at": now,
                "invitation": new.invitation,
            }
        )
    await tx.many(_INSERT, rows)


async def _sealed(tx: Tx, participant: str, name: str, by: str) -> bytes:
    key = (await keys.of(tx, participant)).contact
    return tx.seals.seal(key, "consents", "recorded_by", name, by)


async def in_force(tx: Tx, participant: str, purpose: Purpose) -> bool:
    """Whether the latest word on this purpose as a whole (not on one wave) is a yes."""
    return bool(await tx.value(_IN_FORCE, the_participant=participant, the_purpose=purpose))


async def of_participant(tx: Tx, participant: str) -> list[Consent]:
    """Everything the participant agreed to or refused, newest first."""
    return [Consent(*row) for row in await tx.rows(_OF, the_participant=participant)]


_RECORDED_BY = select(consents.c.recorded_by, consents.c.participant).where(consents.c.id == bindparam("the_id"))


async def recorded_by(tx: Tx, consent: str) -> str | None:
    """Who wrote this consent down, opened; a sensitive read, to be audited by the caller."""
    row = await tx.row(_RECORDED_BY, the_id=consent)
    if row is None or row[0] is None:
        return None
    key = (await keys.of(tx, row[1])).contact
    return tx.seals.open(key, "consents", "recorded_by", consent, row[0])


def latest_given(participant: object, purpose: Purpose) -> Select[tuple[bool]]:
    """A correlated query for the latest word of `participant` (a column) on a purpose; for use inside other queries."""
    return (
        select(consents.c.given)
        .where(consents.c.participant == participant, consents.c.purpose == purpose, consents.c.invitation.is_(None))
        .order_by(*_NEWEST)
        .limit(1)
    )
