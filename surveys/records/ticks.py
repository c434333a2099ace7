"""Ticks: the wall-clock instant that each kind of tick last finished at. An earlier wall clock at start is clock
trouble."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from surveys.records.database import Tx
from surveys.records.tables import ticks

_insert = insert(ticks)
_RECORD = _insert.on_conflict_do_update(
    index_elements=["name"], set_={"last_wall": _insert.excluded.last_wall, "runs": ticks.c.runs + 1}
)
_LAST = select(ticks.c.last_wall).where(ticks.c.name == bindparam("the_name"))
_RUNS = select(ticks.c.runs).where(ticks.c.name == bindparam("the_name"))
_CLEAR = delete(ticks).where(ticks.c.name == bindparam("the_name"), ticks.c.runs == bindparam("the_runs"))
_LATEST = select(func.max(ticks.c.last_wall))


async def record(tx: Tx, name: str, wall: datetime) -> None:
    """This tick finished; `wall` is the instant it went by."""
    await tx.run(_RECORD, name=name, last_wall=wall, runs=1)


async def last(tx: Tx, name: str) -> datetime | None:
    """The instant the last finished tick of this name went by."""
    return await tx.value(_LAST, the_name=name)  # type: ignore[no-any-return]


async def latest(tx: Tx) -> datetime | None:
    """The latest of all ticks' instants."""
    return await tx.value(_LATEST)  # type: ignore[no-any-return]


async def runs(tx: Tx, name: str) -> int:
    """How often it was recorded; 0 where never, or since it was cleared."""
    return int(await tx.value(_RUNS, the_name=name) or 0)


async def clear(tx: Tx, name: str, seen: int) -> None:
    """Forget it, unless it was recorded again since it was seen so often."""
    await tx.run(_CLEAR, the_name=name, the_runs=seen)
