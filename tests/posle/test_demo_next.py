"""The demo's next event and its leaps: nothing that goes by itself is leapt over, and nothing is under way then."""

import asyncio
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio

from posle.demo.child import _move, _next
from posle.demo.reins import LedClock, moment
from surveys.records import chats, traces
from surveys.records.database import Database
from surveys.rules.vocabulary import Channel
from surveys.steps.traces import rule_of
from tests.databases import database, database_url, fresh_url, seals
from tests.steps.her_stage import HerStage, make_her_stage
from tests.steps.stage import START

__all__ = ["database", "database_url", "fresh_url", "seals"]


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def coming(her: HerStage) -> Any:
    running: Any = SimpleNamespace(service=her.service)
    return moment(await _next(running))


async def test_what_is_to_go_from_her_chat_is_an_event_of_the_demo(her: HerStage) -> None:
    await her.ready()
    await her.enrol()
    goes = her.now + timedelta(hours=20)
    async with her.service.database.writing() as tx:
        await traces.note(tx, "31", "m1", traces.Direction.OUT, her.now, goes)
    assert await coming(her) == goes


async def test_the_end_of_a_session_that_went_quiet_is_an_event_of_the_demo(her: HerStage) -> None:
    await her.ready()
    await her.enrol()
    async with her.service.database.writing() as tx:
        await chats.begin(tx, "31", "sr_Latn", her.now)
    rule = rule_of(her.service, Channel.TELEGRAM)
    assert rule is not None
    assert await coming(her) == her.now + rule.idle


async def test_the_clock_leaps_only_while_no_look_at_due_work_is_under_way() -> None:
    clock, turn = LedClock(START, runs=False), asyncio.Lock()
    running: Any = SimpleNamespace(account=None, due=SimpleNamespace(turn=turn))
    async with turn:
        leap = asyncio.create_task(_move(running, clock, START + timedelta(days=3)))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(leap), 0.05)
        assert clock.now() == START, "a claimed message is still on its way"
    await leap
    assert clock.now() == START + timedelta(days=3)
