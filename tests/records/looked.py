"""What tests look up in the tables and no part of the service ever asks for."""

from sqlalchemy import func, select

from surveys.records import audit
from surveys.records.audit import Audited, Wanted
from surveys.records.call_tables import calls
from surveys.records.database import Tx
from surveys.records.tables import inbox


async def chain(tx: Tx) -> list[Audited]:
    """The audit's entries, in order."""
    return (await audit.look(tx, Wanted(), 1000))[0][::-1]


async def arrived(tx: Tx) -> dict[str, int]:
    """How many things are in the inbox, by state."""
    return {
        str(state): int(n) for state, n in await tx.rows(select(inbox.c.state, func.count()).group_by(inbox.c.state))
    }


async def fate(tx: Tx, seq: int) -> tuple[str, int, str | None]:
    """State, attempts and last failure's class of one thing in the inbox."""
    row = await tx.row(select(inbox.c.state, inbox.c.attempts, inbox.c.failure).where(inbox.c.seq == seq))
    assert row is not None
    return row[0], row[1], row[2]


async def outcomes(tx: Tx, participant: str) -> dict[str, str | None]:
    """How each call to this person ended, by the call's id."""
    rows = await tx.rows(select(calls.c.id, calls.c.outcome).where(calls.c.participant == participant))
    return {str(name): outcome for name, outcome in rows}
