"""What staff set in the console, as this process has it: read again where something came into force since.

Another process sees a change within half a minute; the one that made it, at once.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from surveys.library.centres import Centre
from surveys.library.configured import Configured
from surveys.library.wording import Stage, Text
from surveys.records import configured
from surveys.records.configured import Kept
from surveys.records.database import Tx
from surveys.steps.service import Service

FRESH_FOR = timedelta(seconds=30)


class Kind(StrEnum):
    """What may be set. Values are stored: never rename one."""

    CENTRE = "centre"
    MERGED = "merged"
    DAY_OFF = "day_off"
    NO_DAY_OFF = "no_day_off"
    TEXT = "text"


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


def _fresh(service: Service, now: datetime) -> bool:
    at = service.recorded.configured_at
    return at is not None and timedelta() <= now - at <= FRESH_FOR


def from_rows(rows: Iterable[Kept]) -> Configured:
    """What the rows come to, in the order in which they came into force."""
    centres: dict[str, Centre] = {}
    merged: dict[str, str] = {}
    days_off: dict[date, str] = {}
    texts: dict[str, tuple[tuple[datetime, Text], ...]] = {}
    for each in rows:
        if each.in_force_from is None:
            continue
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
                texts[text.name] = (*texts.get(text.name, ()), (each.in_force_from, text))
    return Configured(centres, merged, days_off, texts)


def centre_from(document: Mapping[str, Any]) -> Centre:
    """A centre out of its row."""
    return Centre(document["name"], document["words"], bool(document["pilot"]), document["phone"])


def text_from(document: Mapping[str, Any]) -> Text:
    """A text out of its row."""
    return Text(
        document["name"], document["version"], Stage(document["stage"]), document["words"], document["sms"],
        document["page"], document.get("phone", {}),
    )  # fmt: skip
