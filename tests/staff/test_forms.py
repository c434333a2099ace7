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
from surveys.steps.gate import DURESS
from tests.staff.answered import go_through
from tests.staff.office import Client, Office, opened
from tests.staff.test_attacks import NASTY
from tests.staff.test_enrolling import HERS, NEW, WORDS
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


async def answers_without_markup(client: Client, *paths: str) -> None:
    for path in paths:
        answer = await client.get(path)
        assert answer.status_code == 200, path
        assert "<script>x()" not in answer.text, path


async def test_no_field_of_an_enrolment_is_ever_markup(database: Database, tmp_path: Path) -> None:
    """Whether it is refused and shown again, or kept and shown on every page of hers, the alert with her plan too."""
    stage = await make_her_stage(database, tmp_path)
    await stage.ready()
    async with opened(stage) as office:
        client = await office.client()
        for number, name in enumerate((*enrolling.FIELDS, *safe_form.NAMES)):
            alike = {"case_code": f"KG-8R3N-{number}", "phone": f"+38164123{number:04}", "channel": "phone"}
            agreed = WORDS if name in WORDS else {}  # hashing words that are not tried costs seconds
            answer = await client.post(NEW, **HERS | agreed | alike | {name: NASTY})
            assert answer.status_code in ((404,) if name == "anew" else (200, 422)), name  # nobody of that id
            assert "<script>x()" not in answer.text, name
        async with stage.service.database.writing() as tx:
            there = await participants.page(tx)
            urgent = [NewAlert(each.id, each.centre, DURESS, Urgency.URGENT, True) for each in there]
            opened_ = [await alerts.open_one(tx, each, stage.now) for each in urgent]
        assert len(there) > 5
        for person in there:
            one = f"/staff/people/{person.id}"
            await answers_without_markup(client, one, f"{one}/safe", f"{one}/call", f"{one}/change/phone")
        plans = [(await client.get(f"/staff/alerts/{alert}")).text for alert in opened_]
        assert [text for text in plans if "&lt;script&gt;x()" in text], "no plan was shown at all"
        assert not [text for text in plans if "<script>x()" in text]
        await answers_without_markup(client, "/staff/", "/staff/people")


async def test_no_note_of_a_review_is_ever_markup(office: Office) -> None:
    await go_through(office.stage)
    client = await office.client()
    page = await client.get("/staff/responses")
    one = page.text.partition('href="/staff/responses/')[2].partition('"')[0]
    await client.post(f"/staff/responses/{one}/review", note=NASTY)
    shown = (await client.get(f"/staff/responses/{one}")).text
    assert "&lt;script&gt;x()" in shown
    assert "<script>x()" not in shown
