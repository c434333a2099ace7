"""Writes what exists as Bot API JSON: users, chats, messages."""

from typing import Any

from simulator.world import Bot, Bubble, Chat, Person

Json = dict[str, Any]


def bot_user(bot: Bot) -> Json:
    """The bot as a User, as messages carry it."""
    return {"id": bot.id, "is_bot": True, "first_name": bot.called(""), "username": bot.username}


def me(bot: Bot) -> Json:
    """The bot as getMe describes it."""
    return bot_user(bot) | {
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def user(person: Person) -> Json:
    """The person as a User."""
    told = {"last_name": person.last_name, "username": person.username, "language_code": person.language}
    return {"id": person.id, "is_bot": False, "first_name": person.first_name} | {k: v for k, v in told.items() if v}


def private_chat(person: Person) -> Json:
    """The person's private chat as a Chat."""
    told = {"last_name": person.last_name, "username": person.username}
    names = {name: value for name, value in told.items() if value}
    return {"id": person.id, "first_name": person.first_name, "type": "private"} | names


def message(bot: Bot, chat: Chat, bubble: Bubble) -> Json:
    """A bubble as a Message."""
    told: Json = {
        "message_id": bubble.number,
        "from": bot_user(bot) if bubble.by_bot else user(chat.person),
        "chat": private_chat(chat.person),
        "date": bubble.date,
    }
    if bubble.edited:
        told["edit_date"] = bubble.edited
    if bubble.text:
        told["text"] = bubble.text
    if bubble.keyboard:
        told["reply_markup"] = {"inline_keyboard": bubble.keyboard}
    if bubble.protected:
        told["has_protected_content"] = True
    if bubble.preview_off:
        told["link_preview_options"] = {"is_disabled": True}
    return told | bubble.extra
