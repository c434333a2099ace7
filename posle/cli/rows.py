"""Reads the CSV of enrolments that `posle import` takes: all of it is understood or nothing is. It shows no value."""

import csv
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from posle.cli.given import LARGEST, cut, parse_object
from posle.cli.refusing import Refused
from surveys.language.script import fold

LARGEST_FILE = 16 * LARGEST
MOST_ROWS = 20_000
_GROUPS = ("consent", "reconsent")
_OBJECTS = ("consent", "safe_contact")
_FLAGS = {"true": True, "yes": True, "da": True, "1": True, "false": False, "no": False, "ne": False, "0": False}
"""As folded: in either script."""
COLUMNS = (
    "case_code", "centre", "completed_on", "channel", "phone", "language",
    "born_on", "gender", "other_gender", "other_word", "sms_script", "adult",
    "consent_contact", "consent_evaluation", "consent_call", "consent_recorded_by", "consent_version",
    "reconsent_recorded_by", "reconsent_on", *_OBJECTS,
)  # fmt: skip
_YES_NO = ("consent_contact", "consent_evaluation", "consent_call", "adult")


def read_rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Each row's number (as a spreadsheet counts) and the object that `enrol` would be handed; Refused in one line."""
    text = _text(path)
    lines = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=True)
    try:
        columns = _columns(next(lines, []))
        rows = [(number, _record(columns, cells, number)) for number, cells in _numbered(lines)]
    except csv.Error as problem:
        wrong = "a cell that is too long" if "limit" in str(problem) else "a quotation mark that does not close"
        raise Refused(f"line {lines.line_num}: has {wrong}") from None
    if not rows:
        raise Refused(f"{path.name}: has no rows under its headings")
    return rows


def _text(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise Refused(f"{path.name}: is larger than 16 MiB; split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{path.name}: is not UTF-8; save it as “CSV UTF-8”") from None
    if "\0" in text:
        raise Refused(f"{path.name}: is no CSV; save it as “CSV UTF-8”")
    if not text.strip():
        raise Refused(f"{path.name}: is empty")
    return text


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return ";" if head.count(";") > head.count(",") else ","


def _columns(head: list[str]) -> list[str]:
    names = [name.strip().casefold().replace(".", "_") for name in head]
    if 2 * sum(name in COLUMNS for name in names) < len(names):  # then it may be a person's row, and is not shown
        raise Refused(f"row 1: is no row of headings; known are {', '.join(COLUMNS)}")
    if "consent" in names and any(name.startswith("consent_") for name in names):
        raise Refused("row 1: consent stands beside consent_…; give one or the other")
    for name, written in zip(names, head, strict=True):
        if name not in COLUMNS:
            raise Refused(f"row 1: {cut(written.strip())} is no column that is known; known are {', '.join(COLUMNS)}")
        if names.count(name) > 1:
            raise Refused(f"row 1: the column {name} is there twice")
    return names


def _numbered(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(lines, start=2):
        if number > MOST_ROWS + 1:
            raise Refused(f"there are more than {MOST_ROWS} rows; split the file")
        if any(cell.strip() for cell in cells):
            yield number, cells


def _record(columns: Collection[str], cells: list[str], number: int) -> dict[str, Any]:
    if len(cells) != len(columns):
        raise Refused(f"row {number}: has {len(cells)} cells, the headings {len(columns)}")
    flat = {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if cell.strip()}
    return _nested({name: _value(name, cell, number) for name, cell in flat.items()})


def _value(name: str, cell: str, number: int) -> Any:
    if name in _OBJECTS:
        return parse_object(cell.encode(), f"row {number}: {name}")
    if name not in _YES_NO:
        return cell
    if fold(cell) not in _FLAGS:
        raise Refused(f"row {number}: {name}: must be yes or no (da, ne, true, false, 1, 0; Cyrillic too)")
    return _FLAGS[fold(cell)]


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, value in flat.items():
        group, _, key = name.partition("_")
        if group in _GROUPS and key:
            record.setdefault(group, {})[key] = value
        else:
            record[name] = value
    return record
