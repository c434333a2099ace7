"""An instrument laid out for its authors: what it asks, of whom, what an answer opens. It holds no person's data."""

from collections.abc import Iterator
from typing import Any

from surveys.instruments.model import Instrument, Item
from surveys.instruments.wording import in_language


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
