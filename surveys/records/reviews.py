"""Reviews: that a member of staff read a response, and their note, sealed with the person's own answers' key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from surveys.records import keys
from surveys.records.database import Tx
from surveys.records.staff_tables import reviews
from surveys.records.tables import invitations


@dataclass(frozen=True, slots=True, repr=False)
class Review:
    """One response's review; the last one counts."""

    reviewed_by: str
    reviewed_at: datetime
    note: str


_NEW = insert(reviews)
_KEEP = _NEW.on_conflict_do_update(
    index_elements=["invitation"],
    set_={
        "note": _NEW.excluded.note, "reviewed_by": _NEW.excluded.reviewed_by, "reviewed_at": _NEW.excluded.reviewed_at
    },
)  # fmt: skip
_SEEN = update(invitations).where(invitations.c.id == bindparam("the_id")).values(reviewed_at=bindparam("now"))
_GET = select(reviews.c.participant, reviews.c.reviewed_by, reviews.c.reviewed_at, reviews.c.note).where(
    reviews.c.invitation == bindparam("the_invitation")
)


async def keep(tx: Tx, invitation: str, participant: str, note: str, by: str, now: datetime) -> None:
    """The response to this invitation was reviewed; an empty note is a note."""
    key = (await keys.of(tx, participant)).answers
    sealed = tx.seals.seal(key, "reviews", "note", invitation, note)
    await tx.run(_KEEP, invitation=invitation, participant=participant, note=sealed, reviewed_by=by, reviewed_at=now)
    await tx.run(_SEEN, the_id=invitation, now=now)


async def of(tx: Tx, invitation: str) -> Review | None:
    """The review of this response, or `None`."""
    row = await tx.row(_GET, the_invitation=invitation)
    if row is None or row[3] is None:
        return None
    key = (await keys.of(tx, row[0])).answers
    return Review(row[1], row[2], tx.seals.open(key, "reviews", "note", invitation, row[3]))
