"""Safe hours: what is allowed lies in the hours on every local reading, never at night, on a holiday or its eve."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.rules.calendar import Holidays, local_day, start_of_day
from surveys.rules.hours import Hours, HoursRefused, SafeHours, read_hours
from tests.rules.given import (
    ALL_WEEK,
    BELGRADE,
    DST_DAYS,
    MON_FRI,
    NOON,
    OFFICE,
    at,
    every_reading_is_allowed,
    safe_hours,
)

MONDAY = date(2026, 11, 23)
ALWAYS = Hours(ALL_WEEK, time(0), time(23, 59))
_DAY = timedelta(days=1)

times = st.integers(0, 24 * 12 - 1).map(lambda n: time(n // 12, n % 12 * 5))
some_hours = st.builds(
    lambda days, ends: Hours(frozenset(days), *ends),
    st.sets(st.integers(0, 6), min_size=1),
    st.lists(times, min_size=2, max_size=2, unique=True).map(sorted),
)
near_changes = st.builds(lambda day, n: day + n * _DAY, st.sampled_from(DST_DAYS), st.integers(-2, 2))
near_holidays = st.builds(
    lambda day, n: day + n * _DAY,
    st.sampled_from([date(2027, 5, 1), date(2026, 12, 31), date(2028, 4, 15)]),
    st.integers(-4, 5),
)
days = near_changes | near_holidays | st.dates(date(2026, 1, 1), date(2028, 12, 31))
safe = st.builds(
    SafeHours,
    st.lists(some_hours, min_size=1, max_size=3).map(tuple),
    st.sampled_from([BELGRADE, NOON]),
    st.builds(Holidays, st.frozensets(days, max_size=2)),
    st.frozensets(days, max_size=3),
)


def inside(windows: list[tuple[datetime, datetime]], instant: datetime) -> bool:
    return any(start <= instant < end for start, end in windows)


def test_hours_are_half_open_and_keep_to_their_weekdays() -> None:
    hours = safe_hours()
    assert hours.is_allowed(at(MONDAY, 9))
    assert hours.is_allowed(at(MONDAY, 19, 59))
    assert not hours.is_allowed(at(MONDAY, 20))
    assert not hours.is_allowed(at(MONDAY, 8, 59))
    assert not hours.is_allowed(at(date(2026, 11, 28), 12))


@pytest.mark.parametrize(("hour", "allowed"), [(0, False), (6, False), (7, True), (21, True), (22, False), (23, False)])
def test_safety_no_hour_between_22_and_7_is_ever_used_whatever_the_hours_say(hour: int, allowed: bool) -> None:
    hours = safe_hours(ALWAYS)
    assert hours.is_allowed(at(MONDAY, hour)) is allowed
    assert inside(hours.windows(MONDAY, MONDAY), at(MONDAY, hour)) is allowed


@pytest.mark.parametrize("day", ["2027-01-01", "2026-12-31", "2027-01-06", "2027-04-29", "2027-05-04", "2026-11-10"])
def test_safety_never_on_a_holiday_nor_on_its_eve(day: str) -> None:
    quiet = date.fromisoformat(day)
    hours = safe_hours(ALWAYS)
    assert not hours.is_allowed(at(quiet, 12))
    assert hours.windows(quiet, quiet) == []


def test_safety_never_on_a_blackout_day() -> None:
    hours = safe_hours(ALWAYS, blackout=frozenset({MONDAY}))
    assert not hours.is_allowed(at(MONDAY, 12))
    assert hours.windows(MONDAY, MONDAY) == []
    assert hours.is_allowed(at(MONDAY + _DAY, 12))


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2027, 3, 28)])
def test_hours_across_the_missing_hour_are_an_hour_shorter_and_skip_it(day: date) -> None:
    windows = safe_hours(Hours(ALL_WEEK, time(10), time(15)), zone=NOON).windows(day, day)
    assert windows == [(at(day, 10, zone=NOON), at(day, 15, zone=NOON))]
    assert windows[0][1] - windows[0][0] == timedelta(hours=4)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2027, 3, 28)])
def test_hours_that_begin_or_end_in_the_missing_hour_are_cut_to_what_exists(day: date) -> None:
    change = at(day, 13, zone=NOON)  # 12:00 becomes 13:00
    begin = safe_hours(Hours(ALL_WEEK, time(12, 30), time(14)), zone=NOON).windows(day, day)
    end = safe_hours(Hours(ALL_WEEK, time(11), time(12, 30)), zone=NOON).windows(day, day)
    nothing = safe_hours(Hours(ALL_WEEK, time(12, 10), time(12, 50)), zone=NOON).windows(day, day)
    assert begin == [(change, at(day, 14, zone=NOON))]
    assert end == [(at(day, 11, zone=NOON), change)]
    assert nothing == []


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 10, 31)])
def test_safety_local_times_that_come_twice_are_never_used(day: date) -> None:
    hours = safe_hours(Hours(ALL_WEEK, time(10), time(15)), zone=NOON)  # 13:00 becomes 12:00 again
    windows = hours.windows(day, day)
    assert windows == [
        (at(day, 10, zone=NOON), at(day, 12, zone=NOON)),
        (at(day, 13, zone=NOON), at(day, 15, zone=NOON)),
    ]
    assert windows[1][0] - windows[0][1] == timedelta(hours=2)
    for fold in (0, 1):
        twice = datetime.combine(day, time(12, 30), NOON).replace(fold=fold)
        assert not hours.is_allowed(twice.astimezone(UTC))


@pytest.mark.parametrize("day", DST_DAYS)
@pytest.mark.parametrize("zone", [BELGRADE, NOON])
def test_on_each_night_of_a_change_windows_and_question_agree_every_five_minutes(day: date, zone: tzinfo) -> None:
    hours = safe_hours(Hours(ALL_WEEK, time(0), time(13, 20)), Hours(ALL_WEEK, time(12, 40), time(23, 55)), zone=zone)
    windows = hours.windows(day - _DAY, day + _DAY)
    instant = start_of_day(day - _DAY, zone)
    while instant < start_of_day(day + 2 * _DAY, zone):
        expected = every_reading_is_allowed(hours, instant)
        assert hours.is_allowed(instant) is expected
        assert inside(windows, instant) is expected
        instant += timedelta(minutes=5)


@settings(max_examples=150)
@given(safe, days, st.integers(-5, 24 * 60 + 70))
def test_property_an_instant_is_in_a_window_just_where_every_reading_is_allowed(
    hours: SafeHours, day: date, minutes: int
) -> None:
    instant = start_of_day(day, hours.zone) + timedelta(minutes=minutes)
    expected = every_reading_is_allowed(hours, instant)
    assert hours.is_allowed(instant) is expected
    assert inside(hours.windows(day - _DAY, day + 2 * _DAY), instant) is expected


@settings(max_examples=150)
@given(safe, days)
def test_property_windows_come_in_order_and_never_touch(hours: SafeHours, day: date) -> None:
    windows = hours.windows(day, day + 9 * _DAY)
    assert all(start < end for start, end in windows)
    assert all(end < start for (_, end), (start, _) in pairwise(windows))


@settings(max_examples=150)
@given(safe, days, st.integers(0, 24 * 60), st.integers(0, 20 * 24 * 60))
def test_property_the_next_allowed_instant_is_the_first(hours: SafeHours, day: date, start: int, length: int) -> None:
    begin = start_of_day(day, hours.zone) + timedelta(minutes=start)
    before = begin + timedelta(minutes=length)
    found = hours.next_allowed(begin, before)
    windows = hours.windows(local_day(begin, hours.zone), local_day(before, hours.zone))
    expected = [max(opens, begin) for opens, closes in windows if closes > begin and max(opens, begin) < before]
    assert found == (expected[0] if expected else None)


def test_the_next_allowed_instant_jumps_over_weekend_easter_and_the_first_of_may() -> None:
    assert safe_hours().next_allowed(at(date(2027, 4, 28), 20), at(date(2027, 6, 1), 0)) == at(date(2027, 5, 5), 9)
    assert safe_hours().next_allowed(at(date(2026, 4, 8), 21), at(date(2026, 6, 1), 0)) == at(date(2026, 4, 14), 9)
    assert safe_hours().next_allowed(at(date(2028, 4, 12), 21), at(date(2028, 6, 1), 0)) == at(date(2028, 4, 18), 9)


def test_the_turn_of_the_year_leaves_only_4_and_5_january_and_then_the_8th() -> None:
    windows = safe_hours().windows(date(2026, 12, 31), date(2027, 1, 8))
    assert [local_day(start, BELGRADE).day for start, _ in windows] == [4, 5, 8]


def test_there_is_no_next_instant_where_hours_never_come() -> None:
    assert safe_hours().next_allowed(at(MONDAY, 20), at(MONDAY + _DAY, 9)) is None
    assert safe_hours().next_allowed(at(MONDAY, 12), at(MONDAY, 12)) is None


def test_next_day_gives_what_is_left_of_the_first_day_that_allows_anything() -> None:
    friday = date(2026, 11, 27)
    assert safe_hours().next_day(at(friday, 10), at(date(2027, 1, 1), 0)) == [(at(friday, 10), at(friday, 20))]
    monday = date(2026, 11, 30)
    assert safe_hours().next_day(at(friday, 20), at(date(2027, 1, 1), 0)) == [(at(monday, 9), at(monday, 20))]
    assert safe_hours().next_day(at(friday, 20), at(monday, 9)) == []


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Africa/Cairo", date(2026, 4, 24)),  # midnight is missing
        ("Africa/Cairo", date(2026, 10, 29)),  # the last hour of the day comes twice
        ("Atlantic/Azores", date(2026, 10, 25)),  # the first hour of the day comes twice
        ("America/Nuuk", date(2026, 3, 28)),  # the last hour of the day is missing
    ],
)
def test_a_change_of_the_clocks_at_midnight_leaves_the_day_its_hours(name: str, day: date) -> None:
    hours = safe_hours(ALWAYS, zone=ZoneInfo(name))
    for near in (day - _DAY, day, day + _DAY):
        assert hours.windows(near, near) == [(at(near, 7, zone=hours.zone), at(near, 22, zone=hours.zone))]


def test_overlapping_hours_are_one_window() -> None:
    hours = safe_hours(Hours(MON_FRI, time(9), time(12)), Hours(frozenset({0}), time(11), time(14)))
    assert hours.windows(MONDAY, MONDAY) == [(at(MONDAY, 9), at(MONDAY, 14))]


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        safe_hours().is_allowed(datetime(2026, 11, 23, 12))
    with pytest.raises(ValueError, match="needs a zone"):
        safe_hours().next_allowed(at(MONDAY, 9), datetime(2026, 11, 23, 12))


@pytest.mark.parametrize(
    ("said", "weekdays"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sun", {6}),
        ("mon,wed", {0, 2}),
        ("mon, thu-sat", {0, 3, 4, 5}),
        ("mon-sun", set(range(7))),
    ],
)
def test_weekdays_are_read_as_people_write_them(said: str, weekdays: set[int]) -> None:
    assert read_hours({"days": said, "from": "09:00", "to": "16:00"}) == Hours(frozenset(weekdays), time(9), time(16))


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ({"days": "fri-mon", "from": "09:00", "to": "16:00"}, "days"),
        ({"days": "pon", "from": "09:00", "to": "16:00"}, "days"),
        ({"days": "", "from": "09:00", "to": "16:00"}, "days"),
        ({"days": 5, "from": "09:00", "to": "16:00"}, "days"),
        ({"days": "mon-", "from": "09:00", "to": "16:00"}, "days"),
        ({"days": "mon", "from": "16:00", "to": "16:00"}, "to"),
        ({"days": "mon", "from": "9:00", "to": "16:00"}, "from"),
        ({"days": "mon", "from": "09:00", "to": "24:00"}, "to"),
        ({"days": "mon", "from": "09:00", "to": "16:00:00"}, "to"),
        ({"days": "mon", "from": 9, "to": "16:00"}, "from"),
        ({"days": "mon", "from": "20:00", "to": "08:00"}, "to"),
        ({"days": "mon", "from": "22:00", "to": "23:30"}, "to"),
        ({"days": "mon", "from": "00:00", "to": "07:00"}, "to"),
        ({"days": "mon", "from": "09:00"}, "hours"),
        ({"days": "mon", "from": "09:00", "to": "16:00", "zone": "x"}, "hours"),
    ],
)
def test_hours_that_make_no_sense_are_refused_by_their_key(row: dict[str, object], key: str) -> None:
    with pytest.raises(HoursRefused, match=f"^{key}: "):
        read_hours(row)


def test_the_shipped_office_hours_are_those_of_the_contract() -> None:
    assert (read_hours({"days": "mon-fri", "from": "09:00", "to": "20:00"}),) == OFFICE
