"""The codebook of an export: for each column the item, its wording, construct, window and version, and every value."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assessment.wide import CODES, Column, Wide
from assessment.words import MISSING
from surveys.language.catalogue import mark, say

_FOLDER = Path(__file__).with_name("templates")
HEADINGS = ("column", "item", "wording", "construct", "window", "instrument", "version", "values", "missing")
_WINDOWS = {
    "recall": mark("од почетка периода до дана одговора"), "earlier": mark("од краја програма до почетка периода"),
}  # fmt: skip


def codebook_rows(table: Wide, language: str) -> list[tuple[str, ...]]:
    """One row for each column of an item, in the order of HEADINGS."""
    return [_row(each, language) for each in table.columns if each.item is not None and each.instrument is not None]


def _row(column: Column, language: str) -> tuple[str, ...]:
    assert column.item is not None
    assert column.instrument is not None
    item, form = column.item, column.instrument
    missing = "; ".join(f"{kind.value} ({code}) = {say(language, MISSING[kind])}" for kind, code in CODES.items())
    window = say(language, _WINDOWS[item.window]) if item.window in _WINDOWS else item.window or ""
    return (
        column.name, item.name, column.label, item.construct or "", window, form.name, form.version, _values(column),
        missing,
    )  # fmt: skip


def _values(column: Column) -> str:
    """Every value: its number, its name where it has one, its words."""
    said = [(int(number), text) for number, text in column.labels().items() if float(number) >= 0]
    if not column.choices:
        return "; ".join(f"{number} = {text}" for number, text in said)
    return "; ".join(f"{column.choices[number - 1].name} ({number}) = {text}" for number, text in said)


def codebook_html(rows: Sequence[Sequence[str]], language: str) -> str:
    """The same as a page that stands alone."""
    environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("codebook.html").render(
        rows=rows, lang=language.replace("_", "-"), _=lambda message: say(language, message),
        style=Markup((_FOLDER / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )  # fmt: skip
