"""Each participant's two data keys, wrapped. Destroying them makes what they sealed unreadable, in old pages and
backups' copies
of this database alike; nothing here ever writes one unwrapped."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, select, update

from surveys.records.database import Tx
from surveys.records.keyfile import KeyPurpose
from surveys.records.sealing import PersonKeys, Wrapped
from surveys.records.tables import data_keys

_REMEMBERED = 256
"""People whose unwrapped keys this process holds: those who are answering just now. Each costs 5 KiB."""
_READ = select(data_keys.c.purpose, data_keys.c.id, data_keys.c.wrapped).where(
    data_keys.c.participant == bindparam("the_participant")
)
_WRITE = insert(data_keys)
_DESTROY = delete(data_keys).where(data_keys.c.participant == bindparam("the_participant"))


class KeysDestroyed(Exception):
    """This person's data keys are not there (any more): nothing of theirs can be sealed or opened."""


async def of(tx: Tx, participant: str) -> PersonKeys:
    """The participant's data keys, unwrapped; `KeysDestroyed` after a purge, `WrongKey` with another key file."""
    known = tx.made_keys.get(participant) or tx.remembered_keys.get(participant)
    if known is not None:
        return known
    found = {
        purpose: tx.seals.unwrap(participant, KeyPurpose(purpose), name, wrapped)
        for purpose, name, wrapped in await tx.rows(_READ, the_participant=participant)
    }
    if len(found) < 2:
        raise KeysDestroyed
    return _remember(tx, participant, PersonKeys(found[KeyPurpose.CONTACT], found[KeyPurpose.ANSWERS]))


def _remember(tx: Tx, participant: str, keys: PersonKeys) -> PersonKeys:
    tx.remembered_keys[participant] = keys
    if len(tx.remembered_keys) > _REMEMBERED:
        tx.remembered_keys.popitem(last=False)
    return keys


def make(tx: Tx, participant: str) -> tuple[PersonKeys, list[dict[str, object]]]:
    """Fresh data keys and the rows to store; `store` them in the same transaction."""
    contact, wrapped_contact = tx.seals.new_data_key(participant, KeyPurpose.CONTACT)
    answers, wrapped_answers = tx.seals.new_data_key(participant, KeyPurpose.ANSWERS)
    rows = [_row(participant, wrapped_contact), _row(participant, wrapped_answers)]
    made = tx.made_keys[participant] = PersonKeys(contact, answers)
    return made, rows


async def store(tx: Tx, rows: Sequence[dict[str, object]]) -> None:
    """Write what `make` gave."""
    await tx.many(_WRITE, rows)


async def destroy(tx: Tx, participant: str) -> None:
    """Remove both keys for good."""
    tx.made_keys.pop(participant, None)
    tx.remembered_keys.pop(participant, None)
    await tx.run(_DESTROY, the_participant=participant)


def _row(participant: str, wrapped: Wrapped) -> dict[str, object]:
    return {
        "participant": participant,
        "purpose": str(wrapped.purpose),
        "id": wrapped.id,
        "key_id": wrapped.master,
        "wrapped": wrapped.wrapped,
    }


_UNDER = (
    select(data_keys.c.participant, data_keys.c.purpose, data_keys.c.id, data_keys.c.wrapped)
    .where(data_keys.c.key_id == bindparam("master"))
    .limit(bindparam("most"))
)
_REWRAP = (
    update(data_keys)
    .where(data_keys.c.participant == bindparam("the_participant"), data_keys.c.purpose == bindparam("the_purpose"))
    .values(key_id=bindparam("new_master"), wrapped=bindparam("new_wrapped"))
)
_COUNT = select(func.count()).select_from(data_keys).where(data_keys.c.key_id == bindparam("master"))


async def rewrap(tx: Tx, master: str, limit: int) -> int:
    """Put at most `limit` data keys that are under this master key under the newest one; gives how many there were."""
    rows = await tx.rows(_UNDER, master=master, most=limit)
    fresh = [
        (participant, tx.seals.rewrap(participant, KeyPurpose(purpose), name, wrapped))
        for participant, purpose, name, wrapped in rows
    ]
    await tx.many(
        _REWRAP,
        [
            {
                "the_participant": participant,
                "the_purpose": str(each.purpose),
                "new_master": each.master,
                "new_wrapped": each.wrapped,
            }
            for participant, each in fresh
        ],
    )
    return len(rows)


async def under(tx: Tx, master: str) -> int:
    """How many data keys are wrapped under this master key."""
    return int(await tx.value(_COUNT, master=master))
