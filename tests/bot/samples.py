"""Updates as Telegram sends them, for a private chat."""

from typing import Any

PERSON: dict[str, Any] = {"id": 4711, "is_bot": False, "first_name": "Neko", "language_code": "sr"}
CHAT: dict[str, Any] = {"id": 4711, "type": "private", "first_name": "Neko"}
GROUP: dict[str, Any] = {"id": -100123, "type": "supergroup", "title": "Komšije"}
SENT = 1_795_514_400
"""Seconds since 1970 of 2026-11-24 09:00 UTC, when each of these was sent."""


def update(**kind: Any) -> dict[str, Any]:
    """An update of one kind."""
    return {"update_id": 900_001} | kind


def message(**changes: Any) -> dict[str, Any]:
    """An update with a message; a field changed to `...` is left out."""
    body = {"message_id": 12, "from": PERSON, "chat": CHAT, "date": SENT, "text": "Dobro"} | changes
    return update(message={name: value for name, value in body.items() if value is not ...})


def pressed(**changes: Any) -> dict[str, Any]:
    """An update with a press; a field changed to `...` is left out."""
    bubble = {"message_id": 31, "from": {"id": 1, "is_bot": True, "first_name": "a"}, "chat": CHAT, "date": SENT}
    body = {"id": "987654", "from": PERSON, "chat_instance": "5", "data": "i1:2", "message": bubble} | changes
    return update(callback_query={name: value for name, value in body.items() if value is not ...})


def membership(status: str, **changes: Any) -> dict[str, Any]:
    """An update that says that the person blocked or unblocked the bot."""
    bot = {"id": 1, "is_bot": True, "first_name": "a"}
    body = {
        "chat": CHAT, "from": PERSON, "date": SENT,
        "old_chat_member": {"status": "member", "user": bot}, "new_chat_member": {"status": status, "user": bot},
    }  # fmt: skip
    return update(my_chat_member=body | changes)
