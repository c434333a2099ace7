"""Calls on the console, on both sides: the number only where every rule allows it, and the interview typed in it."""

import re
from pathlib import Path
from typing import Any

import pytest

from surveys.language.dull import undull
from surveys.records import alerts, audit, deliveries, holds, invitations, participants
from surveys.records.alerts import NewAlert
from surveys.records.database import Database
from surveys.records.holds import Scope
from surveys.rules.roles import Role
from surveys.rules.vocabulary import Urgency
from surveys.steps.call import SOMEONE_ELSE, open_call
from surveys.steps.next_call import next_call
from surveys.steps.withdraw import withdraw
from tests.staff.office import Client, opened
from tests.steps.her_stage import PHONE
from tests.steps.stage import Stage
from tests.steps.test_telephone import SIDES, his

_AGAIN = re.compile(r"поново може да се зове од: ([^<]+\d)\.")
_TURN = re.compile(r'name="turn" value="(\d+)"')


async def calls_counted(stage: Stage, person: str) -> int:
    async with stage.service.database.reading() as tx:
        rows = await deliveries.of_participant(tx, person)
    return sum(row.why == "staff_calls" and row.state == "sent" for row in rows)


async def revealed(stage: Stage, person: str) -> int:
    async with stage.service.database.reading() as tx:
        return sum(each.action == "contact.revealed" for each in await audit.of_subject(tx, person))


async def asked_for(client: Client, person: str) -> str:
    return (await client.post(f"/staff/people/{person}/call")).text


@SIDES
async def test_safety_the_console_shows_a_number_only_where_a_call_is_allowed_now_counts_it_and_audits_it(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    inside = stage.now
    async with opened(stage) as office:
        client = await office.client()
        assert PHONE not in (await client.get(f"/staff/people/{person}")).text
        assert PHONE not in (await client.get(f"/staff/people/{person}/call")).text
        stage.now = inside.replace(hour=20)
        late = await office.client()
        refused = await asked_for(late, person)
        assert PHONE not in refused
        assert "ван дозвољених сати" in refused
        stage.now = inside
        assert (await calls_counted(stage, person), await revealed(stage, person)) == (0, 0)
        shown = await asked_for(client, person)
        assert PHONE in shown
        assert "zovemo zbog ankete" in shown, "what to say if somebody else answers"
        assert (await calls_counted(stage, person), await revealed(stage, person)) == (1, 1)
        assert PHONE not in await asked_for(client, person)
        assert PHONE not in (await client.get(f"/staff/people/{person}/call")).text


@SIDES
@pytest.mark.parametrize("language", ["sr_Cyrl", "en"])
async def test_safety_with_the_number_stands_what_to_say_if_somebody_else_answers_and_to_leave_no_message(
    database: Database, tmp_path: Path, side: Any, language: str
) -> None:
    stage, person = await side(database, tmp_path)
    async with database.writing() as tx:
        await participants.change(tx, person, stage.now, language=language)
    script = stage.service.library.texts[SOMEONE_ELSE].said(language)
    assert undull(script) == ()
    assert "{" not in script, "nobody is named to whoever answers"
    async with opened(stage) as office:
        shown = await asked_for(await office.client(), person)
    assert PHONE in shown
    assert f">{script}<" in shown
    assert "Не кажите одакле зовете ни кога тражите. Не остављајте поруку." in shown


@SIDES
async def test_safety_what_to_say_to_anybody_else_stands_on_every_page_of_a_call_that_goes_on(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    script = "zovemo zbog ankete"
    async with opened(stage) as office:
        client = await office.client()
        assert script not in (await client.get(f"/staff/people/{person}/call")).text, "no call goes on yet"
        await asked_for(client, person)
        again = (await client.get(f"/staff/people/{person}/call")).text
        assert script in again
        assert PHONE not in again
        for said in ("start", "yes"):
            assert script in (await client.post(f"/staff/people/{person}/interview", do=said)).text


@SIDES
async def test_who_breaks_a_call_off_is_told_from_when_on_the_person_may_be_called_again(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    async with opened(stage) as office:
        client = await office.client()
        pages = [await asked_for(client, person), (await client.get(f"/staff/people/{person}/call")).text]
        pages.append((await client.post(f"/staff/people/{person}/interview", do="start")).text)
        (again,) = {found for page in pages for found in _AGAIN.findall(page)}
        assert all(_AGAIN.search(page) for page in pages)
        await client.post(f"/staff/people/{person}/call/end", how="call_later")
        refused = await asked_for(client, person)
    assert f"Поново може од: {again}" in refused, "the same day's limit, and the same instant"
    async with database.reading() as tx:
        told = await next_call(tx, stage.service, person, stage.now)
    assert told is not None
    assert stage.service.local(told).date() > stage.service.local(stage.now).date()
    stage.now = told
    assert (await open_call(stage.service, person, "u-1", told)).number == PHONE, "and then it is allowed"


@SIDES
async def test_safety_no_time_to_call_is_named_for_who_is_on_hold(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    async with opened(stage) as office:
        client = await office.client()
        assert _AGAIN.search(await asked_for(client, person))
        async with database.writing() as tx:
            await holds.place(tx, Scope.PERSON, person, "duress", "service", stage.now)
        assert not _AGAIN.search((await client.get(f"/staff/people/{person}/call")).text)


async def test_after_an_alert_that_allows_a_call_the_page_says_that_the_person_may_be_called_today(
    database: Database, tmp_path: Path
) -> None:
    stage, person = await his(database, tmp_path)
    async with opened(stage) as office:
        client = await office.client()
        await asked_for(client, person)
        async with database.writing() as tx:  # as an answer in this call would
            alert = NewAlert(person, "kragujevac", "answer", Urgency.URGENT, call_consented=True)
            await alerts.open_one(tx, alert, stage.now)
        page = (await client.get(f"/staff/people/{person}/call")).text
    assert "Због отворене узбуне сме поново да се зове и данас" in page


@SIDES
async def test_a_wrong_number_and_a_refusal_of_the_wave_are_confirmed_once_more(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    async with opened(stage) as office:
        client = await office.client()
        for page, button in (
            (await asked_for(client, person), 'value="wrong_number"'),
            ((await client.post(f"/staff/people/{person}/interview", do="start")).text, 'value="no"'),
        ):
            before = page.partition(button)[0]
            assert before.count("<details") > before.count("</details>"), button


@SIDES
@pytest.mark.parametrize("guard", ["hold", "withdrawal"])
async def test_safety_the_console_shows_no_number_on_a_hold_or_after_a_withdrawal(
    database: Database, tmp_path: Path, side: Any, guard: str
) -> None:
    stage, person = await side(database, tmp_path)
    async with database.writing() as tx:
        if guard == "hold":
            await holds.place(tx, Scope.PERSON, person, "duress", "service", stage.now)
        else:
            await withdraw(tx, stage.service, person, "person", stage.now)
    async with opened(stage) as office:
        assert PHONE not in await asked_for(await office.client(), person)
    assert (await calls_counted(stage, person), await revealed(stage, person)) == (0, 0)


@SIDES
async def test_an_interview_is_typed_on_the_console_from_the_call_to_its_end(
    database: Database, tmp_path: Path, side: Any
) -> None:
    stage, person = await side(database, tmp_path)
    async with opened(stage) as office:
        client = await office.client()
        await asked_for(client, person)
        address = f"/staff/people/{person}/interview"
        page = (await client.post(address, do="start")).text
        assert "Прочитајте наглас" in page
        page = (await client.post(address, do="yes")).text
        for _ in range(120):
            if "Разговор је завршен" in page:
                break
            page = await answered(client, address, page)
        assert "Разговор је завршен" in page
        assert (await client.post(address, do="start")).status_code == 404, "the call is over"
        async with database.reading() as tx:
            assert "complete" in {each.disposition for each in await invitations.of_participant(tx, person)}


async def answered(client: Client, address: str, page: str) -> str:
    turn = _TURN.search(page)
    assert turn, page
    choices = re.findall(r'name="a" value="(c\d+)"', page)
    if choices:
        return (await client.post(address, do="next", turn=turn[1], a=choices[-1])).text
    do = "skip" if 'value="skip"' in page else "next"
    return (await client.post(address, do=do, turn=turn[1])).text


@SIDES
async def test_only_who_may_interview_types_answers(database: Database, tmp_path: Path, side: Any) -> None:
    stage, person = await side(database, tmp_path)
    async with opened(stage) as office:
        await asked_for(await office.client(), person)
        for other in (await office.client(Role.COORDINATOR), await office.client(centre="nis")):
            for path in (f"/staff/people/{person}/interview", f"/staff/people/{person}/call/end"):
                assert (await other.post(path, do="start", how="no_answer")).status_code == 404
