"""People with phones, as fast as the service lets them: each posts an update, waits for the next question, answers it.

An exchange is one update posted until the next message shown. At most so many people at once; each goes to the end.
"""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import httptools

UPDATES = itertools.count(int(time.time()) * 1000)
_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {kind}\r\n"
    "X-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
)
PATIENCE = 30.0


class Stuck(Exception):
    """Nothing was shown for a long time: the figures of this run mean nothing."""


@dataclass(slots=True)
class Person:
    chat: int
    steps: int = 0
    posted: float = 0.0


class Crowd:
    """Drives one bot. `told` is to be called for every message shown.

    With `words`, answers are typed rather than pressed; after `most_steps` messages a person puts the phone away.
    """

    def __init__(
        self, port: int, path: str, secret: str, *, words: bool = False, most_steps: int = 1000,
        kind: str = "application/json",
    ) -> None:  # fmt: skip
        self._port, self._words, self._most_steps = port, words, most_steps
        self._head = _HEAD.format(path=path, port=port, secret=secret, kind=kind)
        self.times: list[float] = []
        self.failures = 0
        self._people: dict[int, Person] = {}
        self._idle: list[Hook] = []
        self._waiting: list[tuple[bytes, int]] = []
        self._left = 0
        self._next: Iterator[tuple[int, str]] = iter(())

    async def run(self, first: int, starts: Sequence[str], at_once: int) -> float:
        """Let chats `first`, `first`+1 … follow their links; seconds until the last of them is done."""
        loop = asyncio.get_running_loop()
        self._done: asyncio.Future[None] = loop.create_future()
        self._idle = [await self._connect() for _ in range(min(100, at_once))]
        self._left, self._next = len(starts), iter(enumerate(starts, first))
        began = time.perf_counter()
        for chat, start in itertools.islice(self._next, at_once):
            self._begin(chat, start)
        await self._patiently()
        for hook in self._idle:
            hook.close()
        return time.perf_counter() - began

    async def _patiently(self) -> None:
        while not self._done.done():
            seen = len(self.times)
            await asyncio.wait([self._done], timeout=PATIENCE)
            if not self._done.done() and len(self.times) == seen:
                raise Stuck(f"{self._left} people wait; {self.failures} updates were refused")

    async def _connect(self) -> "Hook":
        loop = asyncio.get_running_loop()
        _, hook = await loop.create_connection(lambda: Hook(self), "127.0.0.1", self._port)
        return hook

    def _begin(self, chat: int, start: str) -> None:
        person = self._people[chat] = Person(chat)
        self._type(person, start)

    def told(self, chat: int, bubble: int, data: str | None) -> None:
        """A message was shown: count it, and answer it."""
        person = self._people.get(chat)
        if person is None or not person.posted:
            return
        self.times.append(time.perf_counter() - person.posted)
        person.posted, person.steps = 0.0, person.steps + 1
        if data is None or person.steps >= self._most_steps:
            self._finish(chat)
        elif self._words:
            self._type(person, "da" if data.endswith(".yes") else "1")
        else:
            self._press(person, bubble, data)

    def _finish(self, chat: int) -> None:
        del self._people[chat]
        self._left -= 1
        following = next(self._next, None)
        if following is not None:
            self._begin(*following)
        elif self._left == 0:
            self._done.set_result(None)

    def _type(self, person: Person, text: str) -> None:
        number, chat = next(UPDATES), person.chat
        self._post(
            person,
            f'{{"update_id":{number},"message":{{"message_id":{number % 10**9},"date":{int(time.time())},'
            f'"chat":{{"id":{chat},"type":"private"}},"from":{{"id":{chat},"is_bot":false,"first_name":"U"}},'
            f'"text":"{text}"}}}}',
        )

    def _press(self, person: Person, bubble: int, data: str) -> None:
        number, chat = next(UPDATES), person.chat
        self._post(
            person,
            f'{{"update_id":{number},"callback_query":{{"id":"{number}","chat_instance":"1","data":"{data}",'
            f'"from":{{"id":{chat},"is_bot":false,"first_name":"U"}},"message":{{"message_id":{bubble},'
            f'"date":{int(time.time())},"chat":{{"id":{chat},"type":"private"}},"text":"?"}}}}}}',
        )

    def _post(self, person: Person, body: str, head: str = "") -> None:
        raw = f"{self._head}{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
        person.posted = time.perf_counter()
        if self._idle:
            self._idle.pop().post(raw, person.chat)
        else:
            self._waiting.append((raw, person.chat))

    def free(self, hook: "Hook", status: int) -> None:
        """A connection has its answer and can take the next update."""
        self.failures += status != 200
        if self._waiting:
            hook.post(*self._waiting.pop(0))
        else:
            self._idle.append(hook)


class Hook(asyncio.Protocol):
    """One kept connection to the webhook. `chat` wrote last, and was answered with `body`."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._parser: Any = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def post(self, raw: bytes, chat: int) -> None:
        self.chat, self.body = chat, b""
        self._transport.write(raw)

    def on_body(self, body: bytes) -> None:
        self.body += body

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._crowd.free(self, self._parser.get_status_code())
