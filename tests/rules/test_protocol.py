"""The protocol is read strictly: the shipped ones say what the contract says; anything else is refused by its key."""

import copy
from typing import Any

import pytest

from surveys.rules.protocol import LateEntry, ProtocolRefused, read_protocol
from surveys.rules.vocabulary import Side
from tests.rules.given import OFFICE, protocol

GOOD: dict[str, Any] = {
    "version": "1",
    "wave": [
        {"name": "m0", "months": 0, "instrument": "check-in", "optional": True},
        {"name": "m3", "months": 3, "instrument": "check-in"},
    ],
    "first_contact": {"from_day": 0, "to_day": 10},
    "hours": [{"days": "mon-fri", "from": "09:00", "to": "20:00"}],
    "reminders": {"after_days": [4, 11], "default": 1, "maximum": 2},
    "closing": {"after_days": 45},
    "caps": {"per_day": 1, "per_wave": 3},
    "deep_link": {"valid_days": 60},
}
GONE = object()


def changed(path: str, value: object) -> dict[str, Any]:
    """The good protocol with one key set, or left out."""
    data = copy.deepcopy(GOOD)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = data
    for part in way:
        place = place[part]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return data


def test_what_is_read_is_what_stands_there() -> None:
    read = read_protocol(GOOD)
    assert [(wave.name, wave.months, wave.optional) for wave in read.waves] == [("m0", 0, True), ("m3", 3, False)]
    assert (read.version, read.closing_after_days, read.link_valid_days) == ("1", 45, 60)
    assert (read.caps.per_day, read.caps.per_wave) == (1, 3)
    assert read.reminders.after_days == (4, 11)
    assert read.hours == OFFICE
    assert read.wave("m3").instrument == "check-in"


def test_reading_leaves_what_it_was_given_as_it_was() -> None:
    before = copy.deepcopy(GOOD)
    read_protocol(GOOD)
    assert before == GOOD


def test_his_side_first_message_within_ten_days_office_hours_and_at_least_one_reminder() -> None:
    his = protocol(Side.EX_PERPETRATORS)
    assert (his.first_contact.from_day, his.first_contact.to_day) == (0, 10)
    assert his.hours == OFFICE
    assert his.reminders.default >= 1
    assert his.closing_after_days == 45


def test_her_side_first_message_is_drawn_from_21_days_also_when_entered_late() -> None:
    hers = protocol(Side.SURVIVORS)
    assert (hers.first_contact.from_day, hers.first_contact.to_day) == (0, 21)
    assert hers.first_contact.late is LateEntry.DRAWN
    assert hers.reminders.agreed(0) == 0
    assert hers.reminders.agreed(None) == 1
    assert hers.closing_after_days == 45


@pytest.mark.parametrize("side", list(Side))
def test_the_shipped_caps_leave_room_for_the_notice_and_every_reminder(side: Side) -> None:
    assert protocol(side).caps.per_wave >= 1 + protocol(side).reminders.maximum
    assert protocol(side).caps.per_day == 1


@pytest.mark.parametrize(("wanted", "agreed"), [(None, 1), (0, 0), (1, 1), (2, 2), (9, 2), (-1, 0)])
def test_no_more_reminders_than_the_maximum_and_none_is_an_answer(wanted: int | None, agreed: int) -> None:
    assert read_protocol(GOOD).reminders.agreed(wanted) == agreed


def test_a_late_entry_is_drawn_where_nothing_else_is_said() -> None:
    assert read_protocol(GOOD).first_contact.late is LateEntry.DRAWN
    assert read_protocol(changed("first_contact.late", "at_once")).first_contact.late is LateEntry.AT_ONCE


def test_a_wave_that_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        read_protocol(GOOD).wave("m12")


@pytest.mark.parametrize(
    "key", ["surprise", "wave.0.surprise", "first_contact.surprise", "reminders.surprise", "caps.surprise"]
)
def test_an_unknown_key_is_refused_by_its_name(key: str) -> None:
    with pytest.raises(ProtocolRefused, match="surprise: is no key that is known"):
        read_protocol(changed(key, 1))


@pytest.mark.parametrize(
    "key", [*GOOD, "wave.1.name", "wave.1.months", "wave.1.instrument", "reminders.default", "caps.per_day"]
)
def test_a_missing_key_is_refused_by_its_name(key: str) -> None:
    with pytest.raises(ProtocolRefused, match=f"{key.rpartition('.')[2]}: is missing"):
        read_protocol(changed(key, GONE))


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("version", 1, "version"),
        ("version", " ", "version"),
        ("wave", [], "wave"),
        ("wave", {}, "wave"),
        ("wave.0", "m0", r"wave\[0\]"),
        ("wave.0.name", "m3", "wave"),
        ("wave.1.months", "three", r"wave\[1\].months"),
        ("wave.1.months", True, r"wave\[1\].months"),
        ("wave.1.months", -1, r"wave\[1\].months"),
        ("wave.1.months", 3.0, r"wave\[1\].months"),
        ("wave.0.optional", "yes", r"wave\[0\].optional"),
        ("first_contact", 3, "first_contact"),
        ("first_contact.to_day", -1, "first_contact.to_day"),
        ("first_contact.to_day", 46, "first_contact.to_day"),
        ("first_contact.from_day", 11, "first_contact.to_day"),
        ("first_contact.late", "never", "first_contact.late"),
        ("first_contact.late", ["drawn"], "first_contact.late"),
        ("hours", [], "hours"),
        ("hours.0", "always", r"hours\[0\]"),
        ("hours.0.from", "nine", r"hours\[0\].from"),
        ("hours.0.to", "08:00", r"hours\[0\].to"),
        ("hours.0.days", "weekdays", r"hours\[0\].days"),
        ("reminders.after_days", [11, 4], "reminders.after_days"),
        ("reminders.after_days", [4, 4], "reminders.after_days"),
        ("reminders.after_days", [0, 4], r"reminders.after_days\[0\]"),
        ("reminders.maximum", 3, "reminders.maximum"),
        ("reminders.default", 3, "reminders.default"),
        ("closing.after_days", 0, "closing.after_days"),
        ("caps.per_day", 0, "caps.per_day"),
        ("caps.per_wave", "3", "caps.per_wave"),
        ("deep_link.valid_days", 0, "deep_link.valid_days"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_key(key: str, value: object, named: str) -> None:
    with pytest.raises(ProtocolRefused, match=f"^{named}: "):
        read_protocol(changed(key, value))
