"""Hours in which the service may start a message, as instants, for any zone and through every change of its clocks.

Night (22 to 7) is never allowed, whatever the hours say; neither is a local time that comes twice in one night.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from surveys.rules.calendar import Holidays, aware, local_day, start_of_day

NIGHT_ENDS, NIGHT_BEGINS = time(7), time(22)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)

Window = tuple[datetime, datetime]
"""Two UTC instants: the first is inside, the second is not."""


class HoursRefused(ValueError):
    """Hours cannot be read; the message names the key and says what to write."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Local hours on some weekdays (Monday is 0): `start` is inside, `end` is not."""

    weekdays: frozenset[int]
    start: time
    end: time

    def by_day(self) -> tuple[time, time]:
        """Start and end with the night cut off; empty where start is not before end."""
        return max(self.start, NIGHT_ENDS), min(self.end, NIGHT_BEGINS)

    def hold(self, local: datetime) -> bool:
        """Whether a local time lies in these hours and not in the night."""
        start, end = self.by_day()
        return local.weekday() in self.weekdays and start <= local.time() < end


def read_hours(row: Mapping[str, object]) -> Hours:
    """Hours from `days` ("mon-fri", "mon,wed"), `from` and `to` ("09:00"); HoursRefused on anything else."""
    weekdays, start, end = read_span(row)
    if end <= start:
        raise HoursRefused("to: must be later than from, on the same day")
    hours = Hours(weekdays, start, end)
    if not hours.by_day()[0] < hours.by_day()[1]:
        raise HoursRefused("to: hours between 22:00 and 07:00 are never used; choose others")
    return hours


def read_span(row: Mapping[str, object]) -> tuple[frozenset[int], time, time]:
    """Weekdays, start and end as they stand in a row, whatever their order; HoursRefused where they cannot be read."""
    if set(row) != {"days", "from", "to"}:
        raise HoursRefused("hours: needs days, from and to, and nothing else")
    start, end = (_time(row, key) for key in ("from", "to"))
    return _weekdays(row["days"]), start, end


def _time(row: Mapping[str, object], key: str) -> time:
    value = row[key]
    try:
        if not isinstance(value, str) or len(value) != len("09:00"):
            raise ValueError
        return time.fromisoformat(value)
    except ValueError:
        raise HoursRefused(f"{key}: must be a local time such as 09:00") from None


def _weekdays(days: object) -> frozenset[int]:
    found: set[int] = set()
    try:
        for part in str(days).split(","):
            first, dash, last = part.strip().partition("-")
            stretch = range(WEEKDAYS.index(first), WEEKDAYS.index(last if dash else first) + 1)
            if not stretch:
                raise ValueError
            found.update(stretch)
    except ValueError:
        raise HoursRefused('days: must be days such as "mon-fri" or "mon,wed"') from None
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class SafeHours:
    """When the service may start a message to one person: hours, blackout days, holidays and their eves, in a zone."""

    hours: tuple[Hours, ...]
    zone: tzinfo
    holidays: Holidays
    blackout: frozenset[date] = frozenset()

    def is_allowed(self, instant: datetime) -> bool:
        """Whether every local reading of this instant lies in the hours, on a day that is free for it."""
        local = aware(instant).astimezone(self.zone)
        if not self._is_free(local.date()) or _comes_twice(local):
            return False
        return any(hours.hold(local) for hours in self.hours)

    def windows(self, first_day: date, last_day: date) -> list[Window]:
        """The allowed stretches of the local days from `first_day` to `last_day` (both included), in order, merged."""
        return [window for day in _days(first_day, last_day) for window in self._windows_of(day)]

    def between(self, start: datetime, before: datetime) -> list[Window]:
        """The allowed stretches from `start` on that end by `before`."""
        return list(self._between(start, before))

    def next_allowed(self, instant: datetime, before: datetime) -> datetime | None:
        """The first allowed instant at or after `instant` and before `before`; None where there is none."""
        return next((start for start, _ in self._between(instant, before)), None)

    def next_day(self, instant: datetime, before: datetime) -> list[Window]:
        """What is allowed from `instant` on, of the first local day that allows anything before `before`."""
        first = self.next_allowed(instant, before)
        if first is None:
            return []
        end_of_day = start_of_day(local_day(first, self.zone) + _DAY, self.zone)
        return self.between(first, min(before, end_of_day))

    def _between(self, start: datetime, before: datetime) -> Iterator[Window]:
        if aware(start) >= aware(before):
            return
        for day in _days(local_day(start, self.zone), local_day(before, self.zone)):
            for opens, closes in self._windows_of(day):
                opens, closes = max(opens, start), min(closes, before)  # noqa: PLW2901
                if opens < closes:
                    yield opens, closes

    def _windows_of(self, day: date) -> list[Window]:
        if not self._is_free(day):
            return []
        found = [
            window
            for hours in self.hours
            if day.weekday() in hours.weekdays
            for window in _stretches(day, *hours.by_day(), self.zone)
        ]
        return _merged(sorted(found))

    def _is_free(self, day: date) -> bool:
        return day not in self.blackout and not self.holidays.is_quiet(day)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def _comes_twice(local: datetime) -> bool:
    # A reading taken from an instant always exists, so the two folds differ only where it comes twice.
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


@lru_cache(maxsize=4096)
def _stretches(day: date, start: time, end: time, zone: tzinfo) -> tuple[Window, ...]:
    """The instants at which local clocks show `start` to `end` on that day, exactly once."""
    opens, closes = datetime.combine(day, start, UTC), datetime.combine(day, end, UTC)
    cut = ((max(first, opens - offset), min(last, closes - offset)) for first, last, offset in _constant(day, zone))
    return tuple(window for window in cut if window[0] < window[1])


def _constant(day: date, zone: tzinfo) -> list[tuple[datetime, datetime, timedelta]]:
    """The stretches of a local day whose offset is constant, without the local times that come twice."""
    low, high = start_of_day(day, zone), start_of_day(day + _DAY, zone)
    before, after = _offset(low, zone), _offset(high, zone)
    if before == after:
        return [(low, high, before)]
    change = _change(low, high, zone)
    twice = max(before - after, timedelta())
    return [(low, change - twice, before), (change + twice, high, after)]


def _change(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """The instant at which the clocks change, of the one change between `low` and `high`."""
    before = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


def _offset(instant: datetime, zone: tzinfo) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _merged(windows: list[Window]) -> list[Window]:
    merged: list[Window] = []
    for start, end in windows:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
