"""Covers: everyday surveys behind which a survivor's questionnaire lies. Data, replaceable; their answers go nowhere.

A cover's first item is an ordinary open question. Every word of it must be dull (safety.md, "Gate").
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from surveys.instruments.form import Form
from surveys.instruments.model import Kind
from surveys.language.dull import undull
from surveys.library.compiled import instrument_of
from surveys.library.reading import LibraryRefused
from surveys.library.wording import Notice, NoticeKind
from surveys.rules.vocabulary import Channel


def read_covers(folder: Path, active: str | None = None) -> tuple[Form, ...]:
    """Every cover of that folder, the active one first, then in the order of their files; LibraryRefused for one that
    is not fit for it, or where there is none of that name."""
    every = [_read(file) for file in sorted(folder.glob("*.md"))]
    if not every or (active is not None and active not in {each.instrument.name for each in every}):
        raise LibraryRefused("covers", active or "(any)", "is no cover that is there; see [page] cover")
    return tuple(sorted(every, key=lambda each: each.instrument.name != (active or every[0].instrument.name)))


def refuse_unfit(covers: Sequence[Form], notices: Iterable[Notice]) -> None:
    """LibraryRefused where a notice leads to a cover that is not there, is not dull, or where the active cover has none
    of its own on a channel."""
    if not covers:
        return
    every, names = list(notices), {each.instrument.name for each in covers}
    for each in every:
        if each.cover and each.cover not in names:
            raise LibraryRefused("notices.toml", f"{each.name}.cover", "is no cover that is there")
        if found := [word for said in each.words.values() for word in undull(said)]:
            raise LibraryRefused("notices.toml", each.name, f"must be dull; it says {', '.join(sorted(set(found)))}")
    active = covers[0].instrument.name
    for channel in (Channel.SMS, Channel.TELEGRAM):
        if not any(
            each.channel is channel and each.kind is NoticeKind.NOTICE and each.cover in ("", active) for each in every
        ):
            raise LibraryRefused("notices.toml", f"{channel} notice", f"is missing for the active cover {active}")


def _read(file: Path) -> Form:
    instrument = instrument_of(file)
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
