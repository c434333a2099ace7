"""What a fault test does after its fault: the person goes on to the end, and what he had answered is there."""

from functools import partial

from surveys.records.answers import Answer
from tests.journeys.house import House, until


def values(kept: list[Answer]) -> dict[str, str]:
    """What is stored, by item."""
    return {each.item: each.value for each in kept}


async def goes_on(side: House, chat: int, kept: dict[str, str]) -> None:
    """He presses until nothing is asked any more; a press that was lost with the process is pressed again."""
    for _ in range(200):
        shown = side.buttons(chat)
        if not shown:
            break
        before = side.newest(chat), shown, toasts(side)
        side.step(chat, shown)
        await until(partial(_other, side, chat, before), side.process)
        await side.wire.quiet(0.004)
    assert side.buttons(chat) == []
    stored = values(await side.stored(chat))
    assert len(stored) > 10
    assert kept.items() <= stored.items()


def toasts(side: House) -> int:
    """Presses that were answered."""
    return sum(each.method == "answerCallbackQuery" for each in side.wire.world.ledger.accepted)


async def _other(side: House, chat: int, before: tuple[str, list[tuple[str, str]], int]) -> bool:
    return (side.newest(chat), side.buttons(chat), toasts(side)) != before


async def died(side: House) -> None:
    """Wait until the process met its point."""
    assert side.process is not None
    await until(partial(_ended, side))


async def _ended(side: House) -> bool:
    return side.process is not None and side.process.returncode is not None
