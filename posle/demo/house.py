"""The demo's side on disk: a folder like any other, pointed at the stand-in provider, and thrown away afterwards."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
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
name = "{side}"
public_url = "http://127.0.0.1:{port}"
listen = "127.0.0.1:{port}"
timezone = "Europe/Belgrade"

[database]
url = "sqlite:///posle.db"

[telegram]
token = "{token}"
api_url = "{api_url}"
mode = "webhook"

[staff]
public_url = "http://localhost:{port}"

[keys]
file = "side.key"
evaluators_public = "evaluators.pub"

[scheduler]
tick_seconds = 0.5
clock_guard = false
"""
_SMS = """
[sms]
account_sid = "{sid}"
auth_token = "{token}"
sender = "{sender}"
two_way = false
provider_auto_reply_off = true
api_url = "{api_url}"

[page]
exit_url = "{api_url}/everyday"

[alerts]
sms_account_sid = "{alerts_sid}"
sms_auth_token = "{alerts_token}"
sms_sender = "{alerts_sender}"
sms_api_url = "{api_url}"
"""


@dataclass(frozen=True, slots=True)
class Accounts:
    """What one side has at the stand-in providers; no two sides share any of it."""

    token: str
    bot: str
    sid: str
    sms_token: str
    sender: str
    alerts_sid: str
    alerts_token: str
    alerts_sender: str
    on_call: str
    """The telephone of whoever is on call: alerts come there by SMS."""


HIS = Accounts(
    TOKEN, BOT_NAME, "AC" + "1d" * 16, "demo-only-his-sms-Rk4Zp9", "Anketa",
    "AC" + "3f" * 16, "demo-only-his-alerts-Gm2Xw6", "Pult 1", "+381601112231",
)  # fmt: skip
HERS = Accounts(
    "7000000002:DemoOnly-hT7yW2pX5nM9sQ4vB8cK1jF6rL3", "upitnik_o_navikama_bot", "AC" + "2e" * 16,
    "demo-only-hers-sms-Wn7Tq2", "Upitnik",
    "AC" + "4a" * 16, "demo-only-hers-alerts-Vd8Lq3", "Pult 2", "+381601112232",
)  # fmt: skip


def free_port() -> int:
    """A port of the loopback that nobody listens at now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def build(
    root: Path,
    api_url: str,
    now: datetime,
    side: Side = Side.EX_PERPETRATORS,
    own: Accounts = HIS,
    *,
    sms: bool = False,
) -> tuple[Path, int]:
    """Make the side's folder under `root`; the folder and the port it will listen at."""
    public = root / KEYS / "evaluators.pub"
    if not public.exists():
        make_evaluator_keys(root / KEYS)
    folder, port = root / side.value, free_port()
    await found(folder, side, evaluators=public, database=None, now=now)
    settings = _SETTINGS.format(side=side.value, port=port, token=own.token, api_url=api_url)
    if sms:
        settings += _SMS.format(
            sid=own.sid, token=own.sms_token, sender=own.sender, api_url=api_url, alerts_sid=own.alerts_sid,
            alerts_token=own.alerts_token, alerts_sender=own.alerts_sender,
        )  # fmt: skip
    (folder / FILE).write_text(settings, encoding="utf-8")
    return folder, port


async def enrol_all(folder: Path, men: Sequence[Man], now: datetime, seed: int) -> list[Enrolled]:
    """Enrol the whole cohort as staff would, in one go."""
    async with opened(folder) as (settings, database):
        service = wire(settings, database, SeededChance(seed))
        return await enrol_many(service, [read(service, man.given, now) for man in men], now)
