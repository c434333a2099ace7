"""The translators' page: every text in every language, each in its own script, with who reviewed it and where it is."""

import re
from html import unescape
from pathlib import Path

import pytest

from locales.po import HERE, messages, read, sources
from surveys.language.script import Script, script_of
from surveys.library import load_library
from surveys.rules.vocabulary import Side
from tests.language.inventing import CODE, invent, said
from tests.posle.conftest import Posle

_CELL = re.compile(r'<td lang="([\w-]+)"><p>(.*?)</p>', re.DOTALL)
_KEPT = re.compile(r"https?://\S+|\{[^{}]*\}|\b(?:posle|STOP|SMS|[A-Z]{2,})\b|[\w./-]+\.(?:toml|md)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invent(tmp_path_factory.mktemp("languages"))


def test_every_text_stands_there_in_every_language(posle: Posle, tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "texts.html"
    assert posle("texts", "--out", str(file), "--languages", str(folder), "--language", "sr_Cyrl").status == 0
    page = unescape(file.read_text(encoding="utf-8"))
    for message in messages(read(HERE, "sr_Cyrl")):
        assert sources(message)[0] in page
    for side in Side:
        for text in load_library(side).texts.values():
            assert all(text.said(language) in page for language in ("sr_Cyrl", "sr_Latn", "en")), text.name
    assert said("Not once") in page
    assert f'lang="{CODE}"' in page
    assert "није прегледано" in page
    assert "SMS: 1" in page
    assert "survivors/covers/" in page


def test_each_cell_is_in_its_own_script(posle: Posle, tmp_path: Path) -> None:
    file = tmp_path / "texts.html"
    assert posle("texts", "--out", str(file)).status == 0
    wrong = []
    for language, text in _CELL.findall(file.read_text(encoding="utf-8")):
        words = re.split(r"[\s-]+", _KEPT.sub(" ", unescape(text)))
        other = Script.CYRILLIC if language != "sr-Cyrl" else Script.MIXED
        wrong += [(language, word) for word in words if script_of(word) in (other, Script.MIXED)]
    assert wrong == []


def test_the_page_can_be_read_by_a_screen_reader_and_loads_nothing(posle: Posle, tmp_path: Path) -> None:
    file = tmp_path / "texts.html"
    posle("texts", "--out", str(file), "--language", "en")
    page = file.read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert page.count("<h1>") == 1
    assert len(re.findall(r"<table>", page)) == len(re.findall(r'role="region" aria-labelledby=', page))
    assert not re.search(r'(?:src|href)="(?!#)', page)


def test_an_unknown_language_is_wrong_use(posle: Posle, tmp_path: Path) -> None:
    assert posle("texts", "--out", str(tmp_path / "x.html"), "--language", "xx").status == 2
