"""Which helplines may be shown now: none that was not called within 90 days, except 192 and 194.

Two named people must have called a suicide line; for the others the host organisation's word is enough.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from surveys.language.sms import sms_form
from surveys.library.reading import Table
from surveys.library.wording import by_sms, in_words, read_sms
from surveys.rules.hours import WEEKDAYS
from surveys.rules.vocabulary import SmsScript

EMERGENCY = ("192", "194")
STALE_AFTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Hours:
    """Local opening hours on some weekdays (Monday is 0), `start` included, `end` not; `end` None is midnight."""

    weekdays: frozenset[int]
    start: time
    end: time | None

    def holds(self, local: datetime) -> bool:
        now = local.time()
        return local.weekday() in self.weekdays and self.start <= now and (self.end is None or now < self.end)


@dataclass(frozen=True, slots=True)
class Helpline:
    """A number and what a call means. Texts are by language; an empty one means that nobody could say yet. What a call
    leads to is always said, if only that one may ask."""

    name: str
    number: str
    subject: str
    audience: str
    always: bool
    languages: tuple[str, ...]
    hours: tuple[Hours, ...]
    holidays: str
    verified_on: date | None
    verified_by: tuple[str, ...]
    what: Mapping[str, str]
    consequence: Mapping[str, str]
    cost: Mapping[str, str]
    abroad: Mapping[str, str]
    sms: Mapping[str, str] = field(default_factory=dict)
    attested_on: date | None = None
    """The day on which the host organisation says that its lines were called. It is not enough for a suicide line."""

    def said(self, language: str) -> str:
        """The line as shown: number and name, what a call means, what it costs, whether it works from abroad."""
        parts = (in_words(words, language, self.name) for words in (self.consequence, self.cost, self.abroad))
        about = " ".join(part for part in parts if part)
        return f"{self.number} – {in_words(self.what, language, self.name)}. {about}".strip()

    def said_by_sms(self, language: str, script: SmsScript = SmsScript.ASCII) -> str:
        """The line in that script: name, number and what a call means."""
        return by_sms(self.sms, language, script) or sms_form(self.said(language), script)

    def verified(self, on: date) -> bool:
        """Whether it was called in the 90 days before `on`, a suicide line by two different people that are named."""
        return any(timedelta() <= on - day <= STALE_AFTER for day in self.called_on())

    def called_on(self) -> tuple[date, ...]:
        """The days on which it was called by whoever may verify it."""
        named = self.verified_on if len({who.casefold() for who in self.verified_by}) > 1 else None
        attested = self.attested_on if self.subject != "suicide" else None
        return tuple(day for day in (named, attested) if day is not None)


@dataclass(frozen=True, slots=True)
class Called:
    """What is recorded of one line: the day on which two people called it, and who they were."""

    on: date
    by: tuple[str, ...]


def as_recorded(
    lines: Iterable[Helpline], attested_on: date | None, called: Mapping[str, Called]
) -> tuple[Helpline, ...]:
    """The lines with what was recorded of them since they were shipped; the newer of two days counts."""
    return tuple(_recorded(replace(line, attested_on=attested_on), called.get(line.name)) for line in lines)


def _recorded(line: Helpline, called: Called | None) -> Helpline:
    if called is None or (line.verified_on is not None and line.verified_on >= called.on):
        return line
    return replace(line, verified_on=called.on, verified_by=called.by)


def open_lines(lines: Iterable[Helpline], now: datetime, *, today_is_holiday: bool) -> tuple[Helpline, ...]:
    """The lines that answer at `now` (an aware instant in the side's own zone), and always 192 and 194.

    On a holiday a line is open only where that is known. Unverified and stale lines are left out.
    """
    if now.tzinfo is None:
        raise ValueError("open_lines needs an aware instant, in local time")
    return tuple(line for line in lines if line.always or _answers(line, now, today_is_holiday))


def _answers(line: Helpline, now: datetime, today_is_holiday: bool) -> bool:
    if not line.verified(now.date()) or (today_is_holiday and line.holidays != "open"):
        return False
    return any(hours.holds(now) for hours in line.hours)


def in_danger(lines: Iterable[Helpline]) -> tuple[Helpline, ...]:
    """The same lines for words of suicide: the suicide line and the ambulance first, the police after them."""
    first = ("suicide", "medical")
    return tuple(sorted(lines, key=lambda line: first.index(line.subject) if line.subject in first else len(first)))


def stale_lines(lines: Iterable[Helpline], today: date) -> tuple[Helpline, ...]:
    """The lines that nobody has verified within 90 days: hidden (192 and 194 excepted), and a task for staff."""
    return tuple(line for line in lines if not line.verified(today))


def read_helpline(table: Table, audience: str) -> Helpline:
    """One `[[line]]` of a side's list; a line meant for the other side is refused."""
    number, always = table.text("number"), table.flag("always")
    if always != (number in EMERGENCY):
        raise table.refuse("always", "must be true for 192 and 194, and for no other line")
    consequence = table.words("consequence")
    if not all(consequence.values()):
        raise table.refuse("consequence", "must say what a call leads to; where nobody knows, that one may ask")
    line = Helpline(
        name=table.text("id"),
        number=number,
        subject=table.one_of("subject", ("emergency", "medical", "suicide", "emotional", "violence")),
        audience=table.one_of("audience", ("both", audience)),
        always=always,
        languages=table.texts("languages"),
        hours=_hours(table),
        holidays=table.one_of("holidays", ("open", "closed", "unknown")),
        verified_on=table.day("verified_on"),
        verified_by=table.texts("verified_by"),
        what=table.words("what"),
        consequence=consequence,
        cost=table.words("cost"),
        abroad=table.words("abroad"),
        sms=read_sms(table),
    )
    table.done()
    return line


def _hours(table: Table) -> tuple[Hours, ...]:
    rows = table.take("hours", list, "tables of days, from and to")
    if not all(isinstance(row, dict) for row in rows):
        raise table.refuse("hours", "must be tables of days, from and to")
    return tuple(_row(Table(table.file, f"{table.place}.hours[{at}]", row)) for at, row in enumerate(rows))


def _row(table: Table) -> Hours:
    weekdays = table.parsed("days", _weekdays, 'days such as "mon-fri"')
    start = table.parsed("from", time.fromisoformat, "a time such as 09:00")
    end = table.parsed("to", lambda value: None if value == "24:00" else time.fromisoformat(value), "a time")
    table.done()
    if end is not None and end <= start:
        raise table.refuse("to", "must be later than from")
    return Hours(weekdays, start, end)


def _weekdays(days: str) -> frozenset[int]:
    first, _, last = days.partition("-")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    if end < start:
        raise ValueError(days)
    return frozenset(range(start, end + 1))
