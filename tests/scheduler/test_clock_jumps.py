"""Ticks go on at their pace when the wall clock jumps: they neither wait for it nor catch up with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from scheduler.clock import SystemClock
from scheduler.engine import Engine
from scheduler.ticks import Tick
from tests.scheduler.test_engine import PROMPT, Counter

START = datetime(2027, 3, 1, 12, tzinfo=UTC)
MONTHS = timedelta(days=200)


@pytest.fixture
def wall() -> Iterator[time_machine.Traveller]:
    """The system's wall clock, which runs on and can be moved; monotonic time stays as it is."""
    with time_machine.travel(START, tick=True) as traveller:
        yield traveller


@pytest.mark.parametrize("jump", [MONTHS, -MONTHS, timedelta(minutes=1), -timedelta(minutes=1), -timedelta(seconds=1)])
async def test_a_jump_of_the_wall_clock_stalls_no_tick(wall: time_machine.Traveller, jump: timedelta) -> None:
    tick = Counter()
    engine = Engine([Tick("dispatch", PROMPT, tick)], SystemClock())
    await engine.start()
    for jumps in range(1, 4):
        wall.move_to(START + jump * jumps)
        await tick.reaches(tick.runs + 3)
    await engine.stop()
    assert engine.last_tick is not None
    assert abs(engine.last_tick - (START + 3 * jump)) < timedelta(seconds=30)


@pytest.mark.parametrize("jump", [MONTHS, -MONTHS])
async def test_a_jump_of_the_wall_clock_brings_no_burst(wall: time_machine.Traveller, jump: timedelta) -> None:
    slow, fast = Counter(), Counter()
    engine = Engine([Tick("purge", 3600, slow), Tick("dispatch", PROMPT, fast)], SystemClock())
    await engine.start()
    await fast.reaches(2)
    wall.move_to(START + jump)
    await fast.reaches(fast.runs + 10)
    await engine.stop()
    assert slow.runs <= 2


async def test_the_pace_is_that_of_monotonic_time_after_a_jump(wall: time_machine.Traveller) -> None:
    clock, tick = SystemClock(), Counter()
    engine = Engine([Tick("dispatch", 0.05, tick)], clock)
    await engine.start()
    wall.move_to(START + MONTHS)
    await tick.reaches(2)
    before = clock.monotonic()
    await tick.reaches(tick.runs + 5)
    await engine.stop()
    assert clock.monotonic() - before >= 0.05 * 4
