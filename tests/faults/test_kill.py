"""kill -9 at any moment: the conversation goes on at the right question, no answer is lost, nothing is sent twice."""

import asyncio
import random
from functools import partial
from pathlib import Path

import pytest

from simulator.faults import Fault
from tests.journeys.house import CONTROLS, House, house, until


async def _begun(side: House) -> None:
    await side.enrol(601)
    await side.serve()
    side.follow(601)
    await side.noticed(601)


async def _goes_on(side: House) -> None:
    """Start again; what he sees next he can answer, to the end."""
    await side.serve()
    await side.wire.quiet(0.1)
    for _ in range(200):
        shown = side.buttons(601)
        if not shown:
            break
        before = side.newest(601), shown, _toasts(side)
        side.step(601, shown)
        await until(partial(_other, side, before), side.process)
        await side.wire.quiet(0.004)
    assert side.buttons(601) == []
    assert len(await side.stored(601)) > 10
    sent = [each for each in await side.notices(601) if each.state in ("sent", "unknown")]
    started = [e for e in side.wire.world.ledger.accepted if e.method == "sendMessage" and "begin" in str(e.parameters)]
    assert len(started) <= len(sent), "a message that the service starts went out twice"


def _toasts(side: House) -> int:
    return sum(each.method == "answerCallbackQuery" for each in side.wire.world.ledger.accepted)


async def _other(side: House, before: tuple[str, list[tuple[str, str]], int]) -> bool:
    return (side.newest(601), side.buttons(601), _toasts(side)) != before


def _values(kept: list) -> dict[str, str]:  # type: ignore[type-arg]
    return {each.item: each.value for each in kept}


@pytest.mark.parametrize("answered", [2, 6])
async def test_killed_after_an_acknowledged_answer(tmp_path: Path, answered: int) -> None:
    async with house(tmp_path) as side:
        await _begun(side)
        await side.answer(601, answered)
        kept, asked = _values(await side.stored(601)), side.newest(601)
        await side.kill()
        assert side.newest(601) == asked
        await _goes_on(side)
        assert kept.items() <= _values(await side.stored(601)).items()


@pytest.mark.parametrize("kind", ["hang_before", "hang_after"])
async def test_killed_while_the_provider_hangs_on_a_reply(tmp_path: Path, kind: str) -> None:
    async with house(tmp_path) as side:
        await _begun(side)
        await side.answer(601, 5)
        side.wire.api.faults.order(Fault(kind, method="editMessageText", seconds=1.0))
        side.step(601, side.buttons(601))
        await until(lambda: _used(side), side.process)
        await side.kill()
        kept = _values(await side.stored(601))
        await _goes_on(side)
        assert kept.items() <= _values(await side.stored(601)).items()


async def _used(side: House) -> bool:
    return not side.wire.api.faults.ordered


async def test_killed_while_the_provider_hangs_on_a_notice(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await side.enrol(601)
        await side.serve()
        side.follow(601)
        await side.shown(601)
        side.wire.api.faults.order(Fault("hang_after", method="sendMessage", seconds=1.0))
        for _ in range(24 * 40):
            if await _used(side):
                break
            due = await side.next_due()
            if due:
                side.clock.set(max(due, side.clock.now()))
            await asyncio.sleep(0.1)
        await side.kill()
        await _goes_on(side)


async def test_killed_while_an_update_is_being_posted(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await _begun(side)
        await side.answer(601, 5)
        kept = _values(await side.stored(601))
        side.step(601, side.buttons(601))
        await asyncio.sleep(0)
        await side.kill()
        await _goes_on(side)
        assert kept.items() <= _values(await side.stored(601)).items()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(60))
async def test_killed_at_any_moment(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with house(tmp_path) as side:
        await _begun(side)
        await side.answer(601, chance.randrange(1, 12))
        kept = _values(await side.stored(601))
        proper = [d for d, _ in side.buttons(601) if not d.endswith(CONTROLS)]
        if proper:
            side.press(601, chance.choice(proper))
        await asyncio.sleep(chance.random() * 0.03)
        await side.kill()
        await _goes_on(side)
        assert kept.items() <= _values(await side.stored(601)).items()
