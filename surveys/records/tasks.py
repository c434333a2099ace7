"""Tasks: what staff are to do, one open at a time for each kind and subject. Notes are sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, null, select, text, update
from sqlalchemy.dialects.postgresql import insert

from surveys.records.columns import const, shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.tables import tasks


@dataclass(frozen=True, slots=True)
class Task:
    """One task, `open` or `closed`. `kind` is a code, `subject` the id it is about."""

    id: str
    centre: str
    participant: str | None
    kind: str
    subject: str
    opened_at: datetime
    due_at: datetime | None
    state: str
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True, slots=True, repr=False)
class NewTask:
    """A task to be opened. `centre` is `*` where it is the coordinator's."""

    centre: str
    kind: str
    subject: str
    participant: str | None = None
    due_at: datetime | None = None
    note: str | None = None


_OPEN = insert(tasks).on_conflict_do_nothing(index_elements=["kind", "subject"], index_where=text("state = 'open'"))
_COLUMNS = shaped(tasks, Task)
_GET = select(*_COLUMNS).where(tasks.c.id == bindparam("the_id"))
_STANDING = (
    select(*_COLUMNS)
    .where(tasks.c.state == const("open"), tasks.c.id > bindparam("after"))
    .order_by(tasks.c.id)
    .limit(bindparam("most"))
)
_OF_CENTRE = _STANDING.where(tasks.c.centre == bindparam("the_centre"))
_WAITING = (
    select(*_COLUMNS)
    .where(tasks.c.state == const("open"))
    .order_by(tasks.c.opened_at, tasks.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("place"))
)
_WAITING_AT = _WAITING.where(tasks.c.centre == bindparam("the_centre"))
_OF = (
    select(*_COLUMNS).where(tasks.c.participant == bindparam("the_participant")).order_by(tasks.c.opened_at, tasks.c.id)
)
_NOTE = select(tasks.c.note).where(tasks.c.id == bindparam("the_id"))
_SET_NOTE = update(tasks).where(tasks.c.id == bindparam("the_id")).values(note=bindparam("new_note"))
_CLOSE = (
    update(tasks)
    .where(tasks.c.id == bindparam("the_id"), tasks.c.state == const("open"))
    .values(state=const("closed"), closed_at=bindparam("now"), closed_by=bindparam("by"))
)
_REOPEN = (
    update(tasks)
    .where(
        tasks.c.id == bindparam("the_id"),
        tasks.c.state == const("closed"),
        tasks.c.closed_by == bindparam("by"),
        tasks.c.closed_at > bindparam("since"),
    )
    .values(state=const("open"), closed_at=null(), closed_by=null())
)
_EVER = select(func.count()).where(tasks.c.kind == bindparam("the_kind"), tasks.c.subject == bindparam("the_subject"))
_STANDS = _EVER.where(tasks.c.state == const("open"))
_COUNTS = select(tasks.c.kind, func.count()).where(tasks.c.state == const("open")).group_by(tasks.c.kind)


async def open_one(tx: Tx, new: NewTask, now: datetime) -> str | None:
    """Open a task; its id, or `None` where one of this kind about this subject is open already."""
    name = new_id("w", tx.chance)
    opened = await tx.run(
        _OPEN,
        id=name,
        centre=new.centre,
        participant=new.participant,
        kind=new.kind,
        subject=new.subject,
        opened_at=now,
        due_at=new.due_at,
        state="open",
        closed_at=None,
        closed_by=None,
        note=None if new.note is None else _sealed(tx, name, new.note),
    )
    return name if opened else None


def _sealed(tx: Tx, name: str, note: str) -> bytes:
    return tx.seals.seal(tx.seals.operations, "tasks", "note", name, note)


async def get(tx: Tx, task: str) -> Task | None:
    """The task, or `None`."""
    row = await tx.row(_GET, the_id=task)
    return Task(*row) if row else None


async def standing(tx: Tx, centre: str | None = None, after: str = "", limit: int = 500) -> list[Task]:
    """Open tasks of one centre or of all, in the order of their ids."""
    if centre is None:
        return [Task(*row) for row in await tx.rows(_STANDING, after=after, most=limit)]
    return [Task(*row) for row in await tx.rows(_OF_CENTRE, after=after, most=limit, the_centre=centre)]


async def waiting(tx: Tx, centre: str | None, place: int = 0, limit: int = 50) -> list[Task]:
    """A page of the open tasks of one centre or of all, the oldest first."""
    if centre is None:
        return [Task(*row) for row in await tx.rows(_WAITING, most=limit, place=place)]
    return [Task(*row) for row in await tx.rows(_WAITING_AT, most=limit, place=place, the_centre=centre)]


async def of_participant(tx: Tx, participant: str) -> list[Task]:
    """All tasks about one participant, in order."""
    return [Task(*row) for row in await tx.rows(_OF, the_participant=participant)]


async def note(tx: Tx, task: str) -> str | None:
    """The task's note, opened; a sensitive read, to be audited by the caller."""
    sealed = await tx.value(_NOTE, the_id=task)
    return None if sealed is None else tx.seals.open(tx.seals.operations, "tasks", "note", task, sealed)


async def set_note(tx: Tx, task: str, words: str) -> None:
    """Write the task's note."""
    await tx.run(_SET_NOTE, the_id=task, new_note=_sealed(tx, task, words))


async def close(tx: Tx, task: str, by: str, now: datetime) -> bool:
    """It is done; whether it was still open."""
    return await tx.run(_CLOSE, the_id=task, by=by, now=now) == 1


async def reopen(tx: Tx, task: str, by: str, since: datetime) -> bool:
    """It was closed by a slip; False where somebody else closed it, or not after `since`."""
    return await tx.run(_REOPEN, the_id=task, by=by, since=since) == 1


async def ever(tx: Tx, kind: str, subject: str) -> bool:
    """Whether such a task was opened at any time, closed or not."""
    return bool(await tx.value(_EVER, the_kind=kind, the_subject=subject))


async def stands(tx: Tx, kind: str, subject: str) -> bool:
    """Whether such a task is open."""
    return bool(await tx.value(_STANDS, the_kind=kind, the_subject=subject))


async def close_about(tx: Tx, participant: str, kinds: Sequence[str], by: str, now: datetime) -> int:
    """Those of these kinds about one participant are done; how many were open."""
    about = [each for each in await of_participant(tx, participant) if each.kind in kinds and each.state == "open"]
    for each in about:
        await close(tx, each.id, by, now)
    return len(about)


async def counts(tx: Tx) -> dict[str, int]:
    """How many are open, by kind."""
    return {str(row[0]): int(row[1]) for row in await tx.rows(_COUNTS)}
