"""The survivors' side in the core, further: the active cover, wrong words, confirming anew, what a late wave says."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from posle.doctor.database import examine_notices
from posle.doctor.finding import Verdict
from surveys.library import load_library
from surveys.records import alerts, holds, invitations, safe_contacts, tasks
from surveys.records.database import Database
from surveys.rules.vocabulary import Channel, Side
from surveys.steps.access import copy_of
from surveys.steps.confirm_in_time import ask_in_time
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.lines import Call, LineRefused, lines_of, verify_line
from surveys.steps.lines_due import ask_for_lines
from surveys.steps.page_said import Do, View
from surveys.steps.reconfirm import reconfirm
from surveys.steps.standing import words_at
from surveys.steps.withdraw import withdraw
from tests.steps.her_stage import CODE, DURESS, HerStage, Phone, make_her_stage, safe
from tests.steps.stage import START, ZONE
from tests.steps.test_her_side import seen


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def invited(her: HerStage, **changes: Any) -> tuple[str, Phone]:
    """Somebody whose notice has just arrived, and her phone."""
    await her.ready()
    person = (await her.enrol(**changes)).participant
    return person, Phone(her, await her.noticed())


async def test_safety_a_notice_of_a_cover_that_is_not_active_any_more_is_not_sent(her: HerStage) -> None:
    await her.ready()
    await her.enrol(safe_contact=safe(notice="everyday_life"))
    her.service = replace(her.service, shipped=load_library(Side.SURVIVORS, cover="2-free-time"))
    phone = Phone(her, await her.noticed())
    assert "slobodnom vremenu" in her.ledger[-1].text
    shown = await phone.do(Do.START)
    assert shown.asked is not None
    assert "slobodno" in shown.asked.text


async def test_the_doctor_says_where_an_agreed_notice_belongs_to_a_cover_that_is_not_active(her: HerStage) -> None:
    await her.enrol(safe_contact=safe(notice="everyday_life"))
    async with her.service.database.reading() as tx:
        before = await examine_notices(tx, her.service.library)
        after = await examine_notices(tx, load_library(Side.SURVIVORS, cover="2-free-time"))
    assert (before.verdict, after.verdict) == (Verdict.OK, Verdict.MISSING)
    assert after.advice.startswith("1 people")


async def test_safety_after_ten_wrong_words_the_code_word_opens_nothing_and_nobody_can_see_it(her: HerStage) -> None:
    person, phone = await invited(her)
    shown = [seen(await phone.gate(f"pogodak broj {number}")) for number in range(10)]
    closed = seen(await phone.gate(CODE))
    assert all(each == shown[0] for each in (*shown, closed))
    async with her.service.database.reading() as tx:
        about = await tasks.of_participant(tx, person)
    assert [each.kind for each in about].count("gate_closed") == 1
    assert seen(await phone.gate(DURESS)) == shown[0]
    async with her.service.database.reading() as tx:
        assert [each.rule for each in await alerts.standing(tx)] == ["duress"]


async def test_words_renewed_in_person_open_the_gate_after_too_many_wrong_ones(her: HerStage) -> None:
    person, phone = await invited(her)
    for _ in range(9):
        await phone.gate("pogodak")
    assert (await phone.gate(CODE)).view is View.CONSENT
    her.now += timedelta(minutes=5)
    await phone.gate("jos jedan")
    assert (await phone.gate(CODE)).view is View.COVER
    her.now += timedelta(minutes=1)
    words = {"code_word": "plava čaša", "duress_word": "crveni tanjir"}
    await reconfirm(her.service, person, words, "by:one", "Ana", her.now)
    assert (await phone.gate("plava čaša")).view is View.CONSENT


async def test_safety_a_wave_that_is_over_as_she_is_enrolled_does_not_give_the_completion_date_away(
    her: HerStage,
) -> None:
    today = START.astimezone(ZONE).date()
    late = (await her.enrol(completed_on="2025-03-14")).participant
    alone = (await her.enrol(case_code="B", phone="+381641234560", safe_contact={"do_not_contact": True})).participant
    async with her.service.database.reading() as tx:
        waves = [*await invitations.of_participant(tx, late), *await invitations.of_participant(tx, alone)]
    assert len(waves) == 4
    assert {each.due_on for each in waves} == {today}
    assert {each.closes_at.astimezone(ZONE).date() for each in waves} == {today}


async def test_safety_words_are_agreed_anew_each_time_a_safe_contact_is_confirmed(her: HerStage) -> None:
    person = (await her.enrol()).participant
    with pytest.raises(EnrolmentRefused, match="anew each time"):
        await reconfirm(her.service, person, {}, "by:one", "Ana", her.now)
    async with her.service.database.reading() as tx:
        assert len(await safe_contacts.history(tx, person)) == 1
    await reconfirm(her.service, person, {}, "by:one", "Ana", her.now, words_stay=True)


async def test_safety_staff_are_asked_to_confirm_as_soon_as_it_may_be_done(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol(completed_on="2026-07-05", safe_contact=safe(confirmed_on=None))).participant
    for day in range(60):
        await ask_in_time(her.service, her.now)
        async with her.service.database.reading() as tx:
            about = [each for each in await tasks.of_participant(tx, person) if each.kind == "reconfirm"]
        if about:
            break
        her.now = START + timedelta(days=day)
    assert len(about) == 1
    assert her.now.astimezone(ZONE).date() == date(2026, 9, 5)
    await ask_in_time(her.service, her.now)
    async with her.service.database.reading() as tx:
        assert len([each for each in await tasks.of_participant(tx, person) if each.kind == "reconfirm"]) == 1


async def test_safety_staff_are_not_asked_to_confirm_with_a_woman_who_is_on_hold(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol(completed_on="2026-07-05", safe_contact=safe(confirmed_on=None))).participant
    her.now = START + timedelta(days=60)
    async with her.service.database.writing() as tx:
        await holds.place(tx, holds.Scope.PERSON, person, "duress", "service", her.now)
    await ask_in_time(her.service, her.now)
    async with her.service.database.writing() as tx:
        assert "reconfirm" not in {each.kind for each in await tasks.of_participant(tx, person)}
        await holds.release(tx, holds.Scope.PERSON, person, "by:one+by:two", her.now)
    await ask_in_time(her.service, her.now)
    async with her.service.database.reading() as tx:
        assert "reconfirm" in {each.kind for each in await tasks.of_participant(tx, person)}


async def test_safety_nothing_is_confirmed_of_a_woman_who_withdrew(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with her.service.database.writing() as tx:
        await withdraw(tx, her.service, person, "by:one", her.now)
    with pytest.raises(EnrolmentRefused, match="left for good"):
        await reconfirm(her.service, person, {}, "by:one", "Ana", her.now, words_stay=True)
    async with her.service.database.reading() as tx:
        assert len(await safe_contacts.history(tx, person)) == 1


async def test_safety_nobody_is_enrolled_on_a_day_of_his_programme(her: HerStage) -> None:
    weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[her.now.astimezone(ZONE).weekday()]
    with pytest.raises(EnrolmentRefused, match="programme_days"):
        await her.enrol(safe_contact=safe(programme_days=f"{weekday},sun"))
    with pytest.raises(EnrolmentRefused, match="programme_days"):
        await her.enrol(safe_contact=safe(programme_days="someday"))
    person = (await her.enrol(safe_contact=safe(programme_days="sun"))).participant
    async with her.service.database.reading() as tx:
        last = await safe_contacts.latest(tx, person)
    assert last is not None
    assert "programme" not in last.document


async def test_safety_her_copy_says_by_which_channel_alone_it_may_reach_her(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with her.service.database.writing() as tx:
        copy = await copy_of(tx, her.service, person, "by:one", her.now)
    assert copy["hand_over_only"]["channel"] == "sms"
    assert copy["hand_over_only"]["hours"]


async def test_safety_after_ninety_days_a_task_asks_to_call_the_helplines_again(her: HerStage) -> None:
    await ask_for_lines(her.service, her.now)
    await her.ready(helplines_verified_on="2026-08-30")
    for days, opened in ((80, 0), (91, 1), (92, 1)):
        await ask_for_lines(her.service, START + timedelta(days=days))
        async with her.service.database.reading() as tx:
            assert [each.kind for each in await tasks.standing(tx)].count("helplines_due") == opened


async def test_safety_the_helplines_are_in_reach_after_the_gate_and_before_it_the_cover_shows_none(
    her: HerStage,
) -> None:
    _, phone = await invited(her)
    stranger = Phone(her, "x" * 22)
    for each in (phone, stranger):
        await each.do(Do.START)
    for place in (0, -1):
        phone.screen, stranger.screen = (replace(each.screen, place=place) for each in (phone, stranger))
        assert seen(await phone.do(Do.LINES)) == seen(await stranger.do(Do.LINES))
        assert phone.screen.view in (View.COVER, View.START)
    await phone.gate(CODE)
    for do, view in ((Do.START, View.CONSENT), (Do.AGREE, View.ITEM), (Do.STOP, View.STOP)):
        before = phone.screen if do is Do.START else await phone.do(do)
        assert before.view is view
        assert "192" in (await phone.do(Do.LINES)).text
        assert phone.screen.view is View.LINES
        after = await phone.do(Do.AGAIN)
        assert after.view is (View.ITEM if view is View.STOP else view)


async def the_last_screen(her: HerStage, **recorded: Any) -> str:
    await her.ready(**recorded)
    await her.enrol()
    phone = Phone(her, await her.noticed())
    await phone.gate(CODE)
    return (await phone.do(Do.LINES)).text


async def test_safety_what_readiness_attests_shows_the_open_lines_but_no_suicide_line(her: HerStage) -> None:
    shown = await the_last_screen(her, helplines_verified_on="2026-08-30")
    lines = her.service.library.helplines
    assert sum(line.number in shown for line in lines if line.subject == "violence") > 0
    assert not any(line.number in shown for line in lines if line.subject == "suicide")
    assert {"192", "194"} <= set(shown.replace(".", " ").split())


async def test_safety_after_ninety_days_only_192_and_194_are_left(her: HerStage) -> None:
    shown = await the_last_screen(her, helplines_verified_on="2026-05-30")
    numbers = {line.number for line in her.service.library.helplines if line.number in shown}
    assert numbers == {"192", "194"}


async def test_safety_a_suicide_line_is_shown_once_two_named_people_called_it_and_readiness_keeps_that(
    her: HerStage,
) -> None:
    name = next(line.name for line in her.service.library.helplines if line.subject == "suicide")
    today = START.date()

    async def verified() -> bool:
        async with her.service.database.reading() as tx:
            lines = await lines_of(tx, her.service.library)
        return next(line.verified(today) for line in lines if line.name == name)

    async def call(*by: str, line: str = name, on: date = today) -> None:
        async with her.service.database.writing() as tx:
            await verify_line(tx, her.service, Call(line, (by[0], by[1]), on), "by:one", her.now)

    with pytest.raises(LineRefused, match="readiness first"):
        await call("Ana", "Mira")
    await her.ready()
    assert not await verified()
    for wrong in (
        call("Ana", " ana "),
        call("Ana", ""),
        call("A", "B", line="none"),
        call("A", "B", on=date(2030, 1, 1)),
    ):
        with pytest.raises(LineRefused):
            await wrong
    her.now += timedelta(seconds=1)
    await call("Ana", "Mira")
    assert await verified()
    her.now += timedelta(seconds=1)
    await her.ready()
    assert await verified()


async def test_the_number_where_a_person_answers_stands_in_her_consent_and_closing_and_nowhere_before_the_gate(
    her: HerStage,
) -> None:
    number = "+381 11 1234567"
    her.service = replace(her.service, phone=number)
    _, phone = await invited(her)
    cover = await phone.do(Do.START)
    assert number not in her.ledger[-1].text + str(cover)
    consent = await phone.gate(CODE)
    assert number in consent.text
    closing = words_at(her.service, "kragujevac", her.service.local(her.now), Channel.PAGE)("closing", "sr_Latn")
    assert number in closing
    stranger = words_at(her.service, "", her.service.local(her.now), Channel.TELEGRAM)
    assert not any(number in stranger(name, "sr_Latn") for name in her.service.library.texts)
