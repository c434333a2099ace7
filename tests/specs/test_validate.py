"""The checker of calls finds what is wrong, and nothing in what is right."""

from typing import Any

import pytest

from tests.specs.validate import check_call, check_type

GOOD: dict[str, Any] = {
    "chat_id": 7,
    "text": "Добар дан",
    "protect_content": True,
    "reply_markup": {"inline_keyboard": [[{"text": "Да", "callback_data": "da"}]]},
}


def test_a_right_call_has_no_problem() -> None:
    assert check_call("sendMessage", GOOD) == []


def test_a_form_is_read_like_json() -> None:
    form = {"chat_id": "7", "text": "7", "protect_content": "true", "reply_markup": '{"inline_keyboard": []}'}
    assert check_call("sendMessage", form) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"chat_id": None}, "sendMessage.chat_id: is no Integer"),
        ({"text": ""}, "sendMessage.text: 0 is beyond 1 to 4096"),
        ({"text": "а" * 4097}, "sendMessage.text: 4097 is beyond 1 to 4096"),
        ({"text": "😀" * 2049}, "sendMessage.text: 4098 is beyond 1 to 4096"),
        ({"protect_content": 1}, "sendMessage.protect_content: is no Boolean"),
        ({"colour": "red"}, "sendMessage.colour: is not described"),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "Да", "callback_data": "а" * 33}]]}},
            "sendMessage.reply_markup.inline_keyboard[0][0].callback_data: 66 is beyond 1 to 64",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "Да"}]]}},
            "sendMessage.reply_markup.inline_keyboard[0][0]: a button does exactly one thing",
        ),
        (
            {"reply_markup": {"inline_keyboard": [{"text": "Да", "callback_data": "da"}]}},
            "sendMessage.reply_markup.inline_keyboard[0]: is no list",
        ),
    ],
)
def test_a_wrong_call_is_named(change: dict[str, Any], problem: str) -> None:
    assert problem in check_call("sendMessage", GOOD | change)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": 7}),
        ("sendPhoto", {"chat_id": 7}),
        ("editMessageText", {"text": "a"}),
        ("editMessageText", {"chat_id": 7, "message_id": 8}),
        ("answerCallbackQuery", {}),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "а" * 201}),
        ("deleteMessages", {"chat_id": 7, "message_ids": []}),
        ("deleteMessages", {"chat_id": 7, "message_ids": list(range(101))}),
        ("getUpdates", {"allowed_updates": "message"}),
        ("setWebhook", {"url": "https://a.example", "secret_token": ""}),
    ],
)
def test_other_wrong_calls(method: str, params: dict[str, Any]) -> None:
    assert check_call(method, params) != []


def test_what_a_provider_says_back_can_be_checked() -> None:
    chat = {"id": 7, "type": "private"}
    assert check_type("Message", {"message_id": 1, "date": 1, "chat": chat, "text": "a"}) == []
    assert check_type("Message", {"message_id": 1, "chat": chat}) == ["Message.date: is required"]
