"""Everything that an ethics board is told of one side: what was sent, held, alarmed and erased. It reads codes, times
and opaque ids; no sealed column is among them."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Select, bindparam, select

from surveys.records.alerts import Alert
from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.deliveries import Delivery
from surveys.records.holds import Hold
from surveys.records.tables import alerts, deliveries, holds

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


async def _every(tx: Tx, page: Select[Any]) -> AsyncIterator[Any]:
    rows = await tx.rows(page, after="")
    while rows:
        for row in rows:
            yield row
        rows = await tx.rows(page, after=rows[-1][0])
