"""The machine under a running service: full and locked disks, restarted databases, several processes, odd clocks."""

import asyncio
import resource
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.telegram.webhook import PATH
from posle.opening import opened
from surveys.records import holds
from surveys.records.deliveries import Delivery
from tests.databases import drop_postgres, fresh_postgres, restart_postgres
from tests.faults.going_on import goes_on, values
from tests.journeys.house import BEGAN, House, house, until
from tests.records.looked import arrived

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def postgres() -> Iterator[str]:
    """An empty PostgreSQL database."""
    url = fresh_postgres(migrated=False)
    yield url
    drop_postgres(url)


async def posted(side: House, number: int) -> int:
    """Post one update as the provider does; the status."""
    address = side.wire.api.updates(side.bot).address
    assert address is not None
    body = {
        "update_id": 900_000_000 + number,
        "message": {
            "message_id": number, "date": int(side.clock.now().timestamp()), "text": "dobar dan",
            "from": {"id": 9, "is_bot": False, "first_name": "A"}, "chat": {"id": 9, "type": "private"},
        },
    }  # fmt: skip
    headers = {"X-Telegram-Bot-Api-Secret-Token": address.secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{side.port}{PATH}", json=body, headers=headers) as answer,
    ):
        return answer.status


async def registered(side: House) -> None:
    async def known() -> bool:
        return side.wire.api.updates(side.bot).address is not None

    await until(known, side.process)


async def kept(side: House) -> dict[str, int]:
    async with opened(side.folder) as (_, database), database.reading() as tx:
        return await arrived(tx)


async def held(side: House) -> list[str]:
    async with opened(side.folder) as (_, database), database.reading() as tx:
        return [each.reason for each in await holds.standing(tx)]


async def test_i7_a_full_disk_answers_503_never_200_and_it_goes_on_when_there_is_room(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        process = await side.serve()
        await registered(side)
        assert await posted(side, 1) == 200
        before = await kept(side)
        limits = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, limits[1]))
        assert await posted(side, 2) == 503
        assert await kept(side) == before
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)
        assert await posted(side, 2) == 200
        assert await posted(side, 2) == 200
        assert sum((await kept(side)).values()) == sum(before.values()) + 1


async def test_i7_a_locked_database_answers_503_never_200_and_recovers(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await side.serve()
        await registered(side)
        with sqlite3.connect(side.folder / "posle.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            assert await posted(side, 1) == 503
            other.execute("ROLLBACK")
        assert await posted(side, 1) == 200


@pytest.mark.parametrize("front", ["all", "web"])
async def test_i2_two_processes_on_one_database_send_each_notice_once(
    tmp_path: Path, postgres: str, front: str
) -> None:
    async with house(tmp_path, database=postgres) as side:
        for chat in range(811, 816):
            await side.enrol(chat, completed_on="2026-11-20")
        await side.serve(role=front)
        workers = [await side.start("worker") for _ in range(2)]
        try:
            for chat in range(811, 816):
                side.follow(chat)
            await side.wire.quiet(0.2)
            for chat in range(811, 816):
                await side.noticed(chat)
            told = Counter(e.chat_id for e in side.wire.world.ledger.accepted if "begin" in str(e.parameters))
            left = ("sent", "claimed", "unknown")
            for chat in range(811, 816):
                perhaps = sum(each.state in left for each in await side.notices(chat))
                assert 1 <= told[chat] <= perhaps, "a delivery left twice"
            assert await side.answer(811) > 10
        finally:
            for worker in workers:
                worker.kill()
                await worker.wait()


@pytest.mark.parametrize("how", ["immediate", pytest.param("fast", marks=pytest.mark.soak)])
async def test_a_restarted_postgresql_loses_nothing_and_is_waited_for(tmp_path: Path, postgres: str, how: str) -> None:
    async with house(tmp_path, database=postgres) as side:
        await side.enrol(821)
        await side.serve()
        side.follow(821)
        await side.shown(821)
        await side.answer(821, 4)
        kept = values(await side.stored(821))
        side.step(821, side.buttons(821))
        await asyncio.to_thread(restart_postgres, how)
        assert kept.items() <= values(await side.stored(821)).items()
        await goes_on(side, 821, kept)


async def _serves(side: House, at: datetime) -> None:
    side.clock.set(at)
    await side.serve()
    await asyncio.sleep(0.3)


@pytest.mark.parametrize(("later", "holds_it"), [(-HOUR, True), (-timedelta(seconds=30), True), (3 * DAY, False)])
async def test_i20_a_clock_earlier_than_the_last_tick_holds_the_side_and_a_later_one_is_an_outage(
    tmp_path: Path, later: timedelta, holds_it: bool
) -> None:
    async with house(tmp_path, guard=True) as side:
        await _serves(side, BEGAN)
        await side.stop()
        await _serves(side, BEGAN + later)
        assert bool(await held(side)) is holds_it


@pytest.mark.parametrize("jump", [timedelta(minutes=10), -timedelta(minutes=10)])
async def test_i20_a_wall_clock_that_drifts_while_running_holds_the_side(tmp_path: Path, jump: timedelta) -> None:
    async with house(tmp_path, guard=True) as side:
        await _serves(side, BEGAN)
        assert await held(side) == []
        side.clock.set(BEGAN + jump)

        async def holds_it() -> bool:
            return bool(await held(side))

        await until(holds_it, side.process)


async def test_i4_after_an_outage_that_ends_at_night_nothing_leaves_before_the_hours(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        for chat in range(831, 836):
            await side.enrol(chat, completed_on="2026-11-20")
        await side.serve()
        for chat in range(831, 836):
            side.follow(chat)
        await side.wire.quiet(0.2)
        await side.stop()
        night = datetime.fromisoformat("2027-03-05T02:30:00+01:00")
        await _serves(side, night)
        assert not [e for e in side.wire.world.ledger.accepted if "begin" in str(e.parameters)]

        async def first_notices() -> list[Delivery]:
            every = [[e for e in await side.notices(chat) if e.kind == "notice"] for chat in range(831, 836)]
            return [min(each, key=lambda e: e.due_at) for each in every]

        async def moved() -> bool:
            return all(each.reason == "outside_hours" for each in await first_notices())

        await until(moved, side.process)
        due = [each.due_at for each in await first_notices()]
        opens = datetime.fromisoformat("2027-03-05T09:00:00+01:00")
        assert min(due) >= opens
        assert len(set(due)) == len(due), "drained one by one, not in a burst"
