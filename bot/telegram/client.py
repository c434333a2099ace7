"""Sends one claimed delivery by the Bot API and says what became of it. Never decides whether, never raises, never logs
a text.

A press has no time of its own, so it is answered first: where Telegram says that it is too old for that, nothing is
shown (safety.md, I4). Taking buttons off and deleting come after. The outcome is the message's own: an extra that fails
changes nothing.
"""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from telegram.error import TelegramError

from bot.telegram.bot import Bot, Keyboard
from bot.telegram.failures import Answered
from bot.telegram.outcomes import judge
from surveys.steps.ports import PRESSED_TOO_LONG_AGO, Button, Outcome, Outgoing, Refused, Sent, Undeliverable, Unknown

_log = logging.getLogger(__name__)
MOST_DELETED = 100
LONGEST_TOAST = 200
PATIENCE = 3.0
"""Seconds in which Telegram may say that a press is too old; a call that hangs keeps nobody waiting longer."""

Call = Callable[[], Awaitable[Any]]


class TelegramMessenger:
    """Sends by Telegram. Never raises for anything that the provider or the network does."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, message: Outgoing) -> Outcome:
        """Make the calls for one delivery, each once. Only edits and other repeatable calls give TryLater after bytes
        have left; a new message whose answer is lost is Unknown."""
        try:
            return await self._send(message)
        except Exception as fault:  # the port's promise: a fault of ours must not leave a claim without an outcome
            _log.error("a delivery ended in %s; it counts as perhaps sent", type(fault).__name__)
            return Unknown()

    async def _send(self, message: Outgoing) -> Outcome:
        if not (message.address.isascii() and message.address.isdigit()):
            return Undeliverable("invalid_address")
        chat = int(message.address)
        if message.text and message.press:
            return await self._answer_and_show(chat, message)
        if message.text:
            outcome = await self._show(chat, message)
        elif message.press:
            outcome = await self._answer(message)
        else:
            return await self._tidy(chat, message)
        if isinstance(outcome, Sent):
            await self._tidy(chat, message)
        return outcome

    async def _answer_and_show(self, chat: int, message: Outgoing) -> Outcome:
        """The press first; what is shown goes on meanwhile only where the answer takes too long."""
        answer = asyncio.create_task(self._pressed(message), name="press")
        try:
            await asyncio.wait([answer], timeout=PATIENCE)
            if answer.done() and not answer.result():
                await self._tidy(chat, replace(message, retire=None))
                return Refused(PRESSED_TOO_LONG_AGO)
            outcome = await self._show(chat, message)
            if isinstance(outcome, Sent):
                await self._tidy(chat, message)
            if not answer.done():
                await asyncio.wait([answer])
        finally:
            answer.cancel()
        return outcome

    async def _pressed(self, message: Outgoing) -> bool:
        """Answer the press; False where it is too old. Whatever else goes wrong says nothing about its age."""
        try:
            await self._bot.answer(message.press or "", message.toast[:LONGEST_TOAST])
        except TelegramError as failure:
            return not (isinstance(failure, Answered) and failure.status == 400 and failure.code == "too_old")
        return True

    async def _show(self, chat: int, message: Outgoing) -> Outcome:
        if message.edit is None or not message.edit.isdigit():
            return await self._say(chat, message)
        outcome = await self._edit(chat, int(message.edit), message)
        # the bubble is gone (deleted by the person, or too old to change): the words still have to reach them
        return await self._say(chat, message) if outcome is None else outcome

    async def _say(self, chat: int, message: Outgoing) -> Outcome:
        try:
            number = await self._bot.say(chat, message.text, _keyboard(message.buttons), message.silent)
        except TelegramError as failure:
            return judge(failure, repeatable=False)
        return Sent(str(number) if number is not None else None)

    async def _edit(self, chat: int, bubble: int, message: Outgoing) -> Outcome | None:
        """None where there is nothing left to edit."""
        try:
            await self._bot.change(chat, bubble, message.text, _keyboard(message.buttons))
        except TelegramError as failure:
            code = failure.code if isinstance(failure, Answered) and failure.status == 400 else ""
            if code == "no_such_message":
                return None
            return Sent(str(bubble)) if code == "not_modified" else judge(failure, repeatable=True)
        return Sent(str(bubble))

    async def _answer(self, message: Outgoing) -> Outcome:
        """A press that is too old to be answered is as good as answered."""
        toast = message.toast[:LONGEST_TOAST]
        return await _extra(lambda: self._bot.answer(message.press or "", toast), "too_old", "other")

    async def _tidy(self, chat: int, message: Outgoing) -> Outcome:
        """Take buttons off, then delete. The outcome of the deletion counts, where that is all there was to do."""
        outcome: Outcome = Sent(None)
        if message.retire and message.retire.isdigit():
            bubble = int(message.retire)
            outcome = await _extra(lambda: self._bot.take_buttons(chat, bubble), "not_modified", "no_such_message")
        ids = [int(each) for each in message.delete if each.isdigit()]
        for start in range(0, len(ids), MOST_DELETED):
            some = ids[start : start + MOST_DELETED]
            done = await _extra(functools.partial(self._bot.delete_messages, chat, some))
            outcome = outcome if isinstance(done, Sent) else done
        return outcome


async def _extra(call: Call, *forgiven: str) -> Outcome:
    """The outcome of a call that may be repeated; refusals with these codes mean that there was nothing left to do."""
    try:
        await call()
    except TelegramError as failure:
        if isinstance(failure, Answered) and failure.status == 400 and failure.code in forgiven:
            return Sent(None)
        return judge(failure, repeatable=True)
    return Sent(None)


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> Keyboard:
    return [[_button(each) for each in row] for row in rows]


def _button(button: Button) -> dict[str, str]:
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.data}
