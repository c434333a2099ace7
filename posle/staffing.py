"""Accounts of the console from the command line: invite, list, close. It prints no secret but the new link, once."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posle.opening import OPERATOR, opened, service_of
from surveys.records import accounts
from surveys.records.accounts import Account, NewAccount
from surveys.records.database import Tx
from surveys.rules.roles import Role
from surveys.steps import staff_access, staff_leaving
from surveys.steps.staff_leaving import Heir

INVITATION = "/staff/invitation/"


class NoStaffAddress(Exception):
    """[staff] public_url is missing; without it there is no console to invite anybody to."""


class NoSuchAccount(Exception):
    """There is no open account with this e-mail; `posle staff list` shows those there are."""


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """One account as the operator sees it."""

    account: str
    login: str
    name: str
    role: Role
    centre: str
    state: str
    since: datetime


async def invite(folder: Path, login: str, name: str, role: Role, centre: str, language: str, now: datetime) -> str:
    """The invitation's link, to be handed over in person; an account that is there, also a closed one, gets a new one
    as long as role and centre are the same: what it had for signing in is worth nothing any more."""
    async with opened(folder) as (settings, database):
        if settings.staff_url is None:
            raise NoStaffAddress
        service = service_of(settings, database)
        async with database.writing() as tx:
            found = await accounts.find(tx, login)
            if found is not None and (found.role, found.centre) == (role, centre):
                token = await staff_leaving.invite_again(tx, found, OPERATOR, now)
            else:
                new = NewAccount(login, name, role, centre, language, OPERATOR)
                token = (await staff_access.invite(tx, service, new, now)).token
    return f"{settings.staff_url}{INVITATION}{token}"


async def everyone(folder: Path) -> list[Listed]:
    """Every account, closed ones too."""
    async with opened(folder) as (_, database), database.reading() as tx:
        return [
            Listed(each.id, each.login, each.name, each.role, each.centre, each.state, each.created_at)
            for each in await accounts.everyone(tx)
        ]


async def close(folder: Path, login: str, now: datetime, to: str = "", phone: str = "") -> None:
    """Close an account: it signs in no more, and its sessions end; `to` is the login of who takes over what it leaves.
    NoSuchAccount, AccountNeeded, ReadinessRefused."""
    async with opened(folder) as (settings, database), database.writing() as tx:
        found, heir = await _open_account(tx, login), Heir((await _open_account(tx, to)).id, phone) if to else None
        centres = service_of(settings, database).library.centres
        await staff_leaving.close(tx, found, OPERATOR, now, heir, centres)


async def _open_account(tx: Tx, login: str) -> Account:
    found = await accounts.find(tx, login)
    if found is None or found.state == "closed":
        raise NoSuchAccount
    return found
