"""What the tests of the rules share: zones, hours, the shipped protocols and an oracle for allowed instants."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import surveys.library
from surveys.rules.calendar import Holidays
from surveys.rules.hours import Hours, SafeHours
from surveys.rules.protocol import Protocol, read_protocol
from surveys.rules.vocabulary import Side

BELGRADE = ZoneInfo("Europe/Belgrade")
DST_DAYS = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31))
MON_FRI, ALL_WEEK = frozenset(range(5)), frozenset(range(7))
OFFICE = (Hours(MON_FRI, time(9), time(20)),)


class NoonZone(tzinfo):
    """Belgrade ten hours later: its clocks change at noon, so that a change meets hours that are allowed."""

    _later = timedelta(hours=10)

    def _there(self, local: datetime) -> datetime:
        return (local.replace(tzinfo=None) - self._later).replace(tzinfo=BELGRADE, fold=local.fold)

    def utcoffset(self, local: datetime | None) -> timedelta:
        assert local is not None
        offset = self._there(local).utcoffset()
        assert offset is not None
        return offset + self._later

    def dst(self, local: datetime | None) -> timedelta:
        return timedelta()

    def tzname(self, local: datetime | None) -> str:
        return "noon"

    def fromutc(self, moment: datetime) -> datetime:
        there = moment.replace(tzinfo=UTC).astimezone(BELGRADE)
        return (there.replace(tzinfo=None) + self._later).replace(tzinfo=self, fold=there.fold)


NOON = NoonZone()


def at(day: date, hour: int, minute: int = 0, zone: tzinfo = BELGRADE) -> datetime:
    """A local time as an instant in UTC."""
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def safe_hours(
    *hours: Hours, zone: tzinfo = BELGRADE, blackout: frozenset[date] = frozenset(), holidays: Holidays | None = None
) -> SafeHours:
    """Hours in Belgrade with Serbian holidays, where nothing else is said; mon-fri 9 to 20 where none are given."""
    return SafeHours(hours or OFFICE, zone, holidays or Holidays(), blackout)


@cache
def protocol(side: Side = Side.EX_PERPETRATORS) -> Protocol:
    """The side's shipped protocol."""
    path = Path(surveys.library.__file__).parent / side.value / "protocol.toml"
    data = tomllib.loads(path.read_text("utf-8"))
    del data["recall"]
    return read_protocol(data)


def every_reading_is_allowed(hours: SafeHours, instant: datetime) -> bool:
    """The rule said again, in another way: all instants with the same local reading, and that reading on a free day."""
    wall = instant.astimezone(hours.zone).replace(tzinfo=None, fold=0)
    readings = {wall.replace(tzinfo=hours.zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    tomorrow = wall.date() + timedelta(days=1)
    free = not any(day in hours.blackout or hours.holidays.is_holiday(day) for day in (wall.date(),))
    return (
        readings == {instant.astimezone(UTC)}
        and free
        and not hours.holidays.is_holiday(tomorrow)
        and time(7) <= wall.time() < time(22)
        and any(each.start <= wall.time() < each.end and wall.weekday() in each.weekdays for each in hours.hours)
    )
