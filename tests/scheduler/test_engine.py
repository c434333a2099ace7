"""The engine: ticks run at once and again, alone, whatever fails beside them, and stop cleanly."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.clock import SystemClock
from scheduler.engine import Engine
from scheduler.ticks import Tick

PROMPT = 0.02
SOON = 5.0


class Counter:
    """A tick that counts its runs and lets a test wait for the next one."""

    def __init__(self) -> None:
        self.runs = 0
        self._ran = asyncio.Condition()

    async def __call__(self) -> None:
        async with self._ran:
            self.runs += 1
            self._ran.notify_all()

    async def reaches(self, runs: int) -> None:
        async with asyncio.timeout(SOON), self._ran:
            await self._ran.wait_for(lambda: self.runs >= runs)


class StillClock:
    """A wall clock that stands where it is put."""

    def __init__(self, wall: datetime) -> None:
        self.wall = wall

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return 0.0


def engine_of(**ticks: Callable[[], Awaitable[None]]) -> Engine:
    return Engine([Tick(name, PROMPT, run) for name, run in ticks.items()], SystemClock())


async def test_a_tick_runs_at_once_and_again_and_again() -> None:
    tick = Counter()
    engine = engine_of(dispatch=tick)
    await engine.start()
    await tick.reaches(4)
    await engine.stop()


async def test_a_tick_of_an_hour_runs_at_the_start_and_not_again() -> None:
    slow, fast = Counter(), Counter()
    engine = Engine([Tick("purge", 3600, slow), Tick("dispatch", PROMPT, fast)], SystemClock())
    await engine.start()
    await fast.reaches(5)
    await engine.stop()
    assert slow.runs == 1


async def test_a_tick_that_raises_stops_neither_itself_nor_the_others() -> None:
    good, tries = Counter(), Counter()

    async def bad() -> None:
        await tries()
        raise RuntimeError("text of a person")

    engine = engine_of(bad=bad, good=good)
    await engine.start()
    await good.reaches(4)
    await tries.reaches(4)
    await engine.stop()
    assert set(engine.finished) == {"good"}


async def test_what_an_error_says_is_never_logged_only_its_class(caplog: pytest.LogCaptureFixture) -> None:
    tries = Counter()

    async def bad() -> None:
        await tries()
        raise LookupError("064 123 45 67")

    engine = engine_of(bad=bad)
    with caplog.at_level(logging.DEBUG):
        await engine.start()
        await tries.reaches(2)
        await engine.stop()
    assert "tick bad failed: LookupError" in caplog.text
    assert "064" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


async def test_a_slow_tick_never_runs_twice_at_once_and_delays_no_other() -> None:
    release, other = asyncio.Event(), Counter()
    inside: list[int] = []
    most: list[int] = []

    async def slow() -> None:
        inside.append(1)
        most.append(len(inside))
        await release.wait()
        inside.pop()

    engine = engine_of(slow=slow, other=other)
    await engine.start()
    await other.reaches(6)
    assert most == [1]
    release.set()
    await other.reaches(9)
    await engine.stop()
    assert max(most) == 1
    assert len(most) > 1


async def test_last_tick_is_the_instant_at_which_the_last_finished_tick_began() -> None:
    clock = StillClock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    began = clock.wall
    tick = Counter()

    async def run() -> None:
        clock.wall += timedelta(hours=1)
        await tick()

    engine = Engine([Tick("dispatch", 3600, run)], clock)
    assert engine.last_tick is None
    await engine.start()
    await tick.reaches(1)
    await engine.stop()
    assert engine.last_tick == began
    assert engine.finished == {"dispatch": began}


async def test_last_tick_does_not_move_while_ticks_fail() -> None:
    tries = Counter()

    async def bad() -> None:
        await tries()
        raise OSError

    engine = engine_of(bad=bad)
    await engine.start()
    await tries.reaches(3)
    await engine.stop()
    assert engine.last_tick is None


async def test_stop_waits_for_what_is_running() -> None:
    begun, release = asyncio.Event(), asyncio.Event()
    finished: list[str] = []

    async def slow() -> None:
        begun.set()
        await release.wait()
        finished.append("slow")

    engine = engine_of(slow=slow)
    await engine.start()
    await begun.wait()
    stopping = asyncio.create_task(engine.stop())
    release.set()
    await stopping
    assert finished == ["slow"]


async def test_stop_cancels_what_does_not_end_in_time_and_runs_nothing_afterwards() -> None:
    begun, never, other = asyncio.Event(), asyncio.Event(), Counter()

    async def hangs() -> None:
        begun.set()
        await never.wait()

    engine = engine_of(hangs=hangs, other=other)
    await engine.start()
    await begun.wait()
    async with asyncio.timeout(SOON):
        await engine.stop(grace=0)
    runs = other.runs
    await asyncio.wait([asyncio.ensure_future(never.wait())], timeout=PROMPT * 5)
    assert other.runs == runs
    assert len(asyncio.all_tasks()) == 2  # this test, and the wait above
    never.set()


async def test_stop_may_be_called_twice_and_before_start() -> None:
    engine = engine_of(tick=Counter())
    await engine.stop()
    await engine.start()
    await engine.stop()
    await engine.stop()


def test_two_ticks_of_one_name_are_refused() -> None:
    tick = Tick("dispatch", 1, Counter())
    with pytest.raises(ValueError, match="name of its own"):
        Engine([tick, tick], SystemClock())


@pytest.mark.parametrize(
    ("name", "seconds"), [("", 1.0), ("dispatch", 0.0), ("dispatch", -1.0), ("dispatch", float("nan"))]
)
def test_a_tick_that_could_never_run_is_refused(name: str, seconds: float) -> None:
    with pytest.raises(ValueError, match="a tick needs"):
        Tick(name, seconds, Counter())


def test_the_system_clock_gives_aware_instants_and_seconds_that_never_go_back() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
