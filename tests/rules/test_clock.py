"""I20: clock trouble is a drift of over five minutes while running, or a start before the last committed tick."""

from datetime import UTC, datetime, timedelta

import pytest

from surveys.rules.clock import ClockGuard, ClockTrouble

START = datetime(2027, 3, 1, 12, tzinfo=UTC)
GUARD = ClockGuard(START, 1000.0)


@pytest.mark.parametrize("ran", [0, 1, 3600, 90 * 86400])
@pytest.mark.parametrize(
    ("drift", "trouble"),
    [
        (0, None),
        (300, None),
        (-300, None),
        (301, ClockTrouble.DRIFTED),
        (-301, ClockTrouble.DRIFTED),
        (86400, ClockTrouble.DRIFTED),
        (-86400 * 200, ClockTrouble.DRIFTED),
    ],
)
def test_safety_i20_a_drift_of_over_five_minutes_either_way_is_trouble(
    ran: int, drift: int, trouble: ClockTrouble | None
) -> None:
    assert GUARD.trouble(START + timedelta(seconds=ran + drift), 1000.0 + ran) is trouble


def test_safety_i20_many_small_steps_add_up_to_trouble() -> None:
    wall, running = START, 1000.0
    seen = []
    for _ in range(12):
        wall, running = wall + timedelta(seconds=10 + 30), running + 10
        seen.append(GUARD.trouble(wall, running))
    assert seen[9] is None
    assert seen[10] is ClockTrouble.DRIFTED


@pytest.mark.parametrize(
    ("last_tick", "trouble"),
    [
        (None, None),
        (START, None),
        (START - timedelta(days=30), None),
        (START + timedelta(seconds=1), ClockTrouble.BEHIND_LAST_TICK),
        (START + timedelta(days=90), ClockTrouble.BEHIND_LAST_TICK),
    ],
)
def test_safety_i20_a_start_before_the_last_tick_is_trouble_and_a_late_one_is_an_outage(
    last_tick: datetime | None, trouble: ClockTrouble | None
) -> None:
    assert GUARD.trouble_at_start(last_tick) is trouble


def test_naive_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        GUARD.trouble(datetime(2027, 3, 1), 1.0)
    with pytest.raises(ValueError, match="needs a zone"):
        GUARD.trouble_at_start(datetime(2027, 3, 1))


@pytest.mark.parametrize("trouble", list(ClockTrouble))
def test_every_trouble_has_one_clear_line(trouble: ClockTrouble) -> None:
    assert trouble.line.endswith(".")
