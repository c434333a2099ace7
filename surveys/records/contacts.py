"""Contacts: how a participant is reached. The address is sealed and found again only by its keyed index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, null, select, update

from surveys.records import keys
from surveys.records.columns import shaped
from surveys.records.consents import latest_given
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.participants import Participant
from surveys.records.sealing import DataKey
from surveys.records.tables import contacts, participants
from surveys.rules.vocabulary import Channel, Purpose, Status

_TABLE = "contacts"


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """One way to reach one participant, opened."""

    id: str
    participant: str
    channel: Channel
    created_at: datetime
    verified_at: datetime | None
    suspended_at: datetime | None
    reason: str | None
    replaced_at: datetime | None
    address: str


@dataclass(frozen=True, slots=True)
class Found:
    """Whose address this is, and their latest word on being contacted; the address itself stays sealed."""

    contact: str
    verified_at: datetime | None
    suspended_at: datetime | None
    consent: bool
    person: Participant

    @property
    def participant(self) -> str:
        """Whose, by their id."""
        return self.person.id

    @property
    def centre(self) -> str:
        """Their centre."""
        return self.person.centre

    @property
    def status(self) -> Status:
        """Whether they still take part."""
        return self.person.status


@dataclass(frozen=True, slots=True, repr=False)
class NewContact:
    """An address to be kept. `verified_at` is set where the person bound it themselves."""

    participant: str
    channel: Channel
    address: str
    verified_at: datetime | None = None


_OPEN = shaped(contacts, Contact)[:-1]
_INSERT = insert(contacts)
_CURRENT = select(*_OPEN, contacts.c.address).where(
    contacts.c.participant == bindparam("the_participant"),
    contacts.c.channel == bindparam("the_channel"),
    contacts.c.replaced_at.is_(None),
    contacts.c.address.is_not(None),
)
_ALL = (
    select(*_OPEN, contacts.c.address)
    .where(contacts.c.participant == bindparam("the_participant"))
    .order_by(contacts.c.created_at, contacts.c.id)
)
_ON = select(*_OPEN, contacts.c.address).where(
    contacts.c.channel == bindparam("the_channel"), contacts.c.address.is_not(None)
)
_FIND = (
    select(
        contacts.c.id,
        contacts.c.verified_at,
        contacts.c.suspended_at,
        latest_given(participants.c.id, Purpose.CONTACT).scalar_subquery(),
        *shaped(participants, Participant),
    )
    .join(participants, participants.c.id == contacts.c.participant)
    .where(contacts.c.address_index == bindparam("the_index"), contacts.c.replaced_at.is_(None))
    .order_by(contacts.c.created_at, contacts.c.id)
)
_BY_ID = update(contacts).where(contacts.c.id == bindparam("the_id"))
_VERIFY = _BY_ID.values(verified_at=bindparam("now"))
_SUSPEND = _BY_ID.values(suspended_at=bindparam("now"), reason=bindparam("why"))
_RESUME = _BY_ID.values(suspended_at=null(), reason=null())
_FORGET = _BY_ID.values(replaced_at=bindparam("now"), address=null(), address_index=null())
_REPLACE = (
    update(contacts)
    .where(
        contacts.c.participant == bindparam("the_participant"),
        contacts.c.channel == bindparam("the_channel"),
        contacts.c.replaced_at.is_(None),
    )
    .values(replaced_at=bindparam("now"))
)


def address_index(tx: Tx, channel: Channel, address: str) -> bytes:
    """The keyed index under which an address is found; the address is in its canonical form already."""
    return tx.seals.index(_TABLE, "address", f"{channel}:{address}")


async def add(tx: Tx, new: NewContact, now: datetime) -> Contact:
    """Keep an address; `AlreadyThere` where the participant has a current one for this channel (`replace` it first)."""
    return (await add_many(tx, [new], now))[0]


async def add_many(tx: Tx, several: Sequence[NewContact], now: datetime) -> list[Contact]:
    """Keep many addresses in this one transaction."""
    rows, made = [], []
    for new in several:
        name = new_id("c", tx.chance)
        key = (await keys.of(tx, new.participant)).contact
        rows.append(
            {
                "id": name,
                "participant": new.participant,
                "channel": new.channel,
                "address": tx.seals.seal(key, _TABLE, "address", name, new.address),
                "address_index": address_index(tx, new.channel, new.address),
                "created_at": now,
                "verified_at": new.verified_at,
                "suspended_at": None,
                "reason": None,
                "replaced_at": None,
            }
        )
        made.append(Contact(name, new.participant, new.channel, now, new.verified_at, None, None, None, new.address))
    await tx.many(_INSERT, rows)
    return made


async def current(tx: Tx, participant: str, channel: Channel) -> Contact | None:
    """The participant's address on this channel, or `None`."""
    row = await tx.row(_CURRENT, the_participant=participant, the_channel=channel)
    return await _opened(tx, row) if row else None


async def of_participant(tx: Tx, participant: str) -> list[Contact]:
    """Every address that the participant has or had; erased ones are left out."""
    rows = await tx.rows(_ALL, the_participant=participant)
    return [await _opened(tx, row) for row in rows if row[-1] is not None]


async def addresses(tx: Tx, channel: Channel) -> frozenset[str]:
    """Every address that anybody has or had on this channel, opened; much work, for a flood alone."""
    return frozenset([(await _opened(tx, row)).address for row in await tx.rows(_ON, the_channel=channel)])


async def _opened(tx: Tx, row: Sequence[Any]) -> Contact:
    key = (await keys.of(tx, row[1])).contact
    return Contact(*(*row[:-1], open_address(tx, key, row[0], row[-1])))


def open_address(tx: Tx, key: DataKey, contact: str, sealed: bytes) -> str:
    """The address of one contact."""
    return tx.seals.open(key, _TABLE, "address", contact, sealed)


async def find(tx: Tx, channel: Channel, address: str) -> list[Found]:
    """Everybody whose current address this is, oldest first. More than one may share a phone."""
    rows = await tx.rows(_FIND, the_index=address_index(tx, channel, address))
    return [Found(row[0], row[1], row[2], bool(row[3]), Participant(*row[4:])) for row in rows]


async def verify(tx: Tx, contact: str, now: datetime) -> None:
    """The person was seen to hold this address."""
    await tx.run(_VERIFY, the_id=contact, now=now)


async def suspend(tx: Tx, contact: str, reason: str, now: datetime) -> None:
    """Write to this address no more; `reason` is a code (`blocked`, `invalid`, `wrong_number` …)."""
    await tx.run(_SUSPEND, the_id=contact, why=reason, now=now)


async def resume(tx: Tx, contact: str) -> None:
    """Staff saw that the address is right again."""
    await tx.run(_RESUME, the_id=contact)


async def forget(tx: Tx, contact: str, now: datetime) -> None:
    """The address is somebody's no longer, and is kept no longer either."""
    await tx.run(_FORGET, the_id=contact, now=now)


async def replace(tx: Tx, participant: str, channel: Channel, now: datetime) -> int:
    """Retire the current address of this channel, if there is one."""
    return await tx.run(_REPLACE, the_participant=participant, the_channel=channel, now=now)
