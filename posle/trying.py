"""Plays an instrument outside any database, as `posle form try` does. Nothing that is typed is kept."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from surveys.steps.trial import LanguageMissing as LanguageMissing  # noqa: PLC0414 - a refusal of this command too
from surveys.steps.trial import Play as Play  # noqa: PLC0414
from surveys.steps.trial import begin as begin  # noqa: PLC0414

LONGEST_LINE = 64 * 1024


def exchange(play: Play, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The first item, then one object for each line (a JSON string each), until the interview has ended."""
    yield _object(play, accepted=True)
    for line in lines:
        if play.state.ended:
            return
        said = _said(line)
        if said is None:
            yield _object(play, accepted=False, error='write one JSON string a line, such as "yes"')
        else:
            heard = play.hear(said)
            yield _object(play, accepted=heard.accepted, error=play.objection(heard))


def _said(line: str) -> str | None:
    try:
        said = json.loads(line) if len(line) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, str) else None


def _object(play: Play, *, accepted: bool, error: str | None = None) -> dict[str, Any]:
    shown = play.ask
    return {
        "accepted": accepted,
        "error": error,
        "item": shown.item if shown else None,
        "text": shown.text if shown else "",
        "choices": [{"name": each.name, "label": each.label} for each in shown.choices] if shown else [],
        "answers": play.answers,
        "done": play.state.ended is not None,
        "ended": play.state.ended,
    }
