"""Exchanges per second, how long one takes and what it costs, beside the floor: rounds interleaved, medians given."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Literal

from bot.telegram.webhook import PATH
from tests.bench import floor as floor_bot
from tests.bench.crowd import Crowd
from tests.bench.process import Bot, free_port, serve_command
from tests.bench.side import enrol_crowd, make_side
from tests.bench.standin import StandIn
from tests.bench.table import Row

Mode = Literal["buttons", "text"]
_MESSAGES = 12
"""Consent text, ten items, closing."""


@dataclass(slots=True)
class Round:
    """Rates per second, times in milliseconds, CPU in milliseconds an exchange."""

    rate: float
    median: float
    worst: float
    cpu: float


@dataclass
class Pair:
    """The service and the floor, both running, with people who may still begin."""

    ours: Bot
    floor: Bot
    secret: str
    starts: list[str]
    used: int = 0
    crowds: list[Crowd] = field(default_factory=list)
    """The crowd under way is the last one; messages shown are for it."""

    async def round(self, bot: Bot, mode: Mode, chats: int, at_once: int) -> Round:
        """Let so many people go through the whole questionnaire."""
        starts = self.starts[self.used : self.used + chats]
        crowd = Crowd(bot.port, PATH, self.secret, words=mode == "text")
        self.crowds[:] = [crowd]
        before = bot.cpu()
        seconds = await crowd.run(1 + self.used, starts, at_once)
        cpu = bot.cpu() - before
        self.used += chats
        times = sorted(crowd.times)
        assert len(times) == _MESSAGES * chats, f"{bot.name}: {len(times)} messages instead of {_MESSAGES * chats}"
        return Round(
            len(times) / seconds, median(times) * 1e3, times[int(len(times) * 0.99)] * 1e3, cpu / len(times) * 1e3
        )


async def started(root: Path, people: int, pair_floor: bool = True) -> Pair:
    """Both services at work under `root`, the stand-in beside them, so many people enrolled."""
    crowds: list[Crowd] = []
    standin = StandIn(lambda chat, bubble, data: crowds[-1].told(chat, bubble, data) if crowds else None)
    api = free_port()
    await standin.listen(api)
    side = await make_side(root, port=free_port(), api_url=f"http://127.0.0.1:{api}")
    starts = await enrol_crowd(side.folder, people)
    port = free_port()
    command = ["-m", floor_bot.__name__, str(port), str(api), str(root / "floor.db")]
    floor = Bot("floor", command, port, root / "floor.log")
    ours = Bot("posle", serve_command(side.folder), side.port, root / "posle.log")
    if pair_floor:
        await floor.start()
    await ours.start()
    return Pair(ours, floor, side.secret, starts, crowds=crowds)


async def measure(root: Path, quick: bool) -> list[Row]:
    """The rows for both modes and both numbers of chats."""
    rounds, chats = (2, 40) if quick else (5, 100)
    plan: list[tuple[Mode, int, int]] = [("buttons", 1, chats // 4), ("buttons", 20, chats), ("text", 20, chats)]
    enough = (40 + rounds * sum(each for _, _, each in plan)) * 2
    pair = await started(root, enough)
    rows: list[Row] = []
    try:
        for bot in (pair.floor, pair.ours):
            await pair.round(bot, "buttons", 40, 10)
        for mode, at_once, each in plan:
            rows += await _compared(pair, mode, at_once, each, rounds)
    finally:
        pair.ours.stop()
        pair.floor.stop()
    return rows


async def _compared(pair: Pair, mode: Mode, at_once: int, chats: int, rounds: int) -> list[Row]:
    ours: list[Round] = []
    floor: list[Round] = []
    for number in range(rounds):
        sides = ((pair.ours, ours), (pair.floor, floor))
        for bot, results in itertools.islice(itertools.cycle(sides), number % 2, number % 2 + 2):
            results.append(await pair.round(bot, mode, chats, at_once))
    return _rows(f"{mode}, {at_once} {'chat' if at_once == 1 else 'chats'}", ours, floor, at_once, mode)


def _rows(name: str, ours: list[Round], floor: list[Round], at_once: int, mode: Mode) -> list[Row]:
    def figure(what: str, unit: str, of: str, goal: str = "") -> Row:
        return Row(
            f"{name}: {what}", median(getattr(r, of) for r in ours), unit, median(getattr(r, of) for r in floor), goal
        )

    alone, buttons = at_once == 1, mode == "buttons"
    return [
        figure("exchanges", "/s", "rate", "ratio ≥ 0.45" if buttons and not alone else ""),
        figure("p50", "ms", "median", "ratio ≤ 3" if alone else ""),
        figure("p99", "ms", "worst"),
        figure("CPU an exchange", "ms", "cpu", "≤ 1 ms"),
    ]
