"""The service as one peer of a shared bench driver, which gives its wishes in the environment.

`seed` makes a side in DATA_DIR, enrols BENCH_CHATS people whose wave is due and writes their first messages, one a
line, to PROJECT_STARTS. `serve` answers at WEBHOOK_PATH as the service does at its own path.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.telegram.webhook import PATH, SECRET_HEADER
from posle.opening import opened
from posle.serving.process import at_work, keep_what_is_loaded, log_plainly
from posle.serving.web import application
from posle.wiring import wire
from scheduler.clock import SystemClock
from tests.bench.side import enrol_crowd, make_side, secret_of


async def seed(wishes: dict[str, str]) -> None:
    """Make the side and its people."""
    folder, port = Path(wishes["DATA_DIR"]), int(wishes["WEBHOOK_PORT"])
    await make_side(
        folder, port=port, api_url=wishes["API_BASE"], token=wishes["BOT_TOKEN"], items=int(wishes["QUESTIONS"])
    )
    starts = await enrol_crowd(folder / "his", int(wishes["BENCH_CHATS"]))
    _write(Path(wishes["PROJECT_STARTS"]), starts)


def _write(file: Path, starts: list[str]) -> None:
    file.write_text("\n".join(starts) + "\n")


class AtPath:
    """The application, reached at another path; the driver knows no secret, so it is added here."""

    def __init__(self, app: ASGIApp, path: str, secret: str) -> None:
        self._app, self._path = app, path
        self._header = (SECRET_HEADER, secret.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["path"] == self._path:
            given: Any = {"path": PATH, "raw_path": PATH.encode(), "headers": [*scope["headers"], self._header]}
            scope = {**scope, **given}
        await self._app(scope, receive, send)


async def serve(wishes: dict[str, str]) -> None:
    """Serve until told to stop."""
    folder, clock = Path(wishes["DATA_DIR"]) / "his", SystemClock()
    log_plainly()
    async with opened(folder) as (settings, database), at_work(settings, wire(settings, database), clock) as running:
        assert running.account is not None
        app = application(running.account.webhook, settings.staff_url, lambda: running.engine.last_tick)
        config = uvicorn.Config(
            AtPath(app, wishes["WEBHOOK_PATH"], secret_of(folder, wishes["BOT_TOKEN"])), host="127.0.0.1",
            port=int(wishes["WEBHOOK_PORT"]), loop="uvloop", http="httptools", log_config=None, access_log=False,
            server_header=False, lifespan="off", timeout_keep_alive=75,
        )  # fmt: skip
        keep_what_is_loaded()
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run({"seed": seed, "serve": serve}[sys.argv[1]](dict(os.environ)))
