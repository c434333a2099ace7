"""One person: what was agreed, masked; what may be done and what cannot be undone; tasks that end by being done."""

from datetime import timedelta
from pathlib import Path

import pytest

from staff.asked import SmsDesk
from staff.days import clock
from surveys.language.catalogue import date_long
from surveys.records import answers, audit, invitations, participants, tasks
from surveys.records.database import Database
from surveys.records.tasks import NewTask
from surveys.rules.roles import Role
from surveys.rules.vocabulary import Status
from surveys.steps.safe_contact import current
from tests.staff.answered import go_through
from tests.staff.office import Client, Office, opened
from tests.staff.test_enrolling import AGREED, WORDS
from tests.steps.her_stage import CODE, DURESS, PHONE, HerStage, make_her_stage, safe

NEW_WORDS = {"code_word": "vecernja setnja", "duress_word": "crvena marama"}


@pytest.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def task_of(her: HerStage, person: str, kind: str) -> str:
    async with her.service.database.writing() as tx:
        return str(await tasks.open_one(tx, NewTask("kragujevac", kind, person, person), her.now))


async def is_open(her: HerStage, task: str) -> bool:
    async with her.service.database.reading() as tx:
        found = await tasks.get(tx, task)
    assert found is not None
    return found.state == "open"


async def test_safety_a_persons_page_shows_what_was_agreed_and_neither_number_word_nor_plan(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with opened(her) as office:
        page = (await (await office.client()).get(f"/staff/people/{person}")).text
    for hidden in (PHONE, PHONE[-4:], CODE, DURESS, "sestru"):
        assert hidden not in page
    for told in ("•••• 67", "радним данима 09:00–16:00", "договорена; не може да се прочита", "важи", "Мира Јовић"):
        assert told in page


@pytest.mark.parametrize("kind", ["reconfirm", "reconfirm_overdue", "call", "contact_changed"])
async def test_safety_a_task_with_a_step_of_its_own_is_not_ended_by_saying_that_it_is_done(
    her: HerStage, kind: str
) -> None:
    person = (await her.enrol()).participant
    task = await task_of(her, person, kind)
    async with opened(her) as office:
        answer = await (await office.client()).post(f"/staff/tasks/{task}/done")
    assert answer.status_code == 422
    assert await is_open(her, task)


async def test_a_safe_contact_is_confirmed_anew_with_new_words_and_its_task_ends(her: HerStage) -> None:
    person = (await her.enrol(safe_contact=safe(confirmed_on=None))).participant
    task = await task_of(her, person, "reconfirm")
    async with her.service.database.reading() as tx:
        before = await current(tx, person)
    async with opened(her) as office:
        client = await office.client()
        form = (await client.get(f"/staff/people/{person}/safe")).text
        assert 'value="09:00"' in form
        assert CODE not in form
        answer = await client.post(f"/staff/people/{person}/safe", **AGREED | NEW_WORDS | {"to_1": "15:00"})
        assert answer.status_code == 303, answer.text
    assert not await is_open(her, task)
    async with her.service.database.reading() as tx:
        after = await current(tx, person)
        assert "safe_contact.read" in {each.action for each in await audit.of_subject(tx, person)}
    assert before is not None
    assert after is not None
    assert after.confirmed_on == "2026-09-01"
    assert after.hours[0]["to"] == "15:00"
    assert after.code != before.code


async def test_safety_who_does_not_speak_with_her_reads_no_duress_plan_and_is_led_to_no_call(her: HerStage) -> None:
    person = (await her.enrol(safe_contact=safe(confirmed_on=None))).participant
    await task_of(her, person, "reconfirm")
    async with opened(her) as office:
        client = await office.client(Role.COORDINATOR)
        one = f"/staff/people/{person}"
        for path in ("safe", "call"):
            assert (await client.get(f"{one}/{path}")).status_code in (403, 404)
        for page in ("/staff/", one):
            shown = (await client.get(page)).text
            assert f'href="{one}"' in shown or page == one
            assert not [path for path in ("safe", "call") if f'href="{one}/{path}"' in shown]
            assert "Pozovite sestru." not in shown


async def test_safety_words_are_agreed_anew_each_time(her: HerStage) -> None:
    person = (await her.enrol(safe_contact=safe(confirmed_on=None))).participant
    async with opened(her) as office:
        answer = await (await office.client()).post(f"/staff/people/{person}/safe", **AGREED)
    assert answer.status_code == 422
    assert "Договорите реч са особом" in answer.text
    assert "Pozovite sestru." in answer.text, "nothing that was typed is lost"


async def test_do_not_contact_ends_what_is_planned(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with opened(her) as office:
        client = await office.client()
        await client.post(f"/staff/people/{person}/safe", **AGREED | WORDS | {"do_not_contact": "yes"})
        assert "Договорено је да се не јављамо" in (await client.get(f"/staff/people/{person}")).text
    assert not await her.forward_until(60)


async def test_his_side_knows_no_safe_contact(office: Office) -> None:
    person = (await office.stage.enrol()).participant
    client = await office.client()
    assert (await client.get(f"/staff/people/{person}/safe")).status_code == 404
    assert "/safe" not in (await client.get(f"/staff/people/{person}")).text


async def test_a_consent_that_was_no_text_says_so_in_words_and_a_day_off_is_a_date(her: HerStage) -> None:
    person = (await her.enrol(safe_contact=safe(blackout=["2026-12-24"]))).participant
    async with opened(her) as office:
        client = await office.client()
        assert "24. децембра 2026." in (await client.get(f"/staff/people/{person}")).text
        await client.post(f"/staff/people/{person}/change/withdraw", sure="yes")
        page = (await client.get(f"/staff/people/{person}")).text
    assert "withdrawn" not in page
    assert "последња одлука" in page, "no and in force do not read as not in force"


async def test_safety_no_test_message_is_offered_where_nobody_may_write(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol()).participant
    async with opened(her) as office:
        assert office.console is not None
        office.console._sms = SmsDesk("https://a.example.org", None, "EUR", her.provider)
        client = await office.client()
        assert "/test/seen" in (await client.get(f"/staff/people/{person}")).text
        await client.post(f"/staff/people/{person}/hold")
        assert "/test/seen" not in (await client.get(f"/staff/people/{person}")).text


async def test_safety_no_call_and_no_test_message_are_offered_where_none_is_wanted(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol(safe_contact=safe(do_not_contact=True))).participant
    async with opened(her) as office:
        assert office.console is not None
        office.console._sms = SmsDesk("https://a.example.org", None, "EUR", her.provider)
        page = (await (await office.client()).get(f"/staff/people/{person}")).text
    assert not [path for path in ("/test/seen", f'/{person}/call"') if path in page]


async def test_what_is_confirmed_only_later_is_no_warning_today(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol(completed_on="2026-09-01")).participant
    async with opened(her) as office:
        page = (await (await office.client()).get(f"/staff/people/{person}")).text
    async with her.service.database.reading() as tx:
        due = [each.due_on - timedelta(days=30) for each in await invitations.of_participant(tx, person)]
    for first in due:
        assert f"безбедни контакт се поново потврђује, најраније {date_long('sr_Cyrl', first)}" in page
    assert "Сада се не шаље" not in page


@pytest.mark.parametrize(("typed", "read"), [
    ("9", "09:00"), ("9:00", "09:00"), ("16.30", "16:30"), (" 7:05 ", "07:05"), ("сутра", "сутра"), ("9:5", "9:5"),
])  # fmt: skip
def test_hours_are_typed_as_people_here_write_them(typed: str, read: str) -> None:
    assert clock(typed) == read


async def test_ones_own_account_is_under_no_entry_of_the_menu(office: Office) -> None:
    client = await office.client()
    assert "aria-current" not in (await client.get("/staff/me")).text
    assert 'href="/staff/" aria-current="page"' in (await client.get("/staff/")).text


async def offered(client: Client, person: str) -> set[str]:
    page = (await client.get(f"/staff/people/{person}")).text
    return {part.partition('"')[0] for part in page.split(f"/staff/people/{person}/change/")[1:]}


async def test_only_what_applies_to_a_person_is_offered(office: Office) -> None:
    stage, client = office.stage, await office.client()
    by_chat = (await stage.enrol()).participant
    by_sms = (await stage.enrol(case_code="KG-2", channel="sms", phone=PHONE)).participant
    assert {"telegram", "channel", "in_custody", "withdraw", "purge"} <= await offered(client, by_chat)
    assert {"phone", "released"}.isdisjoint(await offered(client, by_chat))
    assert "phone" in await offered(client, by_sms)
    assert "telegram" not in await offered(client, by_sms)
    await client.post(f"/staff/people/{by_chat}/change/withdraw", sure="yes")
    assert await offered(client, by_chat) == {"purge"}


async def test_staff_delete_earlier_answers_with_a_withdrawal_only_where_it_is_marked(office: Office) -> None:
    stage, client = office.stage, await office.client()
    kept, deleted = await go_through(stage, "31"), await go_through(stage, "32")
    assert "delete_answers" in (await client.get(f"/staff/people/{kept}/change/withdraw")).text
    await client.post(f"/staff/people/{kept}/change/withdraw", sure="yes")
    await client.post(f"/staff/people/{deleted}/change/withdraw", sure="yes", delete_answers="yes")
    async with stage.service.database.reading() as tx:
        assert (await answers.any_of(tx, kept), await answers.any_of(tx, deleted)) == (True, False)


async def test_what_cannot_be_undone_is_confirmed_once_more(office: Office) -> None:
    stage, client = office.stage, await office.client()
    person = (await stage.enrol()).participant
    for kind in ("withdraw", "purge", "moved_abroad", "deceased"):
        assert (await client.post(f"/staff/people/{person}/change/{kind}")).status_code == 422
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.ACTIVE


async def test_a_refusal_says_why_and_a_second_course_is_begun_with_its_consent(office: Office) -> None:
    stage, client = office.stage, await office.client()
    person = (await stage.enrol()).participant
    address = f"/staff/people/{person}/change/second_course"
    assert "Прочитајте наглас" in (await client.get(address)).text
    early = await client.post(address, completed_on="2026-08-01", contact="yes")
    assert "после завршетка претходног програма" in early.text
    assert (await client.post(address, completed_on="2026-12-01", contact="yes")).status_code == 303
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).course == 2
