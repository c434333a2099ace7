"""Covers: everyday surveys behind which a survivor's questionnaire lies. Data, replaceable; their answers go nowhere.

A cover's first item is an ordinary open question. Every word of it must be dull (safety.md, "Gate").
"""

from pathlib import Path

from surveys.instruments.compile import compile_form
from surveys.instruments.form import Form
from surveys.instruments.model import Kind
from surveys.language.dull import undull
from surveys.library.reading import LibraryRefused


def read_covers(folder: Path) -> tuple[Form, ...]:
    """Every cover of that folder, in the order of their files; LibraryRefused for one that is not fit for it."""
    return tuple(_read(file) for file in sorted(folder.glob("*.md")))


def _read(file: Path) -> Form:
    instrument = compile_form(file)
    first = next(item for item in instrument.items if item.kind.asked)
    if first.kind is not Kind.TEXT:
        raise LibraryRefused(file.name, first.name, "must be an open question (text), as the first of a cover")
    words = [*instrument.title.values()]
    for item in instrument.items:
        words += [*item.labels.values(), *item.hints.values()]
    words += [label for rows in instrument.lists.values() for row in rows for label in row.labels.values()]
    if found := [each for word in words for each in undull(word)]:
        raise LibraryRefused(file.name, "words", f"must be dull; it says {', '.join(sorted(set(found)))}")
    return Form(instrument)
