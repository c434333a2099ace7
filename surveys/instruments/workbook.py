"""Reads an author's file into plain sheets, in bounded time and memory. Hostile files are refused before parsing.

No formula is evaluated, no link followed, no entity resolved.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 2_000, 200, 4_000
_MOST_ENTRIES, _MOST_BYTES, _PART = 400, 40 * 2**20, 65_536
_NO_TEXT = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What XML can hold in no way, so that no questionnaire can."""
_WANTED = ("survey", "choices", "settings")
_REFUSED = ("external_choices", "entities", "osm")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `row` as the author counts it, None for the whole sheet."""

    sheet: str
    row: int | None
    reason: str

    def __str__(self) -> str:
        place = self.sheet if self.row is None else f"{self.sheet} row {self.row}"
        return f"{place}: {self.reason}"


class FormRefused(ValueError):
    """The form cannot be used; `problems` names everything that is wrong, one line each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the author counts, and its cells by header; empty ones are left out."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet with its headers."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


_Line = tuple[int, list[str]]


def read_workbook(name: str, data: bytes) -> dict[str, Sheet]:
    """The sheets that an instrument needs, by name; FormRefused on anything wrong or hostile."""
    if name.lower().endswith(".md"):
        tables = _markdown(data)
    elif name.lower().endswith(".xlsx"):
        tables = _excel(data)
    else:
        raise _refused("file", None, "must end in .xlsx or .md")
    sheets = {each: _sheet(each, lines) for each, lines in tables.items() if each in _WANTED}
    if "survey" not in sheets:
        raise _refused("survey", None, "the sheet is missing")
    return sheets


def _refused(sheet: str, row: int | None, reason: str) -> FormRefused:
    return FormRefused((Problem(sheet, row, reason),))


def _sheet(name: str, lines: list[_Line]) -> Sheet:
    if not lines:
        raise _refused(name, None, "is empty")
    number, headers = lines[0]
    named = [header for header in headers if header]
    twice = {header for header in named if named.count(header) > 1}
    if twice:
        raise _refused(name, number, f"the column {sorted(twice)[0][:40]!r} is there twice")
    for at, cells in lines[1:]:
        if any(cells[len(headers) :]) or any(cell and not header for header, cell in zip(headers, cells, strict=False)):
            raise _refused(name, at, "a cell stands under no column; give the column a header or empty the cell")
    rows = [Row(at, {h: c for h, c in zip(headers, cells, strict=False) if h and c}) for at, cells in lines[1:]]
    return Sheet(name, tuple(named), tuple(row for row in rows if row.cells))


def _markdown(data: bytes) -> dict[str, list[_Line]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("file", None, "is not UTF-8 text") from None
    tables: dict[str, list[_Line]] = {}
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped.startswith("|"):
            if stripped and not stripped.startswith("#"):
                raise _refused("file", number, "is neither a table row nor a comment (#)")
            continue
        first, *cells = _cells(stripped)
        if first:
            current = first
            _known(current, tables)
            tables[current] = []
        elif not current:
            raise _refused("file", number, "a row stands before any sheet's name, such as | survey |")
        else:
            _take(tables[current], current, number, cells)
    return tables


def _cells(line: str) -> list[str]:
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] or [""]


def _known(name: str, tables: dict[str, list[_Line]]) -> None:
    if name in _REFUSED:
        raise _refused(name, None, "this sheet is not supported; remove it")
    if name in tables:
        raise _refused(name, None, "the sheet is there twice")


def _take(lines: list[_Line], sheet: str, number: int, cells: list[str]) -> None:
    if len(lines) > MOST_ROWS:
        raise _refused(sheet, number, f"has more than {MOST_ROWS} rows")
    if len(cells) > MOST_COLUMNS:
        raise _refused(sheet, number, f"has more than {MOST_COLUMNS} columns")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise _refused(sheet, number, f"a cell is longer than {LONGEST_CELL} characters")
    if any(_NO_TEXT.search(cell) for cell in cells):
        raise _refused(sheet, number, "a cell holds a character that no text has")
    if cells and all(re.fullmatch(r":?-+:?", cell) for cell in cells):
        return
    if any(cells):
        lines.append((number, cells))


def _excel(data: bytes) -> dict[str, list[_Line]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - loads numpy, and what ships is Markdown

    _check_parts(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception:  # the reader of workbooks raises whatever the damage leads it to
        raise _refused("file", None, "is no readable Excel workbook (.xlsx)") from None
    tables: dict[str, list[_Line]] = {}
    for sheet in book.worksheets:
        _known(sheet.title, tables)
        if sheet.title in _WANTED:
            tables[sheet.title] = []
            sheet.reset_dimensions()  # a workbook may declare fewer rows than it holds; none may be lost
            _read_sheet(sheet.title, sheet.iter_rows(), tables[sheet.title])
    return tables


def _read_sheet(name: str, rows: Iterator[Iterable[object]], lines: list[_Line]) -> None:
    try:
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS + 1:
                raise _refused(name, number, f"has more than {MOST_ROWS} rows")
            cells = [_cell(name, number, cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            _take(lines, name, number, cells)
    except FormRefused:
        raise
    except Exception:  # rows are parsed as they are asked for: damage further down shows only here
        raise _refused(name, None, "cannot be read; save it again as .xlsx") from None


def _cell(sheet: str, number: int, cell: object) -> str:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "f" or (isinstance(value, str) and value.startswith("=")):
        raise _refused(sheet, number, "a cell holds a formula; write its value instead")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _check_parts(data: bytes) -> None:
    """Sizes as declared and as they inflate, names, entities, macros and outside links, before any XML is parsed."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except Exception:  # the reader of archives raises whatever the damage leads it to
        raise _refused("file", None, "is no Excel workbook (.xlsx), or is encrypted") from None
    parts = archive.infolist()
    if len(parts) > _MOST_ENTRIES or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise _refused("file", None, "unpacks to far more than a form needs")
    total = 0
    for part in parts:
        _check_name(part)
        total = _inflate(archive, part, total)


def _check_name(part: zipfile.ZipInfo) -> None:
    name = part.filename.lower()
    if name.startswith("/") or ".." in re.split(r"[/\\]", name):
        raise _refused("file", None, "holds a part outside the workbook")
    if "vbaproject" in name:
        raise _refused("file", None, "holds macros; save it as a plain .xlsx")
    if "externallink" in name:
        raise _refused("file", None, "links to another workbook; break the link and save it again")
    if part.flag_bits & 0x1:
        raise _refused("file", None, "is encrypted; save it without a password")


def _inflate(archive: zipfile.ZipFile, part: zipfile.ZipInfo, total: int) -> int:
    tail = b""
    try:
        with archive.open(part) as stream:
            while piece := stream.read(_PART):
                total += len(piece)
                if total > _MOST_BYTES:
                    raise _refused("file", None, "unpacks to far more than a form needs")
                if re.search(rb"<!(DOCTYPE|ENTITY)", tail + piece, re.IGNORECASE) or _wide(tail + piece):
                    raise _refused("file", None, "declares entities; save it again as .xlsx")
                tail = piece[-32:]
    except FormRefused:
        raise
    except Exception:  # a bad checksum, length or method: each raises something else
        raise _refused("file", None, "is damaged; save it again as .xlsx") from None
    return total


def _wide(piece: bytes) -> bool:
    """Entities hidden in UTF-16 text."""
    return b"<\x00!\x00" in piece or b"\x00<\x00!" in piece
