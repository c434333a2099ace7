"""What each method of the Bot API does, once its parameters are checked. Every refusal comes before any effect."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from simulator import keyboards, wire
from simulator.refusals import bad, forbidden
from simulator.world import Bot, Bubble, Chat, World

Json = dict[str, Any]
DELETABLE: Final = 48 * 3600
"""Seconds for which a message can be deleted."""
ANSWERABLE: Final = 60
"""Seconds for which a press can be answered."""
NOT_HERE: Final = {
    "business_connection_id": "business connection not found",
    "message_thread_id": "message thread not found",
    "direct_messages_topic_id": "direct messages topic not found",
    "suggested_post_parameters": "suggested posts are for direct messages chats only",
    "message_effect_id": "EFFECT_ID_INVALID",
    "inline_message_id": "MESSAGE_ID_INVALID",
    "rich_message": "rich messages are not served here",
    "parse_mode": "formatting is not served here; send plain text",
    "allow_paid_broadcast": "not enough Telegram Stars",
    "certificate": "certificates are not served here",
}
"""Described parameters that mean nothing in a private chat of an ordinary bot, and what is said of them."""
_COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z", re.ASCII)
_LANGUAGE = re.compile(r"(?:[a-z]{2})?\Z", re.ASCII)
_UNSEEN = " \t\r\n\u00a0\u200b\ufeff"


def call(world: World, bot: Bot, method: str, told: Json) -> tuple[Any, int | None]:
    """Do it; the result and the message that it made or changed. Raises `Refusal`."""
    for name, words in NOT_HERE.items():
        if told.get(name):
            raise bad(words)
    return _METHODS[method](world, bot, told)


def _chat(bot: Bot, told: Json, *, writing: bool = True) -> Chat:
    number = told.get("chat_id")
    if number is None:
        raise bad("chat_id is empty")
    chat = bot.chats.get(number) if isinstance(number, int) else None
    if chat is None or not chat.started:
        raise bad("chat not found")
    if writing and chat.person.gone:
        raise forbidden("user is deactivated")
    if writing and chat.blocked:
        raise forbidden("bot was blocked by the user")
    return chat


def _text(told: Json) -> str:
    text = str(told.get("text", "")).strip(_UNSEEN)
    if not text:
        raise bad("message text is empty")
    return text


def _send(world: World, bot: Bot, told: Json) -> tuple[Any, int | None]:
    chat, text = _chat(bot, told), _text(told)
    buttons = keyboards.inline(told.get("reply_markup"))
    typed = keyboards.typed(told.get("reply_markup"))
    reply = told.get("reply_parameters")
    if reply is not None and reply["message_id"] not in chat.bubbles:
        raise bad("message to be replied not found")
    bubble = Bubble(
        bot.next_bubble(), world.seconds(), by_bot=True, text=text, keyboard=buttons,
        silent=told.get("disable_notification", False), protected=told.get("protect_content", False),
        preview_off=bool(told.get("link_preview_options", {}).get("is_disabled")),
        extra=_entities(told, text),
    )  # fmt: skip
    chat.bubbles[bubble.number] = bubble
    chat.typed_keyboard = chat.typed_keyboard if typed is None else typed
    world.happened(bot, chat, bubble, "sent")
    return wire.message(bot, chat, bubble), bubble.number


def _entities(told: Json, text: str) -> Json:
    end = len(text.encode("utf-16-le")) // 2
    for entity in told.get("entities", ()):
        if entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] + entity["length"] > end:
            raise bad(f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text")
    return {"entities": told["entities"]} if told.get("entities") else {}


def _own(chat: Chat, told: Json) -> Bubble:
    if told.get("message_id") is None:
        raise bad("message identifier is not specified")
    bubble = chat.bubbles.get(told["message_id"])
    if bubble is None or bubble.deleted:
        raise bad("message to edit not found")
    if not bubble.by_bot:
        raise bad("message can't be edited")
    return bubble


def _edit_text(world: World, bot: Bot, told: Json) -> tuple[Any, int | None]:
    chat = _chat(bot, told)
    bubble, text = _own(chat, told), _text(told)
    return _edited(world, bot, chat, bubble, text, keyboards.inline(told.get("reply_markup")), _entities(told, text))


def _edit_markup(world: World, bot: Bot, told: Json) -> tuple[Any, int | None]:
    chat = _chat(bot, told)
    bubble = _own(chat, told)
    return _edited(world, bot, chat, bubble, bubble.text, keyboards.inline(told.get("reply_markup")), bubble.extra)


def _edited(
    world: World, bot: Bot, chat: Chat, bubble: Bubble, text: str, keyboard: list[list[Json]], extra: Json
) -> tuple[Any, int | None]:
    if (text, keyboard, extra) == (bubble.text, bubble.keyboard, bubble.extra):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    bubble.edited = world.seconds()
    bubble.text, bubble.keyboard, bubble.extra = text, keyboard, extra
    world.happened(bot, chat, bubble, "edited")
    return wire.message(bot, chat, bubble), bubble.number


def _deletable(world: World, bubble: Bubble) -> bool:
    return world.seconds() - bubble.date <= DELETABLE


def _delete(world: World, bot: Bot, told: Json) -> tuple[Any, int | None]:
    chat = _chat(bot, told, writing=False)
    bubble = chat.bubbles.get(told["message_id"])
    if bubble is None or bubble.deleted:
        raise bad("message to delete not found")
    if not _deletable(world, bubble):
        raise bad("message can't be deleted for everyone")
    bubble.deleted = True
    world.happened(bot, chat, bubble, "deleted")
    return True, bubble.number


def _delete_many(world: World, bot: Bot, told: Json) -> tuple[Any, int | None]:
    """Those that are not found are passed over; one that is too old spoils all."""
    chat = _chat(bot, told, writing=False)
    found = [chat.bubbles[number] for number in told["message_ids"] if number in chat.bubbles]
    if not all(_deletable(world, bubble) for bubble in found):
        raise bad("message can't be deleted for everyone")
    for bubble in found:
        if not bubble.deleted:
            bubble.deleted = True
            world.happened(bot, chat, bubble, "deleted")
    return True, None


def _answer(world: World, bot: Bot, told: Json) -> tuple[Any, int | None]:
    query = bot.queries.get(told["callback_query_id"])
    if query is None or query.answered or world.seconds() - query.date > ANSWERABLE:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if told.get("url"):
        raise bad("URL_INVALID")
    query.answered = True
    if told.get("text"):
        query.chat.toast = {
            "text": told["text"], "alert": told.get("show_alert", False), "query": told["callback_query_id"],
        }  # fmt: skip
    world.changed(query.chat.person.id)
    return True, None


def _language(told: Json) -> str:
    language = str(told.get("language_code", ""))
    if not _LANGUAGE.match(language):
        raise bad("LANG_CODE_INVALID")
    return language


def _profile(what: str) -> "Method":
    def change(world: World, bot: Bot, told: Json) -> tuple[Any, int | None]:
        bot.settings[what, _language(told)] = told.get(what, "")
        for number in bot.chats:
            world.changed(number)
        return True, None

    return change


def _place(told: Json) -> tuple[str, str]:
    scope = told.get("scope", {"type": "default"})
    return f"commands:{scope['type']}:{scope.get('chat_id', '')}", _language(told)


def _set_commands(_: World, bot: Bot, told: Json) -> tuple[Any, int | None]:
    if not all(_COMMAND.match(command["command"]) for command in told["commands"]):
        raise bad("BOT_COMMAND_INVALID")
    bot.settings[_place(told)] = told["commands"]
    return True, None


def _delete_commands(_: World, bot: Bot, told: Json) -> tuple[Any, int | None]:
    bot.settings.pop(_place(told), None)
    return True, None


def _get_commands(_: World, bot: Bot, told: Json) -> tuple[Any, int | None]:
    return bot.settings.get(_place(told), []), None


Method = Callable[[World, Bot, Json], tuple[Any, int | None]]
_METHODS: Final[Mapping[str, Method]] = {
    "getMe": lambda _world, bot, _told: (wire.me(bot), None),
    "sendMessage": _send,
    "editMessageText": _edit_text,
    "editMessageReplyMarkup": _edit_markup,
    "deleteMessage": _delete,
    "deleteMessages": _delete_many,
    "answerCallbackQuery": _answer,
    "setMyCommands": _set_commands,
    "deleteMyCommands": _delete_commands,
    "getMyCommands": _get_commands,
    "setMyName": _profile("name"),
    "setMyDescription": _profile("description"),
    "setMyShortDescription": _profile("short_description"),
}
"""Those that have to do with taking updates are in `intake`."""
