"""`posle serve`: one side, until it is told to stop. Refuses to start on anything that does not belong together."""

import asyncio
import gc
import logging
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
import uvloop
from starlette.types import ASGIApp

from bot.pace import Pace
from bot.telegram.transport import quiet_libraries
from posle.opening import opened
from posle.restoring import hold_where_put_by_hand, replay
from posle.serving.alerting import Alerting
from posle.serving.console import console
from posle.serving.door import Server, reserved, say, stopping
from posle.serving.due import Due, check_clock, ticks_of
from posle.serving.guard import GuardedProtocol
from posle.serving.page import private_page
from posle.serving.senders import Senders
from posle.serving.sms_at_work import SmsAtWork
from posle.serving.telegram import TelegramAccount
from posle.serving.web import application
from posle.settings import Settings
from posle.settings.dullness import refuse_undull
from posle.wiring import wire
from scheduler.clock import Clock, SystemClock
from scheduler.engine import Engine
from surveys.records.presence import present
from surveys.rules.chance import Chance, SystemChance
from surveys.rules.clock import ClockGuard
from surveys.rules.vocabulary import Channel, Side
from surveys.steps.escalate import resume
from surveys.steps.outcome import recover
from surveys.steps.readiness import rota_of
from surveys.steps.service import Service
from web.callers import Callers

if TYPE_CHECKING:
    from bot.page.endpoint import PrivatePage
    from posle.serving.sms import SmsAccount

_LOG = logging.getLogger(__name__)


class Role(StrEnum):
    """What this process does: everything, or its web half, or its worker half."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Running:
    """A side at work."""

    service: Service
    account: TelegramAccount | None
    engine: Engine
    due: Due
    now: Callable[[], datetime]
    posts: Mapping[str, ASGIApp]
    """By path: what else providers post to."""
    sms: "SmsAccount | None" = None


def log_plainly() -> None:
    """Warnings of ours and of libraries, by name and level; libraries that would log URLs or bodies are silenced."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    quiet_libraries()
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def needs_bot(settings: Settings) -> bool:
    """Whether there must be a bot: not where people are written to by SMS, or called by staff."""
    by_telephone = settings.side.name is Side.SURVIVORS or settings.staff_url is not None
    return settings.telegram is not None or not (settings.sms is not None or by_telephone)


@asynccontextmanager
async def at_work(
    settings: Settings,
    service: Service,
    clock: Clock,
    role: Role = Role.ALL,
    pace: Pace | None = None,
    *,
    alone: bool = True,
) -> AsyncIterator[Running]:
    """Everything but the listening socket, started and stopped in order. `alone`: no other process is at work on this
    side, so that whatever it finds half done was abandoned."""
    guard = ClockGuard(clock.now(), clock.monotonic()) if settings.scheduler.clock_guard else None
    sms = SmsAtWork.of(service, settings, clock)
    account = TelegramAccount(service, settings, clock.now, pace) if needs_bot(settings) else None
    senders = Senders({**({Channel.TELEGRAM: account} if account else {}), **sms.accounts})
    due = Due(service, senders, clock, guard)
    alerting = Alerting.of(service, settings, clock)
    seconds = settings.scheduler.tick_seconds
    engine = Engine((*ticks_of(due, account, seconds), alerting.tick(seconds), *sms.ticks), clock)
    await hold_where_put_by_hand(settings, service, clock.now())
    await replay(service, clock.now())  # whatever file was put in the database's place, a withdrawal stands
    await check_clock(service, guard, clock.now())
    await recover(service, clock.now(), at_start=alone)
    if alone:
        await resume(service, clock.now())
    if account is not None:
        await account.start(takes=role is not Role.WORKER)
    await sms.start()
    if role is not Role.WEB:
        await engine.start()
    try:
        yield Running(service, account, engine, due, clock.now, sms.posts, sms.account)
    finally:
        await engine.stop()
        await sms.stop()
        await alerting.stop()
        if account is not None:
            await account.stop()


async def serve(folder: Path, role: Role = Role.ALL, clock: Clock | None = None, chance: Chance | None = None) -> None:
    """Run the side in `folder` until SIGTERM or SIGINT; one of the refusals where it must not start."""
    log_plainly()
    with stopping() as told:
        async with opened(folder) as (settings, database), present(database, only=role is Role.ALL) as presence:
            refuse_undull(settings)
            door = reserved(settings.side.host, settings.side.port) if role is not Role.WORKER else None
            service, clock = wire(settings, database, chance or SystemChance()), clock or SystemClock()
            async with at_work(settings, service, clock, role, alone=presence.alone) as running:
                await presence.settle()
                await warn_where_nobody_is_on_call(settings, service)
                await (listen(settings, running, door, told) if door else wait(settings, told))


async def warn_where_nobody_is_on_call(settings: Settings, service: Service) -> None:
    """One line at the start: an alert would wait, and nobody would be told."""
    async with service.database.reading() as tx:
        rota = await rota_of(tx, settings.side.timezone)
    if not rota.contacts:
        _LOG.warning("nobody is on call: an alert would reach nobody; hand the list to posle ready")


async def wait(settings: Settings, told: asyncio.Event) -> None:
    """What a worker does in front: nothing, until told to stop."""
    keep_what_is_loaded()
    say(f"working for {settings.side.name}")
    await told.wait()


def application_of(settings: Settings, running: Running) -> "tuple[ASGIApp, PrivatePage | None]":
    """All that this side shows over HTTP, and its private page where it has one."""
    staffs = console(settings, running.service, running.account, running.now, running.sms)
    callers = callers_of(settings)
    page = private_page(settings, running.service, running.now, callers)
    app = application(
        running.account.webhook if running.account else None, settings.staff_url, lambda: running.engine.last_tick,
        running.posts, staffs, page, page.missing if page is not None and running.service.library.covers else None,
        callers,
    )  # fmt: skip
    return app, page


def callers_of(settings: Settings) -> Callers:
    """Whoever reaches this side: by https always through a proxy, so that nobody is told apart where none is named."""
    proxied = settings.side.public_url.startswith("https:")
    return Callers(settings.side.proxies or (None if proxied else ()))


async def listen(settings: Settings, running: Running, door: socket.socket, told: asyncio.Event) -> None:
    """Answer HTTP until told to stop."""
    app, page = application_of(settings, running)
    config = uvicorn.Config(
        app, loop="uvloop", http=GuardedProtocol, log_config=None, access_log=False, server_header=False,
        lifespan="off", timeout_graceful_shutdown=10, proxy_headers=False, timeout_keep_alive=75,
    )  # fmt: skip
    keep_what_is_loaded()
    say(f"serving {settings.side.name} at {settings.side.host}:{settings.side.port}")
    await Server(config).until(told, door)
    if page is not None:
        await page.settled()


def keep_what_is_loaded() -> None:
    """What is loaded by now stays for good: looking through it again and again for garbage was a tenth of the work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def run(folder: Path, role: Role) -> None:
    """Run `serve` on the fast event loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(folder, role))
