"""kill -9 at named points of receiving and sending, by webhook and by polling; then all goes on, and nothing leaves
twice. The house's end asks every invariant."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from surveys.records.deliveries import Delivery
from tests.faults.going_on import died, goes_on, values
from tests.journeys.faulted import POINTS
from tests.journeys.house import House, house, until

CHAT = 601
STARTS = ("claiming", "claimed", "turned", "replying", "left", "noted")
REPLIES = tuple(each for each in POINTS if each not in ("claiming", "claimed", "turned", "noted"))


async def killed_at(side: House, point: str) -> None:
    """He answers one item, the process dies at the point, and another is started."""
    kept = values(await side.stored(CHAT))
    side.doom(point)
    side.step(CHAT, side.buttons(CHAT))
    await died(side)
    assert kept.items() <= values(await side.stored(CHAT)).items()
    await side.serve()
    await side.wire.quiet(0.1)


async def test_i7_killed_in_polling_mode_before_the_offset_moved_and_after_a_reply_left(tmp_path: Path) -> None:
    async with house(tmp_path, mode="polling") as side:
        await _begun(side)
        await killed_at(side, "committed")
        await side.answer(CHAT, 2)
        await killed_at(side, "left")
        await goes_on(side, CHAT, values(await side.stored(CHAT)))


@pytest.mark.soak
@pytest.mark.parametrize("mode", ["webhook", "polling"])
@pytest.mark.parametrize("point", REPLIES)
async def test_i7_killed_at_a_point_of_an_exchange(tmp_path: Path, mode: str, point: str) -> None:
    if (mode, point) == ("webhook", "brought"):
        point = "arriving"  # nothing is fetched there
    async with house(tmp_path, mode=mode) as side:
        await _begun(side)
        for _ in range(2):
            await killed_at(side, point)
            await side.answer(CHAT, 1)
        await goes_on(side, CHAT, values(await side.stored(CHAT)))


async def _begun(side: House) -> None:
    await side.enrol(CHAT)
    await side.serve()
    side.follow(CHAT)
    await side.shown(CHAT)
    await side.answer(CHAT, 4)


async def first_notice(side: House) -> Delivery:
    """The notice of his first wave."""
    return min((e for e in await side.notices(CHAT) if e.kind == "notice"), key=lambda e: e.due_at)


def offers(side: House) -> int:
    """Messages on the wire that offer to begin."""
    started = [e for e in side.wire.world.ledger.accepted if e.method == "sendMessage" and "begin" in str(e.parameters)]
    return sum("odsetnik" not in str(each.parameters) for each in started)


async def dies_with_a_notice(side: House, point: str) -> None:
    """Bound long before his wave; the clock goes to his notice, and the process dies at the point."""
    await side.enrol(CHAT, completed_on="2026-11-20")
    await side.serve()
    side.follow(CHAT)

    async def greeted() -> bool:
        return CHAT in side.bot.chats and any(each.by_bot for each in side.bot.chats[CHAT].bubbles.values())

    await until(greeted, side.process)
    await side.wire.quiet(0.3)
    side.doom(point)
    for _ in range(400):
        if side.process is None or side.process.returncode is not None:
            return
        due = (await first_notice(side)).due_at + timedelta(seconds=1)
        side.clock.set(max(side.clock.now(), due))
        await asyncio.sleep(0.1)
    raise AssertionError("the point was never met")


@pytest.mark.soak
@pytest.mark.parametrize("mode", ["webhook", "polling"])
@pytest.mark.parametrize("point", STARTS)
async def test_i13_killed_at_a_point_of_a_notice(tmp_path: Path, mode: str, point: str) -> None:
    async with house(tmp_path, mode=mode) as side:
        await dies_with_a_notice(side, point)
        await side.serve()

        async def settled() -> bool:
            notice = await first_notice(side)
            if notice.state == "planned":  # what was not committed is claimed anew
                side.clock.set(max(side.clock.now(), notice.due_at + timedelta(seconds=1)))
                await asyncio.sleep(0.1)
            return notice.state not in ("planned", "claimed")

        await until(settled, side.process)
        assert (await first_notice(side)).state == ("sent" if point in ("claiming", "noted") else "unknown")
        for _ in range(20):
            side.clock.set(side.clock.now() + timedelta(hours=1))
            await asyncio.sleep(0.06)
        assert offers(side) == (0 if point in ("claimed", "turned", "replying") else 1)
        before = side.seen(CHAT)
        side.type(CHAT, "dobar dan")
        await side.changed(CHAT, before)
        await goes_on(side, CHAT, {})
