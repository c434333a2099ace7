"""Which calls a delivery becomes, and what each answer of the provider means for it."""

from dataclasses import replace

import pytest

from bot.telegram.client import TelegramMessenger
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import (
    PRESSED_TOO_LONG_AGO,
    Button,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    TryLater,
    Undeliverable,
    Unknown,
)
from tests.bot import provider as does
from tests.bot.provider import PERSON, Answer, Provider

NEW = Outgoing("d1", Channel.TELEGRAM, str(PERSON), "Како сте?", ((Button("Добро", "i1:1"), Button("Лоше", "i1:2")),))
EDIT = replace(NEW, edit="31", press="987", toast="Забележено")
MODIFIED = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
GONE = "Bad Request: message to edit not found"


async def test_a_new_message_is_protected_without_preview_and_keeps_its_buttons(
    messenger: TelegramMessenger, telegram: Provider
) -> None:
    assert await messenger.send(NEW) == Sent("55")
    call = telegram.last("sendMessage")
    assert call.told["text"] == "Како сте?"
    assert call.told["protect_content"] == "true"
    assert "parse_mode" not in call.told
    assert "disable_notification" not in call.told
    assert call.json("link_preview_options") == {"is_disabled": True}
    assert call.json("reply_markup")["inline_keyboard"] == [
        [{"text": "Добро", "callback_data": "i1:1"}, {"text": "Лоше", "callback_data": "i1:2"}]
    ]


async def test_a_silent_message_and_a_link_button(messenger: TelegramMessenger, telegram: Provider) -> None:
    link = Button("Отвори", url="https://example.org/p/a")
    assert await messenger.send(replace(NEW, silent=True, buttons=((link,),))) == Sent("55")
    call = telegram.last("sendMessage")
    assert call.told["disable_notification"] == "true"
    assert call.json("reply_markup")["inline_keyboard"][0][0]["url"] == "https://example.org/p/a"


async def test_a_text_survives_the_form_whatever_is_in_it(messenger: TelegramMessenger, telegram: Provider) -> None:
    text = "а&b=c%20+ ;😀\n\t\"'<b>*_`"
    assert await messenger.send(replace(NEW, text=text)) == Sent("55")
    assert telegram.last("sendMessage").told["text"] == text


async def test_a_press_changes_the_bubble_in_place_and_is_answered(
    messenger: TelegramMessenger, telegram: Provider
) -> None:
    assert await messenger.send(EDIT) == Sent("31")
    assert sorted(telegram.methods()) == ["answerCallbackQuery", "editMessageText"]
    assert telegram.last("editMessageText").told["message_id"] == "31"
    assert telegram.last("answerCallbackQuery").told == {"callback_query_id": "987", "text": "Забележено"}


async def test_an_edit_without_buttons_takes_them_off(messenger: TelegramMessenger, telegram: Provider) -> None:
    await messenger.send(replace(EDIT, buttons=()))
    assert "reply_markup" not in telegram.last("editMessageText").told


async def test_an_unchanged_bubble_counts_as_sent(messenger: TelegramMessenger, telegram: Provider) -> None:
    telegram.plan("editMessageText", does.refuses(400, MODIFIED))
    assert await messenger.send(EDIT) == Sent("31")
    assert "sendMessage" not in telegram.methods()


@pytest.mark.parametrize("said", [GONE, "Bad Request: message can't be edited", "Bad Request: MESSAGE_ID_INVALID"])
async def test_where_the_bubble_is_gone_a_new_message_is_sent(
    messenger: TelegramMessenger, telegram: Provider, said: str
) -> None:
    telegram.plan("editMessageText", does.refuses(400, said))
    assert await messenger.send(EDIT) == Sent("55")
    assert telegram.last("sendMessage").told["protect_content"] == "true"


TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_i4_a_press_that_telegram_calls_too_old_is_answered_by_nothing(
    messenger: TelegramMessenger, telegram: Provider
) -> None:
    telegram.plan("answerCallbackQuery", does.refuses(400, TOO_OLD))
    late = replace(EDIT, retire="30", delete=("28",))
    assert await messenger.send(late) == Refused(PRESSED_TOO_LONG_AGO)
    assert telegram.methods() == ["answerCallbackQuery", "deleteMessages"], "what is to go goes all the same"


async def test_a_press_is_answered_before_anything_is_shown(messenger: TelegramMessenger, telegram: Provider) -> None:
    await messenger.send(EDIT)
    assert telegram.methods() == ["answerCallbackQuery", "editMessageText"]


async def test_only_a_press_to_answer(messenger: TelegramMessenger, telegram: Provider) -> None:
    only = Outgoing("d1", Channel.TELEGRAM, str(PERSON), press="987")
    assert await messenger.send(only) == Sent(None)
    assert telegram.methods() == ["answerCallbackQuery"]
    telegram.plan(
        "answerCallbackQuery", does.refuses(400, "Bad Request: query is too old and response timeout expired")
    )
    assert await messenger.send(only) == Sent(None)


async def test_buttons_are_taken_off_and_messages_deleted_after_the_message(
    messenger: TelegramMessenger, telegram: Provider
) -> None:
    assert await messenger.send(replace(NEW, retire="30", delete=("28", "29"))) == Sent("55")
    assert telegram.methods() == ["sendMessage", "editMessageReplyMarkup", "deleteMessages"]
    assert "reply_markup" not in telegram.last("editMessageReplyMarkup").told
    assert telegram.last("deleteMessages").json("message_ids") == [28, 29]


async def test_many_messages_are_deleted_in_calls_of_a_hundred(
    messenger: TelegramMessenger, telegram: Provider
) -> None:
    wipe = Outgoing("d1", Channel.TELEGRAM, str(PERSON), delete=tuple(str(number) for number in range(1, 251)))
    assert await messenger.send(wipe) == Sent(None)
    assert [len(call.json("message_ids")) for call in telegram.calls] == [100, 100, 50]


async def test_a_failed_deletion_is_the_outcome_where_it_was_all(
    messenger: TelegramMessenger, telegram: Provider
) -> None:
    wipe = Outgoing("d1", Channel.TELEGRAM, str(PERSON), delete=("28",))
    telegram.plan("deleteMessages", does.refuses(400, "Bad Request: message can't be deleted for everyone"))
    assert await messenger.send(wipe) == Refused("too_old")
    telegram.plan("deleteMessages", does.resets)
    assert isinstance(await messenger.send(wipe), TryLater)


@pytest.mark.parametrize("fault", [does.resets, does.refuses(400, "Bad Request: no"), does.answers(502), does.hangs_up])
async def test_an_extra_that_fails_changes_nothing_once_the_message_is_sent(
    messenger: TelegramMessenger, telegram: Provider, fault: Answer
) -> None:
    telegram.plan("answerCallbackQuery", fault)
    telegram.plan("editMessageReplyMarkup", fault)
    telegram.plan("deleteMessages", fault)
    assert await messenger.send(replace(NEW, press="987", retire="30", delete=("28",))) == Sent("55")


async def test_no_extra_is_done_where_the_message_failed(messenger: TelegramMessenger, telegram: Provider) -> None:
    telegram.plan("sendMessage", does.refuses(403, "Forbidden: bot was blocked by the user"))
    assert await messenger.send(replace(NEW, retire="30", delete=("28",))) == Undeliverable("blocked")
    assert telegram.methods() == ["sendMessage"]


OK = {"ok": True, "result": True}
GATEWAY = b"<html>gateway</html>"
ANSWERS: list[tuple[str, Answer, Outcome]] = [
    ("blocked", does.refuses(403, "Forbidden: bot was blocked by the user"), Undeliverable("blocked")),
    ("deactivated", does.refuses(403, "Forbidden: user is deactivated"), Undeliverable("deactivated")),
    ("stranger", does.refuses(403, "Forbidden: bot can't initiate conversation"), Undeliverable("never_started")),
    ("other 403", does.refuses(403, "Forbidden: something new"), Undeliverable("forbidden")),
    ("no chat", does.refuses(400, "Bad Request: chat not found"), Undeliverable("chat_not_found")),
    ("too long", does.refuses(400, "Bad Request: message is too long"), Refused("too_long")),
    ("other 400", does.refuses(400, "Bad Request: what the person wrote"), Refused("other")),
    ("no description", does.answers(400, {"ok": False, "error_code": 400}), Refused("other")),
    ("limited", does.refuses(429, "Too Many Requests: retry after 7", retry_after=7), TryLater(7.0)),
    ("limited without a number", does.refuses(429, "Too Many Requests"), TryLater(5.0)),
    ("limited by a header", does.answers(429, GATEWAY, Retry_After="9"), TryLater(9.0)),
    ("limited absurdly", does.refuses(429, "…", retry_after=10**30), TryLater(86400.0)),
    ("limited by nonsense", does.refuses(429, "…", retry_after="soon"), TryLater(5.0)),
    ("limited negatively", does.refuses(429, "…", retry_after=-3), TryLater(1.0)),
    ("500 of the Bot API", does.refuses(500, "Internal Server Error"), TryLater(5.0)),
    ("500 of something else", does.answers(500, GATEWAY), Unknown()),
    ("502", does.refuses(502, "Bad Gateway"), Unknown()),
    ("503", does.answers(503, GATEWAY), TryLater(5.0)),
    ("504", does.answers(504, GATEWAY), Unknown()),
    ("a gateway's 403", does.answers(403, GATEWAY), TryLater(60.0)),
    ("a gateway's 400", does.answers(400, GATEWAY), TryLater(60.0)),
    ("wrong token", does.refuses(401, "Unauthorized"), TryLater(60.0)),
    ("no such bot", does.refuses(404, "Not Found"), TryLater(60.0)),
    ("sent elsewhere", does.answers(302, b"", Location="https://example.org/"), TryLater(60.0)),
    ("reset after the write", does.resets, Unknown()),
    ("closed after the write", does.hangs_up, Unknown()),
    ("no answer", does.says_nothing, Unknown()),
    ("garbage", does.writes(b"\x00\xff\x13garbage\r\n\r\n"), Unknown()),
    ("half an answer", does.writes(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"), Unknown()),
    ("half a head", does.writes(b"HTTP/1.1 200 OK\r\nContent-Le"), Unknown()),
    ("success without JSON", does.answers(200, GATEWAY), Unknown()),
    ("success in no UTF-8", does.answers(200, b'{"ok":true,"result":"\xff"}'), Unknown()),
    ("success without ok", does.answers(200, {"result": True}), Unknown()),
    ("success without result", does.answers(200, {"ok": True}), Unknown()),
    ("success that is a list", does.answers(200, b"[1]"), Unknown()),
    ("success too deep", does.answers(200, b"[" * 200_000), Unknown()),
    ("a refusal with 200", does.answers(200, {"ok": False, "error_code": 403, "description": "user is deactivated"}),
     Undeliverable("deactivated")),
    ("taken, but the id is missing", does.answers(200, OK), Sent(None)),
    ("taken, but the id is no number", does.answers(200, {"ok": True, "result": {"message_id": "x"}}), Sent(None)),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "outcome"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
async def test_what_an_answer_means_for_a_new_message(
    messenger: TelegramMessenger, telegram: Provider, answer: Answer, outcome: Outcome
) -> None:
    telegram.plan("sendMessage", answer)
    assert await messenger.send(NEW) == outcome
    assert telegram.methods() == ["sendMessage"]


UNCLEAR = [does.resets, does.hangs_up, does.says_nothing, does.answers(502), does.answers(200, GATEWAY)]


@pytest.mark.parametrize("fault", UNCLEAR)
async def test_i13_a_new_message_whose_fate_is_unclear_is_never_sent_again(
    messenger: TelegramMessenger, telegram: Provider, fault: Answer
) -> None:
    telegram.plan("sendMessage", fault)
    assert await messenger.send(NEW) == Unknown()
    assert telegram.methods() == ["sendMessage"]


@pytest.mark.parametrize("fault", UNCLEAR)
async def test_i13_an_edit_of_the_same_bubble_may_be_repeated(
    messenger: TelegramMessenger, telegram: Provider, fault: Answer
) -> None:
    telegram.plan("editMessageText", fault)
    assert await messenger.send(EDIT) == TryLater(5.0)
    assert "sendMessage" not in telegram.methods()


async def test_i13_the_message_that_replaces_a_lost_bubble_is_a_new_one(
    messenger: TelegramMessenger, telegram: Provider
) -> None:
    telegram.plan("editMessageText", does.refuses(400, GONE))
    telegram.plan("sendMessage", does.resets)
    assert await messenger.send(EDIT) == Unknown()


@pytest.mark.parametrize("address", ["", "abc", "-100123", "٣", "12 "])
async def test_an_address_that_is_none_is_never_tried(
    messenger: TelegramMessenger, telegram: Provider, address: str
) -> None:
    assert await messenger.send(replace(NEW, address=address)) == Undeliverable("invalid_address")
    assert telegram.calls == []


async def test_a_text_without_bytes_is_refused_before_anything_leaves(
    messenger: TelegramMessenger, telegram: Provider
) -> None:
    assert await messenger.send(replace(NEW, text="\ud800")) == Refused("unsendable")
    assert telegram.connections == 0
