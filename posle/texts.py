"""Everything that anybody can read, in all languages side by side, as one HTML page for translators.

It shows texts where they appear: an item as a bubble, an SMS with its parts, a message with its file. It holds no data
of a person, and changes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from locales import po
from surveys.instruments.model import Instrument, Text
from surveys.instruments.wording import fill
from surveys.language.adding import put_away, take_in
from surveys.language.catalogue import languages, mark, say
from surveys.language.script import to_latin
from surveys.language.sms import segments
from surveys.library import Library, load_library
from surveys.library.compiled import instrument_of
from surveys.library.reviews import reviewed
from surveys.library.wording import TextMissing
from surveys.rules.vocabulary import Channel, Side
from surveys.steps.facts import called

_SAMPLE = {"window_start": "2027-02-14", "earlier_start": "2026-11-14", "gender": "unknown", "other_gender": "unknown"}
_AREAS = (
    ("staff/", mark("Конзола")), ("bot/page", mark("Приватна страница")), ("assessment/", mark("Извештај")),
    ("posle/", mark("Командна линија")), ("", mark("Разговор и страница")),
)  # fmt: skip
_WHERE = {
    "check-in.md": mark("Питања: у разговору, SMS-ом, на приватној страници, телефоном и у конзоли"),
    "covers": mark("Пред питањима: на страници и у разговору, за свакога ко отвори везу"),
    "texts.toml": mark("Око питања: пристанак, одјава, помоћ и крај, свим путевима"),
    "notices.toml": mark("Прва порука и подсетници: SMS и Telegram"),
    "helplines.toml": mark("Бројеви: на сваком екрану после пристанка и на крају"),
}
_HER_QUESTIONS = mark("Питања: на приватној страници, телефоном, у разговору ако га је изабрала, и у конзоли")
_TITLES = {Side.EX_PERPETRATORS: mark("Његова страна"), Side.SURVIVORS: mark("Њена страна")}


@dataclass(frozen=True, slots=True)
class Cell:
    """One text in one language; `parts` is how many parts its SMS has, 0 where it is none."""

    language: str
    text: str
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One text where it appears. `shape` is bubble, option, sms or plain."""

    name: str
    shape: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One screen, questionnaire or file, and who reviewed its words in each language."""

    title: str
    place: str
    where: str
    reviewed: tuple[Cell, ...]
    rows: tuple[Row, ...]


def page(language: str, folder: Path | None = None) -> str:
    """The page, its own words in `language`; with the languages of `folder` too."""
    if folder is not None:
        take_in(folder)
    try:
        sections = [*(each for side in Side for each in _side(side, language, folder)), *_catalogue(language, folder)]
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        return environment.get_template("texts.html").render(
            sections=sections, languages=_shown(), spoken=language, tag=lambda code: code.replace("_", "-"),
            say_=lambda text: say(language, text),
        )  # fmt: skip
    finally:
        if folder is not None:
            put_away(folder)


def _shown() -> list[str]:
    """Both scripts and English first, then what was added."""
    first = [po.SOURCE, po.DERIVED, "en"]
    return [*first, *(each for each in languages() if each not in first)]


def _row(name: str, shape: str, said: Callable[[str], str]) -> Row:
    cells = []
    for language in _shown():
        try:
            text = said(language)
        except TextMissing:
            text = ""
        cells.append(Cell(language, text, segments(text) if shape == "sms" else 0))
    return Row(name, shape, tuple(cells))


def _side(side: Side, language: str, folder: Path | None) -> Iterator[Section]:
    library, title = load_library(side, languages=folder), say(language, _TITLES[side])

    def about(file: str) -> tuple[str, str, tuple[Cell, ...]]:
        return f"{side}/{file}", say(language, _where(side, file)), _marks(file, library)

    forms = [(library.worded(instrument_of(path)), path.name) for path in library.instruments.values()]
    forms += [(cover.instrument, f"covers/{cover.instrument.name}.md") for cover in library.covers]
    for instrument, name in forms:
        yield Section(f"{title}: {instrument.name}", *about(name), tuple(_items(instrument, library)))
    yield Section(f"{title}: texts.toml", *about("texts.toml"), _texts(library))
    notices = tuple(
        _row(each.name, "sms" if each.channel is Channel.SMS else "bubble", each.said)
        for each in library.notices.values()
    )
    yield Section(f"{title}: notices.toml", *about("notices.toml"), notices)
    lines = tuple(_row(each.name, "bubble", each.said) for each in library.helplines)
    yield Section(f"{title}: helplines.toml", *about("helplines.toml"), lines)


def _where(side: Side, file: str) -> str:
    """Where people meet a file's words. Her questions never travel by SMS."""
    hers = side is Side.SURVIVORS and file == "check-in.md"
    return _HER_QUESTIONS if hers else _WHERE.get(file.partition("/")[0], "")


def _marks(file: str, library: Library) -> tuple[Cell, ...]:
    """Who reviewed a file's words: the side's mark for the shipped languages, the language's own for an added one."""
    added = {each.language: each.reviewed or "" for each in library.translations}
    return tuple(Cell(each, added.get(each, reviewed(library.reviews, file, each))) for each in _shown())


def _items(instrument: Instrument, library: Library) -> Iterator[Row]:
    for item in instrument.items:
        if not item.kind.asked:
            continue
        yield _row(item.name, "bubble", _filled(item.labels, library))
        if item.hints:
            yield _row(f"{item.name}, hint", "bubble", _filled(item.hints, library))
        for choice in instrument.lists.get(item.choices or "", ()):
            yield _row(f"{item.name} = {choice.name}", "option", _filled(choice.labels, library))


def _filled(words: Text, library: Library) -> Callable[[str], str]:
    """The words as a person reads them, with a sample of what is filled in."""

    def said(language: str) -> str:
        latin = to_latin(words.get(po.SOURCE, "")) if language == po.DERIVED else ""
        return fill(words.get(language, latin), _SAMPLE | called(library, None, None, language), language)

    return said


def _texts(library: Library) -> tuple[Row, ...]:
    rows = []
    for text in library.texts.values():
        rows.append(_row(text.name, "bubble", text.said))
        if text.sms:
            rows.append(_row(f"{text.name}, SMS", "sms", text.said_by_sms))
        if text.page:
            rows.append(_row(f"{text.name}, page", "bubble", partial(text.said_on, Channel.PAGE)))
        if text.phone:
            rows.append(_row(f"{text.name}, phone", "bubble", partial(text.said_on, Channel.PHONE)))
    return tuple(rows)


def _catalogue_mark(folder: Path, language: str) -> str:
    return po.reviewed(folder, po.SOURCE if language == po.DERIVED else language) or ""


def _catalogue(language: str, folder: Path | None) -> Iterator[Section]:
    """The catalogues' messages, by the file in which each is said."""
    own = {each: folder if folder and each in po.languages(folder) else po.HERE for each in _shown()}
    said = {each: {po.sources(m): po.forms(m) for m in po.messages(po.read(at, each))} for each, at in own.items()}
    marks = tuple(Cell(each, _catalogue_mark(at, each)) for each, at in own.items())
    places: dict[str, list[tuple[str, ...]]] = {}
    for message in po.messages(po.read(po.HERE, po.SOURCE)):
        for place, _ in message.locations:
            places.setdefault(place, []).append(po.sources(message))
    for place, found in sorted(places.items()):
        area = next(title for start, title in _AREAS if place.startswith(start))
        rows = tuple(
            Row("", "plain", tuple(Cell(each, " | ".join(said[each].get(key, ()))) for each in own)) for key in found
        )
        yield Section(f"{say(language, area)}: {place.rpartition('/')[2]}", place, say(language, area), marks, rows)
