"""The side's own days off beside the state's holidays: nothing is started on them, nor on the day before.

A holiday of the state is never taken away; only a day that was added here is.
"""

import json
from datetime import date, datetime, timedelta

from surveys.records import audit, configured
from surveys.records.database import Tx
from surveys.rules.roles import Reader
from surveys.steps.configured import Kind
from surveys.steps.service import Service

AHEAD = timedelta(days=3 * 366)
LONGEST = 80


class DayRefused(ValueError):
    """This is no day that can be set; the message says why."""


async def add(tx: Tx, service: Service, reader: Reader, day: date | None, why: str, now: datetime) -> None:
    """One more day on which nothing is started. DayRefused."""
    today = service.local(now).date()
    if day is None or not today < day <= today + AHEAD:
        raise DayRefused("must lie ahead, within three years")
    if not why or len(why) > LONGEST or not why.isprintable():
        raise DayRefused("must say why, in one line")
    await _keep(tx, reader, Kind.DAY_OFF, day, why, now)


async def take_back(tx: Tx, service: Service, reader: Reader, day: date | None, now: datetime) -> None:
    """It is an ordinary day again. DayRefused where it was not added here, or is over."""
    if day is None or day not in service.recorded.configured.days_off or day <= service.local(now).date():
        raise DayRefused("was not added here, or is over")
    await _keep(tx, reader, Kind.NO_DAY_OFF, day, "", now)


async def _keep(tx: Tx, reader: Reader, kind: Kind, day: date, why: str, now: datetime) -> None:
    document = json.dumps({"day": day.isoformat(), "why": why}, ensure_ascii=False)
    await configured.keep(tx, kind, document, reader.account, now, in_force=True)
    audit.record(tx, reader.account, "day_off.set", "side", now, on=day.isoformat(), kind=kind)
