"""`posle demo`: the real service beside phones in the browser, with a clock that one can move. Ends with Ctrl-C."""

import asyncio
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from posle.demo.cohort import Man, make_cohort
from posle.demo.house import BOT_NAME, TOKEN, build, enrol_all, free_port
from posle.demo.once import LINK, child
from posle.demo.reins import LedClock, Reins
from posle.demo.responses import page
from simulator.server import Running, start

NAMES = {"Милан": "sr_Cyrl", "Зоран": "sr_Cyrl", "Dragan": "sr_Latn", "Goran": "sr_Latn"}
"""Who holds the phones, and what each is spoken to in."""
Tell = Callable[[str], None]
BEGAN = datetime(2026, 11, 24, 9, tzinfo=UTC)


class Desk:
    """What the phones' clock bar speaks to: moves the clock, and shows what was stored."""

    def __init__(self, folder: Path, clock: LedClock, reins: Reins) -> None:
        self._folder, self._clock, self._reins = folder, clock, reins
        self._due: datetime | None = None

    async def clock(self, request: Request) -> Response:
        """GET: what time it is, and when the next thing is due. POST: move on."""
        if request.method == "POST":
            told = await request.json()
            at = self._target(told if isinstance(told, dict) else {})
            self._clock.set(at)
            self._due = await self._reins.go_to(at)
        else:
            self._due = await self._reins.settle()
        upcoming = self._due.isoformat() if self._due else None
        return JSONResponse({"now": self._clock.now().isoformat(), "next": upcoming})

    async def responses(self, _: Request) -> Response:
        """What is stored, opened for the demo alone: no real person is in it."""
        return HTMLResponse(await page(self._folder), headers={"Cache-Control": "no-store"})

    def _target(self, told: dict[str, object]) -> datetime:
        if "now" in told:
            return datetime.fromisoformat(str(told["now"])).astimezone(UTC)
        if "advance_seconds" in told:
            return self._clock.now() + timedelta(seconds=float(str(told["advance_seconds"])))
        return max(self._clock.now(), self._due or self._clock.now())


async def live(port: int, seed: int, tell: Tell) -> None:
    """Serve until cancelled; `tell` gets the addresses. OSError where the port is taken."""
    clock = LedClock(BEGAN, runs=True)
    control = free_port()
    with tempfile.TemporaryDirectory(prefix="posle-demo-") as scratch:
        phones = await start(
            port, tokens=(TOKEN,), now=clock.now, clock_control=f"http://127.0.0.1:{control}/clock", name="Anketa"
        )
        try:
            phones.world.bot().username = BOT_NAME
            folder, _ = await build(Path(scratch), phones.url, clock.now())
            await _people(folder, phones, seed, clock.now())
            async with child(folder, seed, clock.now(), runs=True) as reins:
                desk = Desk(folder, clock, reins)
                tell(f"phones and clock:  {phones.url}/")
                tell(f"stored responses:  http://127.0.0.1:{control}/")
                tell("Press Start on a phone, then move the clock to the next event. Ctrl-C ends it; nothing is kept.")
                await _serve(desk, control)
        finally:
            await phones.stop()


async def _people(folder: Path, phones: Running, seed: int, now: datetime) -> None:
    """Four men: the first two completed the programme three months ago, the others today."""
    long_ago, today = now.date() - timedelta(days=92), now.date()
    made = make_cohort(seed, today).men[: len(NAMES)]
    dates = (long_ago, long_ago, today, today)
    men = [
        Man(each.chat, each.given | {"completed_on": day.isoformat(), "language": language}, each.truth)
        for each, day, language in zip(made, dates, NAMES.values(), strict=True)
    ]
    enrolled = await enrol_all(folder, men, now, seed)
    for name, man, each in zip(NAMES, men, enrolled, strict=True):
        phones.world.add_person(name, number=man.chat, link=LINK.format(bot=BOT_NAME, token=each.token))


async def _serve(desk: Desk, port: int) -> None:
    routes = [Route("/clock", desk.clock, methods=["GET", "POST"]), Route("/", desk.responses)]
    config = uvicorn.Config(
        Starlette(routes=routes), host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    try:
        await server.serve()
    except asyncio.CancelledError:
        server.should_exit = True
