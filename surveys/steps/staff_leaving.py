"""When somebody of the staff goes, or cannot get in: nothing that waits for them may be left waiting for nobody.

Their places on the on-call list go to a colleague who may do the same at the same centre, or the account stays. An
alert that they took escalates again: only who takes it themselves has taken it. An account that must be shut at once
is invited again: what it had is worth nothing from that moment on.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.records import accounts, alerts, audit, staff_sessions, tasks
from surveys.records.accounts import Account
from surveys.records.database import Tx
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE, MATRIX, May, Reader, Role
from surveys.steps import rota_change
from surveys.steps.alarm import open_task
from surveys.steps.staff_access import INVITATION

HANDED_OVER = "handed_over"


class AccountNeeded(Exception):
    """The account cannot be closed yet; nothing was changed."""


class StillOnCall(AccountNeeded):
    """This person is on the on-call list; say who takes their places (--to), or put somebody else there first."""


class NobodyElse(AccountNeeded):
    """Alerts or tasks wait at this person's centre, and nobody else there could see to them; invite somebody first."""


class CannotTakeOver(AccountNeeded):
    """That account cannot take this person's work: it needs the same role and centre, and must be in use."""


class NumberNeeded(AccountNeeded):
    """Whoever takes a place on the on-call list is called: give their telephone number, such as +381641234567."""


@dataclass(frozen=True, slots=True, repr=False)
class Heir:
    """The account that takes over, and the number it is called at; empty where the on-call list has it already."""

    account: str
    phone: str = ""


async def close(
    tx: Tx, account: Account, by: str, now: datetime, heir: Heir | None = None, centres: Collection[str] = ()
) -> int:
    """Close it: it signs in no more, every session ends now. How many alerts wait again. AccountNeeded says why not;
    ReadinessRefused names what is wrong with the heir's place on the on-call list."""
    if heir is not None:
        await _hand_over(tx, account, heir, centres, by, now)
    elif await on_call_rows(tx, account):
        raise StillOnCall
    if account.state == "active" and await is_last(tx, account):
        raise NobodyElse
    await accounts.close(tx, account.id, now)
    await staff_sessions.revoke_all(tx, account.id, now)
    audit.record(tx, by, "account.closed", account.id, now, to=heir.account if heir else None)
    return await _let_go(tx, account, by, now)


async def heirs(tx: Tx, account: Account) -> list[Account]:
    """Who could take this person's work: active accounts of the same role and centre, and who take alerts at all; for a
    role that takes none but is on the list, the coordinators. Only who sees every centre that it stands for there."""
    takes = May.TAKE_ALERTS in MATRIX[account.role]
    role, centre = (account.role, account.centre) if takes else (Role.COORDINATOR, EVERY_CENTRE)
    stands = {str(row["centre"]) for _, row in await on_call_rows(tx, account)}
    found = [each for each in await accounts.like(tx, role, centre) if each.id != account.id]
    return [each for each in found if all(Reader(each.id, each.role, each.centre).sees(at) for at in stands)]


async def _hand_over(tx: Tx, account: Account, heir: Heir, centres: Collection[str], by: str, now: datetime) -> None:
    to = next((each for each in await heirs(tx, account) if each.id == heir.account), None)
    if to is None:
        raise CannotTakeOver
    if rows := await on_call_rows(tx, account):
        phone = heir.phone or await number_of(tx, to)
        if not phone:
            raise NumberNeeded
        person = {"name": to.name, "phone": phone, "email": to.login.strip()}
        await rota_change.hand_over(tx, [place for place, _ in rows], person, centres, by, now)
    await open_task(tx, NewTask(account.centre, HANDED_OVER, to.id), now)


async def number_of(tx: Tx, account: Account) -> str:
    """The number that the on-call list has for this person, empty where it has none."""
    return next((str(row["phone"]) for _, row in await on_call_rows(tx, account)), "")


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
    return rota_change.rows_of((await rota_change.listed(tx)).rows, account.login)


async def waits_for(tx: Tx, account: Account) -> tuple[int, int]:
    """How many alerts and tasks wait where this person works: a page of each at most."""
    whose = None if account.centre == EVERY_CENTRE else account.centre
    return len(await alerts.waiting(tx, whose)), len(await tasks.waiting(tx, whose))


async def taken_by(tx: Tx, account: Account) -> int:
    """How many alerts this person took and did not close."""
    return len(await alerts.taken_by(tx, account.id))


async def is_last(tx: Tx, account: Account) -> bool:
    """Whether work waits that nobody else may take: coordinators see every centre, but know no person of it."""
    if May.TAKE_ALERTS not in MATRIX[account.role] or await accounts.others_like(tx, account):
        return False
    whose = None if account.centre == EVERY_CENTRE else account.centre
    return bool(await alerts.waiting(tx, whose, limit=1) or await tasks.waiting(tx, whose, limit=1))
