"""Links to the private page: each about one invitation, bound by its first use to one browser, for a short time.

Only keyed hashes of the token and of the browser's cookie are kept: neither can be read back from here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, null, or_, select, update

from surveys.records.columns import shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id, short_token
from surveys.records.page_tables import page_links


@dataclass(frozen=True, slots=True)
class PageLink:
    """One link. `browser_hash` is set once it is bound, `bound_at` since when the newest session there lasts,
    `opened_at` while its interview is open in that browser; `last_at`, when something was last done there, is empty
    before its first button and once its session ran out."""

    id: str
    participant: str
    invitation: str
    created_at: datetime
    expires_at: datetime
    browser_hash: bytes | None
    bound_at: datetime | None
    last_at: datetime | None
    opened_at: datetime | None
    ended_at: datetime | None
    outcome: str | None


_INSERT = insert(page_links)
_FIND = select(*shaped(page_links, PageLink)).where(page_links.c.token_hash == bindparam("the_hash"))
_BY_ID = update(page_links).where(page_links.c.id == bindparam("the_id"))
_BIND = _BY_ID.where(
    page_links.c.browser_hash.is_(None), page_links.c.ended_at.is_(None), page_links.c.expires_at > bindparam("now")
).values(browser_hash=bindparam("browser"), bound_at=bindparam("now"), last_at=bindparam("now"))
_TOUCH = _BY_ID.values(last_at=bindparam("now"))
_OPEN = _BY_ID.values(
    opened_at=func.coalesce(page_links.c.opened_at, bindparam("now", type_=page_links.c.opened_at.type)),
    last_at=bindparam("now"),
)
_SINCE = _BY_ID.values(bound_at=bindparam("now"))
_SHUT = _BY_ID.values(opened_at=null())
_RUN_OUT = _BY_ID.values(opened_at=null(), last_at=null())
_ENDING: dict[str, Any] = {"ended_at": bindparam("now"), "outcome": bindparam("how")}
_END = _BY_ID.where(page_links.c.ended_at.is_(None)).values(_ENDING)
_END_OF = (
    update(page_links)
    .where(page_links.c.participant == bindparam("the_participant"), page_links.c.ended_at.is_(None))
    .values(_ENDING)
)
_END_OTHERS = (
    update(page_links)
    .where(
        page_links.c.invitation == bindparam("the_invitation"),
        page_links.c.id != bindparam("kept"),
        page_links.c.ended_at.is_(None),
    )
    .values(_ENDING)
)
_FORGET = delete(page_links).where(
    or_(page_links.c.expires_at < bindparam("before"), page_links.c.ended_at < bindparam("before"))
)


async def issue(tx: Tx, participant: str, invitation: str, now: datetime, expires_at: datetime) -> str:
    """A new token of 128 random bits; it leaves in one message and cannot be read back."""
    token = short_token(tx.chance)
    await tx.run(
        _INSERT,
        id=new_id("w", tx.chance),
        participant=participant,
        invitation=invitation,
        token_hash=_hash(tx, token),
        created_at=now,
        expires_at=expires_at,
        browser_hash=None,
        bound_at=None,
        last_at=None,
        opened_at=None,
        ended_at=None,
        outcome=None,
    )
    return token


async def find(tx: Tx, token: str) -> PageLink | None:
    """The link with this token, whatever became of it, or `None`."""
    row = await tx.row(_FIND, the_hash=_hash(tx, token))
    return PageLink(*row) if row else None


async def bind(tx: Tx, link: PageLink, cookie: str, now: datetime) -> bool:
    """Bind an unbound link to the browser with this cookie; False where it was no longer free.

    Whatever other link of the same invitation was in use is over.
    """
    if not await tx.run(_BIND, the_id=link.id, browser=browser_hash(tx, cookie), now=now):
        return False
    await tx.run(_END_OTHERS, the_invitation=link.invitation, kept=link.id, now=now, how="replaced")
    return True


async def touch(tx: Tx, link: str, now: datetime) -> None:
    """Its browser did something."""
    await tx.run(_TOUCH, the_id=link, now=now)


async def open_(tx: Tx, link: str, now: datetime) -> None:
    """Its interview is open in its browser from now on."""
    await tx.run(_OPEN, the_id=link, now=now)


async def since(tx: Tx, link: str, began: datetime) -> None:
    """The session that goes on in its browser began then."""
    await tx.run(_SINCE, the_id=link, now=began)


async def shut(tx: Tx, link: str) -> None:
    """Its browser stands before the gate again."""
    await tx.run(_SHUT, the_id=link)


async def run_out(tx: Tx, link: str) -> None:
    """Its session ran out: nothing counts in its browser until it begins anew."""
    await tx.run(_RUN_OUT, the_id=link)


async def end(tx: Tx, link: str, outcome: str, now: datetime) -> bool:
    """End it; whether it was not over yet."""
    return await tx.run(_END, the_id=link, how=outcome, now=now) == 1


async def end_of(tx: Tx, participant: str, outcome: str, now: datetime) -> None:
    """Every link of one participant is over."""
    await tx.run(_END_OF, the_participant=participant, how=outcome, now=now)


async def forget(tx: Tx, before: datetime) -> int:
    """Forget links that ended or expired before then; how many there were."""
    return await tx.run(_FORGET, before=before)


def browser_hash(tx: Tx, cookie: str) -> bytes:
    """What is kept of a browser's cookie."""
    return tx.seals.index("page_links", "browser_hash", cookie)


def _hash(tx: Tx, token: str) -> bytes:
    return tx.seals.index("page_links", "token_hash", token)
