"""An invented language, made from the English by lengthening every word: complete, and like no other.

It is written as a person would add one: files in a folder named by its code (`qaa` is ISO 639's "local use").
"""

import json
import re
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

from babel.messages.pofile import write_po

from locales.po import HERE, messages, read
from surveys.instruments.compile import compile_form
from surveys.instruments.model import Instrument
from surveys.library import load_library
from surveys.rules.vocabulary import Side

CODE = "qaa"
_KEPT = r"\{[^{}]*\}|https?://\S+|\$\{[^{}]*\}"
_WORD = re.compile(rf"({_KEPT})|([A-Za-z]+)(?:'[a-z]+)?")
_SHIPPED = Path(__file__).parents[2] / "surveys" / "language" / "tables" / "en.toml"


def said(text: str | None) -> str:
    """The English text in the invented language."""
    assert text is not None
    return _WORD.sub(lambda found: found[1] or found[2] + ("ZU" if found[2].isupper() else "zu"), text)


def invent(folder: Path) -> Path:
    """Write the language into `folder` as files, and give the folder back."""
    own = folder / CODE
    own.mkdir(parents=True)
    _write_messages(own / "messages.po")
    (own / "typed.toml").write_text(written(_typed()), encoding="utf-8")
    for side in Side:
        (own / f"{side}.toml").write_text(written(_side(side)), encoding="utf-8")
    return folder


def _write_messages(file: Path) -> None:
    catalog = deepcopy(read(HERE, "en"))
    for message in messages(catalog):
        forms = message.string
        message.string = tuple(map(said, forms)) if isinstance(forms, tuple | list) else said(forms)
    with file.open("wb") as out:
        write_po(out, catalog)
    text = re.sub('"Language: [a-zA-Z_]+', f'"Language: {CODE}', file.read_text("utf-8"))
    file.write_text(text, encoding="utf-8")


def _typed() -> Any:
    table = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))
    table.pop("language")
    table.pop("dates")
    invented = _deep(table)
    return invented | {"language": {CODE: {"phrases": ["longish", "in longish"], "examples": ["longish"]}}}


def _deep(value: Any) -> Any:
    match value:
        case str():
            return said(value)
        case list():
            return [_deep(each) for each in value]
        case dict():
            return {key: _deep(each) for key, each in value.items()}
        case _:
            return value


def _side(side: Side) -> dict[str, Any]:
    library = load_library(side)
    return {
        "reviewed": "no",
        "text": {name: said(text.said("en")) for name, text in library.texts.items()},
        "sms": {name: said(text.sms["en"]) for name, text in library.texts.items() if text.sms},
        "notice": {name: said(each.said("en")) for name, each in library.notices.items()},
        "other_word": {gender: said(words["en"]) for gender, words in library.other_words.items()},
        "helpline": {
            line.name: {part: said(getattr(line, part)["en"]) for part in ("what", "consequence", "cost", "abroad")}
            for line in library.helplines
        },
        "instrument": {name: _instrument(compile_form(path)) for name, path in library.instruments.items()},
    }


def _instrument(form: Instrument) -> dict[str, Any]:
    asked = [item for item in form.items if item.kind.asked]
    return {
        "items": {
            item.name: {"label": said(item.labels["en"]), "hint": said(item.hints["en"]) if item.hints else ""}
            for item in asked
        },
        "choices": {
            name: {choice.name: said(choice.labels["en"]) for choice in choices} for name, choices in form.lists.items()
        },
    }


def written(table: dict[str, Any]) -> str:
    """Inline TOML: every value as JSON writes it, but for tables."""
    return "".join(f"{json.dumps(key)} = {_value(value)}\n" for key, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)
