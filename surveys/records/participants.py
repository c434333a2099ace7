"""Participants: who takes part, where and how. What identifies is sealed and read only through `private`."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Update, bindparam, func, insert, select, update

from surveys.records import keys
from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.sealing import PersonKeys, Seals
from surveys.records.tables import participants
from surveys.rules.vocabulary import Channel, SmsScript, Status

_TABLE = "participants"
ENROLLING_LOCK = 7_205_006
_SEALED = ("other_word", "born_on", "completed_on", "reconsented_on")
_OPEN = ("centre", "status", "channel", "language", "gender", "other_gender", "course", "sms_script", "protocol")


class NoSuchParticipant(Exception):
    """No participant has this id, or not in this centre; both answer alike."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A participant's row without anything sealed."""

    id: str
    centre: str
    status: Status
    channel: Channel
    language: str
    gender: str | None
    other_gender: str | None
    course: int
    enrolled_at: datetime
    changed_at: datetime
    version: int
    sms_script: SmsScript = SmsScript.ASCII
    protocol: str | None = None
    """The version that was in force as they were enrolled, or began the present course; None before that was kept."""


@dataclass(frozen=True, slots=True, repr=False)
class Private:
    """What is sealed about a participant, opened."""

    other_word: str | None
    born_on: date | None
    completed_on: date | None
    reconsented_on: date | None = None
    """The day on which somebody who had withdrawn agreed again, with staff."""


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody who was enrolled with the same case code. `changed_at`: since when they have their status, where they
    left."""

    participant: str
    centre: str
    status: Status
    changed_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class NewParticipant:
    """Somebody to be enrolled. `case_code` is sealed to the evaluators already; `case_index` is what it is found by,
    where this side finds it at all."""

    centre: str
    channel: Channel
    language: str
    case_code: bytes | None
    course: int = 1
    status: Status = Status.ACTIVE
    gender: str | None = None
    other_gender: str | None = None
    other_word: str | None = None
    born_on: date | None = None
    completed_on: date | None = None
    case_index: bytes | None = None
    reconsented_on: date | None = None
    sms_script: SmsScript = SmsScript.ASCII
    protocol: str | None = None


_INSERT = insert(participants)
_COLUMNS = shaped(participants, Participant)
_GET = select(*_COLUMNS).where(participants.c.id == bindparam("the_id"))
_PRIVATE = select(*(participants.c[name] for name in _SEALED)).where(participants.c.id == bindparam("the_id"))
_PAGE = (
    select(*_COLUMNS).where(participants.c.id > bindparam("after")).order_by(participants.c.id).limit(bindparam("most"))
)
_PAGE_OF_CENTRE = _PAGE.where(participants.c.centre == bindparam("the_centre"))
_COUNTS = select(participants.c.centre, participants.c.status, func.count()).group_by(
    participants.c.centre, participants.c.status
)
_NAMESAKES = (
    select(participants.c.id, participants.c.centre, participants.c.status, participants.c.changed_at)
    .where(participants.c.case_index == bindparam("the_index"))
    .order_by(participants.c.enrolled_at, participants.c.id)
)
_INDEX_OF = select(participants.c.case_index).where(participants.c.id == bindparam("the_id"))
_ENROLLING = select(func.pg_advisory_xact_lock(bindparam("key", ENROLLING_LOCK)))
_CASE_CODE = select(participants.c.case_code).where(participants.c.id == bindparam("the_id"))


async def add_many(tx: Tx, several: Sequence[NewParticipant], now: datetime) -> list[Participant]:
    """Enrol people in this one transaction, each with data keys of their own."""
    rows, key_rows, made = [], [], []
    for new in several:
        name = new_id("p", tx.chance)
        person_keys, wrapped = keys.make(tx, name)
        key_rows += wrapped
        rows.append(_row(tx, person_keys, name, new, now))
        made.append(
            Participant(
                name,
                new.centre,
                new.status,
                new.channel,
                new.language,
                new.gender,
                new.other_gender,
                new.course,
                now,
                now,
                1,
                new.sms_script,
                new.protocol,
            )
        )
    await tx.many(_INSERT, rows)
    await keys.store(tx, key_rows)
    return made


def _row(tx: Tx, person_keys: PersonKeys, name: str, new: NewParticipant, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {column: getattr(new, column) for column in _OPEN}
    row |= {column: _seal(tx, person_keys, name, column, getattr(new, column)) for column in _SEALED}
    return row | {
        "id": name,
        "case_code": new.case_code,
        "case_index": new.case_index,
        "enrolled_at": now,
        "changed_at": now,
        "version": 1,
    }


def _seal(tx: Tx, person_keys: PersonKeys, name: str, column: str, value: str | date | None) -> bytes | None:
    return None if value is None else tx.seals.seal(person_keys.contact, _TABLE, column, name, str(value))


async def get(tx: Tx, participant: str) -> Participant:
    """The participant's row; `NoSuchParticipant` where there is none."""
    row = await tx.row(_GET, the_id=participant)
    if row is None:
        raise NoSuchParticipant
    return Participant(*row)


async def private(tx: Tx, participant: str) -> Private:
    """What is sealed about the participant, opened; a sensitive read, to be audited by the caller."""
    row = await tx.row(_PRIVATE, the_id=participant)
    if row is None:
        raise NoSuchParticipant
    if all(each is None for each in row):
        return Private(None, None, None)
    person_keys = await keys.of(tx, participant)
    word, born, completed, again = (
        None if sealed is None else tx.seals.open(person_keys.contact, _TABLE, column, participant, sealed)
        for column, sealed in zip(_SEALED, row, strict=True)
    )
    return Private(
        word,
        date.fromisoformat(born) if born else None,
        date.fromisoformat(completed) if completed else None,
        date.fromisoformat(again) if again else None,
    )


def case_index(seals: Seals, code: str) -> bytes:
    """The keyed index under which a case code is found on this side; the code itself cannot be had from it, nor
    compared with the other side's."""
    plain = " ".join(unicodedata.normalize("NFKC", code).casefold().split())
    return seals.index(_TABLE, "case_code", f"{seals.side}:{plain}")


async def namesakes(tx: Tx, index: bytes) -> list[Namesake]:
    """Everybody who was enrolled with the case code of this index, oldest first; who was erased is not among them."""
    return [Namesake(*row) for row in await tx.rows(_NAMESAKES, the_index=index)]


async def same_code(tx: Tx, participant: str) -> list[Namesake]:
    """Everybody enrolled with this participant's case code, themselves too; nobody where codes are not looked up."""
    index = await tx.value(_INDEX_OF, the_id=participant)
    return [] if index is None else await namesakes(tx, index)


async def enrolling(tx: Tx) -> None:
    """Let nobody else enrol until this transaction ends, so that what was looked up stays true."""
    if tx.database.dialect == "postgresql":
        await tx.rows(_ENROLLING)


async def case_code(tx: Tx, participant: str) -> bytes | None:
    """The case code as the evaluators will open it; nobody here can."""
    return await tx.value(_CASE_CODE, the_id=participant)  # type: ignore[no-any-return]


async def change(tx: Tx, participant: str, now: datetime, **fields: Any) -> None:
    """Set some of centre, status, channel, language, sms_script, gender, other_gender, course, protocol, other_word,
    born_on, completed_on, case_code.

    `NoSuchParticipant` where there is none.
    """
    unknown = fields.keys() - {*_OPEN, *_SEALED, "case_code"}
    if unknown:
        raise TypeError(f"a participant has no {sorted(unknown)}")
    given = {f"new_{name}": fields[name] for name in fields}
    if any(fields.get(name) is not None for name in _SEALED):
        person_keys = await keys.of(tx, participant)
        given |= {
            f"new_{name}": _seal(tx, person_keys, participant, name, fields[name]) for name in _SEALED if name in fields
        }
    if not await tx.run(_setting(tuple(sorted(fields))), the_id=participant, now=now, **given):
        raise NoSuchParticipant


@cache
def _setting(names: tuple[str, ...]) -> Update:
    values: Mapping[str, Any] = MappingProxyType({name: bindparam(f"new_{name}") for name in names})
    return (
        update(participants)
        .where(participants.c.id == bindparam("the_id"))
        .values(version=participants.c.version + 1, changed_at=bindparam("now"), **values)
    )


async def page(tx: Tx, after: str = "", limit: int = 500, centre: str | None = None) -> list[Participant]:
    """The next participants in the order of their ids, of one centre or of all."""
    if centre is None:
        return [Participant(*row) for row in await tx.rows(_PAGE, after=after, most=limit)]
    return [Participant(*row) for row in await tx.rows(_PAGE_OF_CENTRE, after=after, most=limit, the_centre=centre)]


async def counts(tx: Tx) -> dict[tuple[str, Status], int]:
    """How many, by centre and status."""
    return {(centre, status): number for centre, status, number in await tx.rows(_COUNTS)}
