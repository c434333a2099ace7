"""The SMS webhook: signed forms in, the next question out by the provider's REST address, beside a floor.

Beside another service too, where the environment names the command that starts one (BENCH_SMS_PEER).
Such a peer is started with WEBHOOK_PORT, DATA_DIR, QUESTIONS and TWILIO_TOKEN, answers at /hook with TwiML, and is no
part of this project nor of what it needs.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bot.sms.webhook import PATH
from posle.opening import opened, service_of
from surveys.records import contacts
from surveys.records.contacts import NewContact
from surveys.rules.vocabulary import Channel
from surveys.steps.enrol import enrol_many, read
from tests.bench import floor_sms
from tests.bench.exchanges import Round
from tests.bench.floor import ITEMS
from tests.bench.process import Bot, free_port, serve_command
from tests.bench.side import BenchSide, make_side, people
from tests.bench.table import Row
from tests.bench.texters import ACCOUNT, AUTH_TOKEN, FIRST_NUMBER, SENDER, Texters, TwilioStandIn

PEER = "BENCH_SMS_PEER"
_SMS = """
[sms]
account_sid = "{account}"
auth_token = "{token}"
sender = "{sender}"
two_way = true
provider_auto_reply_off = true
api_url = "{api_url}"
"""
_BY_SHELL = f"import os; os.execvp('sh', ['sh', '-c', 'exec ' + os.environ['{PEER}']])"


@dataclass
class _Contender:
    bot: Bot
    path: str
    messages: int
    rounds: list[Round] = field(default_factory=list)
    used: int = 0


async def measure(root: Path, quick: bool) -> list[Row]:
    """Rounds interleaved, medians given; the ratio to a peer's CPU is that of the medians."""
    rounds, plan = (2, [(1, 10), (20, 40)]) if quick else (5, [(1, 25), (20, 100)])
    crowds: list[Texters] = []
    standin, api = TwilioStandIn(lambda number, *_: crowds[-1].shown(number) if crowds else None), free_port()
    await standin.listen(api)
    side = await _side(root, api, 40 + rounds * sum(each for _, each in plan))
    contenders = _contenders(root, side)
    rows: list[Row] = []
    try:
        for each in contenders:
            await each.bot.start()
            await _round(each, crowds, 40, 10)
        for at_once, chats in plan:
            for each in contenders:
                each.rounds = []
            for number in range(rounds):
                for each in contenders if number % 2 else reversed(contenders):
                    each.rounds.append(await _round(each, crowds, chats, at_once))
            rows += _rows(contenders, at_once)
    finally:
        for each in contenders:
            each.bot.stop()
    return rows


async def _side(root: Path, api: int, count: int) -> BenchSide:
    """A side with an SMS account, and so many people who are known by their number."""
    api_url = f"http://127.0.0.1:{api}"
    side = await make_side(root, port=free_port(), api_url=api_url)
    with (side.folder / "posle.toml").open("a") as settings:
        settings.write(_SMS.format(account=ACCOUNT, token=AUTH_TOKEN, sender=SENDER, api_url=api_url))
    now = datetime.now(UTC)
    async with opened(side.folder) as (told, database):
        service = service_of(told, database, enrols=True)
        enrolled = await enrol_many(
            service, [read(service, each, now) for each in people(count, service.local(now).date())], now
        )
        async with database.writing(long=True) as tx:
            several = [
                NewContact(each.participant, Channel.SMS, f"+{FIRST_NUMBER + number}", verified_at=now)
                for number, each in enumerate(enrolled)
            ]
            await contacts.add_many(tx, several, now)
    return side


def _contenders(root: Path, side: BenchSide) -> list[_Contender]:
    port = free_port()
    command = ["-m", floor_sms.__name__, str(port), str(root / "floor.db")]
    found = [
        _Contender(Bot("posle", serve_command(side.folder), side.port, root / "posle.log"), PATH, ITEMS + 2),
        _Contender(Bot("floor", command, port, root / "floor.log"), "/hook", ITEMS + 2),
    ]
    if PEER in os.environ:
        port, data = free_port(), root / "peer"
        data.mkdir()
        os.environ |= {
            "WEBHOOK_PORT": str(port), "DATA_DIR": str(data), "QUESTIONS": str(ITEMS), "TWILIO_TOKEN": AUTH_TOKEN,
        }  # fmt: skip
        found.append(_Contender(Bot("peer", ["-c", _BY_SHELL], port, root / "peer.log"), "/hook", ITEMS + 1))
    return found


async def _round(each: _Contender, crowds: list[Texters], chats: int, at_once: int) -> Round:
    crowd = Texters(each.bot.port, each.path, each.messages)
    crowds[:] = [crowd]
    before = each.bot.cpu()
    seconds = await crowd.run(FIRST_NUMBER + each.used, ["/start"] * chats, at_once)
    cpu, times = each.bot.cpu() - before, sorted(crowd.times)
    each.used += chats
    assert len(times) == each.messages * chats, f"{each.bot.name}: {len(times)} messages"
    assert not crowd.failures, f"{each.bot.name}: {crowd.failures} refused"
    worst = times[int(len(times) * 0.99)]
    return Round(len(times) / seconds, median(times) * 1e3, worst * 1e3, cpu / len(times) * 1e3)


def _rows(contenders: list[_Contender], at_once: int) -> list[Row]:
    name = f"SMS, {at_once} {'person' if at_once == 1 else 'people'}"
    ours, floor, *others = (
        {figure: median(getattr(r, figure) for r in each.rounds) for figure in ("rate", "median", "cpu")}
        for each in contenders
    )
    rows = [
        Row(f"{name}: exchanges", ours["rate"], "/s", floor["rate"]),
        Row(f"{name}: p50", ours["median"], "ms", floor["median"]),
        Row(f"{name}: CPU an exchange", ours["cpu"], "ms", floor["cpu"]),
    ]
    for peer in others:
        rows.append(Row(f"{name}: exchanges, beside the peer's", ours["rate"], "/s", peer["rate"], "ratio ≥ 5"))
        rows.append(Row(f"{name}: CPU, beside the peer's", ours["cpu"], "ms", peer["cpu"], "ratio ≤ 0.2"))
    return rows
