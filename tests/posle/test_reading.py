"""What is handed in (JSON on standard input, CSV files) is understood wholly or refused without its values."""

import io
from pathlib import Path

import pytest

from posle.cli.given import read_object
from posle.cli.refusing import Refused
from posle.cli.rows import read_rows

SECRET = "Dragoslava Petrovic"
HEAD = "case_code;centre;completed_on;channel;phone;language;consent_contact;consent_recorded_by\n"
ROW = "k-83;nis;2027-02-14;phone;+381641234567;sr_Latn;da;Mira\n"


def test_a_json_object_is_read() -> None:
    assert read_object({"a", "č"}, io.BytesIO('\ufeff {"a": 1, "č": [true]} '.encode())) == {"a": 1, "č": [True]}


BAD_JSON: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is empty"),
    "blanks": (b" \n ", "is empty"),
    "no json": (b"{nonsense}", "is no JSON from line 1, column 2"),
    "cut off": (b'{"a": "' + SECRET.encode(), "is no JSON"),
    "two objects": (b"{} {}", "is no JSON from line 1, column 4"),
    "an array": (b"[1]", "must be one JSON object"),
    "a text": (b'"Dragoslava Petrovic"', "must be one JSON object"),
    "nan": (b'{"a": NaN}', "NaN"),
    "infinity": (b'{"a": -Infinity}', "Infinity"),
    "key twice": (b'{"a": "Dragoslava Petrovic", "a": 2}', "'a' is there twice"),
    "nested key twice": (b'{"a": {"b": 1, "b": 2}}', "'b' is there twice"),
    "deep": (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too deeply"),
    "a long number": (b'{"a": ' + b"9" * 10_000 + b"}", "too long"),
    "latin-2": ('{"a": "č"}'.encode("iso-8859-2"), "is not UTF-8"),
    "utf-16": ('{"a": 1}'.encode("utf-16"), "is not UTF-8"),
    "huge": (b'{"a": "' + b"x" * 1_100_000 + b'"}', "is larger than 1 MiB"),
    "unknown key": (b'{"aaa": "Dragoslava Petrovic"}', "'aaa' is no key that is known"),
    "a control sign as key": (b'{"\\u001b[31m": 1}', "is no key that is known"),
}


@pytest.mark.parametrize("kind", BAD_JSON)
def test_bad_json_is_refused_without_its_values(kind: str) -> None:
    raw, expected = BAD_JSON[kind]
    _refused(lambda: read_object({"a"}, io.BytesIO(raw)), expected)


def _refused(read: object, expected: str) -> None:
    assert callable(read)
    with pytest.raises(Refused) as caught:
        read()
    message = str(caught.value)
    assert expected in message
    assert message.isprintable()
    assert SECRET not in message
    assert "+38164" not in message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_spreadsheets_csv_is_read(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    text = (HEAD + ROW + "\n" + ROW.replace(";da;", ";NE;")).replace(";", delimiter).replace("\n", end)
    file = tmp_path / "people.csv"
    file.write_bytes(text.encode(encoding))
    rows = read_rows(file)
    assert [number for number, _ in rows] == [2, 4]
    assert rows[0][1] == {
        "case_code": "k-83",
        "centre": "nis",
        "completed_on": "2027-02-14",
        "channel": "phone",
        "phone": "+381641234567",
        "language": "sr_Latn",
        "consent": {"contact": True, "recorded_by": "Mira"},
    }
    assert rows[1][1]["consent"]["contact"] is False


def test_yes_and_no_are_understood_in_both_scripts(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(HEAD + ROW.replace(";da;", ";да;") + ROW.replace(";da;", ";Не;"))
    assert [given["consent"]["contact"] for _, given in read_rows(file)] == [True, False]


def test_headings_may_be_written_as_in_json(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("Case_Code,consent.contact\nk,true\n")
    assert read_rows(tmp_path / "p.csv") == [(2, {"case_code": "k", "consent": {"contact": True}})]


def test_quoted_cells_may_hold_the_delimiter_and_line_breaks(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text('case_code,other_word\n"k,1","moja\nbivša"\nk2,\n')
    assert read_rows(tmp_path / "p.csv") == [
        (2, {"case_code": "k,1", "other_word": "moja\nbivša"}),
        (3, {"case_code": "k2"}),
    ]


BAD_CSV: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "headings only": (HEAD.encode(), "has no rows"),
    "unknown heading": (b"case_code;fon\nk;+381641234567\n", "row 1: 'fon' is no column that is known"),
    "no headings": (ROW.encode(), "row 1: is no row of headings"),
    "heading twice": (b"case_code;Case_Code\na;b\n", "row 1: the column case_code is there twice"),
    "too few cells": ((HEAD + ROW + "k;nis\n").encode(), "row 3: has 2 cells, the headings 8"),
    "too many cells": ((HEAD + ROW.replace("\n", ";x\n")).encode(), "row 2: has 9 cells, the headings 8"),
    "consent unclear": ((HEAD + ROW.replace(";da;", ";maybe;")).encode(), "row 2: consent_contact: must be yes or no"),
    "two kinds of consent": (b"consent;consent_contact\n{};da\n", "row 1: consent stands beside"),
    "bad json cell": (b"case_code;consent\nk;{x\n", "row 2: consent: is no JSON"),
    "open quotation mark": (b'case_code,centre\n"k,nis\n', "has a quotation mark"),
    "latin-2": ((HEAD + ROW + "č").encode("iso-8859-2"), "is not UTF-8"),
    "utf-16": ((HEAD + ROW).encode("utf-16"), "is not UTF-8"),
    "a spreadsheet": (b"PK\x03\x04" + bytes(100), "is no CSV"),
    "an endless cell": (b"case_code\n" + b"x" * 200_000 + b"\n", "line 2: has a cell that is too long"),
    "too many rows": (b"case_code\n" + b"k\n" * 20_001, "more than 20000 rows"),
}


@pytest.mark.parametrize("kind", BAD_CSV)
def test_a_bad_csv_is_refused_by_its_row_without_its_values(tmp_path: Path, kind: str) -> None:
    raw, expected = BAD_CSV[kind]
    (tmp_path / "people.csv").write_bytes(raw)
    _refused(lambda: read_rows(tmp_path / "people.csv"), expected)
