"""The embedded engine: APScheduler runs a few ticks in one process, and goes on when the wall clock jumps.

It decides nothing about what is due, holds no job per person, and never logs what an error says.
See docs/adr/0003-monotonic-ticks.md.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from scheduler.clock import Clock, SystemClock
from scheduler.ticks import Tick

_LOG = logging.getLogger(__name__)
_SLOWEST_BEAT = 1.0
_GRACE = 10.0


class _Again(BaseTrigger):  # type: ignore[misc] # apscheduler has no types
    """At once, then so long after the time at which it was looked at: however far the clock jumped, once."""

    def __init__(self, seconds: float) -> None:
        self._pause = timedelta(seconds=seconds)

    @property
    def pause(self) -> timedelta:
        return self._pause

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now if previous_fire_time is None else now + self._pause


class Engine:
    """Runs ticks in the running event loop from `start` to `stop`. `clock` is only read for `last_tick`."""

    def __init__(self, ticks: Sequence[Tick], clock: Clock) -> None:
        if len({tick.name for tick in ticks}) < len(ticks):
            raise ValueError("each tick needs a name of its own")
        self._ticks, self._clock = tuple(ticks), clock
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._system = SystemClock()
        self._running: set[asyncio.Task[object]] = set()
        self._heart: asyncio.Task[None] | None = None
        self._finished: dict[str, datetime] = {}
        self._last: datetime | None = None

    @property
    def last_tick(self) -> datetime | None:
        """The wall-clock instant at which the tick that finished last began; None before the first."""
        return self._last

    @property
    def finished(self) -> Mapping[str, datetime]:
        """The same for each tick by its name; one that never finished is not there."""
        return MappingProxyType(self._finished)

    async def start(self) -> None:
        """Run every tick now, then each at its own pace."""
        for tick in self._ticks:
            self._scheduler.add_job(
                partial(self._run, tick),
                _Again(tick.seconds),
                id=tick.name,
                name=tick.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()
        self._heart = asyncio.create_task(self._beat(), name="heartbeat")

    async def stop(self, grace: float = _GRACE) -> None:
        """Start nothing more, let what runs finish within `grace` seconds, then cancel it. Safe to call twice."""
        if self._heart is None:
            return
        self._heart.cancel()
        self._heart = None
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the shutdown itself is a callback of the loop

    async def _run(self, tick: Tick) -> None:
        task, began = asyncio.current_task(), self._clock.now()
        assert task is not None
        self._running.add(task)
        try:
            await tick.run()
        except (Exception, asyncio.CancelledError) as error:
            # The class alone: what an error says may hold a person's text, number or token.
            _LOG.error("tick %s failed: %s", tick.name, type(error).__name__)
        else:
            self._last = self._finished[tick.name] = began
        finally:
            self._running.discard(task)

    async def _beat(self) -> None:
        """Bring back what the wall clock, set back, has moved out of reach: APScheduler waits by the wall clock."""
        beat = min([_SLOWEST_BEAT, *(tick.seconds for tick in self._ticks)])
        while True:
            await asyncio.sleep(beat)
            now = self._system.now()
            for job in self._scheduler.get_jobs():
                if _out_of_reach(job, now):
                    job.modify(next_run_time=now)


def _out_of_reach(job: Job, now: datetime) -> bool:
    return bool(job.next_run_time > now + job.trigger.pause)
