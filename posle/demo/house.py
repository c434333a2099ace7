"""The demo's side on disk: a folder like any other, pointed at the stand-in provider, and thrown away afterwards."""

import socket
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from posle.demo.cohort import Man
from posle.founding import found
from posle.opening import opened
from posle.settings import FILE
from posle.wiring import wire
from surveys.records.evaluators import make_evaluator_keys
from surveys.rules.chance import SeededChance
from surveys.rules.vocabulary import Side
from surveys.steps.enrol import Enrolled, enrol_many, read

TOKEN = "7000000001:DemoOnly-kQ3xV9wZ2mN8rT5yB1cH6jL4pS0"  # noqa: S105 - opens nothing but the stand-in
KEYS = "evaluators"
BOT_NAME = "anketa_o_svakodnevici_bot"
_SETTINGS = """
[side]
name = "ex-perpetrators"
public_url = "http://127.0.0.1:{port}"
listen = "127.0.0.1:{port}"
timezone = "Europe/Belgrade"

[database]
url = "sqlite:///posle.db"

[telegram]
token = "{token}"
api_url = "{api_url}"
mode = "webhook"

[keys]
file = "side.key"
evaluators_public = "evaluators.pub"

[scheduler]
tick_seconds = 0.5
clock_guard = false
"""


def free_port() -> int:
    """A port of the loopback that nobody listens at now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def build(root: Path, api_url: str, now: datetime) -> tuple[Path, int]:
    """Make the side's folder under `root`; the folder and the port it will listen at."""
    public, _ = make_evaluator_keys(root / KEYS)
    folder, port = root / "ex-perpetrators", free_port()
    await found(folder, Side.EX_PERPETRATORS, evaluators=public, database=None, now=now)
    (folder / FILE).write_text(_SETTINGS.format(port=port, token=TOKEN, api_url=api_url), encoding="utf-8")
    return folder, port


async def enrol_all(folder: Path, men: Sequence[Man], now: datetime, seed: int) -> list[Enrolled]:
    """Enrol the whole cohort as staff would, in one go."""
    async with opened(folder) as (settings, database):
        service = wire(settings, database, SeededChance(seed))
        return await enrol_many(service, [read(service, man.given, now) for man in men], now)
