"""The library's client on our transport. What is called for every message goes in and comes out as plain data.

Its own objects for messages cost more than the network does, and its parser of updates logs what it cannot read, texts
and all: neither is ever used on the way of a message.
"""

from typing import Any

import telegram

from bot.telegram.transport import Transport, quiet_libraries
from bot.telegram.updates import HEARD

Keyboard = list[list[dict[str, str]]]
"""Rows of Bot API InlineKeyboardButton objects."""
NO_PREVIEW = '{"is_disabled": true}'


class Bot(telegram.Bot):
    """One bot of the Bot API."""

    __slots__ = ()

    async def say(self, chat: int, text: str, keyboard: Keyboard, silent: bool) -> int | None:
        """Send a new message, which can be neither forwarded nor saved; its id. Raises one of `failures`."""
        told = {"chat_id": chat, "text": text, "protect_content": True, "link_preview_options": NO_PREVIEW}
        if silent:
            told["disable_notification"] = True
        if keyboard:
            told["reply_markup"] = {"inline_keyboard": keyboard}
        sent = await self._call("sendMessage", told)
        number = sent.get("message_id") if isinstance(sent, dict) else None
        return number if type(number) is int else None

    async def change(self, chat: int, bubble: int, text: str, keyboard: Keyboard) -> None:
        """Give an earlier message another text and other buttons (none: take them off). Raises one of `failures`."""
        told = {"chat_id": chat, "message_id": bubble, "text": text, "link_preview_options": NO_PREVIEW}
        if keyboard:
            told["reply_markup"] = {"inline_keyboard": keyboard}
        await self._call("editMessageText", told)

    async def take_buttons(self, chat: int, bubble: int) -> None:
        """Take the buttons off an earlier message. Raises one of `failures`."""
        await self._call("editMessageReplyMarkup", {"chat_id": chat, "message_id": bubble})

    async def answer(self, press: str, toast: str) -> None:
        """Tell the person's app that their press arrived. Raises one of `failures`."""
        told = {"callback_query_id": press}
        if toast:
            told["text"] = toast
        await self._call("answerCallbackQuery", told)

    async def say_something(self) -> None:
        """The cheapest call there is: its answer carries the provider's clock. Raises one of `failures`."""
        await self._call("getMe", {})

    async def raw_updates(self, offset: int | None, timeout: int) -> list[Any]:
        """Wait up to `timeout` seconds for updates from `offset` on. Raises one of `failures`."""
        asked = {"offset": offset, "timeout": timeout, "allowed_updates": list(HEARD)}
        updates = await self._post("getUpdates", asked, read_timeout=timeout + 10.0)
        return updates if isinstance(updates, list) else []

    async def _call(self, method: str, told: dict[str, Any]) -> Any:
        """Straight to the transport. Raises one of `failures`."""
        transport = self.request
        assert isinstance(transport, Transport)
        return await transport.call(f"{self.base_url}/{method}", told)


def open_bot(token: str, api_url: str, transport: Transport) -> Bot:
    """The client of one bot; calls nothing yet. `api_url` as in `{api_url}/bot{token}/{method}`."""
    quiet_libraries()  # the library writes its URL to the log as it is made
    base = api_url.rstrip("/")
    return Bot(
        token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot",
        request=transport, get_updates_request=transport,
    )  # fmt: skip
