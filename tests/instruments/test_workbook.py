"""Holds that an author's file is refused with one clear line, whatever is wrong, and never with another error."""

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from surveys.instruments.workbook import FormRefused, Problem, read_workbook

Rows = Sequence[Sequence[object]]
SURVEY = [["type", "name", "label"], ["integer", "age", "How old?"]]
LIBRARY = Path(__file__).parents[2] / "surveys" / "library"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>'


def book(rows: Rows | None = None, sheet: str = "survey", **others: Rows) -> bytes:
    """A workbook as an author's program writes it."""
    made = Workbook()
    first = made.active
    assert first is not None
    first.title = sheet
    for row in rows if rows is not None else SURVEY:
        first.append(list(row))
    for name, lines in others.items():
        added = made.create_sheet(name)
        for line in lines:
            added.append(list(line))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def altered(change: Callable[[str, bytes], bytes] | None = None, data: bytes = b"", /, **parts: bytes) -> bytes:
    """The workbook with its parts changed and others added; `__` in a part's name stands for `/`, `_dot_` for `.`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data or book())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)) if change else old.read(name))
        for name, content in parts.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def _in_sheet(content: bytes) -> bytes:
    return altered(lambda name, old: content if name == "xl/worksheets/sheet1.xml" else old)


def _instead(part: str, old: bytes, new: bytes) -> bytes:
    return altered(lambda name, content: content.replace(old, new) if name == part else content)


def _named(name: str) -> bytes:
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, b"x")
    return out.getvalue()


def _lying_about_size() -> bytes:
    """The directory says 10 bytes; the part inflates to 60 MB."""
    data = bytearray(altered(xl__lie=b"\0" * 60_000_000))
    at = data.rindex(b"xl/lie")
    data[at - 22 : at - 18] = (10).to_bytes(4, "little")
    return bytes(data)


def _encrypted() -> bytes:
    data = bytearray(book())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    return bytes(data)


def _many_parts() -> bytes:
    return altered(None, book(), **{f"xl__part{number}": b"x" for number in range(500)})


def _formula_array() -> bytes:
    return book([*SURVEY, ["integer", "n", ArrayFormula("C3", "=SUM(A1:A2)")]])


def md(*lines: str) -> bytes:
    return "\n".join(lines).encode()


TABLE = ("| survey |", "| | type | name | label |", "| | integer | age | How old? |")

HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "empty file": ("f.xlsx", b"", "no Excel workbook"),
    "random bytes": ("f.xlsx", random.Random(1).randbytes(5_000), "no Excel workbook"),
    "old excel or encrypted by office": ("f.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
    "other ending": ("f.csv", b"type,name", "must end in .xlsx or .md"),
    "macro ending": ("f.xlsm", book(), "must end in .xlsx or .md"),
    "no ending": ("survey", book(), "must end in .xlsx or .md"),
    "cut off in the middle": ("f.xlsx", book()[:3000], "no Excel workbook"),
    "a zip that is no workbook": ("f.xlsx", altered(lambda name, old: b""), "file"),
    "zip bomb, declared": ("f.xlsx", altered(xl__bomb=b"\0" * 60_000_000), "unpacks to far more"),
    "zip bomb, lying": ("f.xlsx", _lying_about_size(), "file"),
    "hundreds of parts": ("f.xlsx", _many_parts(), "unpacks to far more"),
    "part above the workbook": ("f.xlsx", _named("../../evil"), "outside the workbook"),
    "part with an absolute path": ("f.xlsx", _named("/etc/evil"), "outside the workbook"),
    "part with back slashes": ("f.xlsx", _named("..\\..\\evil"), "outside the workbook"),
    "entities": ("f.xlsx", _in_sheet(ENTITIES), "declares entities"),
    "outside entity": ("f.xlsx", _in_sheet(OUTSIDE), "declares entities"),
    "entities in UTF-16": ("f.xlsx", _in_sheet(ENTITIES.decode().encode("utf-16")), "declares entities"),
    "entities across a read": ("f.xlsx", _in_sheet(b" " * 65_532 + ENTITIES), "declares entities"),
    "entities in the strings": ("f.xlsx", altered(xl__more_dot_xml=ENTITIES), "declares entities"),
    "macros": ("f.xlsx", altered(xl__vbaProject_dot_bin=b"x"), "holds macros"),
    "link to another workbook": ("f.xlsx", altered(xl__externalLinks__externalLink1_dot_xml=b""), "links to"),
    "encrypted parts": ("f.xlsx", _encrypted(), "encrypted"),
    "broken sheet": ("f.xlsx", _in_sheet(b"<worksheet><sheetData><row><c"), "no readable Excel"),
    "sheet that is text": ("f.xlsx", _in_sheet(b"not xml at all"), "no readable Excel"),
    "broken workbook part": ("f.xlsx", _instead("xl/workbook.xml", b"<sheets>", b"<sheets><"), "no readable Excel"),
    "no relations": ("f.xlsx", _instead("xl/_rels/workbook.xml.rels", b"rId1", b"rId9"), "file"),
    "formula": ("f.xlsx", book([*SURVEY, ["integer", "n", "=1+1"]]), "survey row 3: a cell holds a formula"),
    "formula in an array": ("f.xlsx", _formula_array(), "survey row 3: a cell holds a formula"),
    "formula that fetches": ("f.xlsx", book([*SURVEY, ["text", "n", '=WEBSERVICE("x")']]), "survey row 3"),
    "formula in choices": ("f.xlsx", book(choices=[["list_name", "name"], ["a", "=A1"]]), "choices row 2"),
    "too many rows": ("f.xlsx", book([*SURVEY, *[["note", f"n{n}", "x"] for n in range(2_100)]]), "more than 2000"),
    "row number of a million": ("f.xlsx", _instead("xl/worksheets/sheet1.xml", b'r="2"', b'r="1048576"'), "2000 rows"),
    "too many columns": ("f.xlsx", book([["type", "name", *[f"c{n}" for n in range(220)]]]), "more than 200 columns"),
    "long cell": ("f.xlsx", book([*SURVEY, ["note", "n", "x" * 4_001]]), "survey row 3: a cell is longer"),
    "cell in the last column": ("f.xlsx", _instead("xl/worksheets/sheet1.xml", b'r="C2"', b'r="XFD2"'), "200 columns"),
    "cell under no column": ("f.xlsx", book([*SURVEY, ["note", "n", "x", "y"]]), "row 3: a cell stands under no"),
    "column twice": ("f.xlsx", book([["type", "name", "name"], ["note", "a", "b"]]), "'name' is there twice"),
    "no survey sheet": ("f.xlsx", book(sheet="questions"), "survey: the sheet is missing"),
    "empty survey sheet": ("f.xlsx", book([]), "survey: is empty"),
    "entities sheet": ("f.xlsx", book(entities=[["list_name"], ["a"]]), "entities: this sheet is not supported"),
    "external choices": ("f.xlsx", book(external_choices=[["a"]]), "external_choices: this sheet is not supported"),
    "osm": ("f.xlsx", book(osm=[["a"]]), "osm: this sheet is not supported"),
    "markdown: not UTF-8": ("f.md", "| survey | ж".encode("cp1251"), "not UTF-8"),
    "markdown: empty": ("f.md", b"", "survey: the sheet is missing"),
    "markdown: prose": ("f.md", md(*TABLE, "Hello"), "file row 4: is neither"),
    "markdown: row before a sheet": ("f.md", md("| | type |"), "file row 1"),
    "markdown: sheet twice": ("f.md", md(*TABLE, *TABLE), "survey: the sheet is there twice"),
    "markdown: no rows at all": ("f.md", md("| survey |"), "survey: is empty"),
    "markdown: column twice": ("f.md", md("| survey |", "| | type | type |", "| | note | a |"), "survey row 2"),
    "markdown: entities": ("f.md", md(*TABLE, "| entities |", "| | a |"), "entities: this sheet is not supported"),
    "markdown: long cell": ("f.md", md(*TABLE, f"| | note | n | {'x' * 5_000} |"), "survey row 4"),
    "markdown: many columns": ("f.md", md("| survey |", "| | " + " | ".join("abc" * 99) + " |"), "200 columns"),
    "markdown: many rows": ("f.md", md(*TABLE, *["| | note | n | x |"] * 2_100), "more than 2000 rows"),
    "markdown: a cell too many": ("f.md", md(*TABLE, "| | note | n | What? | yes |"), "survey row 4"),
    "markdown: a NUL": ("f.md", md(*TABLE, "| | note | n | a\0b |"), "survey row 4"),
    "markdown: no character of XML": ("f.md", md(*TABLE, "| | note | n | a\ufffeb |"), "survey row 4"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_wrong_file_is_refused_with_a_clear_line(name: str) -> None:
    file, data, said = HOSTILE[name]
    with pytest.raises(FormRefused) as refused:
        read_workbook(file, data)
    lines = str(refused.value).splitlines()
    assert said in lines[0]
    assert all(problem.reason and len(str(problem)) < 200 for problem in refused.value.problems)


def test_cells_become_text_as_an_author_means_them() -> None:
    rows: Rows = [["type", "name", "label"], ["note", 1.0, True], ["note", date(2026, 2, 28), 2.5], [None, None, None],
            ["note", datetime(2026, 2, 28), "  x  "]]  # fmt: skip
    survey = read_workbook("f.xlsx", book(rows))["survey"]
    assert [row.cells for row in survey.rows] == [
        {"type": "note", "name": "1", "label": "TRUE"},
        {"type": "note", "name": "2026-02-28", "label": "2.5"},
        {"type": "note", "name": "2026-02-28", "label": "x"},
    ]
    assert [row.number for row in survey.rows] == [2, 3, 5]


def test_rows_beyond_the_size_that_a_workbook_declares_are_not_lost() -> None:
    data = _instead("xl/worksheets/sheet1.xml", b'ref="A1:C2"', b'ref="A1:A1"')
    assert read_workbook("f.xlsx", data) == read_workbook("f.xlsx", book())


def test_a_markdown_row_is_counted_by_its_line_and_a_bar_may_be_escaped() -> None:
    data = md("# a comment", "", *TABLE, "", "| | note | n | a \\| b |", "| notes of ours |", "| | free |")
    sheets = read_workbook("F.MD", data)
    assert set(sheets) == {"survey"}
    assert sheets["survey"].headers == ("type", "name", "label")
    assert [(row.number, row.cells["label"]) for row in sheets["survey"].rows] == [(5, "How old?"), (7, "a | b")]


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*/check-in.md")), ids=lambda path: path.parent.name)
def test_the_questionnaires_of_the_library_are_read(path: Path) -> None:
    assert {"survey", "choices"} <= set(read_workbook(path.name, path.read_bytes()))


def test_a_problem_says_sheet_row_and_reason() -> None:
    refused = FormRefused((Problem("survey", 7, "is wrong"), Problem("choices", None, "is missing")))
    assert str(refused) == "survey row 7: is wrong\nchoices: is missing"


WHOLE = book()
PARTS = zipfile.ZipFile(io.BytesIO(WHOLE)).namelist()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 255), st.integers(1, 40))
def test_damage_anywhere_is_refused_or_read_and_never_raises_another_error(place: int, value: int, length: int) -> None:
    data = bytearray(WHOLE)
    place %= len(data)
    data[place : place + length] = bytes([value]) * len(data[place : place + length])
    with suppress(FormRefused):
        read_workbook("f.xlsx", bytes(data))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PARTS), st.integers(0, 10**6), st.binary(max_size=6), st.integers(0, 40))
def test_damage_inside_a_part_never_raises_another_error(part: str, place: int, new: bytes, length: int) -> None:
    def damage(name: str, old: bytes) -> bytes:
        at = place % max(len(old), 1)
        return old[:at] + new + old[at + length :] if name == part else old

    with suppress(FormRefused):
        read_workbook("f.xlsx", altered(damage, WHOLE))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="|# \n\\survey typename-abcж\0", max_size=200))
def test_any_markdown_is_refused_or_read(text: str) -> None:
    with suppress(FormRefused):
        read_workbook("f.md", text.encode())
