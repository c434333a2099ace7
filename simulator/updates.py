"""One bot's updates, from the person's phone to the bot: kept in order until acknowledged, by polling or by webhook.

It must never drop an update but as the Bot API does: when it is acknowledged, when it is a day old, or when it is asked
to. By webhook, updates of one chat come strictly in order; other chats go on beside, as `max_connections` allows.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock
from simulator.refusals import conflict
from simulator.webhook import Address, Poster

Json = dict[str, Any]
LIFETIME = 86_400
"""Seconds that the Bot API keeps an update."""
UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that come only to a bot that names them."""
KEPT = 2000
"""Delivered updates that are remembered, so that they can be delivered again."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Real seconds between two tries to deliver."""


@dataclass(slots=True)
class Update:
    """One update under way."""

    number: int
    at: float
    lane: int
    body: Json


@dataclass(slots=True)
class Updates:
    """The queue of one bot. `reply` executes a call that comes back as a webhook's answer."""

    clock: Clock
    poster: Poster
    reply: Callable[[Json], Awaitable[None]]
    pending: dict[int, Update] = field(default_factory=dict)
    delivered: deque[Update] = field(default_factory=lambda: deque(maxlen=KEPT))
    address: Address | None = None
    allowed: tuple[str, ...] = ()
    expired: int = 0
    last_error: tuple[int, str] | None = None
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while nothing waits for the bot."""
    _last: int = 100_000_000
    _lanes: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)
    _queues: dict[int, deque[Update]] = field(default_factory=dict)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: int = 0

    def __post_init__(self) -> None:
        """Nothing waits yet."""
        self.idle.set()

    def put(self, kind: str, body: Json, lane: int) -> int | None:
        """Queue an update of this kind; its number, or None where the bot did not ask for the kind."""
        if kind not in self.allowed if self.allowed else kind in UNASKED:
            return None
        return self.put_raw({kind: body}, lane)

    def put_raw(self, body: Json, lane: int) -> int:
        """Queue an update as it is; a number is given where it has none."""
        number = body.get("update_id")
        if not isinstance(number, int):
            self._last += 1
            number = self._last
        update = Update(number, self.clock.now().timestamp(), lane, {"update_id": number} | body)
        self.pending[number] = update
        self.idle.clear()
        self._send(update)
        self._news.set()
        return number

    def again(self, last: int) -> list[int]:
        """Deliver the last so many acknowledged updates once more, with the numbers that they had."""
        updates = list(self.delivered)[-last:]
        for update in updates:
            update.at = self.clock.now().timestamp()
            self.pending[update.number] = update
            self.idle.clear()
            self._send(update)
        self._news.set()
        return [update.number for update in updates]

    def direct(self, address: Address | None, allowed: tuple[str, ...] | None, *, drop: bool) -> None:
        """Take updates to another address, or keep them for polling. `allowed` None leaves the kinds as they are."""
        for task in self._lanes.values():
            task.cancel()
        self._lanes.clear()
        self._queues.clear()
        self.last_error = None
        self.address, self.allowed = address, self.allowed if allowed is None else allowed
        if drop:
            self.pending.clear()
            self.idle.set()
        if address is not None:
            self._room = asyncio.Semaphore(address.connections)
            for update in list(self.pending.values()):
                self._send(update)
        self._news.set()

    @property
    def quiet(self) -> bool:
        """Nothing waits for the bot."""
        return not self.pending

    def _send(self, update: Update) -> None:
        if self.address is None:
            return
        self._queues.setdefault(update.lane, deque()).append(update)
        if update.lane not in self._lanes:
            task = asyncio.get_running_loop().create_task(self._drive(update.lane))
            self._lanes[update.lane] = task

    async def _drive(self, lane: int) -> None:
        queue = self._queues[lane]
        pause = FIRST_PAUSE
        while queue:
            update = queue[0]
            async with self._room:
                done = self._outdated(update) or await self._post(update)
            if not done:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            queue.popleft()
            self._done(update)
        self._lanes.pop(lane, None)
        self._queues.pop(lane, None)

    async def _post(self, update: Update) -> bool:
        assert self.address is not None
        status, answer = await self.poster.post(self.address, update.body)
        if 200 <= status <= 299:
            if answer is not None:
                await self.reply(answer)
            return True
        words = f"Wrong response from the webhook: {status}" if status else "Connection failed"
        self.last_error = (int(self.clock.now().timestamp()), words)
        return False

    def _outdated(self, update: Update) -> bool:
        if self.clock.now().timestamp() - update.at <= LIFETIME:
            return False
        self.expired += 1
        return True

    def _done(self, update: Update) -> None:
        if self.pending.pop(update.number, None) is not None:
            self.delivered.append(update)
        self._rest()

    def _rest(self) -> None:
        if not self.pending:
            self.idle.set()

    async def poll(self, offset: int, limit: int, timeout: float, allowed: tuple[str, ...] | None) -> list[Json]:
        """getUpdates. Raises `Refusal` 409 where a webhook is set, or where another poll takes over."""
        if self.address is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.allowed = self.allowed if allowed is None else allowed
        self._poll += 1
        mine = self._poll
        self._news.set()
        self._confirm(offset)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._wait(mine)
        if self._poll != mine:
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        return [update.body for update in self._fresh()][:limit]

    async def _wait(self, mine: int) -> None:
        while self._poll == mine and not any(self._fresh()):
            self._news.clear()
            await self._news.wait()

    def _confirm(self, offset: int) -> None:
        numbers = sorted(self.pending)
        first = numbers[offset] if offset < 0 and -offset <= len(numbers) else offset
        for number in numbers:
            if number < first:
                self._done(self.pending[number])

    def _fresh(self) -> Iterator[Update]:
        for number in sorted(self.pending):
            update = self.pending[number]
            if self._outdated(update):
                del self.pending[number]
                self._rest()
            else:
                yield update

    async def close(self) -> None:
        """Stop delivering."""
        tasks = list(self._lanes.values())
        self.direct(None, None, drop=False)
        self._poll += 1
        await asyncio.gather(*tasks, return_exceptions=True)
