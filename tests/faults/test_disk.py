"""A disk that takes nothing under a running service: nothing is acknowledged, nothing leaves, and it goes on after."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from simulator.faults import Fault
from tests.faults.going_on import goes_on, values
from tests.faults.test_points import first_notice, offers
from tests.journeys.house import House, house, until

CHAT = 601


async def _begun(side: House, answered: int = 4) -> dict[str, str]:
    await side.enrol(CHAT)
    await side.serve()
    side.follow(CHAT)
    await side.shown(CHAT)
    await side.answer(CHAT, answered)
    return values(await side.stored(CHAT))


async def said(side: House, words: str) -> None:
    """Wait until the service has said so in its log."""

    async def there() -> bool:
        return words in side.said.read_text(errors="replace")

    await until(there, side.process)


async def _not_taken_then_taken(side: House, state: str) -> None:
    kept = await _begun(side)
    sent = len(side.wire.world.ledger.accepted)
    side.disk(state)
    side.step(CHAT, side.buttons(CHAT))
    await said(side, "tick due failed: DatabaseUnavailable")
    assert values(await side.stored(CHAT)) == kept
    assert len(side.wire.world.ledger.accepted) == sent, "nothing is answered that is not stored"
    assert not side.wire.api.updates(side.bot).quiet, "the provider still has it"
    side.disk()
    await goes_on(side, CHAT, kept)


async def test_i7_on_a_read_only_disk_an_answer_stays_with_the_provider_until_it_can_be_stored(tmp_path: Path) -> None:
    async with house(tmp_path, mode="polling") as side:
        await _not_taken_then_taken(side, "read-only")


@pytest.mark.soak
@pytest.mark.parametrize("mode", ["webhook", "polling"])
@pytest.mark.parametrize("state", ["read-only", "full"])
async def test_i7_a_disk_that_takes_nothing_for_the_rest_of_a_questionnaire(
    tmp_path: Path, mode: str, state: str
) -> None:
    async with house(tmp_path, mode=mode) as side:
        kept = await _begun(side, 2)
        for _ in range(8):
            side.disk(state)  # a full one still takes what fits into the pages that it has
            before = side.seen(CHAT)
            side.step(CHAT, side.buttons(CHAT))
            await asyncio.sleep(0.5)
            side.disk()
            await side.changed(CHAT, before)
        await goes_on(side, CHAT, kept)


@pytest.mark.soak
@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_i13_a_notice_that_left_as_the_disk_went_is_unknown_and_never_sent_again(
    tmp_path: Path, mode: str
) -> None:
    async with house(tmp_path, mode=mode) as side:
        await side.enrol(CHAT, completed_on="2026-11-20")
        await side.serve()
        side.follow(CHAT)
        await side.greeted(CHAT)
        side.wire.api.faults.order(Fault("slow", method="sendMessage", chat=CHAT, seconds=1.0))
        while side.wire.api.faults.ordered:
            side.clock.set(max(side.clock.now(), (await first_notice(side)).due_at + timedelta(seconds=1)))
            await asyncio.sleep(0.1)
        side.disk("read-only")
        await said(side, "tick due failed: DatabaseUnavailable")
        side.clock.set(side.clock.now() + timedelta(minutes=3))
        side.disk()

        async def unknown() -> bool:
            return (await first_notice(side)).state == "unknown"

        await until(unknown, side.process)
        for _ in range(20):
            side.clock.set(side.clock.now() + timedelta(hours=1))
            await asyncio.sleep(0.06)
        assert offers(side) == 1
