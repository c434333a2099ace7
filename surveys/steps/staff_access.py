"""How staff get in: invitation, password, second factor, session. Every failure answers alike, whatever was wrong.

It must never say whether a login exists, never accept a code twice, and never count a stolen password as enough.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp

from surveys.language.catalogue import languages
from surveys.records import accounts, audit, passwords, staff_sessions
from surveys.records.accounts import Account, NewAccount
from surveys.records.database import Tx
from surveys.records.failures import AlreadyThere
from surveys.records.ids import ALPHABET
from surveys.records.staff_sessions import StaffSession
from surveys.rules.roles import Reader, Role, centre_fits
from surveys.steps.service import Service

IDLE, ABSOLUTE, FRESH = timedelta(minutes=15), timedelta(hours=8), timedelta(minutes=5)
"""A session ends when it was not used so long, and in any case after so long; a second factor stays fresh so long."""
INVITATION = timedelta(days=3)
FREE_FAILURES, LONGEST_WAIT = 5, timedelta(minutes=15)
SHORTEST_PASSWORD = 12
CODES = 10
STEP_SECONDS = 30
_LOGIN = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")


class AccountRefused(ValueError):
    """The account cannot be made or changed so; the message says what to do."""


class SignInRefused(Exception):
    """Login, password or code is not right, or too many were tried. It is never said which; wait and try again."""


@dataclass(frozen=True, slots=True, repr=False)
class Invited:
    """A new account and the token of its invitation, shown once."""

    account: str
    token: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session and whose it is."""

    session: StaffSession
    account: Account
    reader: Reader

    def fresh(self, now: datetime) -> bool:
        """Whether the second factor was given lately enough for what is asked for again."""
        return self.session.strong_at is not None and now - self.session.strong_at <= FRESH


async def invite(tx: Tx, service: Service, new: NewAccount, now: datetime) -> Invited:
    """Invite somebody; AccountRefused says what is wrong."""
    _check(service, new)
    try:
        account = await accounts.add(tx, new, now)
    except AlreadyThere:
        raise AccountRefused("e-mail: has an account already; use another, or reopen that one") from None
    token = await staff_sessions.invite(tx, account, now, now + INVITATION)
    audit.record(tx, new.created_by, "account.invited", account, now, role=new.role, centre=new.centre)
    return Invited(account, token)


def _check(service: Service, new: NewAccount) -> None:
    if not _LOGIN.fullmatch(new.login.strip()):
        raise AccountRefused("e-mail: must be an e-mail address")
    if not new.name.strip() or len(new.name) > 120 or not new.name.isprintable():
        raise AccountRefused("name: must be 1 to 120 plain characters")
    if not centre_fits(new.role, new.centre):
        raise AccountRefused("centre: a worker belongs to one centre, everybody else to *")
    if new.role is Role.WORKER and new.centre not in service.library.centres:
        raise AccountRefused(f"centre: must be one of {', '.join(sorted(service.library.centres))}")
    if new.language not in languages():
        raise AccountRefused(f"language: must be one of {', '.join(sorted(languages()))}")


async def accept(
    service: Service, token: str, password: str, secret: str, code: str, now: datetime, language: str = ""
) -> list[str]:
    """Set the secrets of an invited account, and the language that was chosen on the way, if any; the recovery codes,
    shown once. AccountRefused, SignInRefused."""
    if len(password) < SHORTEST_PASSWORD or len(password) > 200:
        raise AccountRefused(f"password: must have {SHORTEST_PASSWORD} to 200 characters")
    step = totp_step(secret, code, now)
    if step is None:
        raise AccountRefused("code: is not the one that your app shows now; check the clock of the telephone")
    kept = await passwords.hashed(password)
    async with service.database.writing() as tx:
        account = await staff_sessions.use_invitation(tx, token, now)
        if account is None:
            raise SignInRefused
        await accounts.set_password(tx, account, kept)
        await accounts.set_totp(tx, account, secret)
        await accounts.use_step(tx, account, step)
        await accounts.activate(tx, account)
        if language:
            await accounts.speak(tx, account, language)
        audit.record(tx, account, "account.activated", account, now)
        return await _fresh_codes(tx, account, now)


async def _fresh_codes(tx: Tx, account: str, now: datetime) -> list[str]:
    codes = [f"{_five(tx)}-{_five(tx)}" for _ in range(CODES)]
    await accounts.new_codes(tx, account, codes, now)
    audit.record(tx, account, "account.codes_made", account, now)
    return codes


def _five(tx: Tx) -> str:
    return "".join(ALPHABET[byte & 31] for byte in tx.chance.bytes(5))


async def renew_codes(tx: Tx, who: SignedIn, now: datetime) -> list[str]:
    """New recovery codes for oneself; those before are worth nothing."""
    return await _fresh_codes(tx, who.account.id, now)


async def sign_in(service: Service, login: str, password: str, now: datetime) -> str:
    """The first factor: a session that may only give the second. SignInRefused, always after the same work."""
    async with service.database.reading() as tx:
        account = await accounts.find(tx, login)
    heard = account is not None and account.state == "active" and not _must_wait(account, now)
    right = await passwords.matches(account.password if account and heard else None, password[:200])
    token = await _began(service, account, right, now) if account is not None and heard else None
    if token is None:
        raise SignInRefused
    return token


async def _began(service: Service, account: Account, right: bool, now: datetime) -> str | None:
    async with service.database.writing() as tx:
        if right:
            return await staff_sessions.begin(tx, account.id, now, now + ABSOLUTE)
        await accounts.failed(tx, account.id, now)
        audit.record(tx, account.id, "account.sign_in_failed", account.id, now)
        return None


async def speak(service: Service, token: str, language: str, now: datetime) -> None:
    """What was chosen before the sign-in is what the account speaks from now on, in this session and the next."""
    async with service.database.writing() as tx:
        if (who := await signed_in(tx, token, now)) is not None:
            await accounts.speak(tx, who.account.id, language)


def _must_wait(account: Account, now: datetime) -> bool:
    """After some failures in a row the wait doubles, to a quarter of an hour: slow for a guesser, short for a slip."""
    over = account.failures - FREE_FAILURES
    if over < 0 or account.failed_at is None:
        return False
    return now - account.failed_at < min(LONGEST_WAIT, timedelta(seconds=2.0 ** min(over, 10)))


async def give_code(service: Service, token: str, code: str, now: datetime) -> str:
    """The second factor by TOTP or recovery code; the session's new token. SignInRefused; each code works once."""
    async with service.database.writing() as tx:
        who = await signed_in(tx, token, now)
        right = (
            who is not None and not _must_wait(who.account, now) and await _code_is_right(tx, who.account, code, now)
        )
        if who is not None and not right:
            await accounts.failed(tx, who.account.id, now)
        fresh = await strengthened(tx, who, now) if who is not None and right else None
    if fresh is None:
        raise SignInRefused
    return fresh


async def strengthened(tx: Tx, who: SignedIn, now: datetime) -> str:
    """The second factor was right, by code or by passkey: the session counts as full from now, under a new token."""
    await accounts.forgive(tx, who.account.id)
    audit.record(tx, who.account.id, "account.signed_in", who.account.id, now)
    return await staff_sessions.strengthen(tx, who.session.id, now)


async def _code_is_right(tx: Tx, account: Account, code: str, now: datetime) -> bool:
    plain = code.strip().lower().replace(" ", "")
    if plain.isdigit() and account.totp is not None:
        step = totp_step(account.totp, plain, now)
        return step is not None and await accounts.use_step(tx, account.id, step)
    return await accounts.use_code(tx, account.id, plain, now)


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step whose code this is: the one of now, before or after (RFC 6238); `None` where it is none."""
    at = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    for step in (at, at - 1, at + 1):
        if pyotp.utils.strings_equal(generator.generate_otp(step), code.strip()):
            return step
    return None


async def signed_in(tx: Tx, token: str, now: datetime) -> SignedIn | None:
    """Whose session this is, as the account stands now; `None` where there is none that is live."""
    session = await staff_sessions.find(tx, token, now, now - IDLE)
    account = await accounts.get(tx, session.account) if session else None
    if session is None or account is None or account.state != "active":
        return None
    return SignedIn(session, account, Reader(account.id, account.role, account.centre))


async def sign_out(tx: Tx, who: SignedIn, now: datetime) -> None:
    """End this session."""
    await staff_sessions.revoke(tx, who.session.id, now)
    audit.record(tx, who.account.id, "account.signed_out", who.account.id, now)
