"""An instrument laid out for its authors: what it asks, of whom, what an answer opens. It holds no person's data."""

from collections.abc import Iterator
from typing import Any

from surveys.instruments.form import Form
from surveys.instruments.model import Instrument, Item
from surveys.instruments.wording import in_language
from surveys.language.sms import segments
from surveys.library import load_library
from surveys.rules.vocabulary import Side, SmsScript
from surveys.steps.sms_cost import NOMINAL, questions_by_sms

SMS_COLUMNS = ("item", "sms_script", "segments", "letters")


def rows(instrument: Instrument, language: str | None) -> Iterator[tuple[str, ...]]:
    """One row an item: name, type, construct, text, choices, condition."""
    chosen = language or instrument.default_language
    for item in instrument.items:
        choices = instrument.lists.get(item.choices or "", ())
        yield (
            item.name,
            item.kind.value + (" (required)" if item.required else ""),
            item.construct or "",
            in_language(item.labels, chosen) or item.calculation or "",
            " / ".join(in_language(choice.labels, chosen) for choice in choices),
            item.relevant or "",
        )


def sms_rows(instrument: Instrument, language: str | None) -> Iterator[tuple[str, str, int, str]]:
    """Each question as it goes by SMS in every choice of letters: item, sms_script, segments, letters it goes in."""
    form, spoken = Form(instrument), language or instrument.default_language
    word = load_library(Side.EX_PERPETRATORS).other_word("female", spoken)
    for script in SmsScript:
        for item, text in questions_by_sms(form, spoken, word, NOMINAL, script):
            letters = SmsScript.ASCII if text.isascii() else script
            yield item, script, segments(text), "page only" if not text else letters


def document(instrument: Instrument) -> dict[str, Any]:
    """The same for programs, in every language."""
    return {
        "name": instrument.name,
        "version": instrument.version,
        "digest": instrument.digest,
        "title": dict(instrument.title),
        "languages": instrument.languages,
        "items": [_item(item) for item in instrument.items],
        "choices": {
            name: [{"name": choice.name, "label": dict(choice.labels)} for choice in choices]
            for name, choices in instrument.lists.items()
        },
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "name": item.name,
        "type": item.kind,
        "label": dict(item.labels),
        "hint": dict(item.hints),
        "choices": item.choices,
        "relevant": item.relevant,
        "constraint": item.constraint,
        "required": item.required,
        "calculation": item.calculation,
        "construct": item.construct,
        "window": item.window,
        "risks": [{"urgency": risk.urgency, "choices": risk.choices} for risk in item.risks],
    }
