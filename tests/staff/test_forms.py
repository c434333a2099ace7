"""Every form of the console: days as people here write them, nothing kept by the browser, nothing of it ever markup."""

import re
from pathlib import Path

import pytest

from staff import days
from staff.pages import enrolling, safe_form
from staff.rendering import FOLDER
from surveys.records import alerts, participants
from surveys.records.alerts import NewAlert
from surveys.records.database import Database
from surveys.rules.vocabulary import Urgency
from surveys.steps.desk import people
from tests.staff.office import Client, opened
from tests.staff.test_attacks import NASTY
from tests.staff.test_enrolling import HERS, HIS, NEW, WORDS
from tests.steps.her_stage import make_her_stage

TEMPLATES = sorted(FOLDER.glob("*.html"))


def test_no_form_is_kept_by_the_browser_and_none_shows_another_countrys_dates() -> None:
    for file in TEMPLATES:
        text = file.read_text()
        assert re.findall(r"<form (?![^>]*autocomplete=\"off\")[^>]*>", text) == [], file.name
        assert 'type="date"' not in text, file.name


@pytest.mark.parametrize(
    ("typed", "read"),
    [("14. 2. 2027.", "2027-02-14"), ("14.02.2027", "2027-02-14"), ("2027-02-14", "2027-02-14"), ("31.2.2027.", None)],
)
def test_a_day_is_read_as_it_is_written_here_or_as_iso(typed: str, read: str | None) -> None:
    assert days.iso(typed) == (read or typed)
    assert re.fullmatch(days.PATTERN, typed)


def test_a_day_is_offered_as_it_may_be_typed() -> None:
    day = days.read_day("2027-02-14")
    assert day is not None
    assert re.fullmatch(days.PATTERN, days.written(day))
    assert days.read_day(days.written(day)) == day
