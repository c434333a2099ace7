"""A side's texts and items in an added language: one file beside the library, so that no instrument is changed by it.

It never takes a language in by half: what a text, notice or helpline lacks is refused with its key.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveys.instruments.model import Choice, Instrument, Item
from surveys.instruments.model import Text as Labels
from surveys.library.helplines import Helpline
from surveys.library.reading import LibraryRefused, read_data
from surveys.library.translation_keys import refuse_unknown
from surveys.library.wording import Text

if TYPE_CHECKING:
    from surveys.library import Library


@dataclass(frozen=True, slots=True)
class Translation:
    """One language of one side. `reviewed` says who read it and when; `digest` is the SHA-256 (hex) of its file."""

    language: str
    place: str
    data: Mapping[str, Any]
    digest: str

    @property
    def reviewed(self) -> str | None:
        """Who has read it and when; None where nobody has."""
        said = self.data.get("reviewed", "no")
        return None if said in ("", "no") else str(said)

    def said(self, *path: str) -> str | None:
        """The words at that place of the file, trimmed; None where there are none."""
        here: Any = self.data
        for name in path:
            here = here.get(name) if isinstance(here, dict) else None
        return here.strip() or None if isinstance(here, str) else None

    def need(self, *path: str) -> str:
        """The same; LibraryRefused where there are none."""
        words = self.said(*path)
        if words is None:
            raise LibraryRefused(self.place, ".".join(path), "is missing")
        return words

    def missing_of(self, instrument: Instrument) -> list[str]:
        """Items and choices that have no words yet; a person reads those in Serbian."""
        own = ("instrument", instrument.name)
        items = [f"items.{each.name}" for each in instrument.items if each.kind.asked and not self._item(own, each)]
        return items + [
            f"choices.{name}.{each.name}"
            for name, choices in instrument.lists.items()
            for each in choices
            if not self.said(*own, "choices", name, each.name)
        ]

    def unknown_of(self, instrument: Instrument) -> list[str]:
        """Items and choices that have words here and are not in the instrument, such as one whose name is misspelt."""
        told = self.data.get("instrument", {}).get(instrument.name, {})
        items, lists = {each.name for each in instrument.items}, instrument.lists
        names = {name: {each.name for each in lists[name]} for name in lists}
        return [f"items.{each}" for each in told.get("items", {}) if each not in items] + [
            f"choices.{name}.{each}"
            for name, words in told.get("choices", {}).items()
            for each in words
            if each not in names.get(name, ())
        ]

    def into(self, instrument: Instrument) -> Instrument:
        """The instrument with this language beside its own; its digest and version stay what they are."""
        own = ("instrument", instrument.name)
        return replace(
            instrument,
            languages=(*instrument.languages, self.language),
            items=tuple(self._worded(own, each) for each in instrument.items),
            lists={name: tuple(self._chosen(own, name, c) for c in rows) for name, rows in instrument.lists.items()},
        )

    def _item(self, own: tuple[str, str], item: Item) -> str | None:
        return self.said(*own, "items", item.name, "label")

    def _worded(self, own: tuple[str, str], item: Item) -> Item:
        def worded(texts: Labels, key: str) -> Labels:
            # A hint that was not translated is left out: two languages in one question would be worse.
            return {**texts, self.language: self.said(*own, "items", item.name, key) or ""} if texts else texts

        if not self._item(own, item):
            return item
        return replace(
            item,
            labels=worded(item.labels, "label"),
            hints=worded(item.hints, "hint"),
            constraint_message=worded(item.constraint_message, "constraint_message"),
            required_message=worded(item.required_message, "required_message"),
        )

    def _chosen(self, own: tuple[str, str], name: str, choice: Choice) -> Choice:
        words = self.said(*own, "choices", name, choice.name)
        return replace(choice, labels={**choice.labels, self.language: words}) if words else choice


def read_translations(folder: Path, side: str) -> tuple[Translation, ...]:
    """Every language of that folder, by its code; LibraryRefused where one has no file for this side."""
    codes = sorted(each.name for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []
    if not codes:
        raise LibraryRefused(folder.name, "languages", "holds no folder of a language; see locales/README.md")
    return tuple(read_translation(folder / code / f"{side}.toml") for code in codes)


def read_translation(file: Path) -> Translation:
    """One side's file of a language; the language is named by the folder that it is in."""
    data = read_data(file)
    return Translation(
        file.parent.name, f"{file.parent.name}/{file.name}", data, hashlib.sha256(file.read_bytes()).hexdigest()
    )


def with_translations(library: "Library", translations: Iterable[Translation]) -> "Library":
    """The library with those languages in every text, notice, helpline and word."""
    for each in translations:
        library = _with(library, each)
        refuse_unknown(library, each.place, each.data)
    return library


def _with(library: "Library", own: Translation) -> "Library":
    return replace(
        library,
        translations=(*library.translations, own),
        texts={name: _text(text, own) for name, text in library.texts.items()},
        other_words={
            gender: {**words, own.language: own.need("other_word", gender)}
            for gender, words in library.other_words.items()
        },
        notices={
            name: replace(each, words={**each.words, own.language: _notice(name, each.words, own)})
            for name, each in library.notices.items()
        },
        helplines=tuple(_line(line, own) for line in library.helplines),
        centres={
            name: replace(each, words={**each.words, own.language: own.said("centre", name) or each.said("sr_Latn")})
            for name, each in library.centres.items()
        },
    )


def _text(text: Text, own: Translation) -> Text:
    said, short = own.need("text", text.name), own.said("sms", text.name)
    shown, spoken = own.said("page", text.name), own.said("phone", text.name)
    if "{phone}" in text.words["sr_Cyrl"] and "{phone}" not in said:
        raise LibraryRefused(own.place, f"text.{text.name}", "must hold {phone}")
    sms = {**text.sms, own.language: short} if short else text.sms
    page = {**text.page, own.language: shown} if shown else text.page
    phone = {**text.phone, own.language: spoken} if spoken else text.phone
    return replace(text, words={**text.words, own.language: said}, sms=sms, page=page, phone=phone)


def _notice(name: str, words: Mapping[str, str], own: Translation) -> str:
    said = own.need("notice", name)
    if ("{link}" in said) != any("{link}" in each for each in words.values()):
        raise LibraryRefused(own.place, f"notice.{name}", "must hold {link} exactly where the Serbian one does")
    return said


def _line(line: Helpline, own: Translation) -> Helpline:
    def told(part: str) -> dict[str, str]:
        words: Mapping[str, str] = getattr(line, part)
        needed = own.need if any(words.values()) else own.said
        return {**words, own.language: needed("helpline", line.name, part) or ""}

    short = own.said("helpline", line.name, "sms")
    sms = {**line.sms, own.language: short} if short else line.sms
    what, consequence, cost, abroad = (told(part) for part in ("what", "consequence", "cost", "abroad"))
    return replace(line, sms=sms, what=what, consequence=consequence, cost=cost, abroad=abroad)
