"""Holds every call against the derived description, strictly: what is not described is refused, never passed over.

JSON bodies must carry the right JSON types; forms carry texts, of which those that are no text hold JSON.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from simulator.refusals import Refusal, bad, no_method

Json = dict[str, Any]
SPEC: Final[Json] = json.loads(Path(__file__).with_name("telegram-spec.json").read_text())
METHODS: Final[Json] = SPEC["methods"]
TYPES: Final[Json] = SPEC["types"]
NAMES: Final = {name.lower(): name for name in METHODS}
"""The Bot API takes a method's name in any case."""
_SIMPLE: Final[Mapping[str, tuple[type, ...]]] = {
    "Integer": (int,), "String": (str,), "Boolean": (bool,), "True": (bool,), "Float": (int, float),
}  # fmt: skip
_WHOLE = re.compile(r"-?[0-9]{1,18}\Z", re.ASCII)
_MISSING: Final = {
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}
_TEXT_LIMITS: Final = {
    ("sendMessage", "text"): ("message text is empty", "message is too long"),
    ("editMessageText", "text"): ("message text is empty", "MESSAGE_TOO_LONG"),
    ("answerCallbackQuery", "text"): ("", "MESSAGE_TOO_LONG"),
}


def canonical(method: str) -> str:
    """The method as it is described. Raises `Refusal` 404."""
    name = NAMES.get(method.lower())
    if name is None:
        raise no_method()
    return name


def checked(method: str, params: Mapping[str, Any], *, form: bool) -> Json:
    """The parameters as Bot API JSON. `method` is canonical. Raises `Refusal` 400 at the first thing wrong."""
    fields = METHODS[method]["fields"]
    told: Json = {}
    for name, value in params.items():
        field = fields.get(name)
        if field is None:
            raise bad(f'parameter "{_shown(name)}" is not described for {method}')
        told[name] = _native(name, field["types"], value) if form else value
        _check(field["types"], told[name], name)
    for name, field in fields.items():
        if field.get("required") and name not in told:
            raise bad(_MISSING.get(name, f'parameter "{name}" is required'))
        if name in told:
            _measure(field, told[name], name, _TEXT_LIMITS.get((method, name)))
    return told


def _shown(name: str) -> str:
    return name[:40] if name.isascii() and name.isprintable() else "?"


def _native(name: str, types: list[str], value: Any) -> Any:
    if not isinstance(value, str) or types == ["String"]:
        return value
    if "Integer" in types and _WHOLE.match(value):
        return int(value)
    if "Boolean" in types and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if "String" in types:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise bad(f"can't parse {name}: it is no JSON") from None


def _check(types: list[str], value: Any, where: str) -> None:
    failure: Refusal | None = None
    for kind in types:
        try:
            _check_one(kind, value, where)
        except Refusal as refusal:
            failure = refusal if failure is None else bad(f"can't parse {where}: it is none of {', '.join(types)}")
        else:
            return
    if failure is not None:
        raise failure


def _check_one(kind: str, value: Any, where: str) -> None:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise bad(f"can't parse {where}: expected an Array")
        for each in value:
            _check_one(kind[9:], each, where)
    elif kind in _SIMPLE:
        if not isinstance(value, _SIMPLE[kind]) or (isinstance(value, bool) and bool not in _SIMPLE[kind]):
            raise bad(f"can't parse {where}: expected {kind}")
    else:
        _check_object(kind, value, where)


def _check_object(kind: str, value: Any, where: str) -> None:
    described = TYPES.get(kind)
    if described is not None and "one_of" in described:
        _check(described["one_of"], value, where)
        return
    if described is None or not isinstance(value, dict):
        raise bad(f"can't parse {where}: expected {kind}")
    fields = described["fields"]
    for name, each in value.items():
        if name not in fields:
            raise bad(f'can\'t parse {where}: field "{_shown(name)}" is not described for {kind}')
        _check(fields[name]["types"], each, f"{where}.{name}")
    for name, field in fields.items():
        if field.get("required") and name not in value:
            raise bad(f'can\'t parse {where}: field "{name}" of {kind} is required')
        if name in value:
            _measure(field, value[name], f"{where}.{name}", None)


def _measure(field: Json, value: Any, where: str, words: tuple[str, str] | None) -> None:
    least, most = field.get("least", 0), field.get("most")
    if most is None:
        return
    size = _size(field, value)
    if size is None or least <= size <= most:
        return
    if where.endswith(".callback_data"):
        raise bad("BUTTON_DATA_INVALID")
    short, long = words or (f"{where} is too short", f"{where} is too long")
    raise bad(short if size < least else long)


def _size(field: Json, value: Any) -> int | None:
    """Telegram counts a text's length in UTF-16 units, data in bytes."""
    if isinstance(value, str):
        try:
            return len(value.encode()) if field.get("unit") == "bytes" else len(value.encode("utf-16-le")) // 2
        except UnicodeEncodeError:
            raise bad("strings must be encoded in UTF-8") from None
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
