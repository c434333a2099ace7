"""What the two sides' folders must not share. It says that a value is shared, never the value."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from posle.doctor.finding import Finding, missing, ok, wrong
from posle.doctor.numbers import compare_numbers
from posle.settings import Settings, load_settings
from surveys.records.keyfile import KeyFileRefused, load_keys

Values = Callable[[Settings], set[str]]


def compare(mine: Settings, other: Settings) -> Iterator[Finding]:
    """One finding for each kind of value that two sides could share."""
    if mine.side.name is other.side.name:
        yield wrong("sides", "both folders belong to the same side; name the other side's folder")
    for check, values in _APART.items():
        shared = values(mine) & values(other)
        yield wrong(check, "is the same on both sides; give each side its own") if shared else ok(check)
    yield _evaluators(mine, other)


async def compare_folders(folder: Path, against: Path) -> list[Finding]:
    """The same from the folders, and with what this side's staff typed in the console."""
    mine, other = load_settings(folder), load_settings(against)
    return [*compare(mine, other), await compare_numbers(mine, other)]


def _tokens(settings: Settings) -> set[str]:
    if settings.telegram is None:
        return set()
    return {settings.telegram.token, settings.telegram.token.partition(":")[0]}


def _accounts(settings: Settings) -> set[str]:
    sms = {settings.sms.account_sid, settings.sms.auth_token} if settings.sms else set()
    mail = _split_user(settings.smtp_url) if settings.smtp_url else set()
    paging = {settings.paging.account_sid, settings.paging.auth_token} if settings.paging else set()
    return sms | mail | paging


def _split_user(url: str) -> set[str]:
    user = urlsplit(url).username
    return {f"mail {user}"} if user else set()


def _senders(settings: Settings) -> set[str]:
    several = [each.sender for each in (settings.sms, settings.paging) if each is not None]
    return {each.casefold().replace(" ", "") for each in several}


def _keys(settings: Settings) -> set[str]:
    found = {str(settings.keys.file.resolve())}
    with contextlib.suppress(KeyFileRefused):  # each side's own examination says so
        ring = load_keys(settings.keys.file, settings.side.name)
        found |= {key.secret.hex() for key in ring.keys} | {key.id for key in ring.keys}
    return found


def _services(settings: Settings) -> set[str]:
    service = settings.sms.messaging_service_sid if settings.sms else None
    return {service.casefold()} if service else set()


def _databases(settings: Settings) -> set[str]:
    if settings.database_file is not None:
        return {str(settings.database_file.resolve())}
    parts = urlsplit(settings.database)
    return {f"{parts.hostname}:{parts.port or 5432}{parts.path}"}


def _addresses(settings: Settings) -> set[str]:
    public = {settings.side.public_url, settings.staff_url} - {None}
    return {urlsplit(url).netloc.casefold() for url in public if url}


def _phones(settings: Settings) -> set[str]:
    return {settings.side.phone.replace(" ", "")} - {""}


_APART: dict[str, Values] = {
    "bot token": _tokens,
    "sms or mail account": _accounts,
    "sms sender": _senders,
    "messaging service": _services,
    "key material": _keys,
    "database": _databases,
    "public address": _addresses,
    "phone": _phones,
}


def _evaluators(mine: Settings, other: Settings) -> Finding:
    paths = (mine.keys.evaluators_public, other.keys.evaluators_public)
    contents = {path.read_bytes().strip() for path in paths if path is not None and path.is_file()}
    if None in paths or not contents:
        return missing("evaluators' key", "both sides need the same evaluators.pub before anybody is enrolled")
    if len(contents) > 1:
        return wrong("evaluators' key", "is not the same on both sides; pairs could never be matched")
    return ok("evaluators' key")
