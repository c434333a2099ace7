"""The protocol of a side as data: waves, first contact, hours, reminders, closing, caps; read strictly.

What differs between the sides is in here, never in code. A key that is not known is refused by its name, and so is
whatever would break a rule of safety.md, wherever it was written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from surveys.rules.hours import NIGHT_BEGINS, NIGHT_ENDS, Hours, HoursRefused, read_hours
from surveys.rules.retention import RetentionRule
from surveys.rules.traces import TracesRule

HER_LAST_DAY, HER_SPREAD, CONFIRMED_WITHIN, CLOSED_BY, IDLE = 21, 14, 30, 45, 3
"""Days: her first message by then, and drawn from so many; a safe contact confirmed so long before; the last day of a
wave. Minutes until an idle chat is cleared."""


class ProtocolRefused(ValueError):
    """The protocol cannot be used; the message names the key and says what to write."""


class LateEntry(StrEnum):
    """When the first message goes where the due date has passed at enrolment, and first contact is not over."""

    DRAWN = "drawn"
    """Drawn from what is left of first contact, so that its time says nothing about the enrolment."""
    AT_ONCE = "at_once"
    """At the first allowed instant."""


@dataclass(frozen=True, slots=True)
class Wave:
    """A planned occasion, so many calendar months after the completion date. An `optional` one is off unless `on`."""

    name: str
    months: int
    instrument: str
    optional: bool = False
    on: bool = False

    @property
    def is_off(self) -> bool:
        """Nobody is asked on this occasion."""
        return self.optional and not self.on


@dataclass(frozen=True, slots=True)
class FirstContact:
    """The first message is drawn from these days after the due date (0 is the due date; both included)."""

    from_day: int
    to_day: int
    late: LateEntry = LateEntry.DRAWN


@dataclass(frozen=True, slots=True)
class Reminders:
    """Days after the first message, and how many of them: where nothing was agreed, and at most."""

    after_days: tuple[int, ...]
    default: int
    maximum: int

    def agreed(self, wanted: int | None) -> int:
        """How many a person gets: what was agreed (0 is an answer), at most the maximum."""
        return self.default if wanted is None else max(0, min(wanted, self.maximum))


@dataclass(frozen=True, slots=True)
class SafeContactRule:
    """Nobody is written to but by a safe contact, confirmed anew for each wave: at most `valid_days` before its due
    date. A wave is over `open_days` after the day of its first message, which alone is kept."""

    valid_days: int
    open_days: int


@dataclass(frozen=True, slots=True)
class Caps:
    """The most messages that the service starts, per person."""

    per_day: int
    per_wave: int


@dataclass(frozen=True, slots=True)
class EnrolmentRule:
    """`once_per_case_code`: a case code stands for one person of this side, and none is enrolled twice with it."""

    once_per_case_code: bool = False


@dataclass(frozen=True, slots=True)
class Protocol:
    """A side's protocol. `closing_after_days` counts from the due date, `link_valid_days` from the link's making."""

    version: str
    waves: tuple[Wave, ...]
    first_contact: FirstContact
    hours: tuple[Hours, ...]
    reminders: Reminders
    closing_after_days: int
    caps: Caps
    link_valid_days: int
    safe_contact: SafeContactRule | None = None
    """None where people are written to at their number or chat without more."""
    traces: TracesRule | None = None
    """None where what stands in a chat may stay there."""
    enrolment: EnrolmentRule = EnrolmentRule()
    retention: RetentionRule | None = None
    """None where nothing goes by itself; `posle doctor` says so."""

    def wave(self, name: str) -> Wave:
        """The wave of that name; KeyError where there is none."""
        for each in self.waves:
            if each.name == name:
                return each
        raise KeyError(name)


class _Table:
    """A table of the file that is read key by key; `done` refuses what nobody asked for."""

    def __init__(self, place: str, data: object) -> None:
        if not isinstance(data, Mapping):
            raise ProtocolRefused(f"{place or 'protocol'}: must be a table")
        self._place, self._left = place, dict(data)

    def at(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key

    def take(self, key: str, default: Any = None) -> Any:
        if key not in self._left and default is None:
            raise ProtocolRefused(f"{self.at(key)}: is missing")
        return self._left.pop(key, default)

    def text(self, key: str) -> str:
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            raise ProtocolRefused(f"{self.at(key)}: must be text")
        return value

    def whole(self, key: str, least: int, most: int = 3650) -> int:
        return _whole(self.at(key), self.take(key), least, most)

    def flag(self, key: str) -> bool:
        value = self.take(key, False)
        if not isinstance(value, bool):
            raise ProtocolRefused(f"{self.at(key)}: must be true or false")
        return value

    def has(self, key: str) -> bool:
        return key in self._left

    def table(self, key: str) -> "_Table":
        return _Table(self.at(key), self.take(key))

    def rows(self, key: str) -> list[tuple[str, object]]:
        value = self.take(key)
        if not isinstance(value, list) or not value:
            raise ProtocolRefused(f"{self.at(key)}: must be a list that is not empty")
        return [(f"{self.at(key)}[{at}]", each) for at, each in enumerate(value)]

    def done(self) -> None:
        for key in self._left:
            raise ProtocolRefused(f"{self.at(key)}: is no key that is known; remove it")


def _whole(place: str, value: object, least: int, most: int = 3650) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ProtocolRefused(f"{place}: must be a whole number from {least} to {most}")
    return value


def read_protocol(data: Mapping[str, Any]) -> Protocol:
    """The protocol from its parsed TOML; ProtocolRefused naming the first key that is wrong, or unsafe."""
    file = _Table("", data)
    protocol = Protocol(
        version=file.text("version"),
        waves=_waves(file),
        first_contact=_first_contact(file.table("first_contact")),
        hours=tuple(_hours(*row) for row in file.rows("hours")),
        reminders=_reminders(file.table("reminders")),
        closing_after_days=_only(file.table("closing"), "after_days", 1),
        caps=_caps(file.table("caps")),
        link_valid_days=_only(file.table("deep_link"), "valid_days", 1),
        safe_contact=_safe(file.table("safe_contact")) if file.has("safe_contact") else None,
        traces=_traces(file.table("traces")) if file.has("traces") else None,
        enrolment=_enrolment(file.table("enrolment")) if file.has("enrolment") else EnrolmentRule(),
        retention=_retention(file.table("retention")) if file.has("retention") else None,
    )
    file.done()
    if protocol.first_contact.to_day > protocol.closing_after_days:
        raise ProtocolRefused("first_contact.to_day: must not lie after closing.after_days")
    safe = protocol.safe_contact
    if safe is not None and protocol.first_contact.to_day + safe.open_days > protocol.closing_after_days:
        raise ProtocolRefused("safe_contact.open_days: must end with closing.after_days at the latest")
    for unsafe, why in _floors(protocol):
        if unsafe:
            raise ProtocolRefused(why)
    return protocol


def _floors(protocol: Protocol) -> Iterator[tuple[bool, str]]:
    """What safety.md asks of every protocol, whoever wrote it: whether it is broken, and the key and what to write."""
    yield protocol.closing_after_days > CLOSED_BY, f"closing.after_days: must be {CLOSED_BY} at the most"
    for place, hours in enumerate(protocol.hours):
        yield hours.start < NIGHT_ENDS, f"hours[{place}].from: must not lie before 07:00"
        yield hours.end > NIGHT_BEGINS, f"hours[{place}].to: must not lie after 22:00"
    if protocol.traces is not None:
        yield protocol.traces.idle > timedelta(minutes=IDLE), f"traces.idle_minutes: must be {IDLE} at the most"
    if protocol.safe_contact is not None:
        yield from _her_floors(protocol, protocol.safe_contact)


def _her_floors(protocol: Protocol, safe: SafeContactRule) -> Iterator[tuple[bool, str]]:
    """Where people are written to by a safe contact: the day of a first message tells nothing of a due date."""
    first = protocol.first_contact
    yield first.to_day > HER_LAST_DAY, f"first_contact.to_day: must be {HER_LAST_DAY} at the most"
    yield first.to_day - first.from_day < HER_SPREAD, f"first_contact.to_day: must lie {HER_SPREAD} days after from_day"
    yield first.late is not LateEntry.DRAWN, "first_contact.late: must be drawn"
    yield safe.valid_days > CONFIRMED_WITHIN, f"safe_contact.valid_days: must be {CONFIRMED_WITHIN} at the most"
    yield protocol.reminders.default > 1, "reminders.default: must be 1 at the most; more is for each person to agree"
    yield protocol.traces is None, "traces: must say when messages are deleted"


def _safe(table: _Table) -> SafeContactRule:
    rule = SafeContactRule(table.whole("valid_days", 1), table.whole("open_days", 1))
    table.done()
    return rule


def _enrolment(table: _Table) -> EnrolmentRule:
    rule = EnrolmentRule(table.flag("once_per_case_code"))
    table.done()
    return rule


def _retention(table: _Table) -> RetentionRule:
    names = ("contact", "unanswered", "answers", "alerts", "audit")
    rule = RetentionRule(**{name: timedelta(days=table.whole(f"{name}_days", 1, 10_000)) for name in names})
    table.done()
    if rule.audit < rule.answers:
        raise ProtocolRefused("retention.audit_days: must not be shorter than answers_days; who read them stays known")
    return rule


def _traces(table: _Table) -> TracesRule:
    hours = timedelta(hours=table.whole("delete_after_hours", 1, 22))
    rule = TracesRule(hours, timedelta(minutes=table.whole("idle_minutes", 1, 10)))
    table.done()
    return rule


def _waves(file: _Table) -> tuple[Wave, ...]:
    waves = tuple(_wave(_Table(*row)) for row in file.rows("wave"))
    if len({wave.name for wave in waves}) < len(waves):
        raise ProtocolRefused("wave: each name may stand once")
    return waves


def _wave(table: _Table) -> Wave:
    wave = Wave(
        table.text("name"), table.whole("months", 0, 120), table.text("instrument"), table.flag("optional"),
        table.flag("on"),
    )  # fmt: skip
    table.done()
    return wave


def _first_contact(table: _Table) -> FirstContact:
    first = table.whole("from_day", 0)
    found = FirstContact(first, table.whole("to_day", first), _late(table))
    table.done()
    return found


def _late(table: _Table) -> LateEntry:
    value = table.take("late", LateEntry.DRAWN.value)
    if value not in tuple(LateEntry):
        raise ProtocolRefused(f"{table.at('late')}: must be one of {', '.join(LateEntry)}")
    return LateEntry(value)


def _hours(place: str, row: object) -> Hours:
    if not isinstance(row, Mapping):
        raise ProtocolRefused(f"{place}: must be a table")
    try:
        return read_hours(row)
    except HoursRefused as refused:
        raise ProtocolRefused(f"{place}.{refused}") from None


def _reminders(table: _Table) -> Reminders:
    days = tuple(_whole(*row, least=1) for row in table.rows("after_days"))
    if sorted(set(days)) != list(days):
        raise ProtocolRefused(f"{table.at('after_days')}: must rise, each day once")
    maximum = table.whole("maximum", 0, len(days))
    found = Reminders(days, table.whole("default", 0, maximum), maximum)
    table.done()
    return found


def _caps(table: _Table) -> Caps:
    caps = Caps(table.whole("per_day", 1), table.whole("per_wave", 1))
    table.done()
    return caps


def _only(table: _Table, key: str, least: int) -> int:
    value = table.whole(key, least)
    table.done()
    return value
