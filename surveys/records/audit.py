"""The audit chain: who did what to which row, in opaque ids and codes, each entry bound to the one before by a keyed
MAC.

It must never hold a value of a person. Changes and sensitive reads are both recorded, in the transaction they belong
to.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring_ascii as _quoted
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, delete, func, insert, literal, or_, select

from surveys.records.columns import const, to_microseconds
from surveys.records.tables import audit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from surveys.records.database import Tx
    from surveys.records.statements import Row

_GENESIS = bytes(32)
_CODE = re.compile(r"[\w.:/@#*=,+-]{1,80}")
_PAGE = 1000
_DETAIL = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
AUDIT_LOCK = 7_205_002


class NotACode(ValueError):
    """Something that is no opaque id or code was to be written into the audit; nothing was recorded."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing done, before it is chained."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Audited:
    """One row of the chain."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


def record(tx: "Tx", actor: str, action: str, subject: str, now: datetime, **codes: str | int | bool | None) -> None:
    """Note what this transaction does; it is chained and written as the transaction ends.

    Everything is an opaque id, a code or a count, at most 80 signs without spaces; `NotACode` otherwise.
    """
    given = {name: value for name, value in codes.items() if value is not None}
    for code in (actor, action, subject, *(value for value in given.values() if isinstance(value, str))):
        if not _CODE.fullmatch(code):
            raise NotACode("an audit entry holds only ids, codes and counts")
    detail = _DETAIL(given) if given else "{}"
    tx.entries.append(Entry(now, str(actor), str(action), str(subject), detail))


_HEAD = select(audit.c.seq, audit.c.mac).order_by(audit.c.seq.desc()).limit(1)
_LOCK = select(func.pg_advisory_xact_lock(bindparam("key", AUDIT_LOCK)))
_INSERT = insert(audit)


async def append(tx: "Tx", head: tuple[int, bytes] | None) -> tuple[int, bytes]:
    """Chain and write the entries of this transaction; gives the new end of the chain. `head` is its end where
    known."""
    seq, mac = head or await _locked_head(tx)
    rows = []
    for entry in tx.entries:
        previous, seq = mac, seq + 1
        mac = tx.seals.mac(_bytes(tx, seq, entry) + previous)
        rows.append(
            {
                "seq": seq,
                "at": entry.at,
                "actor": entry.actor,
                "action": entry.action,
                "subject": entry.subject,
                "detail": entry.detail,
                "previous": previous,
                "mac": mac,
            }
        )
    await tx.many(_INSERT, rows)
    tx.entries.clear()
    return seq, mac


async def _locked_head(tx: "Tx") -> tuple[int, bytes]:
    if tx.database.dialect == "postgresql":
        await tx.row(_LOCK)
    found = await tx.row(_HEAD)
    return (found[0], found[1]) if found else (0, _GENESIS)


def _bytes(tx: "Tx", seq: int, entry: Entry | Audited) -> bytes:
    """The parts as a JSON array; by hand, as an encoder costs more than the MAC."""
    texts = ",".join(map(_quoted, (entry.actor, entry.action, entry.subject, entry.detail)))
    return f"[{_quoted(tx.side)},{seq},{to_microseconds(entry.at)},{texts}]".encode()


async def last(tx: "Tx") -> int:
    """The number of the last entry; 0 where there is none."""
    found = await tx.row(_HEAD)
    return int(found[0]) if found else 0


_AFTER = select(audit).where(audit.c.seq > bindparam("after")).order_by(audit.c.seq).limit(_PAGE)


async def verify(tx: "Tx") -> int | None:
    """The number of the first entry that is missing, changed or out of its place; `None` where the chain holds.

    Entries cut off at the end cannot be seen from the chain alone: compare the last number with a backup's.
    """
    seq, mac = await _beginning(tx)
    while rows := await tx.rows(_AFTER, after=seq):
        broken, mac = _broken(tx, rows, seq, mac)
        if broken is not None:
            return broken
        seq = rows[-1][0]
    return None


async def verify_some(tx: "Tx", after: int) -> tuple[int | None, int]:
    """The same for the next thousand entries after this one, which was verified before: what is broken, how far it got.

    It got no further where `after` is the last one.
    """
    begins, mac = await _beginning(tx)
    if after > begins:
        begins, mac = after, await tx.value(_MAC, the_seq=after) or b""
    if not mac:
        return after, after
    after = begins
    rows = await tx.rows(_AFTER, after=after)
    broken, _ = _broken(tx, rows, after, mac)
    return broken, rows[-1][0] if rows else after


FORGOTTEN, CHAIN = "audit.forgotten", "audit"
_MARKS = (
    select(audit.c.detail)
    .where(audit.c.subject == const(CHAIN), audit.c.action == FORGOTTEN)
    .order_by(audit.c.seq.desc())
    .limit(1)
)
_FIRST = select(func.min(audit.c.seq))
_DROP = delete(audit).where(audit.c.seq <= bindparam("the_last"))


async def forget(tx: "Tx", before: datetime, now: datetime) -> int:
    """Forget the entries made before that instant; how many. An entry of the chain says how far they went and how the
    last of them ended, so that entries which anybody else took away at the front are still missed."""
    until, first = await number_at(tx, before) - 1, await tx.value(_FIRST) or 1
    mac = await tx.value(_MAC, the_seq=until) if until >= first else None
    if mac is None:
        return 0
    record(tx, "service", FORGOTTEN, CHAIN, now, last=until, mac=mac.hex())
    return await tx.run(_DROP, the_last=until)


async def _beginning(tx: "Tx") -> tuple[int, bytes]:
    """After which number the chain goes on, and how that entry ended: nothing, or what was forgotten on purpose."""
    mark = await tx.value(_MARKS)
    if mark is None:
        return 0, _GENESIS
    said = json.loads(mark)
    return int(said["last"]), bytes.fromhex(said["mac"])


def _broken(tx: "Tx", rows: "Sequence[Row]", seq: int, mac: bytes) -> tuple[int | None, bytes]:
    """The first entry that does not follow from the one before, and the MAC of the last one that does."""
    for row in rows:
        entry, previous, written = Audited(*row[:6]), row[6], row[7]
        expected = tx.seals.mac(_bytes(tx, entry.seq, entry) + mac)
        if entry.seq != seq + 1 or previous != mac or written != expected:
            return seq + 1, mac
        seq, mac = entry.seq, written
    return None, mac


_MAC = select(audit.c.mac).where(audit.c.seq == bindparam("the_seq"))


_OF_SUBJECT = (
    select(audit.c.seq, audit.c.at, audit.c.actor, audit.c.action, audit.c.subject, audit.c.detail)
    .where(audit.c.subject == bindparam("the_subject"))
    .order_by(audit.c.seq)
)


async def of_subject(tx: "Tx", subject: str) -> list[Audited]:
    """Everything done to one row, in order."""
    return [Audited(*row) for row in await tx.rows(_OF_SUBJECT, the_subject=subject)]


ANY = "*"
WINDOW = 50_000
"""So many entries are looked through at once, however few of them are wanted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of whom, what (the first signs of the action), about what, between which numbers; `*` is all."""

    actor: str = ANY
    action: str = ""
    subject: str = ANY
    first: int = 1
    last: int = 2**62


def _is(name: str, column: Any) -> Any:
    asked = bindparam(name, type_=Text)
    return or_(asked == literal(ANY), column == asked)


_WANTED = (
    select(audit.c.seq, audit.c.at, audit.c.actor, audit.c.action, audit.c.subject, audit.c.detail)
    .where(
        audit.c.seq >= bindparam("first"),
        audit.c.seq <= bindparam("last"),
        _is("the_actor", audit.c.actor),
        audit.c.action >= bindparam("begins"),
        audit.c.action < bindparam("ends"),
    )
    .order_by(audit.c.seq.desc())
    .limit(bindparam("most"))
)
_WANTED_ABOUT = _WANTED.where(audit.c.subject == bindparam("the_subject"))
_AT = select(audit.c.at).where(audit.c.seq >= bindparam("the_seq")).order_by(audit.c.seq).limit(1)


async def look(tx: "Tx", wanted: Wanted, limit: int) -> tuple[list[Audited], int]:
    """The latest `limit` entries of these, the latest first, and from which number on to look further; 0 is the end.

    What is about one subject is found by its index; everything else within a window of the chain.
    """
    last_one = min(wanted.last, await last(tx))
    about = wanted.subject != ANY
    first = wanted.first if about else max(wanted.first, last_one - WINDOW + 1)
    given: dict[str, Any] = {
        "first": first, "last": last_one, "the_actor": wanted.actor, "begins": wanted.action,
        "ends": wanted.action + "\x7f", "most": limit,
    }  # fmt: skip
    if about:
        rows = await tx.rows(_WANTED_ABOUT, the_subject=wanted.subject, **given)
    else:
        rows = await tx.rows(_WANTED, **given)
    further = rows[-1][0] - 1 if len(rows) == limit else first - 1
    return [Audited(*row) for row in rows], further if further >= wanted.first else 0


async def number_at(tx: "Tx", instant: datetime) -> int:
    """The number of the first entry at or after this instant, by halving; past the last where there is none."""
    low, high = 1, await last(tx) + 1
    while low < high:
        middle = (low + high) // 2
        if await tx.value(_AT, the_seq=middle) < instant:
            low = middle + 1
        else:
            high = middle
    return low
