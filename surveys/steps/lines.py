"""The helplines as they are recorded: shipped, attested by the record of readiness, or called by two named people.

A line that nobody recorded within 90 days must never be shown, and a suicide line never by one word for all lines.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from surveys.library import Library
from surveys.library.helplines import Called, Helpline, as_recorded
from surveys.records import audit, readiness
from surveys.records.database import Tx
from surveys.steps.readiness import amend
from surveys.steps.service import Service

KEY = "helplines"
"""Where a record of readiness keeps the calls to single lines; they are added line by line, never handed in."""
FRESH_FOR = timedelta(minutes=1)
_LONGEST = 80


class LineRefused(ValueError):
    """This verifies no line; the message says what to give instead."""


async def lines_of(tx: Tx, library: Library) -> tuple[Helpline, ...]:
    """The side's lines with what is recorded of them by now."""
    last = await readiness.latest(tx)
    document = json.loads(last.document) if last is not None else {}
    said = document.get("helplines_verified_on")
    return as_recorded(library.helplines, date.fromisoformat(said) if said else None, _called(document))


async def keep_fresh(tx: Tx, service: Service, now: datetime) -> None:
    """Read the record again where that was over a minute ago: others may have added to it."""
    recorded, library = service.recorded, service.library
    age = now - recorded.read_at if recorded.read_at is not None and recorded.of is library else None
    if age is None or not timedelta() <= age <= FRESH_FOR:
        recorded.lines, recorded.read_at, recorded.of = await lines_of(tx, library), now, library


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """Two people called one line on a day, and it answered."""

    line: str
    by: tuple[str, str]
    on: date


async def verify_line(tx: Tx, service: Service, call: Call, actor: str, now: datetime) -> None:
    """Record it beside the last record of readiness; LineRefused where it verifies nothing."""
    last = await readiness.latest(tx)
    if last is None:
        raise LineRefused("record the side's readiness first, with posle ready")
    _refuse(service, call, now)
    document = json.loads(last.document)
    kept = {**document.get(KEY, {}), call.line: {"on": call.on.isoformat(), "by": list(call.by)}}
    name = await amend(tx, now, **{KEY: kept})
    audit.record(tx, actor, "helpline.verified", name, now, line=call.line)
    service.recorded.read_at = None


def _refuse(service: Service, call: Call, now: datetime) -> None:
    if call.line not in {line.name for line in service.library.helplines}:
        raise LineRefused("there is no such line on this side")
    names = {" ".join(who.split()).casefold() for who in call.by}
    if len(names) < 2 or "" in names or any(len(who) > _LONGEST or not who.isprintable() for who in call.by):
        raise LineRefused("name the two different people who called")
    if call.on > service.local(now).date():
        raise LineRefused("the day of the call must not be in the future")


def _called(document: Mapping[str, Any]) -> Mapping[str, Called]:
    return {
        name: Called(date.fromisoformat(each["on"]), tuple(each["by"])) for name, each in document.get(KEY, {}).items()
    }
