"""The rota: who is on call, who is told next, when nobody covers; for every hour, night shifts and both DST nights."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.hours import HoursRefused
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.rota import (
    Contact,
    Rota,
    Shift,
    covers,
    gaps,
    ladder,
    read_rota,
    read_shift,
    told_next,
)
from tests.rules.given import BELGRADE

NONE = timedelta(0)
MONDAY = datetime(2026, 11, 23, tzinfo=BELGRADE)
WEEK = frozenset(range(7))
times = st.integers(0, 24 * 12 - 1).map(lambda n: time(n // 12, n % 12 * 5))
shifts = st.builds(Shift, st.frozensets(st.integers(0, 6), min_size=1), times, times)
contacts = st.builds(
    lambda number, centre, order, hours: Contact(f"n{number}", f"{number}@x", "+3", centre, order, tuple(hours)),
    st.integers(0, 9999), st.sampled_from(["nis", "kragujevac", EVERY_CENTRE]), st.integers(1, 3),
    st.lists(shifts, max_size=2),
)  # fmt: skip
HOST = Contact("host", "h@x", "+3811")
rotas = st.builds(
    Rota,
    st.lists(contacts, max_size=6, unique_by=lambda each: each.email).map(tuple),
    st.just(BELGRADE),
    st.sampled_from([None, HOST]),
)
instants = st.datetimes(datetime(2026, 10, 20), datetime(2027, 4, 2)).map(lambda naive: naive.replace(tzinfo=UTC))


def worker(name: str, centre: str = "nis", order: int = 1, *rows: dict[str, Any]) -> Contact:
    return Contact(name, f"{name}@x", "+381641234567", centre, order, tuple(read_shift(row) for row in rows))


def row(days: str, start: str, end: str) -> dict[str, Any]:
    return {"days": days, "from": start, "to": end}


DAY, NIGHT = row("mon-fri", "08:00", "20:00"), row("mon-sun", "20:00", "08:00")
HOUSE = Rota((worker("a", "nis", 1, DAY), worker("b", "nis", 1, NIGHT), worker("c", "nis", 2),
              worker("d", EVERY_CENTRE, 1), worker("k", "kragujevac", 1)), BELGRADE, HOST)  # fmt: skip


def told(rota: Rota, now: datetime, steps: int, every: timedelta = NONE) -> list[set[str]]:
    """Who is told at each of the first steps, where nobody acknowledges and the next is told after `every`."""
    seen: set[Contact] = set()
    names = []
    for _ in range(steps):
        rung = told_next(rota, "nis", now, seen)
        assert rung is not None
        seen.update(rung.contacts)
        names.append({each.name for each in rung.contacts})
        now += every
    return names


def test_safety_the_worker_on_call_is_told_first_and_the_host_organisation_last() -> None:
    assert told(HOUSE, MONDAY + timedelta(hours=10), 5) == [{"a"}, {"c"}, {"d"}, {"d", "host"}, {"d", "host"}]
    assert told(HOUSE, MONDAY + timedelta(hours=23), 2) == [{"b"}, {"c"}]


def test_safety_nobody_on_call_is_passed_over_where_the_shift_changes_meanwhile() -> None:
    names = told(HOUSE, MONDAY + timedelta(hours=19, minutes=50), 4, timedelta(minutes=15))
    assert names == [{"a"}, {"b"}, {"c"}, {"d"}]


def test_safety_another_centres_worker_is_never_told() -> None:
    assert "k" not in {each.name for rung in ladder(HOUSE, "nis", MONDAY) for each in rung.contacts}


def test_somebody_off_duty_is_told_where_nobody_else_is_there() -> None:
    rota = Rota((worker("a", "nis", 1, DAY),), BELGRADE)
    assert told(rota, MONDAY + timedelta(hours=23), 2) == [{"a"}, {"a"}]
    assert told_next(rota, "kragujevac", MONDAY, ()) is None


def test_a_night_shift_goes_on_into_the_morning_after() -> None:
    friday = Rota((worker("a", "nis", 1, row("fri", "20:00", "08:00")),), BELGRADE)
    at = MONDAY + timedelta(days=4)
    covered = [covers(friday, "nis", at + timedelta(hours=hour), NONE) for hour in (7, 19, 20, 31, 32)]
    assert covered == [False, False, True, True, False]


def test_safety_a_send_is_covered_by_a_worker_or_the_two_hours_after() -> None:
    rota = Rota((worker("a", "nis", 1, row("mon", "09:00", "16:00")),), BELGRADE)
    covered = [covers(rota, "nis", MONDAY + timedelta(hours=hour)) for hour in (8.99, 9, 16, 17.99, 18)]
    assert covered == [False, True, True, True, False]
    assert not covers(rota, "kragujevac", MONDAY + timedelta(hours=10))


def test_gaps_are_said_with_their_weekday_and_over_the_turn_of_the_week() -> None:
    assert gaps(Rota((worker("a", "nis", 1, DAY, NIGHT),), BELGRADE), "nis") == [
        ("sat 08:00", "sat 20:00"), ("sun 08:00", "sun 20:00"),
    ]  # fmt: skip
    assert gaps(Rota((worker("a", "nis", 1, row("tue", "09:00", "17:00")),), BELGRADE), "nis") == [
        ("tue 17:00", "tue 09:00")
    ]
    assert gaps(HOUSE, "nis") == []
    assert gaps(Rota((), BELGRADE), "nis") == [("mon 00:00", "mon 00:00")]


def test_a_record_of_readiness_becomes_a_rota() -> None:
    plain = {"centre": "nis", "name": "A", "email": "a@x", "phone": "+381", "order": 2, "hours": [NIGHT]}
    rota = read_rota({"on_call": [plain], "host_organisation": "H", "host_phone": "+38111"}, BELGRADE)
    assert rota.contacts == (Contact("A", "a@x", "+381", "nis", 2, (Shift(WEEK, time(20), time(8)),)),)
    assert rota.host is not None
    assert (rota.host.phone, rota.host.email) == ("+38111", "")
    assert read_rota({"on_call": [], "host_organisation": "H"}, BELGRADE).host is None


@pytest.mark.parametrize("bad", [row("noday", "09:00", "10:00"), row("mon", "9", "10:00"), {"days": "mon"}])
def test_what_is_no_shift_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(HoursRefused):
        read_shift(bad)


def test_naive_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        covers(HOUSE, "nis", datetime(2026, 11, 23, 10))


@given(rotas, instants)
def test_safety_whoever_is_on_call_is_told_before_anybody_is_told_twice(rota: Rota, now: datetime) -> None:
    local = now.astimezone(BELGRADE)
    due = {each for each in rota.of("nis") if each.on_call(local)}
    seen: list[Contact] = []
    while (rung := told_next(rota, "nis", now, seen)) is not None and not rung.last:
        assert rung.contacts
        assert not set(rung.contacts) & set(seen)
        seen += rung.contacts
    assert set(seen) == due
    assert (rung is None) == (not rota.of("nis") and rota.host is None)


@given(rotas, instants)
def test_safety_the_top_stays_and_holds_every_coordinator_and_the_host(rota: Rota, now: datetime) -> None:
    top = told_next(rota, "nis", now, rota.everybody())
    coordinators = {each for each in rota.contacts if each.centre == EVERY_CENTRE}
    assert top is None or (top.last and coordinators | ({rota.host} - {None}) <= set(top.contacts))


@given(rotas, instants)
def test_a_worker_is_told_before_a_coordinator_and_in_order(rota: Rota, now: datetime) -> None:
    told = [each for rung in ladder(rota, "nis", now) if not rung.last for each in rung.contacts]
    ranks = [(each.centre == EVERY_CENTRE, each.order) for each in told]
    assert ranks == sorted(ranks)


@given(rotas, instants)
def test_gaps_are_exactly_what_nobody_covers(rota: Rota, now: datetime) -> None:
    local = now.astimezone(BELGRADE)
    at = local.weekday() * 1440 + local.hour * 60 + local.minute
    free = any(
        start <= minute < (end if end > start else end + 10080)
        for start, end in (tuple(map(_minute, gap)) for gap in gaps(rota, "nis"))
        for minute in (at, at + 10080)
    )
    assert free is not covers(rota, "nis", now, NONE)


def _minute(said: str) -> int:
    day, clock = said.split(" ")
    hour, minute = map(int, clock.split(":"))
    return ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(day) * 1440 + hour * 60 + minute


@given(rotas, instants)
def test_whatever_is_on_call_covers_and_the_hours_after_only_add(rota: Rota, now: datetime) -> None:
    assert covers(rota, "nis", now) or not covers(rota, "nis", now, NONE)


@given(shifts, instants)
def test_a_shift_is_held_by_local_clocks_on_dst_nights_too(shift: Shift, now: datetime) -> None:
    local = now.astimezone(BELGRADE)
    clock = local.time().replace(second=0, microsecond=0)
    today, yesterday = local.weekday() in shift.weekdays, (local.weekday() - 1) % 7 in shift.weekdays
    if shift.start < shift.end:
        assert shift.holds(local) == (today and shift.start <= clock < shift.end)
    else:
        assert shift.holds(local) == ((today and shift.start <= clock) or (yesterday and clock < shift.end))
