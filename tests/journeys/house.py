"""A whole side at work for tests: its folder, its service as a real process, the provider and phones beside it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from posle.demo.house import free_port
from posle.enrolling import enrol
from posle.founding import found
from posle.opening import opened
from simulator.server import Running, serving
from surveys.records import answers, deliveries
from surveys.records.answers import Answer
from surveys.records.evaluators import make_evaluator_keys
from surveys.rules.vocabulary import DeliveryKind, DeliveryState, Side
from tests.invariants import check
from tests.journeys.clocked import FileClock
from tests.steps.stage import given

TOKEN = "7000000001:planted-token-Qx7Zr4Kf9Lm2Wp"
BEGAN = datetime.fromisoformat("2026-11-24T10:00:00+00:00")
CONTROLS = (".s", ".r", ".b", ".n", ".o", ".d", ".no", "later")
PATIENCE = 60.0
_SETTINGS = """
[side]
name = "{side}"
public_url = "http://127.0.0.1:{port}"
listen = "127.0.0.1:{port}"
timezone = "Europe/Belgrade"
[database]
url = "{database}"
[telegram]
token = "{token}"
api_url = "{api_url}"
mode = "{mode}"
[keys]
file = "side.key"
evaluators_public = "evaluators.pub"
[scheduler]
tick_seconds = 0.05
clock_guard = {guard}
"""


@dataclass
class House:
    """`wire` is the provider; `folder` the side; `serve` and `kill` are its process."""

    folder: Path
    wire: Running
    clock: FileClock
    port: int
    said: Path
    process: asyncio.subprocess.Process | None = None
    people: dict[int, str] = field(default_factory=dict)
    """Chat id → participant id."""
    back: timedelta = timedelta()
    """By how much the clock was set back in all; the invariants' order of instants allows for it."""

    @property
    def bot(self) -> Any:
        return self.wire.world.bot()

    async def serve(self, *, wait: bool = True, role: str = "all") -> asyncio.subprocess.Process:
        """Start the service and wait until it answers."""
        self.process = await self.start(role)
        if wait:
            await until(self._listens, self.process, 90.0)
        return self.process

    async def start(self, role: str) -> asyncio.subprocess.Process:
        """One process of this role."""
        with self.said.open("ab") as said:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.journeys.clocked", str(self.folder), str(self.clock._file), role,
                stdout=said, stderr=said, cwd=Path(__file__).parents[2],
            )  # fmt: skip

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

    async def stop(self, sign: int = signal.SIGTERM) -> None:
        """End the service: politely, or with SIGKILL."""
        if self.process is not None and self.process.returncode is None:
            os.kill(self.process.pid, sign)
            await self.process.wait()

    async def kill(self) -> None:
        """kill -9."""
        await self.stop(signal.SIGKILL)

    def disk(self, state: str = "") -> None:
        """From the next transaction on: `full`, `read-only`, or as it should be."""
        self._order("disk", state)

    def doom(self, point: str, sign: signal.Signals = signal.SIGKILL) -> None:
        """The service meets this signal at the named point (see `faulted.POINTS`), the next time it comes there."""
        self._order("doom", f"{point} {sign.name}")

    def _order(self, name: str, words: str) -> None:
        beside = self.clock._file.with_name(f"{name}.new")
        beside.write_text(words)
        os.replace(beside, beside.with_suffix(""))

    @property
    def doomed(self) -> bool:
        """Whether the point has not been met yet."""
        return self.clock._file.with_name("doom").exists()

    async def enrol(self, chat: int, **changes: Any) -> str:
        """Enrol a man with this phone; his participant id."""
        code = {"case_code": f"KG-7Q2M-{chat}", "completed_on": "2026-08-20"} | changes
        told = await enrol(self.folder, given(**code), self.clock.now())
        self.wire.world.add_person(f"Planted{chat}", number=chat, link=told["telegram_link"])
        self.people[chat] = told["participant"]
        return str(told["participant"])

    def follow(self, chat: int) -> None:
        """Press Start by his link."""
        person = self.wire.world.people[chat]
        self.wire.hands.follow(person, person.link)

    def type(self, chat: int, text: str) -> None:
        self.wire.hands.type(self.bot, self.wire.world.people[chat], text)

    def press(self, chat: int, data: str) -> None:
        self.wire.hands.press(self.bot, self.wire.world.people[chat], data=data)

    def buttons(self, chat: int) -> list[tuple[str, str]]:
        """(data, label) of the bot's newest bubble; none where it asks nothing."""
        made = self.bot.chats[chat].bubbles.values() if chat in self.bot.chats else ()
        for bubble in reversed(list(made)):
            if bubble.shown and bubble.by_bot:
                return [(b.get("callback_data", ""), b["text"]) for row in bubble.keyboard for b in row]
        return []

    def newest(self, chat: int) -> str:
        """The text of the newest bubble of the bot."""
        return str(next(b.text for b in reversed(list(self.bot.chats[chat].bubbles.values())) if b.by_bot and b.shown))

    async def noticed_nothing_of(self, *planted: str) -> None:
        """Nothing that the service said holds any of these."""
        said = self.said.read_text(errors="replace")
        assert not [mark for mark in planted if mark in said.replace(str(self.port), "")], "content is in the log"

    async def shown(self, chat: int) -> None:
        """Wait until something with buttons is on his phone."""

        async def there() -> bool:
            return bool(self.buttons(chat))

        await until(there, self.process)

    async def greeted(self, chat: int) -> None:
        """Wait until the bot has said something to him, and nothing more is on its way."""

        async def said() -> bool:
            chats = self.bot.chats
            return chat in chats and any(e.by_bot for e in chats[chat].bubbles.values()) and not await self.under_way()

        await until(said, self.process, 60.0)

    async def noticed(self, chat: int, at: datetime | None = None) -> None:
        """Move the clock hour by hour until his notice is there; not before his Start was answered, however slowly."""

        await self.greeted(chat)
        if at is not None:
            self.clock.set(at)
        for _ in range(24 * 40):
            await asyncio.sleep(0.12)
            if any(data == "begin" for data, _ in self.buttons(chat)):
                return
            due = await self.next_due()
            if await self.under_way():  # what was claimed leaves before a day passes
                continue
            hour = self.clock.now() + timedelta(hours=1)
            self.clock.set(max(hour, due + timedelta(seconds=1)) if due else hour)
        raise AssertionError("no notice came")

    async def under_way(self) -> bool:
        """Whether something was claimed and has not left yet."""
        async with opened(self.folder) as (_, database), database.reading() as tx:
            known = await deliveries.counts(tx)
        return any(n for (_, state), n in known.items() if state is DeliveryState.CLAIMED)

    async def next_due(self) -> datetime | None:
        async with opened(self.folder) as (_, database), database.reading() as tx:
            return await deliveries.next_due(tx)

    async def answer(self, chat: int, steps: int = 500, words: Any = None) -> int:
        """Go through the questionnaire by the first offered answer, at most so many steps; how many."""
        asked: list[tuple[str, str]] = []
        for step in range(steps):
            shown = self.buttons(chat)
            if not shown:
                return step
            before = self.seen(chat)
            self.step(chat, shown, words if shown != asked else None)
            asked = shown
            await self.changed(chat, before)
        return steps

    def step(self, chat: int, shown: list[tuple[str, str]], words: Any = None) -> None:
        """One answer: by its button, or by typed words."""
        proper = [each for each in shown if not each[0].endswith(CONTROLS)]
        data, label = (proper or [e for e in shown if e[0].endswith(".o")] or shown)[0]
        if words and proper and data != "begin":
            self.type(chat, words(label.partition(" ")[2] or label))
        else:
            self.press(chat, data)

    def seen(self, chat: int) -> tuple[object, ...]:
        """What is on his phone, to be compared."""
        calls = [each for each in self.wire.world.ledger.accepted if each.chat_id == chat]
        return self.newest(chat), self.buttons(chat), len(calls)

    async def changed(self, chat: int, before: tuple[object, ...]) -> None:
        """Wait until the phone shows something else."""

        async def other() -> bool:
            return self.seen(chat) != before

        await until(other, self.process)
        await self.wire.quiet(0.004)

    async def stored(self, chat: int) -> list[Answer]:
        """What is stored of him."""
        async with opened(self.folder) as (_, database), database.reading() as tx:
            return await answers.of_participant(tx, self.people[chat])

    async def notices(self, chat: int) -> list[deliveries.Delivery]:
        """What the service started to him."""
        async with opened(self.folder) as (_, database), database.reading() as tx:
            all_of_him = await deliveries.of_participant(tx, self.people[chat])
        return [each for each in all_of_him if each.kind in (DeliveryKind.NOTICE, DeliveryKind.REMINDER)]


async def until(true: Any, process: asyncio.subprocess.Process | None = None, patience: float = PATIENCE) -> None:
    """Wait until it is true; fail after `patience` real seconds, or where the service has ended."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while not await true():
        assert process is None or process.returncode is None, "the service has ended"
        assert loop.time() < end, "it did not become true in time"
        await asyncio.sleep(0.005)


def _given(database: str) -> str | None:
    """Where it is no file of the folder's own."""
    return None if database.startswith("sqlite:") else database


@asynccontextmanager
async def house(
    root: Path,
    *,
    mode: str = "webhook",
    guard: bool = False,
    database: str = "sqlite:///posle.db",
    at: datetime = BEGAN,
    side: Side = Side.EX_PERPETRATORS,
) -> AsyncIterator[House]:
    """A side's folder with provider and phones; the service is not started. At its end the invariants are checked."""
    clock = FileClock(root / "clock")
    clock.set(at)
    async with serving(tokens=(TOKEN,), now=clock.now) as wire:
        public, _ = make_evaluator_keys(root / "evaluators")
        folder, port = root / "his", free_port()
        await found(folder, side, evaluators=public, database=_given(database), now=clock.now())
        (folder / "posle.toml").write_text(
            _SETTINGS.format(side=side.value, port=port, token=TOKEN, api_url=wire.url, mode=mode, database=database,
                             guard=str(guard).lower())
        )  # fmt: skip
        made = House(folder, wire, clock, port, root / "said")
        try:
            yield made
            await made.stop()
        finally:
            await made.kill()
        await check(folder, wire.world.ledger, wire.simulator.sms.world, made.back)
