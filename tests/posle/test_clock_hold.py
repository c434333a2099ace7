"""The automatic HOLD of a clock that moved: it stands until two people lift it, and is then lifted."""

from datetime import timedelta
from typing import Any

import pytest_asyncio

from posle.serving.due import Due
from surveys.records import holds
from surveys.records.database import Database
from surveys.records.holds import Scope
from surveys.rules.clock import ClockGuard, ClockTrouble
from tests.databases import database, database_url, fresh_url, seals
from tests.steps.stage import START, Stage, make_stage

__all__ = ["database", "database_url", "fresh_url", "seals"]


class Moved:
    """A wall clock that a test sets; the monotonic one stands still."""

    def __init__(self) -> None:
        self.wall = START

    def now(self) -> Any:
        return self.wall

    def monotonic(self) -> float:
        return 0.0


@pytest_asyncio.fixture
async def stage(database: Database, tmp_path: Any) -> Stage:
    return await make_stage(database, tmp_path)


async def standing(stage: Stage) -> list[str]:
    async with stage.service.database.reading() as tx:
        return [each.reason for each in await holds.standing(tx)]


async def lifted(stage: Stage, clock: Moved) -> None:
    async with stage.service.database.writing() as tx:
        await holds.release(tx, Scope.SIDE, holds.WHOLE_SIDE, "by:one+by:two", clock.now())


async def test_i20_a_clock_that_moved_holds_until_it_is_released_and_a_further_move_holds_anew(stage: Stage) -> None:
    clock, account = Moved(), Any
    due = Due(stage.service, account, clock, ClockGuard(clock.now(), 0.0))  # type: ignore[arg-type]
    await due._watch_clock(clock.now())
    assert await standing(stage) == []
    clock.wall += timedelta(minutes=20)
    for _ in range(3):
        await due._watch_clock(clock.now())
    assert await standing(stage) == [ClockTrouble.DRIFTED], "it stands though the clock does not move on"
    await lifted(stage, clock)
    await due._watch_clock(clock.now())
    assert await standing(stage) == [], "two people looked: no tick undoes their release"
    clock.wall -= timedelta(minutes=20)
    await due._watch_clock(clock.now())
    assert await standing(stage) == [ClockTrouble.DRIFTED]
