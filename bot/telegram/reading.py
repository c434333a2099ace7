"""Reads the provider's answers: a result, or what its error means in one short word. It keeps nothing of the text."""

import json
from collections.abc import Mapping
from typing import Any

from telegram.error import TelegramError

from bot.telegram.failures import Answered, Limited, PerhapsDone

CODES: tuple[tuple[str, str], ...] = (
    ("bot was blocked", "blocked"),
    ("user is deactivated", "deactivated"),
    ("initiate conversation", "never_started"),
    ("bot was kicked", "blocked"),
    ("chat not found", "chat_not_found"),
    ("user not found", "chat_not_found"),
    ("peer_id_invalid", "chat_not_found"),
    ("chat_id_invalid", "chat_not_found"),
    ("message is not modified", "not_modified"),
    ("message to edit not found", "no_such_message"),
    ("message can't be edited", "no_such_message"),
    ("message_id_invalid", "no_such_message"),
    ("message identifier is not specified", "no_such_message"),
    ("message to delete not found", "no_such_message"),
    ("message can't be deleted", "too_old"),
    ("query is too old", "too_old"),
    ("query id is invalid", "too_old"),
    ("query_id_invalid", "too_old"),
    ("message is too long", "too_long"),
    ("message text is empty", "empty"),
    ("button_data_invalid", "bad_button"),
    ("button_url_invalid", "bad_button"),
    ("can't use getupdates method while webhook", "webhook_is_set"),
    ("terminated by other getupdates", "polled_elsewhere"),
)
"""What the Bot API's descriptions contain (in small letters) and the word for it; the first that fits counts."""
OTHER = "other"
LONGEST_WAIT = 86_400.0
DEFAULT_WAIT = 5.0


def result_of(payload: bytes) -> Any:
    """The `result` of an answer with a status of success. Raises `PerhapsDone` on anything but a Bot API answer."""
    answer = _object(payload)
    if answer is None:
        raise PerhapsDone
    if answer.get("ok") is False:
        raise failure_of(_status(answer), payload, None)
    if answer.get("ok") is not True or "result" not in answer:
        raise PerhapsDone
    return answer["result"]


def failure_of(status: int, payload: bytes, retry_after: str | None) -> TelegramError:
    """What an error answer means. `retry_after` is the HTTP header, where there is one."""
    answer = _object(payload) or {}
    spoken = answer.get("ok") is False
    if status == 429:
        return Limited(_wait(answer, retry_after))
    return Answered(status, code_of(answer.get("description")) if spoken else OTHER, spoken)


def code_of(description: object) -> str:
    """The short word for a Bot API description."""
    said = description.lower() if isinstance(description, str) else ""
    return next((code for part, code in CODES if part in said), OTHER)


def _object(payload: bytes) -> Mapping[str, Any] | None:
    try:
        answer = json.loads(payload.decode())
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        return None
    return answer if isinstance(answer, dict) else None


def _status(answer: Mapping[str, Any]) -> int:
    status = answer.get("error_code")
    return status if type(status) is int and 400 <= status <= 599 else 500


def _wait(answer: Mapping[str, Any], retry_after: str | None) -> float:
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if (
        type(seconds) not in (int, float)
        and retry_after is not None
        and retry_after.isascii()
        and retry_after.isdigit()
    ):
        seconds = float(retry_after[:9])
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return DEFAULT_WAIT
    return float(min(max(seconds, 1), LONGEST_WAIT))
