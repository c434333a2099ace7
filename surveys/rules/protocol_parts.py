"""A protocol as fields that a person may fill in: what may be changed, in which range, and the protocol that it gives.

What is not a part can never be changed here: names, months and instruments of waves, how late entries are written to,
who is enrolled once. The ranges are narrower than what `read_protocol` allows; that holds beside them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from surveys.rules.hours import NIGHT_BEGINS, NIGHT_ENDS, WEEKDAYS, Hours
from surveys.rules.protocol import (
    CLOSED_BY,
    CONFIRMED_WITHIN,
    HER_LAST_DAY,
    HER_SPREAD,
    IDLE,
    Protocol,
    ProtocolRefused,
    read_protocol,
)

HIS_LAST_DAY, BACKUPS = 10, 90
"""His first message comes within so many days; no clock is shorter than a backup may be kept."""
STRETCHES = ("mon-thu", "mon-fri", "mon-sat", "mon-sun")
YES = "yes"
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_DAYS = re.compile(r"\d{1,3}(?:\s*,\s*\d{1,3}){0,3}")
_PLACE = re.compile(r"\[(\d+)\]")


class Kind(StrEnum):
    """How a part is written."""

    WHOLE = "whole"
    DAYS = "days"
    """Rising whole numbers with commas, four at the most."""
    FLAG = "flag"
    STRETCH = "stretch"
    """Days of the week."""
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Part:
    """One field. `least` and `most` bound a number, or each of several."""

    name: str
    kind: Kind
    least: int = 0
    most: int = 0

    def options(self, now: str) -> tuple[str, ...]:
        """What may be chosen, where it is a choice; what stands there now is always among them."""
        if self.kind is not Kind.STRETCH:
            return ()
        return STRETCHES if now in STRETCHES else (now, *STRETCHES)


class Wrong(StrEnum):
    """What is wrong with one part. Each has words in the console."""

    WHOLE = "whole"
    DAYS = "days"
    CHOICE = "choice"
    TIME = "time"
    NIGHT = "night"
    ORDER = "order"
    SPREAD = "spread"
    MORE_THAN_MOST = "more_than_most"
    MORE_THAN_DAYS = "more_than_days"
    NO_ROOM = "no_room"
    PAST_CLOSING = "past_closing"
    SHORTER = "shorter"
    UNSAFE = "unsafe"
    SAME = "same"


class PartsRefused(ValueError):
    """No protocol comes of this; `wrong` says what, by the part's name."""

    def __init__(self, wrong: Mapping[str, Wrong]) -> None:
        super().__init__(", ".join(f"{name}: {what}" for name, what in wrong.items()))
        self.wrong = wrong


def parts_of(protocol: Protocol) -> tuple[Part, ...]:
    """Every part of this protocol that may be changed, in the order of a form."""
    return tuple(_parts(protocol, hers=protocol.safe_contact is not None))


def _parts(protocol: Protocol, *, hers: bool) -> Iterator[Part]:
    yield from (Part(f"wave.{each.name}", Kind.FLAG) for each in protocol.waves if each.optional)
    last = HER_LAST_DAY if hers else HIS_LAST_DAY
    yield Part("first_contact.from_day", Kind.WHOLE, 0, last - HER_SPREAD if hers else last)
    yield Part("first_contact.to_day", Kind.WHOLE, HER_SPREAD if hers else 0, last)
    for place in range(len(protocol.hours)):
        yield Part(f"hours.{place}.days", Kind.STRETCH)
        yield Part(f"hours.{place}.from", Kind.TIME)
        yield Part(f"hours.{place}.to", Kind.TIME)
    yield Part("reminders.after_days", Kind.DAYS, 2, 30)
    yield Part("reminders.default", Kind.WHOLE, 0 if hers else 1, 1 if hers else 4)
    yield Part("reminders.maximum", Kind.WHOLE, 0 if hers else 1, 2 if hers else 4)
    yield Part("closing.after_days", Kind.WHOLE, 30, CLOSED_BY)
    if not hers:
        yield Part("caps.per_day", Kind.WHOLE, 1, 2)
    yield Part("caps.per_wave", Kind.WHOLE, 1, 3 if hers else 5)
    yield Part("deep_link.valid_days", Kind.WHOLE, 3, 14 if hers else 365)
    if protocol.safe_contact is not None:
        yield Part("safe_contact.valid_days", Kind.WHOLE, 7, CONFIRMED_WITHIN)
        yield Part("safe_contact.open_days", Kind.WHOLE, 14, 31)
    if protocol.traces is not None:
        yield Part("traces.delete_after_hours", Kind.WHOLE, 1, 22)
        yield Part("traces.idle_minutes", Kind.WHOLE, 1, IDLE)
    if protocol.retention is not None:
        yield from _clocks()


def _clocks() -> Iterator[Part]:
    yield Part("retention.contact_days", Kind.WHOLE, BACKUPS, 365)
    yield Part("retention.unanswered_days", Kind.WHOLE, BACKUPS, 730)
    yield Part("retention.answers_days", Kind.WHOLE, 365, 3653)
    yield Part("retention.alerts_days", Kind.WHOLE, BACKUPS, 1826)
    yield Part("retention.audit_days", Kind.WHOLE, 365, 3653)


def document_of(protocol: Protocol) -> dict[str, Any]:
    """The protocol as `read_protocol` reads it."""
    first, reminders = protocol.first_contact, protocol.reminders
    document: dict[str, Any] = {
        "version": protocol.version,
        "wave": [
            {"name": each.name, "months": each.months, "instrument": each.instrument, "optional": each.optional,
             "on": each.on}
            for each in protocol.waves
        ],
        "first_contact": {"from_day": first.from_day, "to_day": first.to_day, "late": first.late.value},
        "hours": [_hours(each) for each in protocol.hours],
        "reminders": {
            "after_days": list(reminders.after_days), "default": reminders.default, "maximum": reminders.maximum,
        },
        "closing": {"after_days": protocol.closing_after_days},
        "caps": {"per_day": protocol.caps.per_day, "per_wave": protocol.caps.per_wave},
        "deep_link": {"valid_days": protocol.link_valid_days},
        "enrolment": {"once_per_case_code": protocol.enrolment.once_per_case_code},
    }  # fmt: skip
    if protocol.safe_contact is not None:
        safe = protocol.safe_contact
        document["safe_contact"] = {"valid_days": safe.valid_days, "open_days": safe.open_days}
    if protocol.traces is not None:
        hours, idle = protocol.traces.delete_after // timedelta(hours=1), protocol.traces.idle // timedelta(minutes=1)
        document["traces"] = {"delete_after_hours": hours, "idle_minutes": idle}
    if protocol.retention is not None:
        names = ("contact", "unanswered", "answers", "alerts", "audit")
        document["retention"] = {f"{name}_days": getattr(protocol.retention, name).days for name in names}
    return document


def _hours(hours: Hours) -> dict[str, str]:
    days = ",".join(WEEKDAYS[day] for day in sorted(hours.weekdays))
    whole = {frozenset(range(WEEKDAYS.index(each[4:]) + 1)): each for each in STRETCHES}
    return {"days": whole.get(hours.weekdays, days), "from": f"{hours.start:%H:%M}", "to": f"{hours.end:%H:%M}"}


def said(protocol: Protocol) -> dict[str, str]:
    """Every part as it would be typed."""
    document = document_of(protocol)
    return {part.name: _said(part, *_place(document, part.name)) for part in parts_of(protocol)}


def _said(part: Part, table: Mapping[str, Any], key: str) -> str:
    value = table[key]
    match part.kind:
        case Kind.FLAG:
            return YES if value else ""
        case Kind.DAYS:
            return ", ".join(str(each) for each in value)
    return str(value)


def _place(document: Mapping[str, Any], name: str) -> tuple[dict[str, Any], str]:
    """The table of the document in which a part stands, and its key there."""
    head, _, key = name.partition(".")
    if head == "wave":
        return next(each for each in document["wave"] if each["name"] == key), "on"
    if head == "hours":
        place, _, key = key.partition(".")
        return document["hours"][int(place)], key
    return document[head], key


def changed(protocol: Protocol, given: Mapping[str, str], version: str) -> Protocol:
    """The protocol with these parts, under that version; PartsRefused. What is left out of `given` counts as empty."""
    document, wrong = document_of(protocol) | {"version": version}, {}
    for part in parts_of(protocol):
        table, key = _place(document, part.name)
        try:
            table[key] = _read(part, given.get(part.name, "").strip(), table[key])
        except _NotSo as found:
            wrong[part.name] = found.wrong
    wrong = wrong or dict(_together(document))
    if wrong:
        raise PartsRefused(wrong)
    try:
        made = read_protocol(document)
    except ProtocolRefused as refused:
        raise PartsRefused({_part_of(str(refused)): Wrong.UNSAFE}) from None
    return made


class _NotSo(ValueError):
    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong)
        self.wrong = wrong


def _read(part: Part, text: str, before: object) -> object:
    match part.kind:
        case Kind.WHOLE:
            return _number(text, part, Wrong.WHOLE)
        case Kind.DAYS:
            return _rising(text, part)
        case Kind.FLAG:
            return _one_of(text, ("", YES)) == YES
        case Kind.STRETCH:
            return _one_of(text, (*STRETCHES, str(before)))
    if not _TIME.fullmatch(text):
        raise _NotSo(Wrong.TIME)
    return text


def _one_of(text: str, options: tuple[str, ...]) -> str:
    if text not in options:
        raise _NotSo(Wrong.CHOICE)
    return text


def _number(text: str, part: Part, otherwise: Wrong) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len("3653")):
        raise _NotSo(otherwise)
    if not part.least <= int(text) <= part.most:
        raise _NotSo(otherwise)
    return int(text)


def _rising(text: str, part: Part) -> list[int]:
    if not (text.isascii() and _DAYS.fullmatch(text)):
        raise _NotSo(Wrong.DAYS)
    days = [_number(each.strip(), part, Wrong.DAYS) for each in text.split(",")]
    if sorted(set(days)) != days:
        raise _NotSo(Wrong.DAYS)
    return days


def _together(document: Mapping[str, Any]) -> Iterator[tuple[str, Wrong]]:
    """What is right by itself and wrong beside the rest."""
    yield from _first_contact(document["first_contact"], spread=HER_SPREAD if "safe_contact" in document else 0)
    for place, row in enumerate(document["hours"]):
        yield from _in_hours(f"hours.{place}", row)
    yield from _reminders(document["reminders"], document["caps"]["per_wave"])
    safe, kept = document.get("safe_contact"), document.get("retention")
    if safe and document["first_contact"]["to_day"] + safe["open_days"] > document["closing"]["after_days"]:
        yield "safe_contact.open_days", Wrong.PAST_CLOSING
    if kept and kept["audit_days"] < kept["answers_days"]:
        yield "retention.audit_days", Wrong.SHORTER


def _first_contact(first: Mapping[str, int], spread: int) -> Iterator[tuple[str, Wrong]]:
    if first["to_day"] < first["from_day"]:
        yield "first_contact.to_day", Wrong.ORDER
    elif first["to_day"] - first["from_day"] < spread:
        yield "first_contact.to_day", Wrong.SPREAD


def _in_hours(place: str, row: Mapping[str, str]) -> Iterator[tuple[str, Wrong]]:
    if row["to"] <= row["from"]:
        yield f"{place}.to", Wrong.ORDER
    if row["from"] < f"{NIGHT_ENDS:%H:%M}":
        yield f"{place}.from", Wrong.NIGHT
    if row["to"] > f"{NIGHT_BEGINS:%H:%M}":
        yield f"{place}.to", Wrong.NIGHT


def _reminders(reminders: Mapping[str, Any], room: int) -> Iterator[tuple[str, Wrong]]:
    if reminders["default"] > reminders["maximum"]:
        yield "reminders.default", Wrong.MORE_THAN_MOST
    if reminders["maximum"] > len(reminders["after_days"]):
        yield "reminders.maximum", Wrong.MORE_THAN_DAYS
    if room < 1 + reminders["maximum"]:
        yield "caps.per_wave", Wrong.NO_ROOM


def _part_of(refusal: str) -> str:
    """The part that a refusal of the protocol names, as `hours[0].to` is `hours.0.to`."""
    return _PLACE.sub(r".\1", refusal.partition(":")[0])


def differences(before: Protocol, after: Protocol) -> list[tuple[Part, str, str]]:
    """Every part that is not the same, as it was and as it is."""
    old, new = said(before), said(after)
    every = [(part, old.get(part.name, ""), new[part.name]) for part in parts_of(after)]
    return [(part, was, now) for part, was, now in every if was != now]


def erases_sooner(before: Protocol, after: Protocol) -> bool:
    """Whether anything is kept for less long: what is older goes in the night after, and nothing brings it back."""
    old, new = before.retention, after.retention
    if old is None or new is None:
        return new is not None
    clocks = ("contact", "unanswered", "answers", "alerts", "audit")
    return any(getattr(new, name) < getattr(old, name) for name in clocks)
