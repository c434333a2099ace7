"""`make messages`: brings the catalogues up to date with the code. `--check` writes nothing and fails on a fault.

Translations are kept. sr_Cyrl is the source and only its plural forms are written by hand; sr_Latn is derived wholly.
"""

import sys
from collections.abc import Iterator
from copy import deepcopy

from babel.messages.catalog import Catalog

from locales.check import problems
from locales.extract import extract
from locales.latin import to_latin
from locales.po import DERIVED, FILE, HERE, SOURCE, forms, languages, messages, read, reviewed, text_of


def build() -> dict[str, Catalog]:
    """Every language's catalogue as it should be written now. (An update takes over the messages: copies.)"""
    template = extract()
    source = _source(template)
    built = {SOURCE: source, DERIVED: _derived(source)}
    for language in languages(HERE):
        if language not in built:
            built[language] = _translated(language, template)
    return built


def _source(template: Catalog) -> Catalog:
    """The source language: a message is its own text; plural forms are kept from the file."""
    catalog = read(HERE, SOURCE)
    catalog.update(deepcopy(template), no_fuzzy_matching=True)
    for message in messages(catalog):
        if not message.pluralizable:
            message.string = str(message.id)
    return catalog


def _derived(source: Catalog) -> Catalog:
    catalog = Catalog(locale=DERIVED)
    for message in messages(source):
        latin = tuple(to_latin(form) for form in forms(message))
        catalog.add(
            message.id,
            latin if message.pluralizable else latin[0],
            locations=message.locations,
            auto_comments=message.auto_comments,
        )
    return catalog


def _translated(language: str, template: Catalog) -> Catalog:
    """A translation with the code's messages: new ones empty, near ones fuzzy for the translator to confirm."""
    catalog = read(HERE, language)
    catalog.update(deepcopy(template))
    return catalog


def write(built: dict[str, Catalog]) -> None:
    """Write every catalogue to its file."""
    for language, catalog in built.items():
        path = HERE / language / FILE
        path.parent.mkdir(exist_ok=True)
        path.write_text(text_of(catalog, _review(language)), encoding="utf-8", newline="\n")


def _review(language: str) -> str | None:
    return reviewed(HERE, SOURCE if language == DERIVED else language)


def faults() -> Iterator[str]:
    """What `--check` complains about: faults of each catalogue on disk, and files that a build would change."""
    template, built = extract(), build()
    for language in languages(HERE):
        yield from problems(language, read(HERE, language), template)
    for language, catalog in built.items():
        path = HERE / language / FILE
        if not path.exists() or path.read_text(encoding="utf-8") != text_of(catalog, _review(language)):
            yield f"{language}: out of date: run `make messages`"


def main(arguments: list[str]) -> int:
    """0 when all is well, 1 with one line a fault on standard error."""
    if "--check" not in arguments:
        write(build())
    found = list(faults())
    for fault in found:
        sys.stderr.write(fault + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
