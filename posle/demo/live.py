"""`posle demo`: both sides as they are served, beside phones in the browser and a clock to move. Ends with Ctrl-C."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from posle.demo.cast import men, women
from posle.demo.desk import Desk
from posle.demo.house import HERS, HIS, free_port
from posle.demo.places import Place, at_work
from posle.demo.reins import LedClock
from posle.serving.door import Server, stopping
from simulator.server import start
from surveys.rules.vocabulary import Side

Tell = Callable[[str], None]
ENDING = "Ending: both sides finish what is under way, then everything is thrown away; a few seconds …"
BEGAN = datetime(2026, 11, 24, 9, tzinfo=UTC)


async def live(port: int, seed: int, tell: Tell) -> None:
    """Serve until told to end; `tell` gets the addresses. OSError where the port is taken."""
    with stopping(ENDING) as told:
        playing, ending = asyncio.create_task(_play(port, seed, tell)), asyncio.create_task(told.wait())
        await asyncio.wait({playing, ending}, return_when=asyncio.FIRST_COMPLETED)
        playing.cancel()
        ending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await playing


async def _play(port: int, seed: int, tell: Tell) -> None:
    clock, desk = LedClock(BEGAN, runs=True), free_port()
    phones = await start(
        port, tokens=(HIS.token, HERS.token), now=clock.now, clock_control=f"http://127.0.0.1:{desk}/clock"
    )
    try:
        with tempfile.TemporaryDirectory(prefix="posle-demo-") as scratch:
            async with AsyncExitStack() as open_:
                for bot, own in zip(phones.world.bots.values(), (HIS, HERS), strict=True):
                    bot.username, bot.name = own.bot, own.sender
                today, root = clock.now().date(), Path(scratch)
                his = await open_.enter_async_context(
                    at_work(root, phones, Side.EX_PERPETRATORS, HIS, men(today), seed, clock.now())
                )
                hers = await open_.enter_async_context(
                    at_work(root, phones, Side.SURVIVORS, HERS, women(today), seed + 1, clock.now())
                )
                tell(f"phones and clock:  {phones.url}/   with SMS: {phones.url}/sms")
                tell(f"everything else:   http://127.0.0.1:{desk}/   (consoles, the code to sign in, stored responses)")
                tell("Press Start on a phone, then move the clock to the next event. Ctrl-C ends it; nothing is kept.")
                await _serve([his, hers], clock, phones.url, desk)
    finally:
        await phones.stop()


async def _serve(places: list[Place], clock: LedClock, phones: str, port: int) -> None:
    """The desk, until cancelled; then both sides begin to end at once, and not one after the other."""
    config = uvicorn.Config(
        Desk(places, clock, phones).application(), host="127.0.0.1", port=port, log_config=None, access_log=False,
        lifespan="off", timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    finally:
        for each in places:
            each.reins.close()
        server.should_exit = True
        await serving
