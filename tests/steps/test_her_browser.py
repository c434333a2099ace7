"""What her browser keeps of a session and what it does not, and that leaving ends the session alone."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from surveys.language.script import packed
from surveys.records import participants, safe_contacts
from surveys.records.database import Database
from surveys.records.passwords import matches
from surveys.rules.vocabulary import Status
from surveys.steps.page import IDLE, ON_THE_WAY, on_page
from surveys.steps.page_said import Do, PageSaid, Screen, View
from surveys.steps.safe_contact import keyed
from tests.steps.her_stage import CODE, DURESS, HerStage, Phone, make_her_stage
from tests.steps.test_her_side import invited, open_alerts, seen


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


def form(phone: Phone, word: str, postmark: str = "") -> PageSaid:
    """The form of the cover's first question that is before her, as the browser keeps it with the word in it."""
    return PageSaid(Do.NEXT, -1, (), word, "sr_Latn", 0, postmark or phone.screen.postmark)


async def sent(phone: Phone, kept: PageSaid, token: str = "") -> Screen:
    """It goes out (again) from her browser; to another address with `token`."""
    return await on_page(phone.stage.service, token or phone.token, phone.cookie, kept, phone.stage.now)


async def word_typed(her: HerStage) -> tuple[Phone, PageSaid]:
    """She pressed the first button and typed her word: her phone, and the form that it is about to send."""
    _, phone = await invited(her)
    await phone.do(Do.START)
    return phone, form(phone, CODE)


async def test_safety_a_code_word_out_of_the_browsers_history_opens_nothing_once_the_session_ran_out(
    her: HerStage,
) -> None:
    phone, typed = await word_typed(her)
    assert (await sent(phone, typed)).view is View.CONSENT
    reloaded = await sent(phone, typed)
    assert reloaded.view is View.CONSENT, "she reloads what she has before her"
    her.now += timedelta(minutes=4)
    unknown = await sent(phone, typed, "x" * 22)
    for _ in range(2):
        assert seen(await sent(phone, typed)) == seen(unknown)
    assert (await phone.gate(CODE)).view is View.CONSENT


async def test_safety_a_code_word_that_never_arrived_opens_nothing_out_of_the_history_once_the_cover_went_back(
    her: HerStage,
) -> None:
    phone, typed = await word_typed(her)
    her.now += IDLE + ON_THE_WAY + timedelta(seconds=1)
    unknown = await sent(phone, typed, "x" * 22)
    for _ in range(2):
        assert seen(await sent(phone, typed)) == seen(unknown)
    await phone.do(Do.START)
    her.now += IDLE + timedelta(seconds=10)
    assert (await phone.do(Do.NEXT, text=CODE)).view is View.CONSENT, "typed in time, and slow to arrive"


async def test_safety_no_resume_without_the_code_word_where_the_first_button_is_pressed_and_an_old_form_sent_again(
    her: HerStage,
) -> None:
    phone, typed = await word_typed(her)
    assert (await sent(phone, typed)).view is View.CONSENT
    for minutes in (1, 4):
        her.now += timedelta(minutes=minutes)
        await phone.do(Do.START)
        assert seen(await sent(phone, typed)) == seen(await sent(phone, typed, "x" * 22))
        assert (await phone.do(Do.NEXT, text=CODE)).view is View.CONSENT, "typed in the form of this session"


async def test_safety_a_word_in_a_form_without_this_browsers_own_postmark_opens_nothing(her: HerStage) -> None:
    _, phone = await invited(her)
    stranger = Phone(her, phone.token)
    for each in (phone, stranger):
        await each.do(Do.START)
    own = phone.screen.postmark
    unknown = seen(await sent(phone, form(phone, CODE), "x" * 22))
    elsewhere = await on_page(her.service, "x" * 22, phone.cookie, PageSaid(Do.START), her.now)
    for other in ("", "č", own[:-1], own + "0", "f" + own[1:], stranger.screen.postmark, elsewhere.postmark):
        assert seen(await sent(phone, replace(form(phone, CODE), postmark=other))) == unknown, other
    assert (await sent(phone, form(phone, CODE, own))).view is View.CONSENT


@pytest.mark.parametrize("where", ["left", "expired", "another_browser"])
async def test_safety_the_duress_word_is_heard_where_the_link_opens_nothing_any_more_and_looks_like_an_unknown_one(
    her: HerStage, where: str
) -> None:
    person, phone = await invited(her)
    await phone.gate(CODE)
    if where == "left":
        assert (await phone.do(Do.EXIT)).cookie == ""
    elif where == "expired":
        her.now += timedelta(days=60)
    else:
        phone = Phone(her, phone.token)
    unknown = Phone(her, "x" * 22)
    for word in (CODE, "nesto drugo", DURESS):
        assert seen(await phone.gate(word)) == seen(await unknown.gate(word)), word
        raised = [(each.participant, each.rule, each.call_consented) for each in await open_alerts(her)]
        assert raised == [(person, "duress", False)] * (word == DURESS)


async def test_safety_two_presses_of_the_first_button_lead_to_forms_that_both_count(her: HerStage) -> None:
    _, phone = await invited(her)
    for taken in ((0, 1), (1, 0)):
        begun, forms = her.now, []
        for second in taken:
            her.now = begun + timedelta(seconds=second)
            await phone.do(Do.START)
            forms.append(form(phone, CODE))
        her.now = begun + timedelta(seconds=2)
        assert (await sent(phone, replace(forms[0], text="muzika"))).view is View.COVER
        for each in forms:
            assert (await sent(phone, each)).view is View.CONSENT, "after a wrong word and Back too"
        her.now += timedelta(minutes=4)


@pytest.mark.parametrize("arrived", [True, False])
async def test_safety_a_duress_word_in_a_form_of_an_earlier_session_is_heard_and_no_more_than_once(
    her: HerStage, arrived: bool
) -> None:
    _, phone = await invited(her)
    await phone.do(Do.START)
    typed = form(phone, DURESS)
    if arrived:
        await sent(phone, typed)
        assert len(await open_alerts(her)) == 1
    unknown = seen(await sent(phone, typed, "x" * 22))
    for again in (False, True, True):
        her.now += timedelta(minutes=5)
        if again:
            await phone.do(Do.START)
        assert seen(await sent(phone, typed)) == unknown
        assert [each.rule for each in await open_alerts(her)] == ["duress"]
    her.now += timedelta(seconds=1)
    await phone.gate(DURESS)
    assert len(await open_alerts(her)) == 2, "typed anew it is heard anew"


async def test_safety_leaving_ends_this_session_only_and_the_reminder_that_was_agreed_comes(her: HerStage) -> None:
    person, phone = await invited(her)
    await phone.gate(CODE)
    await phone.do(Do.AGREE)
    await phone.do(Do.EXIT)
    async with her.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.ACTIVE
    assert await her.forward_until(14)


async def test_safety_the_words_are_in_no_column_in_clear_nor_sealed(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with her.service.database.reading() as tx:
        last = await safe_contacts.latest(tx, person)
    assert last is not None
    assert "kafa" not in last.document
    assert "argon2" in last.document
    kept = json.loads(last.document)
    for word, key in ((CODE, "code"), (DURESS, "duress")):
        assert await matches(kept[key], keyed(her.service.database.seals, word))
        for guess in (word, packed(word)):
            assert not await matches(kept[key], guess), "a stolen database alone lets nobody try words"
