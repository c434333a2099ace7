"""One side of the demo as its own process: the real service under a clock and a chance that the parent leads.

Started by the demo alone, with two inherited pipes; no setting reaches this clock.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

from bot.pace import Pace
from posle.demo.reins import Ends, LedClock, moment, obey
from posle.opening import opened
from posle.serving.door import Server
from posle.serving.process import Role, Running, application_of, at_work, log_plainly
from posle.wiring import wire
from surveys.records import chats, deliveries, invitations, participants, traces
from surveys.rules.chance import SeededChance
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Channel
from surveys.steps.traces import rule_of

Following = Callable[[Running], Awaitable[str | None]]
_IN_VAIN = (Reason.NOT_BOUND, Reason.NO_CONTACT, Reason.NOT_RECONFIRMED, Reason.NOTICE_NOT_SENT)


async def run(folder: Path, ends: Ends, seed: int, at: datetime, *, runs: bool) -> None:
    """Serve the side in `folder` until the parent closes its end of the pipe."""
    log_plainly()
    clock = LedClock(at, runs=runs)
    async with opened(folder) as (settings, database):
        service = wire(settings, database, SeededChance(seed))
        role = Role.ALL if runs else Role.WEB
        pace = None if runs else Pace(service.chance, per_second=1e6, between=0.0, jitter=0.0)
        async with at_work(settings, service, clock, role, pace) as running:
            app, _ = application_of(settings, running)
            config = uvicorn.Config(
                app, host=settings.side.host, port=settings.side.port, log_config=None, access_log=False,
                lifespan="off", timeout_graceful_shutdown=1,
            )  # fmt: skip
            server = Server(config)
            serving = asyncio.create_task(server.serve())
            if running.account is not None:
                await running.account.register()
            following = _next if runs else _next_of_all
            await obey(ends, lambda order: _act(running, clock, order, following))
            server.should_exit = True
            await serving


async def _act(
    running: Running, clock: LedClock, order: Mapping[str, Any], following: Following
) -> dict[str, str | None]:
    if order["do"] == "go":
        at = moment(order["at"])
        assert at is not None
        await _move(running, clock, at)
        await running.due.run()
    await _settled(running)
    return {"next": await following(running), "now": clock.now().isoformat()}


async def _move(running: Running, clock: LedClock, at: datetime) -> None:
    """Set the clock while nothing is under way: a message claimed before and recorded after it would seem given up."""
    async with running.due.turn:
        if running.account is not None:
            await running.account.replies.drain()
        clock.set(at)


async def _settled(running: Running) -> None:
    """What is said has left, and what is to go from a chat by now is gone: after a long leap it could go no more."""
    if running.account is not None:
        await running.account.replies.drain()
        await running.account.wipe()


async def _next_of_all(running: Running) -> str | None:
    async with running.service.database.reading() as tx:
        found = (await deliveries.next_due(tx), await invitations.next_closing(tx))
    known = [each for each in found if each is not None]
    return min(known).isoformat() if known else None


async def _next(running: Running) -> str | None:
    """When something will happen of itself: a message is due, or goes from her chat again, a session there was quiet
    for too long, a wave closes. What waits for a Start or for staff is looked at daily, in vain."""
    async with running.service.database.reading() as tx:
        due, closing = await deliveries.next_due(tx), await invitations.next_closing(tx)
        going, quiet = await traces.next_due(tx), await chats.quiet_since(tx)
        if due is not None:
            people = await participants.page(tx)
            planned = [each for one in people for each in await deliveries.of_participant(tx, one.id)]
            coming = [each.due_at for each in planned if each.state == "planned" and each.reason not in _IN_VAIN]
            due = min(coming, default=None)
    rule = rule_of(running.service, Channel.TELEGRAM)
    idle = quiet + rule.idle if quiet is not None and rule is not None else None
    known = [each for each in (due, closing, going, idle) if each is not None]
    return min(known).isoformat() if known else None


def main() -> None:
    """`python -m posle.demo.child DIR READS WRITES SEED AT RUNS`, by the demo, whose end alone ends it: a terminal's
    Ctrl-C goes to every process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folder, reads, writes, seed, at, runs = sys.argv[1:]
    ends = Ends(int(reads), int(writes))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        began = moment(at)
        assert began is not None
        runner.run(run(Path(folder), ends, int(seed), began, runs=runs == "runs"))


if __name__ == "__main__":
    main()
