"""A provider that is slow, down, or loses connections: notices leave once or are unknown, replies come, all goes on."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from posle.opening import opened
from simulator.faults import Fault
from surveys.records import contacts, tasks
from surveys.records.deliveries import Delivery
from surveys.rules.vocabulary import Channel
from tests.journeys.house import House, house, until

HOUR = timedelta(hours=1)
REFUSALS = (
    Fault("status", status=429, seconds=1), Fault("status", status=500), Fault("status", status=503, spoken=False),
)  # fmt: skip


def named(fault: Fault) -> str:
    return f"{fault.kind}-{fault.status}"


def copy(fault: Fault, method: str) -> Fault:
    return Fault(fault.kind, fault.times, method, 801, fault.status, fault.seconds, fault.description, fault.spoken)


async def bound(side: House) -> None:
    """He pressed Start, long before his wave."""
    await side.enrol(801, completed_on="2026-11-20")
    await side.serve()
    side.follow(801)
    await side.greeted(801)


def notices_on_the_wire(side: House) -> int:
    """First messages of a wave; a reminder says that it is one."""
    started = [e for e in side.wire.world.ledger.accepted if e.method == "sendMessage" and "begin" in str(e.parameters)]
    return sum("odsetnik" not in str(each.parameters) for each in started)


async def first_notice(side: House) -> Delivery:
    """The notice of his first wave."""
    return min((e for e in await side.notices(801) if e.kind == "notice"), key=lambda e: e.due_at)


async def settled(side: House) -> Delivery:
    """Move to what is due next, never past it, and let it come to its end, until the first notice is over."""

    async def over() -> bool:
        notice = await first_notice(side)
        if notice.state not in ("planned", "claimed"):
            return True
        side.clock.set(max(side.clock.now(), notice.due_at + timedelta(seconds=1)))
        await asyncio.sleep(0.1)
        return False

    await until(over, side.process, patience=60)
    return await first_notice(side)


async def kinds_of_tasks(side: House) -> list[str]:
    async with opened(side.folder) as (_, database), database.reading() as tx:
        return [each.kind for each in await tasks.standing(tx)]


@pytest.mark.parametrize("fault", REFUSALS, ids=named)
async def test_i2_a_notice_that_was_refused_leaves_later_and_once(tmp_path: Path, fault: Fault) -> None:
    async with house(tmp_path) as side:
        await bound(side)
        side.wire.api.faults.order(copy(fault, "sendMessage"))
        assert (await settled(side)).state == "sent"
        assert side.wire.api.faults.ordered == []
        assert notices_on_the_wire(side) == 1


@pytest.mark.parametrize(("kind", "arrived"), [("reset_before", 0), ("reset_after", 1), ("garbage", 1)])
async def test_i13_a_notice_whose_answer_was_lost_is_unknown_has_a_task_and_is_never_sent_again(
    tmp_path: Path, kind: str, arrived: int
) -> None:
    async with house(tmp_path) as side:
        await bound(side)
        side.wire.api.faults.order(Fault(kind, method="sendMessage", chat=801))
        assert (await settled(side)).state == "unknown"
        for _ in range(30):
            side.clock.set(side.clock.now() + HOUR)
            await asyncio.sleep(0.06)
        assert (await first_notice(side)).state == "unknown"
        assert notices_on_the_wire(side) == arrived
        assert any("unknown" in kind for kind in await kinds_of_tasks(side))


async def test_a_man_who_blocked_the_bot_is_suspended_with_a_task_and_answered_when_he_writes(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await bound(side)
        side.wire.api.faults.order(Fault("status", status=403, method="sendMessage", chat=801))

        await settled(side)

        async def suspended() -> bool:
            async with opened(side.folder) as (_, database), database.reading() as tx:
                contact = await contacts.current(tx, side.people[801], Channel.TELEGRAM)
            return contact is not None and contact.suspended_at is not None

        await until(suspended, side.process)
        assert any(kind.startswith("contact_") for kind in await kinds_of_tasks(side))
        before = len(side.wire.world.ledger.accepted)
        side.type(801, "dobar dan")

        async def answered() -> bool:
            return len(side.wire.world.ledger.accepted) > before

        await until(answered, side.process)


@pytest.mark.parametrize("fault", REFUSALS, ids=named)
async def test_a_reply_that_was_refused_comes_all_the_same(tmp_path: Path, fault: Fault) -> None:
    async with house(tmp_path) as side:
        await side.enrol(801)
        await side.serve()
        side.follow(801)
        await side.shown(801)
        await side.answer(801, 3)
        side.wire.api.faults.order(copy(fault, "editMessageText"))
        await side.answer(801, 2)
        assert await side.answer(801) > 5
        assert len(await side.stored(801)) > 10


async def test_i13_a_reply_that_is_unknown_is_answered_again_when_he_presses_again(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await side.enrol(801)
        await side.serve()
        side.follow(801)
        await side.shown(801)
        await side.answer(801, 3)
        side.wire.api.faults.order(Fault("reset_after", method="editMessageText", chat=801))
        await side.answer(801, 1)
        assert await side.answer(801) > 5
        assert len(await side.stored(801)) > 10


async def test_the_service_starts_while_the_provider_is_down_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await side.enrol(801)
        side.wire.api.faults.order(Fault("status", times=4, status=503, spoken=False))
        await side.serve()

        async def over() -> bool:
            return not side.wire.api.faults.ordered

        await until(over, side.process)
        side.follow(801)
        await side.shown(801)
        assert await side.answer(801) > 10


async def test_i4_a_press_that_telegram_calls_too_old_is_not_replied_to_and_the_next_action_is(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await side.enrol(801)
        await side.serve()
        side.follow(801)
        await side.noticed(801)
        await side.answer(801, 4)
        await side.stop()
        kept, asked = len(await side.stored(801)), side.newest(801)
        side.step(801, side.buttons(801))
        side.clock.set(side.clock.now() + timedelta(minutes=5))
        await side.serve()

        async def stored() -> bool:
            return len(await side.stored(801)) > kept

        await until(stored, side.process)
        await side.wire.quiet(0.3)
        assert side.newest(801) == asked, "nothing leaves five minutes after the press"
        assert await side.answer(801) > 5
        assert len(await side.stored(801)) > 10
        assert "send_failed" not in await kinds_of_tasks(side)
