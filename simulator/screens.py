"""What is on a person's screens: the chat, and what somebody who glances at the phone sees. Changes nothing."""

from typing import Any

from simulator.world import Bot, Bubble, Chat, Person, World

Json = dict[str, Any]
GLANCE = 120
"""Characters of a message that fit on a lock screen."""
PREVIEW = 60
"""The same in the list of chats."""
_KINDS = {"sticker": "👍 Sticker", "voice": "Voice message", "photo": "Photo"}


def person(world: World, someone: Person) -> Json:
    """Who it is, and with which bots they have a chat."""
    chats = [(bot, bot.chats[someone.id]) for bot in world.bots.values() if someone.id in bot.chats]
    return {
        "id": someone.id,
        "first_name": someone.first_name,
        "last_name": someone.last_name,
        "language": someone.language,
        "link": someone.link,
        "gone": someone.gone,
        "bots": [bot.id for bot, chat in chats if chat.started],
        "unread": sum(_unread(chat) for _, chat in chats),
    }


def messages(world: World, bot: Bot, someone: Person) -> Json:
    """The chat as its owner sees it."""
    chat = world.chat(bot, someone)
    return {
        "person": person(world, someone),
        "title": bot.called(someone.language),
        "username": bot.username,
        "about": bot.settings.get(("description", someone.language)) or bot.settings.get(("description", ""), ""),
        "commands": _commands(bot, someone.language),
        "started": chat.started,
        "blocked": chat.blocked,
        "toast": chat.toast or None,
        "typed_keyboard": chat.typed_keyboard,
        "messages": [_bubble(bubble) for bubble in chat.shown()],
    }


def onlooker(world: World, someone: Person) -> Json:
    """Lock screen, list of chats, and the open chat's texts, as somebody who glances sees them."""
    chats = [(bot, bot.chats[someone.id]) for bot in world.bots.values() if someone.id in bot.chats]
    listed = [(bot, chat, list(chat.shown())) for bot, chat in chats]
    return {
        "lock_screen": [
            {"title": bot.called(someone.language), "text": _said(bubble)[:GLANCE], "at": bubble.date}
            for bot, chat, bubbles in listed
            for bubble in bubbles
            if bubble.by_bot and not bubble.read and not chat.blocked
        ],
        "chat_list": [
            {
                "title": bot.called(someone.language),
                "preview": _said(bubbles[-1]).replace("\n", " ")[:PREVIEW],
                "at": bubbles[-1].date,
                "unread": _unread(chat),
            }
            for bot, chat, bubbles in listed
            if bubbles
        ],
        "messages": [_said(bubble) for _, _, bubbles in listed for bubble in bubbles],
    }


def _bubble(bubble: Bubble) -> Json:
    return {
        "message": bubble.number,
        "by_bot": bubble.by_bot,
        "kind": bubble.kind,
        "text": _said(bubble),
        "at": bubble.date,
        "edited": bubble.edited or None,
        "silent": bubble.silent,
        "protected": bubble.protected,
        "buttons": bubble.keyboard,
    }


def _said(bubble: Bubble) -> str:
    return bubble.text or _KINDS.get(bubble.kind, "")


def _unread(chat: Chat) -> int:
    return sum(bubble.by_bot and not bubble.read for bubble in chat.shown())


def _commands(bot: Bot, language: str) -> list[Json]:
    places = [(f"commands:{scope}:", each) for scope in ("all_private_chats", "default") for each in (language, "")]
    return next((list(bot.settings[place]) for place in places if bot.settings.get(place)), [])
