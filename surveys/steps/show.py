"""How a question looks in a chat: words, numbered or lettered options, buttons. Never shows an earlier answer.

A button's data names the interview, the turn and a position, never an item, an answer or anything a person could read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from surveys.instruments import phrases
from surveys.instruments.asking import Ask
from surveys.instruments.engine import BACK, DONE, ONWARD, REFUSE, SKIP, THESE, Pressed
from surveys.instruments.hearing import NOT_APPLICABLE
from surveys.instruments.model import Choice, Kind
from surveys.language.reply import letter
from surveys.steps.ports import Button

_DATA = re.compile(r"([a-z0-9]{1,12})\.(\d{1,6})\.(c\d{1,3}|m\d{1,3}(?:_\d{1,3}){0,99}|[snrbdo])\Z")
_CODES = {"s": SKIP, "n": NOT_APPLICABLE, "r": REFUSE, "b": BACK, "d": DONE, "o": ONWARD}
_WIDEST = 38
"""A button's label longer than this is cut off on a narrow phone, so the option is also written out above."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message ready for a channel: its text and rows of buttons."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()


def show(asked: Ask, tag: str, language: str, error: str | None = None) -> Shown:
    """The question as a message; with `error`, that sentence stands first and the question is asked again."""
    labels = labels_of(asked, language)
    parts = [error or "", f"{asked.position}/{asked.total}" if asked.kind is not Kind.NOTE else "", asked.text]
    if any(len(label) > _WIDEST for label in labels):
        parts.append("\n".join(labels))
    parts.append(asked.hint)
    text = "\n\n".join(part for part in parts if part)
    return Shown(text, _rows(asked, labels, f"{tag}.{asked.turn}.", language))


def pressed(data: str, tag: str, turn: int, offered: Sequence[Choice]) -> Pressed | None:
    """What a button's data means for this interview, which stands at `turn` and offers these choices; None where it is
    another's, malformed or forged."""
    found = _DATA.match(data)
    if not found or found[1] != tag:
        return None
    shown_at, code = int(found[2]), found[3]
    if code in _CODES:
        return Pressed(shown_at, _CODES[code])
    places = [int(place) for place in code[1:].split("_")]
    if shown_at != turn or max(places) >= len(offered):
        return Pressed(-1, "")
    names = " ".join(offered[place].name for place in places)
    return Pressed(turn, names if code[0] == "c" else THESE + names)


def labels_of(asked: Ask, language: str, *, short: bool = False) -> list[str]:
    """The options as they are written out, each with its number or letter; in shorter words where `short` has any."""
    words = [(short and choice.short) or choice.label for choice in asked.choices]
    if asked.not_applicable and asked.choices:
        words.append(phrases.not_applicable(language))
    return [f"{_mark(asked, place, language)} {word}" for place, word in enumerate(words)]


def _mark(asked: Ask, place: int, language: str) -> str:
    return f"{letter(place, language)})" if asked.counts else f"{place + 1}."


def _rows(asked: Ask, labels: list[str], start: str, language: str) -> tuple[tuple[Button, ...], ...]:
    rows = [
        (Button(_ticked(asked, place, label), f"{start}c{place}" if place < len(asked.choices) else f"{start}n"),)
        for place, label in enumerate(labels)
    ]
    if asked.kind is Kind.SELECT_MULTIPLE:
        rows.append((Button(phrases.done_choosing(language), start + "d"),))
    back = (Button(phrases.back(language), start + "b"),) if asked.may_go_back else ()
    if asked.kind is Kind.NOTE:
        return (*rows, (Button(phrases.onward(language), start + "o"),), *((back,) if back else ()))
    if asked.not_applicable and not asked.choices:
        rows.append((Button(phrases.not_applicable(language), start + "n"),))
    rows.append((Button(phrases.rather_not(language), start + "r"),))
    rows.append((*back, Button(phrases.skip(language), start + "s")))
    return tuple(rows)


def _ticked(asked: Ask, place: int, label: str) -> str:
    if asked.kind is not Kind.SELECT_MULTIPLE or place >= len(asked.choices):
        return label
    return f"{'☑' if asked.choices[place].ticked else '☐'} {label}"
