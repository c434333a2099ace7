"""Everything that an ethics board is told of one side: what was sent, held, alarmed and erased. It reads codes, times
and opaque ids; no sealed column is among them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from surveys.records.alerts import Alert
from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.deliveries import Delivery
from surveys.records.holds import Hold
from surveys.records.sms_tables import sms_messages
from surveys.records.tables import alerts, audit, deliveries, holds
from surveys.records.trace_tables import ephemeral_messages

_PAGE = 1000


def _paged(table: Any, shape: Any) -> Select[Any]:
    return select(*shaped(table, shape)).where(table.c.id > bindparam("after")).order_by(table.c.id).limit(_PAGE)


_DELIVERIES, _HOLDS, _ALERTS = _paged(deliveries, Delivery), _paged(holds, Hold), _paged(alerts, Alert)


async def every_delivery(tx: Tx) -> AsyncIterator[Delivery]:
    """All deliveries, by id."""
    async for row in _every(tx, _DELIVERIES):
        yield Delivery(*row)


async def every_hold(tx: Tx) -> AsyncIterator[Hold]:
    """All holds, standing and released, by id."""
    async for row in _every(tx, _HOLDS):
        yield Hold(*row)


async def every_alert(tx: Tx) -> AsyncIterator[Alert]:
    """All alerts, by id."""
    async for row in _every(tx, _ALERTS):
        yield Alert(*row)


@dataclass(frozen=True, slots=True)
class Standing:
    """A message that stands in somebody's chat for a while yet; who it is is not read."""

    id: str
    direction: str
    sent_at: datetime
    due_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Body:
    """One SMS at the provider: whether its body was taken off there, and when its status was final."""

    sid: str
    direction: str
    final_at: datetime | None
    redacted_at: datetime | None
    tries: int


@dataclass(frozen=True, slots=True)
class Done:
    """One entry of the audit about a row that is gone by then: which, and when."""

    seq: int
    id: str
    at: datetime


LEFT, FORGOTTEN = "trace.left", "contact.forgotten"
"""The audit's actions: a message stays in a chat, as no attempt could delete it; how somebody is reached was erased."""
_DONE = (
    select(audit.c.seq, audit.c.subject, audit.c.at)
    .where(audit.c.seq > bindparam("after"), audit.c.action == bindparam("wanted"))
    .order_by(audit.c.seq)
    .limit(_PAGE)
)
_STANDING = _paged(ephemeral_messages, Standing)
_BODIES = (
    select(*shaped(sms_messages, Body))
    .where(sms_messages.c.sid > bindparam("after"))
    .order_by(sms_messages.c.sid)
    .limit(_PAGE)
)


async def every_standing(tx: Tx) -> AsyncIterator[Standing]:
    """All messages that are to be deleted in a chat and are not yet, by id; a deleted one leaves no row."""
    async for row in _every(tx, _STANDING):
        yield Standing(*row)


async def every_done(tx: Tx, action: str) -> AsyncIterator[Done]:
    """All of one action, oldest first, as far back as the audit is kept."""
    async for row in _every(tx, _DONE, 0, wanted=action):
        yield Done(*row)


async def every_body(tx: Tx) -> AsyncIterator[Body]:
    """All SMS that the provider had, by its number of them."""
    async for row in _every(tx, _BODIES):
        yield Body(*row)


async def _every(tx: Tx, page: Select[Any], first: str | int = "", **given: str) -> AsyncIterator[Any]:
    rows = await tx.rows(page, after=first, **given)
    while rows:
        for row in rows:
            yield row
        rows = await tx.rows(page, after=rows[-1][0], **given)
