"""Sessions of the console and invitations to it: only keyed hashes of their tokens are kept, and each can be revoked.

A session never outlives its absolute end, however busy it is, and never survives its account.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, or_, select, update

from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id, new_token
from surveys.records.staff_tables import staff_invitations, staff_sessions


@dataclass(frozen=True, slots=True)
class StaffSession:
    """One browser of one account. `stage` is `password` until the second factor was given, then `full`."""

    id: str
    account: str
    stage: str
    created_at: datetime
    last_at: datetime
    strong_at: datetime | None
    ends_at: datetime


_COLUMNS = shaped(staff_sessions, StaffSession)
_LIVE = (
    staff_sessions.c.revoked_at.is_(None),
    staff_sessions.c.ends_at > bindparam("now"),
    staff_sessions.c.last_at > bindparam("idle_since"),
)
_INSERT = insert(staff_sessions)
_FIND = select(*_COLUMNS).where(staff_sessions.c.token_hash == bindparam("the_hash"), *_LIVE)
_OF = (
    select(*_COLUMNS).where(staff_sessions.c.account == bindparam("the_account"), *_LIVE).order_by(staff_sessions.c.id)
)
_BY_ID = update(staff_sessions).where(staff_sessions.c.id == bindparam("the_id"))
_TOUCH = _BY_ID.values(last_at=bindparam("now"))
_STRONG = _BY_ID.values(strong_at=bindparam("now"), stage=bindparam("new_stage"), token_hash=bindparam("new_hash"))
_CHALLENGE = _BY_ID.values(challenge=bindparam("sealed"))
_READ_CHALLENGE = select(staff_sessions.c.challenge).where(staff_sessions.c.id == bindparam("the_id"))
_REVOKE = _BY_ID.where(staff_sessions.c.revoked_at.is_(None)).values(revoked_at=bindparam("now"))
_REVOKE_ALL = (
    update(staff_sessions)
    .where(staff_sessions.c.account == bindparam("the_account"), staff_sessions.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_FORGET = delete(staff_sessions).where(
    or_(staff_sessions.c.ends_at < bindparam("before"), staff_sessions.c.revoked_at < bindparam("before"))
)
_INVITE = insert(staff_invitations)
_LOOK = select(staff_invitations.c.account).where(
    staff_invitations.c.token_hash == bindparam("the_hash"),
    staff_invitations.c.used_at.is_(None),
    staff_invitations.c.expires_at > bindparam("now"),
)
_USE = (
    update(staff_invitations)
    .where(
        staff_invitations.c.token_hash == bindparam("the_hash"),
        staff_invitations.c.used_at.is_(None),
        staff_invitations.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("now"))
    .returning(staff_invitations.c.account)
)
_VOID = (
    update(staff_invitations)
    .where(staff_invitations.c.account == bindparam("the_account"), staff_invitations.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
)


async def begin(tx: Tx, account: str, now: datetime, ends_at: datetime) -> str:
    """A new session that still lacks its second factor; its token, shown to the browser once."""
    token = new_token(tx.chance)
    await tx.run(
        _INSERT, id=new_id("e", tx.chance), token_hash=_hash(tx, token), account=account, stage="password",
        challenge=None, created_at=now, last_at=now, strong_at=None, ends_at=ends_at, revoked_at=None,
    )  # fmt: skip
    return token


async def find(tx: Tx, token: str, now: datetime, idle_since: datetime) -> StaffSession | None:
    """The live session of this token: not revoked, not over, used after `idle_since`; `None` never says why."""
    row = await tx.row(_FIND, the_hash=_hash(tx, token), now=now, idle_since=idle_since)
    return StaffSession(*row) if row else None


async def of_account(tx: Tx, account: str, now: datetime, idle_since: datetime) -> list[StaffSession]:
    """Every live session of one account."""
    return [StaffSession(*row) for row in await tx.rows(_OF, the_account=account, now=now, idle_since=idle_since)]


async def touch(tx: Tx, session: str, now: datetime) -> None:
    """The session was used."""
    await tx.run(_TOUCH, the_id=session, now=now)


async def strengthen(tx: Tx, session: str, now: datetime) -> str:
    """The second factor was given: a new token, so that one planted before it is worth nothing (session fixation)."""
    token = new_token(tx.chance)
    await tx.run(_STRONG, the_id=session, now=now, new_stage="full", new_hash=_hash(tx, token))
    return token


async def set_challenge(tx: Tx, session: str, challenge: str | None) -> None:
    """Keep the challenge that the browser's authenticator is to sign, or forget it."""
    key = tx.seals.operations
    sealed = None if challenge is None else tx.seals.seal(key, "staff_sessions", "challenge", session, challenge)
    await tx.run(_CHALLENGE, the_id=session, sealed=sealed)


async def take_challenge(tx: Tx, session: str) -> str | None:
    """The challenge, which is worth nothing from now on."""
    sealed = await tx.value(_READ_CHALLENGE, the_id=session)
    if sealed is None:
        return None
    await set_challenge(tx, session, None)
    return tx.seals.open(tx.seals.operations, "staff_sessions", "challenge", session, sealed)


async def revoke(tx: Tx, session: str, now: datetime) -> int:
    """End one session."""
    return await tx.run(_REVOKE, the_id=session, now=now)


async def revoke_all(tx: Tx, account: str, now: datetime) -> int:
    """End every session of an account; how many there were."""
    return await tx.run(_REVOKE_ALL, the_account=account, now=now)


async def forget(tx: Tx, before: datetime) -> int:
    """Remove sessions that were over before this instant."""
    return await tx.run(_FORGET, before=before)


async def invite(tx: Tx, account: str, now: datetime, expires_at: datetime) -> str:
    """A one-time token by which somebody sets the secrets of an account; earlier ones are worth nothing."""
    await tx.run(_VOID, the_account=account, now=now)
    token = new_token(tx.chance)
    await tx.run(
        _INVITE, id=new_id("k", tx.chance), account=account, token_hash=_hash(tx, token), created_at=now,
        expires_at=expires_at, used_at=None,
    )  # fmt: skip
    return token


async def invited(tx: Tx, token: str, now: datetime) -> str | None:
    """Whose invitation this is, without using it; `None` where it is unknown, used or expired."""
    return await tx.value(_LOOK, the_hash=_hash(tx, token), now=now)  # type: ignore[no-any-return]


async def use_invitation(tx: Tx, token: str, now: datetime) -> str | None:
    """Use the invitation up: the account."""
    return await tx.value(_USE, the_hash=_hash(tx, token), now=now)  # type: ignore[no-any-return]


def _hash(tx: Tx, token: str) -> bytes:
    return tx.seals.index("staff_sessions", "token_hash", token)
