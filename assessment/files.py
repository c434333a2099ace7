"""The further files of an export: one row a response as CSV, XLSX, SPSS and Stata, a codebook and a manifest.

They say what answers.csv says, and no more; which kind of missing an answer is stays distinct in each of them.
"""

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat

from assessment.codebook import HEADINGS, codebook_html, codebook_rows
from assessment.wide import Column, Wide, wide
from surveys.steps.export import ANSWERS, Exported
from surveys.steps.sheets import Folder, Sheet, defused

PURPOSE = {True: "evaluation of the programme", False: "the side's own records"}


def write_beside(language: str, made: Exported, folder: Folder, approved_by: str) -> None:
    """Write them; the manifest last, with every file's digest."""
    table = wide(made, language)
    folder.write({"wide.csv": Sheet([each.name for each in table.columns], table.plain())})
    folder.make("answers.xlsx", lambda path: _workbook(path, _sheets(made, table)))
    folder.make("answers.sav", lambda path: _sav(path, table))
    folder.make("answers.dta", lambda path: _dta(path, table))
    rows = codebook_rows(table, language)
    folder.write_text("codebook.html", codebook_html(rows, language))
    folder.make("codebook.xlsx", lambda path: _workbook(path, {"codebook": (HEADINGS, rows)}))
    told = {
        "files": folder.digests(), "purpose": PURPOSE[made.research], "approved_by": approved_by.split("+"),
        "approved_by_two": len(set(approved_by.split("+"))) > 1,
        "side": made.side.value, "pseudonymous": made.research, "language": language,
        "instruments": [{"name": i.name, "version": i.version, "digest": i.digest} for i in made.instruments],
        "protocols": list(made.protocols), "tool": f"posle {version('posle')}",
    }  # fmt: skip
    folder.write_text("manifest.json", json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


Sheets = dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]


def _sheets(made: Exported, table: Wide) -> Sheets:
    return {
        "wide": ([each.name for each in table.columns], table.plain()),
        "answers": (ANSWERS, made.answers),
        "responses": (made.headings, made.responses),
    }


def _workbook(path: Path, sheets: Sheets) -> None:
    book = openpyxl.Workbook(write_only=True)
    for name, (headings, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(list(headings))
        for row in rows:
            sheet.append([defused(cell) if isinstance(cell, str) else cell for cell in row])
    book.save(path)


def _sav(path: Path, table: Wide) -> None:
    coded: Any = [each for each in table.columns if each.coded]
    pyreadstat.write_sav(
        _frame(table, lambda column, cell: column.number(cell)), str(path),
        column_labels={each.name: _cut(each.label, 250) for each in table.columns},
        variable_value_labels={each.name: each.labels() for each in coded},
        missing_ranges={each.name: [{"lo": -5, "hi": -1}] for each in coded},
    )  # fmt: skip


def _dta(path: Path, table: Wide) -> None:
    coded: Any = [each for each in table.columns if each.coded]
    pyreadstat.write_dta(
        _frame(table, lambda column, cell: column.number(cell, letters=True)), str(path),
        column_labels={each.name: _cut(each.label, 80, letters=True) for each in table.columns},
        variable_value_labels={each.name: each.labels(letters=True) for each in coded},
        missing_user_values={each.name: list("abcde") for each in coded},
    )  # fmt: skip


def _frame(table: Wide, number: Any) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in table.rows]
        values = [number(column, cell) for cell in cells] if column.coded else [_text(cell) for cell in cells]
        columns[column.name] = pd.Series(values, dtype=_kind(column, values))
    return numbers_first(pd.DataFrame(columns))


def numbers_first(frame: pd.DataFrame) -> pd.DataFrame:
    """For each column of numbers and missing letters, a row with a number goes to the top: the writer judges by the
    first hundred rows whether a column is text, and fails where a number comes after them."""
    top: dict[int, None] = {}
    for name in frame.columns:
        numbers = (at for at, cell in enumerate(frame[name]) if isinstance(cell, float) and not pd.isna(cell))
        top.update(dict.fromkeys([next(numbers, 0)]))
    rest = [at for at in range(len(frame)) if at not in top]
    return frame.iloc[[*top, *rest]].reset_index(drop=True) if len(frame) else frame


def _kind(column: Column, values: Sequence[object]) -> str:
    return "float64" if column.coded and not any(isinstance(each, str) for each in values) else "object"


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _cut(text: str, most: int, *, letters: bool = False) -> str:
    """So many bytes, or letters, and no half letter."""
    return text[:most] if letters else text.encode()[:most].decode(errors="ignore")
