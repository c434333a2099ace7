"""When somebody of the staff goes, or cannot get in: nothing that waits for them may be left waiting for nobody.

An alert that they took escalates again; who is on call, or the last one for whom work waits, is not closed. An account
that must be shut at once is invited again: what it had is worth nothing from that moment on.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from surveys.records import accounts, alerts, audit, readiness, staff_sessions, tasks
from surveys.records.accounts import Account
from surveys.records.database import Tx
from surveys.rules.roles import EVERY_CENTRE, MATRIX, May
from surveys.steps.staff_access import INVITATION


class AccountNeeded(Exception):
    """The account cannot be closed yet; nothing was changed."""


class StillOnCall(AccountNeeded):
    """This person is on the on-call list; put somebody else there first (the console's rota, or `posle ready`)."""


class NobodyElse(AccountNeeded):
    """Alerts or tasks wait at this person's centre, and nobody else there could see to them; invite somebody first."""


async def close(tx: Tx, account: Account, by: str, now: datetime) -> int:
    """Close it: it signs in no more, every session ends now. How many alerts wait again. StillOnCall, NobodyElse."""
    if await on_call_rows(tx, account):
        raise StillOnCall
    if account.state == "active" and await _is_last(tx, account):
        raise NobodyElse
    await accounts.close(tx, account.id, now)
    await staff_sessions.revoke_all(tx, account.id, now)
    audit.record(tx, by, "account.closed", account.id, now)
    return await _let_go(tx, account, by, now)


async def invite_again(tx: Tx, account: Account, by: str, now: datetime) -> str:
    """A new link for the same account, such as for a password that was forgotten; the link's token."""
    await accounts.reset(tx, account.id, now)
    await staff_sessions.revoke_all(tx, account.id, now)
    token = await staff_sessions.invite(tx, account.id, now, now + INVITATION)
    audit.record(tx, by, "account.invited_again", account.id, now)
    await _let_go(tx, account, by, now)
    return token


async def _let_go(tx: Tx, account: Account, by: str, now: datetime) -> int:
    reopened = await alerts.reopen_taken_by(tx, account.id, now)
    for alert in reopened:
        audit.record(tx, by, "alert.reopened", alert, now)
    return len(reopened)


async def on_call_rows(tx: Tx, account: Account) -> list[tuple[int, Mapping[str, Any]]]:
    """Where in the on-call list this person stands: the place in it, and the row."""
    last = await readiness.latest(tx)
    listed = json.loads(last.document).get("on_call", ()) if last else ()
    login = account.login.strip().casefold()
    return [(place, row) for place, row in enumerate(listed) if row.get("email", "").casefold() == login]


async def waits_for(tx: Tx, account: Account) -> tuple[int, int]:
    """How many alerts and tasks wait where this person works: a page of each at most."""
    whose = None if account.centre == EVERY_CENTRE else account.centre
    return len(await alerts.waiting(tx, whose)), len(await tasks.waiting(tx, whose))


async def _is_last(tx: Tx, account: Account) -> bool:
    """Whether work waits that nobody else may take: coordinators see every centre, but know no person of it."""
    if May.TAKE_ALERTS not in MATRIX[account.role] or await accounts.others_like(tx, account):
        return False
    whose = None if account.centre == EVERY_CENTRE else account.centre
    return bool(await alerts.waiting(tx, whose, limit=1) or await tasks.waiting(tx, whose, limit=1))
