"""Server-sent events: whose phone shows something else now. It carries ids only, never a text."""

import asyncio
import json
from collections.abc import AsyncIterator

from simulator.world import World

BREATH = 15.0
"""Real seconds after which a silent stream says that it is alive."""


async def stream(world: World, closing: asyncio.Event) -> AsyncIterator[str]:
    """Ends when the simulator does."""
    changed: set[int] = set()
    news = asyncio.Event()

    def watch(person: int) -> None:
        changed.add(person)
        news.set()

    world.watchers.append(watch)
    ending = asyncio.ensure_future(closing.wait())
    try:
        yield "retry: 500\n\n"
        while not ending.done():
            waiting = asyncio.ensure_future(news.wait())
            try:
                await asyncio.wait({waiting, ending}, timeout=BREATH, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()  # also where whoever listened has gone: nobody else holds this task
            news.clear()
            people, changed_now = sorted(changed), bool(changed)
            changed.clear()
            yield f"data: {json.dumps(people)}\n\n" if changed_now else ": alive\n\n"
    finally:
        ending.cancel()
        world.watchers.remove(watch)
