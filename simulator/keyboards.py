"""Reads keyboards under messages and refuses those that the Bot API refuses."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from simulator.refusals import bad
from simulator.strict import TYPES

Json = dict[str, Any]
MOST: Final = 100
ADORNMENTS: Final = frozenset({"text", "style", "icon_custom_emoji_id"})
ACTIONS: Final = frozenset(TYPES["InlineKeyboardButton"]["fields"]) - ADORNMENTS
SERVED: Final = frozenset({"callback_data", "url", "copy_text"})
STYLES: Final = ("danger", "success", "primary")


def inline(markup: Mapping[str, Any] | None) -> list[list[Json]]:
    """The rows of an inline keyboard, empty where there is none. Raises `Refusal` 400."""
    rows = [row for row in (markup or {}).get("inline_keyboard", ()) if row]
    if sum(len(row) for row in rows) > MOST:
        raise bad("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            _check(button)
    return rows


def typed(markup: Mapping[str, Any] | None) -> list[list[str]] | None:
    """The labels of a reply keyboard; empty where one is taken away, None where nothing is said of one."""
    if markup is None or "inline_keyboard" in markup or "force_reply" in markup:
        return None
    return [[str(button["text"]) for button in row] for row in markup.get("keyboard", ())]


def _check(button: Json) -> None:
    if not button["text"].strip():
        raise bad("can't parse inline keyboard button: button text must be non-empty")
    actions = ACTIONS & button.keys()
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad("can't parse inline keyboard button: a button does exactly one thing")
    if not actions <= SERVED:
        raise bad("BUTTON_TYPE_INVALID")
    if button.get("style", "primary") not in STYLES:
        raise bad("can't parse inline keyboard button: style is unknown")
    if "url" in button:
        _check_url(button["url"])


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise bad("BUTTON_URL_INVALID") from None
    if parts.scheme not in ("http", "https", "tg") or not parts.netloc or any(ord(each) <= 32 for each in url):
        raise bad("BUTTON_URL_INVALID")
