"""Says what is wrong with a call to the Bot API, by the derived description. Strict: what is not described is wrong.

Values may be Bot API JSON, or texts as a form carries them.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SPEC: dict[str, Any] = json.loads((Path(__file__).parents[2] / "simulator" / "telegram-spec.json").read_text())
SIMPLE: dict[str, tuple[type, ...]] = {
    "Integer": (int,), "String": (str,), "Boolean": (bool,), "True": (bool,), "Float": (int, float),
}  # fmt: skip
KINDS_OF_BUTTON = frozenset(SPEC["types"]["InlineKeyboardButton"]["fields"]) - {"text", "style", "icon_custom_emoji_id"}


def check_call(method: str, params: Mapping[str, Any]) -> list[str]:
    """Every problem of one call, empty where there is none."""
    described = SPEC["methods"].get(method)
    if described is None:
        return [f"{method}: no such method here"]
    fields = described["fields"]
    told = {name: _native(fields.get(name), value) for name, value in params.items()}
    return [f"{method}.{problem}" for problem in (*_fields(fields, told), *_together(method, told))]


def check_type(name: str, value: Any) -> list[str]:
    """Every problem of one value that should be of this type (`Message`, `Update`, …)."""
    return list(_value([name], value, name))


def _native(field: Mapping[str, Any] | None, value: Any) -> Any:
    """A form's text as the JSON that it carries, where the field is not a text."""
    if field is None or not isinstance(value, str) or field["types"] == ["String"]:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _fields(fields: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[str]:
    for name, field in fields.items():
        if field.get("required") and name not in told:
            yield f"{name}: is required"
    for name, value in told.items():
        if name not in fields:
            yield f"{name}: is not described"
            continue
        yield from _value(fields[name]["types"], value, name)
        yield from _limits(fields[name], value, name)


def _value(types: list[str], value: Any, where: str) -> Iterator[str]:
    tries = [list(_one(kind, value, where)) for kind in types]
    if all(tries):
        yield from min(tries, key=len)


def _one(kind: str, value: Any, where: str) -> Iterator[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            yield f"{where}: is no list"
            return
        for number, each in enumerate(value):
            yield from _one(kind.removeprefix("Array of "), each, f"{where}[{number}]")
    elif kind in SIMPLE:
        if not isinstance(value, SIMPLE[kind]) or (isinstance(value, bool) and bool not in SIMPLE[kind]):
            yield f"{where}: is no {kind}"
    elif kind in SPEC["types"]:
        yield from _object(kind, value, where)


def _object(kind: str, value: Any, where: str) -> Iterator[str]:
    described = SPEC["types"][kind]
    if "one_of" in described:
        yield from _value(described["one_of"], value, where)
        return
    if not isinstance(value, dict):
        yield f"{where}: is no {kind}"
        return
    yield from (f"{where}.{problem}" for problem in _fields(described["fields"], value))
    if kind == "InlineKeyboardButton" and len(KINDS_OF_BUTTON & value.keys()) != 1:
        yield f"{where}: a button does exactly one thing"


def _limits(field: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    size = _size(field, value)
    if size is not None and not field.get("least", 0) <= size <= field.get("most", size):
        yield f"{where}: {size} is beyond {field.get('least', 0)} to {field['most']}"


def _size(field: Mapping[str, Any], value: Any) -> int | None:
    if isinstance(value, str):
        return len(value.encode()) if field.get("unit") == "bytes" else len(value.encode("utf-16-le")) // 2
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _together(method: str, told: Mapping[str, Any]) -> Iterator[str]:
    """What the description says in words only."""
    if method.startswith("editMessage") and not ({"chat_id", "message_id"} <= told.keys()):
        yield "message_id: an edit needs chat_id and message_id"
    if method == "editMessageText" and "text" not in told:
        yield "text: is required"
