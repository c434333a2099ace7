"""A worker that is stopped (SIGSTOP, a suspended machine) past its lease: another takes over, and when the first goes
on it sends nothing: neither twice nor outside the hours."""

import asyncio
import signal
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from posle.opening import opened
from surveys.records import tasks
from tests.faults.test_points import CHAT, first_notice, offers
from tests.journeys.house import House, house, until


async def stopped(process: asyncio.subprocess.Process) -> bool:
    return psutil.Process(process.pid).status() == psutil.STATUS_STOPPED


async def taken_over(side: House, point: str) -> None:
    """The first worker stops at the point with his notice claimed; in the evening a second one finds the claim."""
    await side.enrol(CHAT, completed_on="2026-11-20")
    await side.serve(role="web")
    first = await side.start("worker")
    side.follow(CHAT)

    async def greeted() -> bool:
        return CHAT in side.bot.chats and any(each.by_bot for each in side.bot.chats[CHAT].bubbles.values())

    await until(greeted, side.process)
    await side.wire.quiet(0.3)
    side.doom(point, signal.SIGSTOP)
    while side.doomed:
        side.clock.set(max(side.clock.now(), (await first_notice(side)).due_at + timedelta(seconds=1)))
        await asyncio.sleep(0.1)
    await until(lambda: stopped(first), first)
    evening = datetime.fromisoformat(f"{side.clock.now().date()}T21:30:00+01:00")
    side.clock.set(evening)
    second = await side.start("worker")
    try:
        await _unknown(side, second)
        first.send_signal(signal.SIGCONT)
        await _goes_on_without_it(side, first, point)
    finally:
        for worker in (first, second):
            worker.kill()
            await worker.wait()


async def _unknown(side: House, by: asyncio.subprocess.Process) -> None:
    async def given_up() -> bool:
        return (await first_notice(side)).state == "unknown"

    await until(given_up, by)


async def _goes_on_without_it(side: House, first: asyncio.subprocess.Process, point: str) -> None:
    before = offers(side)
    assert before == (1 if point == "left" else 0)
    log = side.said.stat().st_size
    for _ in range(16):
        side.clock.set(side.clock.now() + timedelta(minutes=30))
        await asyncio.sleep(0.06)
    if point == "left":  # its outcome came too late, and it says so
        await until(lambda: _said(side, log), first)
    assert offers(side) == before, "sent after another had taken over"
    assert (await first_notice(side)).state == "unknown"
    async with opened(side.folder) as (_, database), database.reading() as tx:
        assert [each.kind for each in await tasks.standing(tx)].count("send_unknown") == 1


async def _said(side: House, since: int) -> bool:
    return "taken over" in side.said.read_text(errors="replace")[since:]


async def test_i13_a_worker_that_was_stopped_with_a_claim_sends_nothing_when_it_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await taken_over(side, "turned")


@pytest.mark.soak
@pytest.mark.parametrize("point", ["claimed", "turned", "left"])
async def test_i13_a_worker_stopped_at_a_point_of_sending(tmp_path: Path, place: str, point: str) -> None:
    async with house(tmp_path, database=place) as side:
        await taken_over(side, point)
