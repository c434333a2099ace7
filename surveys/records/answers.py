"""Answers: one sealed value per interview and item, replaced when the person changes it, gone when it no longer
applies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from surveys.records import keys
from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.tables import answers
from surveys.rules.vocabulary import Channel

_TABLE = "answers"


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """One answer, opened. `value` is the text that the step gave, the missing code inside it."""

    interview: str
    item: str
    invitation: str
    participant: str
    window_start: date | None
    window_end: date | None
    given_at: datetime
    mode: Channel
    value: str


_insert = insert(answers)
_PUT = _insert.on_conflict_do_update(
    index_elements=["interview", "item"],
    set_={name: _insert.excluded[name] for name in ("value", "window_start", "window_end", "given_at", "mode")},
)
_COLUMNS = shaped(answers, Answer)
_OF_INTERVIEW = select(*_COLUMNS).where(answers.c.interview == bindparam("the_interview")).order_by(answers.c.item)
_OF_PARTICIPANT = (
    select(*_COLUMNS)
    .where(answers.c.participant == bindparam("the_participant"))
    .order_by(answers.c.given_at, answers.c.interview, answers.c.item)
)
_ANY = select(answers.c.interview).where(answers.c.participant == bindparam("the_participant")).limit(1)
_REMOVE = delete(answers).where(
    answers.c.interview == bindparam("the_interview"), answers.c.item == bindparam("the_item")
)


async def put(tx: Tx, several: Sequence[Answer]) -> None:
    """Keep these answers, in the place of earlier ones to the same items."""
    rows = [await _row(tx, answer) for answer in several]
    if len(rows) == 1:
        await tx.run(_PUT, **rows[0])
    else:
        await tx.many(_PUT, rows)


async def _row(tx: Tx, answer: Answer) -> dict[str, Any]:
    key = (await keys.of(tx, answer.participant)).answers
    row = {name: getattr(answer, name) for name in Answer.__slots__}
    return row | {"value": tx.seals.seal(key, _TABLE, "value", _place(answer.interview, answer.item), answer.value)}


async def remove(tx: Tx, interview: str, items: Sequence[str]) -> None:
    """Forget the answers to items that no longer apply."""
    await tx.many(_REMOVE, [{"the_interview": interview, "the_item": item} for item in items])


async def of_interview(tx: Tx, interview: str) -> list[Answer]:
    """All answers of one interview, by item."""
    return [await _opened(tx, row) for row in await tx.rows(_OF_INTERVIEW, the_interview=interview)]


async def of_participant(tx: Tx, participant: str) -> list[Answer]:
    """All answers of one participant, in time's order."""
    return [await _opened(tx, row) for row in await tx.rows(_OF_PARTICIPANT, the_participant=participant)]


async def any_of(tx: Tx, participant: str) -> bool:
    """Whether anything that this participant answered is kept."""
    return await tx.value(_ANY, the_participant=participant) is not None


async def _opened(tx: Tx, row: Sequence[Any]) -> Answer:
    key = (await keys.of(tx, row[3])).answers
    return Answer(*(*row[:-1], tx.seals.open(key, _TABLE, "value", _place(row[0], row[1]), row[-1])))


def _place(interview: str, item: str) -> str:
    return f"{interview}/{item}"
