"""Derives `telegram-spec.json` from a full description of the Bot API: `python -m simulator.derive_spec FULL.json`.

It keeps names, types, what is required and lengths; it must never copy a description.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

COMPACT = Path(__file__).with_name("telegram-spec.json")
METHODS = (
    "getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "sendMessage", "editMessageText",
    "editMessageReplyMarkup", "answerCallbackQuery", "deleteMessage", "deleteMessages", "setMyCommands",
    "deleteMyCommands", "getMyCommands", "setMyName", "setMyDescription", "setMyShortDescription",
)  # fmt: skip
ANSWERED = (
    "Update", "Message", "Chat", "CallbackQuery", "MaybeInaccessibleMessage", "InaccessibleMessage",
    "ChatMemberUpdated", "ChatMemberMember", "ChatMemberBanned", "WebhookInfo", "MessageEntity",
)  # fmt: skip
"""What a provider says back: these types themselves, without everything that they reach."""
_SPAN = re.compile(r"(?<!ISO )\b(\d+)-(\d+)\b(?: (characters|bytes))?")
_MOST = re.compile(r"At most (\d+) ")

Json = dict[str, Any]


def derive(full: Json) -> Json:
    """The compact description."""
    methods = {name: _method(full["methods"][name]) for name in METHODS}
    reached = set(ANSWERED)
    for method in methods.values():
        reached |= set(_reached(full["types"], _names(method["fields"]), set()))
    return {
        "version": full["version"],
        "methods": methods,
        "types": {name: _type(full["types"][name]) for name in sorted(reached)},
    }


def _method(described: Json) -> Json:
    return {"fields": _fields(described), "returns": described["returns"]}


def _type(described: Json) -> Json:
    if described.get("subtypes"):
        return {"one_of": described["subtypes"]}
    return {"fields": _fields(described)}


def _fields(described: Json) -> Json:
    return {field["name"]: _field(field) for field in described.get("fields", ())}


def _field(field: Json) -> Json:
    kept: Json = {"types": field["types"]}
    if field["required"]:
        kept["required"] = True
    limits = _limits(field["description"])
    # a text's length always has a unit; other numbers in its description are about something else
    return kept if field["types"] == ["String"] and "unit" not in limits else kept | limits


def _limits(description: str) -> Json:
    span, most = _SPAN.search(description), _MOST.search(description)
    if span:
        unit = {"unit": span[3]} if span[3] else {}
        return {"least": int(span[1]), "most": int(span[2])} | unit
    return {"most": int(most[1])} if most else {}


def _names(fields: Json) -> Iterator[str]:
    for field in fields.values():
        yield from (name.removeprefix("Array of ").removeprefix("Array of ") for name in field["types"])


def _reached(types: Json, names: Iterable[str], seen: set[str]) -> Iterator[str]:
    for name in names:
        if name not in types or name in seen:
            continue
        seen.add(name)
        yield name
        kept = _type(types[name])
        yield from _reached(types, kept.get("one_of") or _names(kept["fields"]), seen)


def main(arguments: list[str]) -> None:
    """Write the compact description beside this file."""
    compact = derive(json.loads(Path(arguments[0]).read_text()))
    COMPACT.write_text(json.dumps(compact, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
