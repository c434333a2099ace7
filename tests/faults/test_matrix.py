"""Each fault by each way of taking updates on each database: through two waves' notices and a whole questionnaire.

Only `make soak` runs it. A person presses again where nothing came; the house's end asks every invariant.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from simulator.faults import Fault
from surveys.records.deliveries import Delivery
from tests.databases import restart_postgres
from tests.faults.going_on import values
from tests.journeys.house import House, house, until

CHATS = (611, 612)
EARLIER = timedelta(minutes=90)
AGAIN = 6.0
"""Real seconds after which somebody presses again."""
Trouble = Callable[[House, str], Awaitable[None]]


async def kill(side: House, _: str) -> None:
    await side.kill()
    await side.serve()


def failing(*faults: Fault) -> Trouble:
    async def order(side: House, _: str) -> None:
        for each in faults:
            side.wire.api.faults.order(Fault(each.kind, each.times, each.method, None, each.status, each.seconds))

    return order


async def locked(side: House, place: str) -> None:
    """Somebody else holds the database for longer than a writer waits here."""
    if place.startswith("sqlite:"):
        with sqlite3.connect(side.folder / "posle.db", isolation_level=None, timeout=10) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(1.0)
            other.execute("ROLLBACK")
        return
    async with await psycopg.AsyncConnection.connect(place) as holder:
        await holder.execute("LOCK TABLE inbox, deliveries IN ACCESS EXCLUSIVE MODE")
        await asyncio.sleep(1.0)


async def clock_back(side: House, _: str) -> None:
    side.clock.set(side.clock.now() - EARLIER)
    side.back += EARLIER


async def restarted(side: House, place: str) -> None:
    if place.startswith("sqlite:"):
        side.disk("read-only")
        await asyncio.sleep(0.5)
        side.disk()
    else:
        await asyncio.to_thread(restart_postgres, "immediate")


TROUBLES: dict[str, Trouble] = {
    "kill -9": kill,
    "429": failing(Fault("status", 3, status=429, seconds=1)),
    "5xx": failing(Fault("status", 2, status=500), Fault("status", 2, status=502)),
    "outage": failing(Fault("status", 6, "getUpdates", status=503), Fault("status", 2, status=503)),
    "reset": failing(Fault("reset_before"), Fault("reset_after", 2)),
    "locked": locked,
    "clock back": clock_back,
    "disk or server away": restarted,
}


async def changed(side: House, chat: int, before: tuple[object, ...]) -> None:
    async def other() -> bool:
        return side.seen(chat) != before

    try:
        await until(other, side.process, AGAIN)
    except AssertionError:
        assert side.process is not None
        assert side.process.returncode is None, "the service has ended"


async def answers(side: House, chat: int, steps: int = 300) -> None:
    for _ in range(steps):
        shown = side.buttons(chat)
        if not shown:
            return
        before = side.seen(chat)
        side.step(chat, shown)
        await changed(side, chat, before)


async def first_notices(side: House) -> list[Delivery]:
    return [min((e for e in await side.notices(chat) if e.kind == "notice"), key=lambda e: e.due_at) for chat in CHATS]


async def noticed(side: House) -> None:
    """The clock goes to whatever is due next, until everybody's first notice has come to an end."""
    patience = 0
    for _ in range(400):
        waiting = [each for each in await first_notices(side) if each.state in ("planned", "claimed")]
        if not waiting:
            return
        patience += 1
        if all(each.state == "planned" for each in waiting):
            due = min(each.due_at for each in waiting) + timedelta(seconds=1)
            side.clock.set(max(side.clock.now(), due))
        elif patience > 20:  # a claim that nobody finishes is given up after its lease
            side.clock.set(side.clock.now() + timedelta(minutes=3))
            patience = 0
        await asyncio.sleep(0.3)
    raise AssertionError("a notice came to no end")


async def bound(side: House) -> None:
    for chat in CHATS:
        await side.enrol(chat, completed_on="2026-11-20")
    await side.serve()
    for chat in CHATS:
        side.follow(chat)
    for chat in CHATS:
        await side.greeted(chat)


@pytest.mark.soak
@pytest.mark.parametrize("mode", ["webhook", "polling"])
@pytest.mark.parametrize("name", TROUBLES)
async def test_a_fault_again_and_again_through_notices_and_a_questionnaire(
    tmp_path: Path, mode: str, place: str, name: str
) -> None:
    (tmp_path / "busy").write_text("0.3")
    trouble = TROUBLES[name]
    async with house(tmp_path, mode=mode, database=place) as side:
        await bound(side)
        await trouble(side, place)
        await noticed(side)
        await trouble(side, place)
        for chat in CHATS:
            side.wire.api.faults.ordered.clear()
            before = side.seen(chat)
            for _ in range(5):
                side.type(chat, "dobar dan")  # where his notice is unknown, he is answered when he writes
                await changed(side, chat, before)
                if side.seen(chat) != before:
                    break
            await side.wire.quiet(0.2)
            await side.shown(chat)
            for _ in range(2):
                await answers(side, chat, 3)
                kept = values(await side.stored(chat))
                await trouble(side, place)
                await answers(side, chat, 1)
                assert kept.items() <= values(await side.stored(chat)).items()
            side.wire.api.faults.ordered.clear()
            await answers(side, chat)
            assert side.buttons(chat) == []
            assert len(await side.stored(chat)) > 10
