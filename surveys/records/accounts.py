"""Accounts of the staff: name, login and secrets sealed, found by a keyed index; never a password, only its hash.

An account is never removed, so that the audit can be read later; a closed one signs in no more.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, null, select, update

from surveys.records.columns import const, shaped
from surveys.records.database import Tx
from surveys.records.ids import new_id
from surveys.records.staff_tables import accounts, passkeys, recovery_codes
from surveys.rules.roles import Role

_TABLE = "accounts"


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """One account, opened. `state` is `invited`, `active` or `closed`; `centre` is `*` for the whole side."""

    id: str
    role: Role
    centre: str
    language: str
    state: str
    totp_step: int
    failures: int
    failed_at: datetime | None
    created_at: datetime
    created_by: str
    closed_at: datetime | None
    login: str
    name: str
    password: str | None
    totp: str | None


@dataclass(frozen=True, slots=True, repr=False)
class NewAccount:
    """An account to be invited."""

    login: str
    name: str
    role: Role
    centre: str
    language: str
    created_by: str


@dataclass(frozen=True, slots=True, repr=False)
class Passkey:
    """One WebAuthn credential: `document` is JSON of its id and public key, base64url."""

    id: str
    account: str
    sign_count: int
    created_at: datetime
    document: str


_PLAIN = shaped(accounts, Account)[:-4]
_SEALED = (accounts.c.login, accounts.c.name, accounts.c.password, accounts.c.totp)
_ALL = select(*_PLAIN, *_SEALED).order_by(accounts.c.created_at, accounts.c.id)
_SOME = (
    select(*_PLAIN, *_SEALED)
    .order_by(accounts.c.state, accounts.c.created_at.desc(), accounts.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("place"))
)
"""By the word of the state: `active`, `closed`, `invited`."""
_GET = select(*_PLAIN, *_SEALED).where(accounts.c.id == bindparam("the_id"))
_FIND = select(*_PLAIN, *_SEALED).where(accounts.c.login_index == bindparam("the_index"))
_INSERT = insert(accounts)
_BY_ID = update(accounts).where(accounts.c.id == bindparam("the_id"))
_PASSWORD = _BY_ID.values(password=bindparam("sealed"))
_TOTP = _BY_ID.values(totp=bindparam("sealed"), totp_step=0)
_ACTIVATE = _BY_ID.values(state=const("active"))
_CLOSE = _BY_ID.values(state=const("closed"), closed_at=bindparam("now"))
_RESET = _BY_ID.values(
    state=const("invited"), password=null(), totp=null(), failures=0, failed_at=null(), closed_at=null()
)
_DROP_KEYS = delete(passkeys).where(passkeys.c.account == bindparam("the_account"))
_OTHERS = (
    select(func.count())
    .select_from(accounts)
    .where(
        accounts.c.state == const("active"), accounts.c.role == bindparam("the_role"),
        accounts.c.centre == bindparam("the_centre"), accounts.c.id != bindparam("the_id"),
    )
)  # fmt: skip
_LIKE = (
    select(*_PLAIN, *_SEALED)
    .where(
        accounts.c.state == const("active"), accounts.c.role == bindparam("the_role"),
        accounts.c.centre == bindparam("the_centre"),
    )
    .order_by(accounts.c.created_at, accounts.c.id)
)  # fmt: skip
_LANGUAGE = _BY_ID.values(language=bindparam("the_language"))
_STEP = (
    update(accounts)
    .where(accounts.c.id == bindparam("the_id"), accounts.c.totp_step < bindparam("step"))
    .values(totp_step=bindparam("step"))
)
_FAILED = _BY_ID.values(failures=accounts.c.failures + 1, failed_at=bindparam("now"))
_FORGIVEN = _BY_ID.values(failures=0)
_ADD_KEY = insert(passkeys)
_KEYS = select(*shaped(passkeys, Passkey)).where(passkeys.c.account == bindparam("the_account")).order_by(passkeys.c.id)
_COUNTED = (
    update(passkeys)
    .where(passkeys.c.id == bindparam("the_id"), passkeys.c.sign_count <= bindparam("count"))
    .values(sign_count=bindparam("count"))
)
_ADD_CODE = insert(recovery_codes)
_DROP_CODES = (
    update(recovery_codes)
    .where(recovery_codes.c.account == bindparam("the_account"), recovery_codes.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
)
_USE_CODE = (
    update(recovery_codes)
    .where(
        recovery_codes.c.account == bindparam("the_account"),
        recovery_codes.c.code_index == bindparam("the_index"),
        recovery_codes.c.used_at.is_(None),
    )
    .values(used_at=bindparam("now"))
)
_CODES_LEFT = (
    select(func.count())
    .select_from(recovery_codes)
    .where(recovery_codes.c.account == bindparam("the_account"), recovery_codes.c.used_at.is_(None))
)


async def add(tx: Tx, new: NewAccount, now: datetime) -> str:
    """Invite an account; its id. `AlreadyThere` where the login is taken, also by a closed account."""
    name = new_id("u", tx.chance)
    await tx.run(
        _INSERT, id=name, login_index=_index(tx, new.login), login=_sealed(tx, "login", name, new.login),
        name=_sealed(tx, "name", name, new.name), role=new.role, centre=new.centre, language=new.language,
        state="invited", password=None, totp=None, totp_step=0, failures=0, failed_at=None, created_at=now,
        created_by=new.created_by, closed_at=None,
    )  # fmt: skip
    return name


async def get(tx: Tx, account: str) -> Account | None:
    """The account of this id, or `None`."""
    row = await tx.row(_GET, the_id=account)
    return _opened(tx, row) if row else None


async def find(tx: Tx, login: str) -> Account | None:
    """The account that signs in so, or `None`. Logins are compared without case and outer spaces."""
    row = await tx.row(_FIND, the_index=_index(tx, login))
    return _opened(tx, row) if row else None


async def everyone(tx: Tx) -> list[Account]:
    """Every account, closed ones too, oldest first."""
    return [_opened(tx, row) for row in await tx.rows(_ALL)]


async def some(tx: Tx, place: int, most: int) -> list[Account]:
    """A page of the accounts: active ones first, each kind the newest first."""
    return [_opened(tx, row) for row in await tx.rows(_SOME, place=place, most=most)]


async def set_password(tx: Tx, account: str, password_hash: str) -> None:
    """Keep the hash of a password, sealed."""
    await tx.run(_PASSWORD, the_id=account, sealed=_sealed(tx, "password", account, password_hash))


async def set_totp(tx: Tx, account: str, secret: str) -> None:
    """Keep a TOTP secret (base32), sealed; codes of the one before are worth nothing."""
    await tx.run(_TOTP, the_id=account, sealed=_sealed(tx, "totp", account, secret))


async def use_step(tx: Tx, account: str, step: int) -> bool:
    """Use a TOTP time step up; False where it, or a later one, was used before."""
    return await tx.run(_STEP, the_id=account, step=step) == 1


async def activate(tx: Tx, account: str) -> None:
    """The invited person has set their secrets."""
    await tx.run(_ACTIVATE, the_id=account)


async def close(tx: Tx, account: str, now: datetime) -> None:
    """The account signs in no more."""
    await tx.run(_CLOSE, the_id=account, now=now)


async def reset(tx: Tx, account: str, now: datetime) -> None:
    """Back to where it was invited, also where it was closed: no secret of it is worth anything any more."""
    await tx.run(_RESET, the_id=account)
    await tx.run(_DROP_KEYS, the_account=account)
    await tx.run(_DROP_CODES, the_account=account, now=now)


async def others_like(tx: Tx, account: Account) -> int:
    """How many other active accounts have its role and centre."""
    return int(await tx.value(_OTHERS, the_id=account.id, the_role=account.role, the_centre=account.centre))


async def like(tx: Tx, role: Role, centre: str) -> list[Account]:
    """The active accounts of a role and centre, oldest first."""
    return [_opened(tx, row) for row in await tx.rows(_LIKE, the_role=role, the_centre=centre)]


async def speak(tx: Tx, account: str, language: str) -> None:
    """The language the console speaks to this person."""
    await tx.run(_LANGUAGE, the_id=account, the_language=language)


async def failed(tx: Tx, account: str, now: datetime) -> None:
    """One more wrong password or code in a row."""
    await tx.run(_FAILED, the_id=account, now=now)


async def forgive(tx: Tx, account: str) -> None:
    """Somebody proved to be the owner: the row of failures ends."""
    await tx.run(_FORGIVEN, the_id=account)


async def add_passkey(tx: Tx, account: str, credential: str, document: str, count_: int, now: datetime) -> str:
    """Keep a passkey; its id. `AlreadyThere` where the credential is another's."""
    name = new_id("w", tx.chance)
    sealed = tx.seals.seal(tx.seals.operations, "passkeys", "document", name, document)
    index = tx.seals.index("passkeys", "credential", credential)
    await tx.run(
        _ADD_KEY, id=name, account=account, credential_index=index, document=sealed, sign_count=count_, created_at=now
    )
    return name


async def passkeys_of(tx: Tx, account: str) -> list[Passkey]:
    """The passkeys of one account."""
    rows = await tx.rows(_KEYS, the_account=account)
    return [
        Passkey(*(*row[:-1], tx.seals.open(tx.seals.operations, "passkeys", "document", row[0], row[-1])))
        for row in rows
    ]


async def passkey_used(tx: Tx, passkey: str, count_: int) -> bool:
    """Keep the authenticator's counter; False where it ran backwards, as a copied key's would."""
    return await tx.run(_COUNTED, the_id=passkey, count=count_) == 1


async def new_codes(tx: Tx, account: str, codes: list[str], now: datetime) -> None:
    """Keep these recovery codes (hashed); earlier ones are worth nothing."""
    await tx.run(_DROP_CODES, the_account=account, now=now)
    rows = [
        {"id": new_id("y", tx.chance), "account": account, "code_index": _code(tx, account, code), "used_at": None}
        for code in codes
    ]
    await tx.many(_ADD_CODE, rows)


async def use_code(tx: Tx, account: str, code: str, now: datetime) -> bool:
    """Use a recovery code up; False where it is none, or was used."""
    return await tx.run(_USE_CODE, the_account=account, the_index=_code(tx, account, code), now=now) == 1


async def codes_left(tx: Tx, account: str) -> int:
    """How many recovery codes are unused."""
    return int(await tx.value(_CODES_LEFT, the_account=account))


def _code(tx: Tx, account: str, code: str) -> bytes:
    return tx.seals.index("recovery_codes", "code", f"{account}:{code}")


def _index(tx: Tx, login: str) -> bytes:
    return tx.seals.index(_TABLE, "login", login.strip().casefold())


def _sealed(tx: Tx, column: str, account: str, text: str) -> bytes:
    return tx.seals.seal(tx.seals.operations, _TABLE, column, account, text)


def _opened(tx: Tx, row: Any) -> Account:
    opened = [
        None if sealed is None else tx.seals.open(tx.seals.operations, _TABLE, column.name, row[0], sealed)
        for column, sealed in zip(_SEALED, row[-4:], strict=True)
    ]
    return Account(*row[:-4], *opened)
