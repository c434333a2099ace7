"""The translators' page: every text in every language, each in its own script, with who reviewed it and where it is."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from locales.po import HERE, messages, read, sources
from surveys.language.adding import never_said, put_away
from surveys.language.script import Script, script_of
from surveys.library import SHIPPED, load_library
from surveys.library.reviews import reviewed
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


def test_each_file_says_where_it_appears_and_in_which_languages_somebody_has_read_it(
    posle: Posle, tmp_path: Path, folder: Path
) -> None:
    file = tmp_path / "texts.html"
    posle("texts", "--out", str(file), "--languages", str(folder), "--language", "en")
    page = unescape(file.read_text(encoding="utf-8"))
    rows = re.findall(
        r'<tr><th scope="row"><a href="#s\d+">(.*?)</a></th><td class="text">(.*?)</td>(.*?)</tr>', page, re.S
    )
    shown = {title: (where, re.findall(r'<td class="mark">(.*?)</td>', marks)) for title, where, marks in rows}
    assert len(rows) == page.count("<h2") - 1
    assert all(where and len(marks) == 4 for where, marks in shown.values())
    where, marks = shown["Her side: 1-everyday-life"]
    assert where.startswith("Before the questions")
    assert "SMS" not in shown["Her side: check-in"][0]
    assert marks == ["not reviewed"] * 4


def test_every_shipped_file_of_words_has_a_mark_in_each_language() -> None:
    for side in Side:
        own = SHIPPED / side
        files = {each.relative_to(own).as_posix() for each in own.rglob("*.md")}
        reviews = load_library(side).reviews
        assert set(reviews) == files | {"texts.toml", "notices.toml", "helplines.toml"}
        assert all(set(marks) == {"sr_Cyrl", "en"} for marks in reviews.values())


def test_a_mark_is_the_name_and_the_day_of_who_read_it_and_latin_has_the_cyrillics() -> None:
    marks = {"check-in.md": {"sr_Cyrl": "Ана Анић, 2027-01-15", "en": ""}}
    assert reviewed(marks, "check-in.md", "sr_Latn") == "Ana Anić, 2027-01-15"
    assert reviewed(marks, "check-in.md", "en") == ""
    assert reviewed(marks, "texts.toml", "sr_Cyrl") == ""


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


def test_a_message_that_the_service_never_says_is_named_and_stops_nothing(tmp_path: Path, posle: Posle) -> None:
    made = invent(tmp_path / "languages")
    assert never_said(made) == []
    with (made / CODE / "messages.po").open("a") as file:
        file.write('\nmsgid "Хвала лепоо."\nmsgstr "Thanks"\n\nmsgid "Још једна."\nmsgstr "One more"\n')
    (line,) = never_said(made)
    assert line == f"{CODE}/messages.po: no message of the service is 'Хвала лепоо.', nor are 1 more"
    form = SHIPPED / "ex-perpetrators" / "check-in.md"
    done = posle("form", "check", form, "--translation", made / CODE / "ex-perpetrators.toml")
    put_away(made)
    assert done.status == 0
    assert f"posle: warning: {line}" in done.err


def test_the_doctor_names_messages_that_are_never_said(his: Path, posle: Posle) -> None:
    made = invent(his / "languages")
    with (made / CODE / "messages.po").open("a") as file:
        file.write('\nmsgid "Хвала лепоо."\nmsgstr "Thanks"\n')
    text = (his / "posle.toml").read_text()
    (his / "posle.toml").write_text(text.replace('# languages = "languages"', 'languages = "languages"'))
    done = posle("doctor", his, "--json")
    put_away(made)
    checks = {each["check"]: each for each in json.loads(done.out)["checks"]}
    assert (done.status, checks["languages"]["verdict"]) == (0, "missing")
    assert "Хвала лепоо." in checks["languages"]["advice"]
