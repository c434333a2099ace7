"""Reads a Telegram update: who did what, in channel-neutral words. Total on any JSON, and read by hand for speed.

Only a private chat's own person is ever heard. Nothing of an update may reach a log or an error.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Event, Incoming

PROVIDER: Final = "telegram"
HEARD: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that are asked for (`allowed_updates`)."""
LONGEST_TEXT = 4096
LONGEST_DATA = 64
LONGEST_AGE = 86_400
"""Telegram keeps an update for 24 hours at most; what looks older is a clock that cannot be trusted."""
BIGGEST_CHAT = 2**52
BIGGEST_MESSAGE = 2**53
BIGGEST_UPDATE = 2**63 - 1

_STARTS = re.compile(r"/start(?:@[A-Za-z0-9_]{1,64})?(?:\s|\Z)", re.ASCII)
_PRESS = re.compile(r"[!-~]{1,64}\Z")
_NOT_TYPED = ("forward_origin", "forward_date", "forward_from", "forward_sender_name", "via_bot")
"""Fields of a message whose text the person did not type here: it is never an answer."""

Json = Mapping[str, object]


class NotAnUpdate(Exception):
    """These bytes are no update: it cannot be said which one it would be. Nothing was done."""

    def __init__(self) -> None:
        super().__init__("these bytes are no Telegram update; nothing was done")


def read(raw: bytes, provider_now: datetime | None) -> tuple[str, Incoming]:
    """The update's id and what it means, from the bytes of a webhook. Raises `NotAnUpdate`."""
    update = _parsed(raw)
    if not isinstance(update, dict):
        raise NotAnUpdate
    return interpret(update, provider_now)


def sender_of(update: Json) -> str:
    """Whose update it is, as far as can be said without reading it; what is nobody's stands for itself."""
    for kind in HEARD:
        body = update.get(kind)
        person = body.get("from") if isinstance(body, dict) else None
        if isinstance(person, dict):
            return str(person.get("id"))
    return f"update {update.get('update_id')}"


def interpret(update: Json, provider_now: datetime | None) -> tuple[str, Incoming]:
    """The update's id and what it means. `provider_now` is the provider's clock, for the age. Raises `NotAnUpdate`."""
    number = number_of(update)
    if number is None:
        raise NotAnUpdate
    kinds = [kind for kind in _KINDS if kind in update]
    body = update[kinds[0]] if len(kinds) == 1 else None
    if not isinstance(body, dict):
        return str(number), _IGNORED
    said = _KINDS[kinds[0]](body)
    seconds = _age(body, provider_now) if said.event is not Event.PRESS else 0.0
    return str(number), replace(said, age=seconds) if seconds else said


def number_of(update: object) -> int | None:
    """The update's own number, or None where it has none."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if _whole(number, 0, BIGGEST_UPDATE) else None


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw.decode())
    except (ValueError, RecursionError):  # UnicodeDecodeError, and integers of thousands of digits, are ValueErrors
        pass
    raise NotAnUpdate  # out here, so that no cause that quotes the bytes hangs on to it


_IGNORED = Incoming(Channel.TELEGRAM, "", Event.IGNORED)


def _message(body: Json) -> Incoming:
    sender, message = _person(body), _message_id(body)
    if sender is None or message is None:
        return _IGNORED
    event, text = _typed(body)
    quoted = any(field in body for field in _NOT_TYPED)
    return Incoming(Channel.TELEGRAM, sender, event, text, message=message, quoted=quoted)


def _typed(body: Json) -> tuple[Event, str]:
    text = body.get("text")
    if not isinstance(text, str) or any(field in body for field in _NOT_TYPED) or not _plain(text):
        return Event.OTHER, _written(body)
    starts = _STARTS.match(text)
    if starts:
        return Event.START, text[starts.end() :].strip()
    return Event.TEXT, text


def _written(body: Json) -> str:
    """The words in what is no answer: a caption, a corrected message, something forwarded."""
    text = body.get("text", body.get("caption"))
    return text if isinstance(text, str) and _plain(text) else ""


def _edited(body: Json) -> Incoming:
    sender, message = _person(body), _message_id(body)
    if sender is None or message is None:
        return _IGNORED
    return Incoming(Channel.TELEGRAM, sender, Event.EDITED, _written(body), message=message)


def _pressed(body: Json) -> Incoming:
    """A press on a bubble of ours; with data that is not ours it is a press on nothing, so that it is answered."""
    bubble, press = body.get("message"), body.get("id")
    if not isinstance(bubble, dict) or not isinstance(press, str) or not _PRESS.match(press):
        return _IGNORED
    sender, message = _person({"from": body.get("from"), "chat": bubble.get("chat")}), _message_id(bubble)
    if sender is None or message is None:
        return _IGNORED
    return Incoming(Channel.TELEGRAM, sender, Event.PRESS, _data(body.get("data")), press=press, message=message)


def _data(data: object) -> str:
    if not isinstance(data, str) or not _plain(data) or len(data.encode()) > LONGEST_DATA:
        return ""
    return data


_MEMBERSHIP = {"kicked": Event.BLOCKED, "member": Event.UNBLOCKED}


def _membership(body: Json) -> Incoming:
    sender, now = _person(body), body.get("new_chat_member")
    status = now.get("status") if isinstance(now, dict) else None
    event = _MEMBERSHIP.get(status) if isinstance(status, str) else None
    if sender is None or event is None:
        return _IGNORED
    return Incoming(Channel.TELEGRAM, sender, event)


_KINDS: Mapping[str, Callable[[Json], Incoming]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _pressed,
    "my_chat_member": _membership,
}
"""By kind. An update holds one at most; with two it is not Telegram's, and is ignored."""


def _person(body: Json) -> str | None:
    """The person of a private chat, only where they act in their own; None for groups, channels and other bots."""
    chat, person = body.get("chat"), body.get("from")
    if not isinstance(chat, dict) or not isinstance(person, dict) or "sender_chat" in body:
        return None
    number = chat.get("id")
    if not _whole(number, 1, BIGGEST_CHAT) or chat.get("type") != "private":
        return None
    own = person.get("id")
    if type(own) is not int or own != number or person.get("is_bot") is True:
        return None
    return str(number)


def _message_id(body: Json) -> str | None:
    number = body.get("message_id")
    return str(number) if _whole(number, 1, BIGGEST_MESSAGE) else None


def _whole(number: object, least: int, most: int) -> bool:
    return type(number) is int and least <= number <= most  # a bool is no number here


def _plain(text: str) -> bool:
    """Whether the text can be kept and sent: not empty, no NUL, no half of a surrogate pair, of Telegram's length."""
    if not text or "\x00" in text:
        return False
    try:
        return len(text) <= LONGEST_TEXT and len(text.encode("utf-16-le")) <= 2 * LONGEST_TEXT
    except UnicodeEncodeError:
        return False


def _age(body: Json, provider_now: datetime | None) -> float:
    date = body.get("edit_date", body.get("date"))
    if provider_now is None or type(date) is not int or not 0 < date < 2**40:
        return 0.0
    age = provider_now.timestamp() - date
    return age if 0 < age <= LONGEST_AGE else 0.0
