"""Who is on call, and who is told of an alert next. Pure: the rota and the instant are handed in; it tells nobody.

Local hours of the side's zone; a shift whose end is not after its start goes on into the next day.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from itertools import groupby
from typing import Any

from surveys.rules.calendar import aware
from surveys.rules.hours import WEEKDAYS, read_span
from surveys.rules.roles import EVERY_CENTRE

AFTERWARDS = timedelta(hours=2)
"""A message may still go out so long after on-call hours (safety.md, "Contacting a survivor")."""
_DAY, _WEEK = 24 * 60, 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Shift:
    """On-call hours that begin on some weekdays (Monday is 0): `start` is inside, `end` is not."""

    weekdays: frozenset[int]
    start: time
    end: time

    def holds(self, local: datetime, longer: timedelta = timedelta(0)) -> bool:
        """Whether a local time lies in it, also on the morning after; or so much `longer` after its end."""
        at, more = local.weekday() * _DAY + local.hour * 60 + local.minute, longer // timedelta(minutes=1)
        return any(start <= each < end + more for start, end in self.minutes() for each in (at, at + _WEEK))

    def minutes(self) -> Iterator[tuple[int, int]]:
        """Its stretches in minutes since Monday 0:00; none goes past the end of the week."""
        start, end = (each.hour * 60 + each.minute for each in (self.start, self.end))
        length = end - start if start < end else end - start + _DAY
        for weekday in self.weekdays:
            first = weekday * _DAY + start
            yield first, min(first + length, _WEEK)
            if first + length > _WEEK:
                yield 0, first + length - _WEEK


def read_shift(row: Mapping[str, object]) -> Shift:
    """A shift from `days`, `from` and `to`; 20:00 to 08:00 is a night. HoursRefused on anything else."""
    return Shift(*read_span(row))


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """Somebody who is told. Without `shifts` they are on call at every hour. `order` 1 is told first."""

    name: str
    email: str
    phone: str
    centre: str = EVERY_CENTRE
    order: int = 1
    shifts: tuple[Shift, ...] = ()

    def on_call(self, local: datetime, longer: timedelta = timedelta(0)) -> bool:
        """Whether they are on call at this local time, or were until `longer` before it."""
        return not self.shifts or any(shift.holds(local, longer) for shift in self.shifts)


@dataclass(frozen=True, slots=True, repr=False)
class Rota:
    """A side's on-call list. `host` is the host organisation's own number and address, told last."""

    contacts: tuple[Contact, ...]
    zone: tzinfo
    host: Contact | None = None

    def of(self, centre: str) -> tuple[Contact, ...]:
        """Who is on the list for a centre: its own workers by order, then the coordinators by theirs."""
        return (*self._listed(centre), *self._listed(EVERY_CENTRE))

    def _listed(self, centre: str) -> list[Contact]:
        return sorted((each for each in self.contacts if each.centre == centre), key=lambda each: each.order)

    def everybody(self) -> tuple[Contact, ...]:
        """All of them, the host organisation last."""
        return (*self.contacts, *((self.host,) if self.host else ()))


@dataclass(frozen=True, slots=True, repr=False)
class Rung:
    """Who is told at one step. `last` is the top of the ladder: the alert stays red and this is all that repeats."""

    contacts: tuple[Contact, ...]
    last: bool


def read_rota(document: Mapping[str, Any], zone: tzinfo) -> Rota:
    """The rota out of a record of readiness that was checked when it was handed in."""
    contacts = tuple(
        Contact(row["name"], row["email"], row["phone"], row["centre"], row["order"],
                tuple(read_shift(each) for each in row.get("hours") or ()))
        for row in document.get("on_call", ())
    )  # fmt: skip
    email, phone = document.get("host_email", ""), document.get("host_phone", "")
    host = Contact(document.get("host_organisation", ""), email, phone) if email or phone else None
    return Rota(contacts, zone, host)


def ladder(rota: Rota, centre: str, now: datetime) -> tuple[Rung, ...]:
    """All rungs from `now` on: the centre's workers who are on call, by order, the coordinators by theirs, and at last
    all coordinators together with the host organisation. Empty where nobody is there to be told."""
    local = aware(now).astimezone(rota.zone)
    own, coordinators = rota._listed(centre), rota._listed(EVERY_CENTRE)
    on_call = [[each for each in listed if each.on_call(local)] for listed in (own, coordinators)]
    rungs = tuple(Rung(tuple(same), False) for listed in on_call for same in _by_order(listed))
    # Somebody who is off duty is better than nobody, but only where no coordinator and no host organisation is there.
    top = (*coordinators, *((rota.host,) if rota.host else ())) or tuple(own)
    return (*rungs, Rung(top, True)) if top else ()


def _by_order(listed: Iterable[Contact]) -> Iterator[list[Contact]]:
    return (list(same) for _, same in groupby(listed, key=lambda each: each.order))


def told_next(rota: Rota, centre: str, now: datetime, told: Collection[Contact]) -> Rung | None:
    """The first rung with anybody who was not told yet (they alone), else the top again; None where nobody is there.

    It goes by who was told, not by a number: where a shift changes meanwhile, nobody who is on call is passed over.
    """
    rungs = ladder(rota, centre, now)
    for rung in rungs:
        fresh = tuple(each for each in rung.contacts if each not in told)
        if fresh and not rung.last:
            return Rung(fresh, False)
    return rungs[-1] if rungs else None


def covers(rota: Rota, centre: str, instant: datetime, longer: timedelta = AFTERWARDS) -> bool:
    """Whether an on-call worker, or the two hours after one, covers the instant; never where the rota is empty."""
    local = aware(instant).astimezone(rota.zone)
    return any(each.on_call(local, longer) for each in rota.of(centre))


def gaps(rota: Rota, centre: str) -> list[tuple[str, str]]:
    """When in the week nobody is on call for this centre: from and to, such as ("fri 16:00", "mon 08:00")."""
    listed = rota.of(centre)
    if not listed:
        return [(_said(0), _said(_WEEK))]
    if any(not each.shifts for each in listed):
        return []
    covered = sorted(stretch for each in listed for shift in each.shifts for stretch in shift.minutes())
    free = list(_between(covered))
    if len(free) > 1 and free[0][0] == 0 and free[-1][1] == _WEEK:  # one gap over the turn of the week
        free = [*free[1:-1], (free[-1][0], free[0][1])]
    return [(_said(start), _said(end)) for start, end in free]


def _between(covered: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    reached = 0
    for start, end in covered:
        if start > reached:
            yield reached, start
        reached = max(reached, end)
    if reached < _WEEK:
        yield reached, _WEEK


def _said(minute: int) -> str:
    day, rest = divmod(minute % _WEEK, _DAY)
    return f"{WEEKDAYS[day]} {rest // 60:02d}:{rest % 60:02d}"
