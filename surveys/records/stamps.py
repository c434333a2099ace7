"""The stamp: which side this database belongs to and which keys fit it. It refuses before anything else is read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.tables import stamp
from surveys.rules.vocabulary import Side


class StampRefused(Exception):
    """Database, keys and side do not belong together; the message says which."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whose database this is. `bot` is the id of the bot that it was first served with."""

    side: Side
    installation: str
    created: datetime
    bot: str | None
    note: str


_READ = select(*shaped(stamp, Stamp), stamp.c.key_check)
_WRITE = insert(stamp)
_BOT = update(stamp).values(bot=bindparam("the_bot"))


async def create(tx: Tx, now: datetime, note: str) -> Stamp:
    """Stamp a new database with this side and these keys; `AlreadyThere` where it has a stamp."""
    made = Stamp(tx.side, new_id("s", tx.chance), now, None, note)
    await tx.run(
        _WRITE,
        id=1,
        side=made.side,
        installation=made.installation,
        created=now,
        key_check=_fingerprint(tx, made.installation),
        bot=None,
        note=note,
    )
    return made


async def check(tx: Tx) -> Stamp:
    """The stamp, where side and keys match it; `StampRefused` otherwise."""
    row = await tx.row(_READ)
    if row is None:
        raise StampRefused("this database has no stamp; it was not made by `posle init`")
    found = Stamp(*row[:-1])
    if found.side is not tx.side:
        raise StampRefused(f"this database belongs to the side {found.side}, not {tx.side}")
    if row[-1] != _fingerprint(tx, found.installation):
        raise StampRefused("the key file does not belong to this database")
    return found


async def set_bot(tx: Tx, bot: str) -> None:
    """Remember the bot that serves this side; a change is the caller's to refuse or to record."""
    await tx.run(_BOT, the_bot=bot)


def _fingerprint(tx: Tx, installation: str) -> bytes:
    return tx.seals.index("stamp", "key_check", f"{tx.side} {installation}")
