"""One row for each response, one column for each item: answers as the numbers of their options, missing kinds apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessment.words import MISSING
from surveys.instruments.model import Choice, Instrument, Item, Kind
from surveys.instruments.wording import in_language, of_everybody
from surveys.language.catalogue import say
from surveys.rules.vocabulary import Missing
from surveys.steps.export import Exported

CODES = {missing: -place for place, missing in enumerate(Missing, 1)}
"""−1 to −5; in Stata .a to .e."""
_LETTERS = dict(zip(Missing, "abcde", strict=True))
_KEPT = (Kind.SELECT_ONE, Kind.SELECT_MULTIPLE, Kind.INTEGER, Kind.DECIMAL, Kind.RANGE, Kind.DATE)
_COUNTED = (Kind.INTEGER, Kind.DECIMAL, Kind.RANGE)
_NAME, _LONGEST = re.compile(r"[^A-Za-z0-9_]"), 32
Cell = str | int | None | Missing


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Of an item it is `coded`; `choice` is the option of an item that allows several."""

    name: str
    label: str
    instrument: Instrument | None = None
    item: Item | None = None
    choices: tuple[Choice, ...] = ()
    choice: Choice | None = None
    language: str = "sr_Cyrl"

    @property
    def coded(self) -> bool:
        """Whether its cells are numbers, in the files that have labels."""
        return self.item is not None and self.item.kind is not Kind.DATE

    def number(self, cell: Cell, *, letters: bool = False) -> float | str | None:
        """What a statistics program gets: the option's place from 1 on, the count, or the missing code."""
        if isinstance(cell, Missing):
            return _LETTERS[cell] if letters else float(CODES[cell])
        if cell is None or self.item is None:
            return None
        if self.item.kind in _COUNTED or self.choice is not None:
            return float(cell)
        names = [each.name for each in self.choices]
        return float(names.index(str(cell)) + 1) if str(cell) in names else None

    def labels(self, *, letters: bool = False) -> dict[float | str, str]:
        """The words of every value and every missing code."""
        if self.choice is not None:
            said: dict[float | str, str] = {0.0: say(self.language, "не"), 1.0: say(self.language, "да")}
        else:
            said = {float(at): words for at, words in enumerate(self._said_apart(), 1)}
        return said | {
            (_LETTERS[each] if letters else float(CODES[each])): say(self.language, MISSING[each]) for each in Missing
        }

    def _said_apart(self) -> list[str]:
        """What each option says; where several say the same, its name as well."""
        said = [in_language(each.labels, self.language)[:100] for each in self.choices]
        return [
            f"{words[:60]} ({each.name})" if said.count(words) > 1 else words
            for each, words in zip(self.choices, said, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Wide:
    """The table."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def plain(self) -> Iterator[tuple[str | int | None, ...]]:
        """Cells as text: an option's name, or the name of the missing kind."""
        for row in self.rows:
            yield tuple(cell.value if isinstance(cell, Missing) else cell for cell in row)


def wide(made: Exported, language: str) -> Wide:
    """The table of an export, in the order of its responses."""
    head = [Column(name, name) for name in made.headings if name != "case_code"]
    columns = (*head, *_columns(made.instruments, language))
    said: dict[tuple[object, ...], dict[tuple[str, str], Cell]] = {}
    for person, wave, course, instrument, _, item, _, value, missing, *_ in made.answers:
        cell: Cell = Missing(str(missing)) if missing else value
        said.setdefault((person, wave, course), {})[str(instrument), str(item)] = cell
    places = [made.headings.index(each.name) for each in head]
    rows = []
    for row in made.responses:
        answers = said.get(row[:3], {})
        rows.append((*(row[place] for place in places), *(_cell(each, answers) for each in columns[len(head) :])))
    return Wide(columns, tuple(rows))


def _columns(instruments: Sequence[Instrument], language: str) -> Iterator[Column]:
    """The newest version says the wording; an item of two instruments has both their names."""
    newest = {(each.name, item.name): (each, item) for each in instruments for item in each.items if item.kind in _KEPT}
    several = len({name for name, _ in newest}) > 1
    taken: set[str] = set()
    for (form, name), (instrument, item) in newest.items():
        plain = f"{form}_{name}" if several else name
        label, choices = (
            of_everybody(in_language(item.labels, language), language),
            instrument.lists.get(item.choices or "", ()),
        )
        if item.kind is not Kind.SELECT_MULTIPLE:
            yield Column(_free(plain, taken), label, instrument, item, tuple(choices), language=language)
            continue
        for each in choices:
            said = f"{label} {in_language(each.labels, language)}"
            yield Column(_free(f"{plain}_{each.name}", taken), said, instrument, item, (), each, language)


def _free(name: str, taken: set[str]) -> str:
    """A name that every program takes, and that no other column has."""
    plain = _NAME.sub("_", name)
    plain = (plain if plain[:1].isalpha() else f"v_{plain}")[:_LONGEST]
    number = 2
    while plain.lower() in taken:
        plain, number = f"{plain[: _LONGEST - 3]}_{number}", number + 1
    taken.add(plain.lower())
    return plain


def _cell(column: Column, answers: dict[tuple[str, str], Cell]) -> Cell:
    assert column.instrument is not None
    assert column.item is not None
    cell = answers.get((column.instrument.name, column.item.name))
    if column.choice is None or cell is None or isinstance(cell, Missing):
        return cell
    return int(column.choice.name in str(cell).split())
