"""Looks at a side's audit log: whether the chain holds, and what was done to one id. It reads opaque ids alone."""

from pathlib import Path
from typing import TypedDict

from posle.opening import opened
from surveys.records import audit


class Entry(TypedDict):
    """One thing done, as it is printed. `at` is ISO, in UTC."""

    number: int
    at: str
    who: str
    what: str
    of: str
    how: str


class Found(TypedDict):
    """`broken_at` is the first entry that is missing or changed; `last` the number of the last one."""

    intact: bool
    broken_at: int | None
    last: int
    entries: list[Entry]


async def look(folder: Path, subject: str | None) -> Found:
    """Verify the chain and read the entries about `subject`."""
    async with opened(folder) as (_, database), database.reading(long=True) as tx:
        broken = await audit.verify(tx)
        last = await audit.last(tx)
        rows = await audit.of_subject(tx, subject) if subject else []
    return Found(intact=broken is None, broken_at=broken, last=last, entries=[_entry(row) for row in rows])


def _entry(row: audit.Audited) -> Entry:
    when = row.at.isoformat(timespec="seconds")
    return Entry(number=row.seq, at=when, who=row.actor, what=row.action, of=row.subject, how=row.detail)
