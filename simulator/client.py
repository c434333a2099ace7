"""The phones from outside: a client of the simulator's control, for tests and demos. Speaks HTTP and nothing else."""

from datetime import datetime
from typing import Any

import aiohttp

Json = dict[str, Any]


class ControlRefused(Exception):
    """The simulator would not do it; the message is its own."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status}: {words}")
        self.status = status
        self.words = words


class Phones:
    """Everybody's phones on one simulator. Ids of persons are Telegram user ids; `bot` may be left out where there is
    one bot. Raises `ControlRefused`."""

    def __init__(self, url: str) -> None:
        self._base = f"{url.rstrip('/')}/control"
        self._session: aiohttp.ClientSession | None = None

    async def create(self, first_name: str, **told: Any) -> int:
        """A new person (`last_name`, `language`, `username`, `link`, `id`); their id."""
        made = await self._ask("POST", "/people", {"first_name": first_name, **told})
        return int(made["id"])

    async def people(self) -> list[Json]:
        """Everybody."""
        return list(await self._ask("GET", "/people"))

    async def add_bot(self, token: str, name: str = "Upitnik", username: str = "") -> Json:
        """A bot more."""
        return await self._act("/bots", token=token, name=name, username=username)

    async def start(self, person: int, payload: str | None = None, link: str = "", bot: int | None = None) -> int:
        """Press Start, by a link or with a payload; without either, by the link that the person has. The message."""
        told = {"payload": payload} if payload is not None else {}
        return int((await self._person(person, "start", bot, link=link, **told))["message"])

    async def type(self, person: int, text: str, bot: int | None = None) -> list[int]:
        """Type and send; the messages' ids."""
        return list((await self._person(person, "type", bot, text=text))["messages"])

    async def press(
        self, person: int, data: str = "", *, label: str = "", message: int | None = None, stale: bool = False,
        bot: int | None = None,
    ) -> Json:  # fmt: skip
        """Press a button; {"query": id} or, where it is a link, {"url": address}."""
        told = {"data": data, "label": label, "message": message, "stale": stale}
        return await self._person(person, "press", bot, **told)

    async def send(self, person: int, kind: str, bot: int | None = None) -> int:
        """Send a `sticker`, `voice` or `photo`."""
        return int((await self._person(person, "send", bot, kind=kind))["message"])

    async def forward(self, person: int, text: str, bot: int | None = None) -> int:
        """Forward somebody else's text."""
        return int((await self._person(person, "forward", bot, text=text))["message"])

    async def edit(self, person: int, message: int, text: str, bot: int | None = None) -> None:
        """Change one's own message."""
        await self._person(person, "edit", bot, message=message, text=text)

    async def block(self, person: int, bot: int | None = None) -> None:
        """Stop the bot."""
        await self._person(person, "block", bot)

    async def unblock(self, person: int, bot: int | None = None) -> None:
        """Let it write again."""
        await self._person(person, "unblock", bot)

    async def clear(self, person: int, bot: int | None = None) -> None:
        """Delete the chat on one's own phone."""
        await self._person(person, "clear", bot)

    async def leave(self, person: int) -> None:
        """Delete the account."""
        await self._person(person, "leave", None)

    async def messages(self, person: int, bot: int | None = None) -> list[Json]:
        """The chat's messages as their owner sees them, oldest first."""
        return list((await self.chat(person, bot))["messages"])

    async def chat(self, person: int, bot: int | None = None) -> Json:
        """The whole chat: title, messages, toast, whether it is started or blocked."""
        return dict(await self._ask("GET", f"/people/{person}/messages" + (f"?bot={bot}" if bot else "")))

    async def onlooker(self, person: int) -> Json:
        """What somebody who glances at the phone sees."""
        return dict(await self._ask("GET", f"/people/{person}/onlooker"))

    async def ledger(self, after: int = 0, *, chat: int | None = None, method: str = "") -> list[Json]:
        """Accepted calls, oldest first."""
        query = f"?after={after}&method={method}" + (f"&chat={chat}" if chat is not None else "")
        return list(await self._ask("GET", f"/ledger{query}"))

    async def refused(self) -> list[Json]:
        """Refused calls, oldest first."""
        return list(await self._ask("GET", "/refused"))

    async def fault(self, kind: str = "status", **told: Any) -> None:
        """Have the next calls fail (`faults.Fault`)."""
        await self._act("/faults", kind=kind, **told)

    async def no_faults(self) -> None:
        """Take all faults back."""
        await self._ask("DELETE", "/faults", {})

    async def pace(self, *, on: bool, **rates: float) -> None:
        """Switch the Bot API's pace on or off (`per_bot`, `per_chat`, `burst`)."""
        await self._act("/pace", on=on, **rates)

    async def forge(self, update: Json, bot: int | None = None) -> int:
        """Deliver any update at all; its number."""
        return int((await self._act("/updates", update=update, bot=bot))["update_id"])

    async def redeliver(self, last: int = 1, bot: int | None = None) -> list[int]:
        """Deliver the last so many updates once more."""
        return list((await self._act("/updates/again", last=last, bot=bot))["update_ids"])

    async def now(self) -> datetime:
        """The simulated instant."""
        return datetime.fromisoformat((await self._ask("GET", "/clock"))["now"])

    async def set_clock(self, instant: datetime, *, stopped: bool = False) -> None:
        """Move the clock."""
        await self._act("/clock", now=instant.isoformat(), stopped=stopped)

    async def advance(self, seconds: float) -> None:
        """Move the clock ahead."""
        await self._act("/clock", advance_seconds=seconds)

    async def quiet(self) -> bool:
        """Whether no update waits and no call is under way."""
        return bool((await self._ask("GET", "/quiet"))["quiet"])

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _person(self, person: int, act: str, bot: int | None, **told: Any) -> Json:
        return await self._act(f"/people/{person}/{act}", bot=bot, **told)

    async def _act(self, path: str, **told: Any) -> Json:
        said = await self._ask("POST", path, told)
        return said if isinstance(said, dict) else {}

    async def _ask(self, method: str, path: str, told: Json | None = None) -> Any:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        async with self._session.request(method, self._base + path, json=told) as answer:
            said = await answer.json(content_type=None)
            if answer.status >= 400:
                raise ControlRefused(answer.status, str(said.get("error", "")))
            return said
