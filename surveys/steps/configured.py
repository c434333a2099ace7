"""What staff set in the console, as this process has it: read again where something came into force since.

Another process sees a change within half a minute; the one that made it, at once.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from surveys.library.centres import Centre
from surveys.library.configured import APART, Configured, OwnProtocol
from surveys.library.wording import Stage, Text
from surveys.records import configured
from surveys.records.configured import Kept
from surveys.records.database import Tx
from surveys.rules.protocol import Protocol, ProtocolRefused, read_protocol
from surveys.steps.service import Service

FRESH_FOR = timedelta(seconds=30)


class Kind(StrEnum):
    """What may be set. Values are stored: never rename one."""

    CENTRE = "centre"
    MERGED = "merged"
    DAY_OFF = "day_off"
    NO_DAY_OFF = "no_day_off"
    TEXT = "text"
    PROTOCOL = "protocol"


async def read(tx: Tx) -> Configured:
    """All that is in force."""
    return from_rows(await configured.every(tx))


async def refresh(service: Service, now: datetime) -> None:
    """Read again what may have changed, where that was half a minute ago."""
    if not _fresh(service, now):
        async with service.database.reading() as tx:
            await keep_fresh(tx, service, now)


async def reread(service: Service, now: datetime) -> None:
    """After a change of one's own, once it is committed, and before a text is shown that somebody agrees to."""
    async with service.database.reading() as tx:
        await take_in(tx, service, now)


async def take_in(tx: Tx, service: Service, now: datetime) -> None:
    """What is in force this instant: where somebody agrees to a text, half a minute is too long."""
    service.recorded.take(await read(tx), now)


async def keep_fresh(tx: Tx, service: Service, now: datetime) -> None:
    """The same in a transaction that is open."""
    if not _fresh(service, now):
        await take_in(tx, service, now)


async def see_newest(tx: Tx, service: Service) -> None:
    """Read again where anything came into force since, however short ago: what a message waits for is asked here."""
    if await configured.last(tx) != service.recorded.configured.last:
        service.recorded.take(await read(tx), service.recorded.configured_at)


async def protocol_of(tx: Tx, service: Service, version: str | None) -> Protocol:
    """What a person goes by who was enrolled under this version: their own, else the shipped one. Another process may
    have made it a moment ago."""
    if version is not None and APART in version and version not in service.recorded.configured.protocols:
        await see_newest(tx, service)
    return service.protocol_of(version)


def _fresh(service: Service, now: datetime) -> bool:
    at = service.recorded.configured_at
    return at is not None and timedelta() <= now - at <= FRESH_FOR


def from_rows(rows: Iterable[Kept]) -> Configured:
    """What the rows come to, in the order in which they came into force."""
    centres: dict[str, Centre] = {}
    merged: dict[str, str] = {}
    days_off: dict[date, str] = {}
    texts: dict[str, tuple[tuple[datetime, Text], ...]] = {}
    held = [(each, each.in_force_from) for each in rows if each.in_force_from is not None]
    for each, since in held:
        document = json.loads(each.document)
        match each.kind:
            case Kind.CENTRE:
                centres[document["name"]] = centre_from(document)
            case Kind.MERGED:
                merged[document["name"]] = document["into"]
            case Kind.DAY_OFF:
                days_off[date.fromisoformat(document["day"])] = document["why"]
            case Kind.NO_DAY_OFF:
                days_off.pop(date.fromisoformat(document["day"]), None)
            case Kind.TEXT:
                text = text_from(document)
                texts[text.name] = (*texts.get(text.name, ()), (since, text))
    protocols, unreadable = _protocols(each for each, _ in held)
    last = max((since for _, since in held), default=None)
    return Configured(centres, merged, days_off, texts, protocols, unreadable, last)


def _protocols(rows: Iterable[Kept]) -> tuple[dict[str, OwnProtocol], tuple[str, ...]]:
    """Every version by its name, and the names of those that this program would not follow."""
    found: dict[str, OwnProtocol] = {}
    unreadable: list[str] = []
    for document in (json.loads(each.document) for each in rows if each.kind == Kind.PROTOCOL):
        try:
            found[document["protocol"]["version"]] = protocol_from(document)
        except ProtocolRefused:
            unreadable.append(document["protocol"]["version"])
    return found, tuple(unreadable)


def protocol_from(document: Mapping[str, Any]) -> OwnProtocol:
    """A version of the protocol out of its row; ProtocolRefused where this program would not follow it."""
    return OwnProtocol(document["base"], read_protocol(document["protocol"]))


def centre_from(document: Mapping[str, Any]) -> Centre:
    """A centre out of its row."""
    return Centre(document["name"], document["words"], bool(document["pilot"]), document["phone"])


def text_from(document: Mapping[str, Any]) -> Text:
    """A text out of its row."""
    return Text(
        document["name"], document["version"], Stage(document["stage"]), document["words"], document["sms"],
        document["page"], document.get("phone", {}),
    )  # fmt: skip
