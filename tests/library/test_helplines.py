"""Helplines: only verified lines that are open now, and always 192 and 194."""

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from surveys.language.script import fold
from surveys.language.sms import sms_form
from surveys.library import SHIPPED, Library, LibraryRefused, load_library
from surveys.library.helplines import Helpline, in_danger, open_lines, stale_lines
from surveys.library.wording import in_words
from surveys.rules.vocabulary import Side, SmsScript
from tests.library.conftest import LANGUAGES

BELGRADE = ZoneInfo("Europe/Belgrade")
TODAY = date(2027, 3, 10)  # a Wednesday


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BELGRADE)


def verified(lines: tuple[Helpline, ...], on: date = TODAY, by: tuple[str, ...] = ("A", "B")) -> tuple[Helpline, ...]:
    return tuple(replace(line, verified_on=on, verified_by=by) for line in lines)


def numbers(lines: tuple[Helpline, ...]) -> list[str]:
    return [line.number for line in lines]


def line(name: str, side: Side = Side.SURVIVORS) -> Helpline:
    return next(each for each in load_library(side).helplines if each.name == name)


def test_safety_as_shipped_only_192_and_194_are_shown_since_nobody_verified_anything(library: Library) -> None:
    shown = open_lines(library.helplines, at(TODAY, 12), today_is_holiday=False)
    assert numbers(shown) == ["192", "194"]
    assert len(stale_lines(library.helplines, TODAY)) == len(library.helplines)


def test_safety_192_and_194_are_shown_at_night_and_on_holidays(library: Library) -> None:
    for hour in (0, 3, 12, 23):
        shown = open_lines(verified(library.helplines), at(TODAY, hour), today_is_holiday=True)
        assert {"192", "194"} <= set(numbers(shown))


def test_safety_his_list_never_shows_a_womens_line() -> None:
    his = load_library(Side.EX_PERPETRATORS).helplines
    assert {each.audience for each in his} == {"both"}
    assert not {each.number for each in his} & {"0800 222 003", "0800 100 600", "0800 300 339", "0800 10 10 10"}
    assert [each.number for each in his if "zen" in fold(each.what["sr_Cyrl"])] == []


def test_only_lines_that_are_open_now_are_shown() -> None:
    weekday, evening = line("sos_vojvodina"), line("centar_srce")
    both = verified((weekday, evening))
    assert numbers(open_lines(both, at(TODAY, 10), today_is_holiday=False)) == [weekday.number]
    assert numbers(open_lines(both, at(TODAY, 14), today_is_holiday=False)) == [weekday.number, evening.number]
    assert numbers(open_lines(both, at(TODAY, 20), today_is_holiday=False)) == [evening.number]
    assert numbers(open_lines(both, at(TODAY, 23), today_is_holiday=False)) == []
    assert numbers(open_lines(both, at(TODAY + timedelta(days=3), 15), today_is_holiday=False)) == [evening.number]


def test_on_a_holiday_a_line_is_open_only_where_that_is_known() -> None:
    unknown = verified((line("state_sos"),))
    known = (replace(unknown[0], holidays="open"),)
    assert open_lines(unknown, at(TODAY, 12), today_is_holiday=True) == ()
    assert open_lines(known, at(TODAY, 12), today_is_holiday=True) == known


def test_safety_a_line_is_hidden_and_listed_when_it_is_older_than_90_days() -> None:
    fresh = verified((line("state_sos"),), TODAY - timedelta(days=90))
    stale = verified((line("state_sos"),), TODAY - timedelta(days=91))
    assert open_lines(fresh, at(TODAY, 12), today_is_holiday=False) == fresh
    assert stale_lines(fresh, TODAY) == ()
    assert open_lines(stale, at(TODAY, 12), today_is_holiday=False) == ()
    assert stale_lines(stale, TODAY) == stale


@pytest.mark.parametrize("by", [(), ("A",), ("A", "A")])
def test_safety_a_suicide_line_is_not_shown_before_two_people_called_it(by: tuple[str, ...]) -> None:
    suicide = verified((line("suicide_prevention"),), by=by)
    assert open_lines(suicide, at(TODAY, 12), today_is_holiday=False) == ()


def test_a_verification_in_the_future_does_not_count() -> None:
    early = verified((line("state_sos"),), TODAY + timedelta(days=1))
    assert open_lines(early, at(TODAY, 12), today_is_holiday=False) == ()


def test_safety_words_of_suicide_bring_the_suicide_line_and_194_before_192(library: Library) -> None:
    shown = in_danger(open_lines(verified(library.helplines), at(TODAY, 12), today_is_holiday=False))
    assert numbers(shown)[:2] == ["0800 309 309", "194"]
    assert "192" in numbers(shown)[2:]


def test_a_naive_instant_is_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="aware"):
        open_lines(library.helplines, datetime(2027, 3, 10, 12), today_is_holiday=False)


def test_a_line_is_shown_with_what_a_call_means() -> None:
    assert line("police").said("sr_Latn").startswith("192 – Policija. Poziv se beleži i policija postupa po njemu.")
    assert "Calls are recorded." in line("state_sos").said("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_every_line_is_shown_with_what_a_call_leads_to_by_sms_too(library: Library, language: str) -> None:
    for line in library.helplines:
        consequence = in_words(line.consequence, language, line.name)
        assert consequence, line.name
        assert consequence in line.said(language)
        short = line.said_by_sms(language)
        assert "(" in short if line.sms else sms_form(consequence, SmsScript.ASCII) in short, line.name


def test_safety_a_call_to_the_police_is_said_to_be_a_report_and_a_recorded_call_to_be_recorded() -> None:
    for name in ("police", "interior_ministry"):
        assert "A call is a report" in line(name).said("en")
        assert "Позив се бележи и полиција поступа по њему" in line(name).said("sr_Cyrl")
    assert "Разговор се снима" in line("state_sos").said("sr_Cyrl")


def test_safety_a_line_that_does_not_say_what_a_call_leads_to_is_refused(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "survivors" / "helplines.toml"
    file.write_text(file.read_text().replace("Разговор се снима.", ""))
    with pytest.raises(LibraryRefused, match="consequence"):
        load_library(Side.SURVIVORS, tmp_path)
