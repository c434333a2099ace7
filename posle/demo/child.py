"""One side of the demo as its own process: the real service under a clock and a chance that the parent leads.

Started by the demo alone, with two inherited pipes; no setting reaches this clock.
"""

import asyncio
import contextlib
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

from bot.pace import Pace
from posle.demo.reins import Ends, LedClock, moment, obey
from posle.opening import opened
from posle.serving.process import Role, Running, at_work, log_plainly
from posle.serving.web import application
from posle.wiring import wire
from surveys.records import deliveries, invitations
from surveys.rules.chance import SeededChance


async def run(folder: Path, ends: Ends, seed: int, at: datetime, *, runs: bool) -> None:
    """Serve the side in `folder` until the parent closes its end of the pipe."""
    log_plainly()
    clock = LedClock(at, runs=runs)
    async with opened(folder) as (settings, database):
        service = wire(settings, database, SeededChance(seed))
        role = Role.ALL if runs else Role.WEB
        pace = None if runs else Pace(service.chance, per_second=1e6, between=0.0, jitter=0.0)
        async with at_work(settings, service, clock, role, pace) as running:
            assert running.account is not None
            app = application(running.account.webhook, settings.staff_url, lambda: running.engine.last_tick,
                              running.posts)  # fmt: skip
            config = uvicorn.Config(
                app, host=settings.side.host, port=settings.side.port, log_config=None, access_log=False,
                lifespan="off", timeout_graceful_shutdown=1,
            )  # fmt: skip
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve())
            await running.account.register()
            await obey(ends, lambda order: _act(running, clock, order))
            server.should_exit = True
            await serving


async def _act(running: Running, clock: LedClock, order: Mapping[str, Any]) -> dict[str, str | None]:
    if order["do"] == "go":
        at = moment(order["at"])
        assert at is not None
        clock.set(at)
        await running.due.run()
    if running.account is not None:
        await running.account.replies.drain()
    return {"next": await _next(running), "now": clock.now().isoformat()}


async def _next(running: Running) -> str | None:
    async with running.service.database.reading() as tx:
        found = (await deliveries.next_due(tx), await invitations.next_closing(tx))
    known = [each for each in found if each is not None]
    return min(known).isoformat() if known else None


def main() -> None:
    """`python -m posle.demo.child DIR READS WRITES SEED AT RUNS`, by the demo."""
    folder, reads, writes, seed, at, runs = sys.argv[1:]
    ends = Ends(int(reads), int(writes))
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        began = moment(at)
        assert began is not None
        runner.run(run(Path(folder), ends, int(seed), began, runs=runs == "runs"))


if __name__ == "__main__":
    main()
