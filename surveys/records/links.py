"""One-time links (deep links): only a keyed hash is kept, used once, until a set time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id, new_token
from surveys.records.tables import links


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was handed out."""

    id: str
    participant: str
    purpose: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


_INSERT = insert(links)
_FIND = select(*shaped(links, Link)).where(
    links.c.token_hash == bindparam("the_hash"), links.c.purpose == bindparam("the_purpose")
)
_USE = (
    update(links)
    .where(
        links.c.token_hash == bindparam("the_hash"),
        links.c.purpose == bindparam("the_purpose"),
        links.c.used_at.is_(None),
        links.c.revoked_at.is_(None),
        links.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("now"))
    .returning(links.c.participant)
)
_REVOKE_ALL = (
    update(links)
    .where(links.c.participant == bindparam("the_participant"), links.c.used_at.is_(None), links.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_REVOKE = _REVOKE_ALL.where(links.c.purpose == bindparam("the_purpose"))


async def issue(tx: Tx, participant: str, purpose: str, now: datetime, expires_at: datetime) -> str:
    """A new token of 160 random bits; it is shown once and cannot be read back."""
    token = new_token(tx.chance)
    await tx.run(
        _INSERT,
        id=new_id("k", tx.chance),
        participant=participant,
        purpose=purpose,
        token_hash=_hash(tx, token),
        created_at=now,
        expires_at=expires_at,
        used_at=None,
        revoked_at=None,
    )
    return token


async def look(tx: Tx, purpose: str, token: str) -> Link | None:
    """The link with this token, used or not, or `None`."""
    row = await tx.row(_FIND, the_hash=_hash(tx, token), the_purpose=purpose)
    return Link(*row) if row else None


async def use(tx: Tx, purpose: str, token: str, now: datetime) -> str | None:
    """Use the link up: the participant, or `None` where it is unknown, used, revoked or expired. Never says which."""
    return await tx.value(_USE, the_hash=_hash(tx, token), the_purpose=purpose, now=now)  # type: ignore[no-any-return]


async def revoke(tx: Tx, participant: str, purpose: str | None, now: datetime) -> int:
    """Make the participant's unused links of this purpose, or with `None` of any, worthless; how many there were."""
    if purpose is None:
        return await tx.run(_REVOKE_ALL, the_participant=participant, now=now)
    return await tx.run(_REVOKE, the_participant=participant, the_purpose=purpose, now=now)


def _hash(tx: Tx, token: str) -> bytes:
    return tx.seals.index("links", "token_hash", token)
