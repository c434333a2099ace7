"""The calendar: due dates in calendar months, Serbian holidays and their eves, and where a local day begins.

It reads no clock and knows no person.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from holidays import country_holidays

_DAY = timedelta(days=1)


def due_on(completed_on: date, months: int) -> date:
    """So many calendar months later; a day that the month lacks is its last (30 Nov + 3 = end of February)."""
    years, month = divmod(completed_on.month - 1 + months, 12)
    year = completed_on.year + years
    return date(year, month + 1, min(completed_on.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=64)
def _observed(country: str, year: int) -> frozenset[date]:
    return frozenset(country_holidays(country, years=year))


@dataclass(frozen=True, slots=True)
class Holidays:
    """State and religious holidays observed by all (a Sunday one moves), and a centre's own days in `extra`."""

    extra: frozenset[date] = frozenset()
    country: str = "RS"

    def is_holiday(self, day: date) -> bool:
        """Whether everybody, or this centre, has that day off."""
        return day in self.extra or day in _observed(self.country, day.year)

    def is_eve(self, day: date) -> bool:
        """Whether the next day is a holiday."""
        return self.is_holiday(day + _DAY)

    def is_quiet(self, day: date) -> bool:
        """Whether the service starts no message that day: a holiday, or the eve of one ("never before a holiday")."""
        return self.is_holiday(day) or self.is_eve(day)


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first instant (UTC) of a local day, also where its midnight does not exist or comes twice."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def local_day(instant: datetime, zone: tzinfo) -> date:
    """The local date at an instant; ValueError where it is naive."""
    return aware(instant).astimezone(zone).date()


def aware(instant: datetime) -> datetime:
    """The same instant; ValueError where it has no zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone; pass an aware datetime")
    return instant
