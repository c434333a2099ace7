"""Calendar months, Serbian holidays and their eves, and where a local day begins."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.calendar import Holidays, due_on, local_day, start_of_day
from tests.rules.given import BELGRADE, DST_DAYS, NOON

DAYS = st.dates(date(2010, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("completed_on", "months", "due"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2027-11-29", 3, "2028-02-29"),
        ("2026-11-29", 3, "2027-02-28"),
        ("2028-02-29", 3, "2028-05-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-05-31", 6, "2026-11-30"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 3, "2027-03-31"),
        ("2026-12-15", 0, "2026-12-15"),
        ("2026-09-30", 3, "2026-12-30"),
        ("2026-12-01", 24, "2028-12-01"),
    ],
)
def test_a_wave_is_due_whole_calendar_months_later(completed_on: str, months: int, due: str) -> None:
    assert due_on(date.fromisoformat(completed_on), months) == date.fromisoformat(due)


@given(DAYS, st.integers(0, 60))
def test_the_due_date_lies_in_the_right_month_and_on_the_same_day_or_the_months_last(day: date, months: int) -> None:
    due = due_on(day, months)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, st.integers(0, 60))
def test_who_completed_earlier_is_never_due_later(one: date, other: date, months: int) -> None:
    first, last = sorted([one, other])
    assert due_on(first, months) <= due_on(last, months)


@pytest.mark.parametrize(
    "holiday",
    [
        *("2026-01-01", "2026-01-02", "2026-01-07", "2026-02-15", "2026-02-16", "2026-11-11"),
        *("2026-04-10", "2026-04-11", "2026-04-12", "2026-04-13", "2026-05-01", "2026-05-02"),
        *("2027-04-30", "2027-05-01", "2027-05-02", "2027-05-03"),
        *("2028-04-14", "2028-04-15", "2028-04-16", "2028-04-17"),
    ],
)
def test_state_holidays_christmas_and_easter_are_holidays(holiday: str) -> None:
    assert Holidays().is_holiday(date.fromisoformat(holiday))


@pytest.mark.parametrize(
    "moved",
    [
        "2026-02-17",  # 15 February is a Sunday, and Monday is a holiday already
        "2027-05-04",  # Easter on 2 May 2027 meets 1-2 May: Sunday moves past Easter Monday
        "2028-01-03",  # 2 January is a Sunday
    ],
)
def test_a_state_holiday_on_a_sunday_moves_to_the_next_working_day(moved: str) -> None:
    assert Holidays().is_holiday(date.fromisoformat(moved))


@pytest.mark.parametrize(
    "working", ["2026-01-05", "2026-04-09", "2026-12-25", "2027-05-05", "2028-01-04", "2026-11-12"]
)
def test_a_working_day_is_no_holiday(working: str) -> None:
    assert not Holidays().is_holiday(date.fromisoformat(working))


@pytest.mark.parametrize("eve", ["2026-12-31", "2027-01-06", "2027-02-14", "2027-04-29", "2026-04-30", "2026-11-10"])
def test_the_day_before_a_holiday_is_its_eve_and_quiet_though_no_holiday(eve: str) -> None:
    day = date.fromisoformat(eve)
    assert not Holidays().is_holiday(day)
    assert Holidays().is_eve(day)
    assert Holidays().is_quiet(day)


def test_easter_2027_and_the_first_of_may_make_one_quiet_stretch_of_six_days() -> None:
    quiet = [date(2027, 4, 28) + timedelta(days=n) for n in range(9)]
    assert [day.isoformat() for day in quiet if Holidays().is_quiet(day)] == [
        *("2027-04-29", "2027-04-30", "2027-05-01", "2027-05-02", "2027-05-03", "2027-05-04"),
    ]


def test_a_centres_own_holiday_is_a_holiday_there_with_its_eve() -> None:
    own = Holidays(frozenset({date(2026, 12, 7)}))
    assert own.is_holiday(date(2026, 12, 7))
    assert own.is_quiet(date(2026, 12, 6))
    assert not Holidays().is_quiet(date(2026, 12, 6))


def test_holidays_are_one_value_that_can_be_compared_and_kept() -> None:
    assert Holidays(frozenset({date(2026, 12, 7)})) == Holidays(frozenset({date(2026, 12, 7)}))
    assert len({Holidays(), Holidays()}) == 1


@pytest.mark.parametrize("day", DST_DAYS)
def test_a_local_day_begins_at_its_midnight_also_when_the_clocks_change(day: date) -> None:
    start = start_of_day(day, BELGRADE)
    assert start.astimezone(BELGRADE).isoformat()[:19] == f"{day}T00:00:00"
    length = start_of_day(day + timedelta(days=1), BELGRADE) - start
    assert length == timedelta(hours=23 if day.month == 3 else 25)


def test_a_day_without_a_midnight_begins_when_the_clocks_change() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # 24 April 2026: 00:00 becomes 01:00
    start = start_of_day(date(2026, 4, 24), cairo)
    assert local_day(start, cairo) == date(2026, 4, 24)
    assert local_day(start - timedelta(seconds=1), cairo) == date(2026, 4, 23)


def test_a_day_whose_midnight_comes_twice_begins_at_the_first() -> None:
    azores = ZoneInfo("Atlantic/Azores")  # 25 October 2026: 01:00 becomes 00:00
    start = start_of_day(date(2026, 10, 25), azores)
    assert local_day(start - timedelta(seconds=1), azores) == date(2026, 10, 24)
    assert start_of_day(date(2026, 10, 26), azores) - start == timedelta(hours=25)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)), st.sampled_from([BELGRADE, NOON])
)
def test_every_instant_lies_between_the_starts_of_its_local_day_and_the_next(instant: datetime, zone: ZoneInfo) -> None:
    day = local_day(instant, zone)
    assert start_of_day(day, zone) <= instant < start_of_day(day + timedelta(days=1), zone)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        local_day(datetime(2026, 1, 1), BELGRADE)
