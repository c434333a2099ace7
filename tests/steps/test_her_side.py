"""The survivors' side in the core, on both databases: safe contact, gate, duress, hours, what nobody can tell apart."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from surveys.records import alerts, audit, deliveries, invitations, participants, safe_contacts, snapshots, tasks
from surveys.records.alerts import Alert
from surveys.records.database import Database
from surveys.records.interviews import InterviewMoved
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Channel, DeliveryKind, Disposition, Status, Urgency
from surveys.steps import page
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.gate import act
from surveys.steps.outlook import waves_of
from surveys.steps.page import on_page
from surveys.steps.page_said import Do, PageSaid, Screen, View
from surveys.steps.ports import Event, Incoming
from surveys.steps.reconfirm import reconfirm
from surveys.steps.safety import safe_hours
from tests.steps.her_stage import CODE, DURESS, PHONE, HerStage, Phone, make_her_stage, safe
from tests.steps.stage import START, ZONE


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def invited(her: HerStage, **changes: Any) -> tuple[str, Phone]:
    """Somebody whose notice has just arrived, and her phone."""
    await her.ready()
    person = (await her.enrol(**changes)).participant
    return person, Phone(her, await her.noticed())


async def open_alerts(her: HerStage) -> list[Alert]:
    async with her.service.database.reading() as tx:
        return await alerts.standing(tx)


def seen(screen: Screen) -> Screen:
    """What an onlooker sees of it: everything but the random cookie and the form's postmark, which differs each time
    that anybody is shown a form; it is there where the others' is, as long, and of the same signs."""
    postmark = re.sub(r"^[0-9a-f]{48}$", "*", screen.postmark)
    return replace(screen, cookie="set" if screen.cookie else screen.cookie, postmark=postmark)


async def test_the_code_word_opens_her_questions_in_any_spelling(her: HerStage) -> None:
    _, phone = await invited(her)
    for word in ("Jutarnja  KAFA!", "јутарња кафа"):
        shown = await phone.gate(word)
        assert shown.view is View.CONSENT
        assert "dobrovoljno" in shown.text
    assert (await phone.do(Do.AGREE)).view is View.ITEM
    for _ in range(25):
        if phone.screen.view is not View.ITEM:
            break
        asked = phone.screen.asked
        await phone.do(Do.NEXT, *(("c0",) if asked and asked.choices else ()), text="3")
    assert phone.screen.view is View.WORDS
    assert "192" in phone.screen.text


async def through_the_cover(phone: Phone, word: str) -> list[Screen]:
    shown = [await phone.do(Do.START), await phone.do(Do.NEXT, text=word)]
    while shown[-1].view is View.COVER:
        shown.append(await phone.do(Do.NEXT, "c0"))
    return [seen(each) for each in (*shown, await phone.do(Do.EXIT))]


async def test_safety_wrong_word_duress_word_unknown_link_and_other_browser_are_alike_to_the_end(her: HerStage) -> None:
    person, phone = await invited(her)
    unknown = await through_the_cover(Phone(her, "x" * 22), CODE)
    other = Phone(her, phone.token)
    wrong = await through_the_cover(phone, "muzika i knjige")
    assert wrong == unknown
    async with her.service.database.writing() as tx:
        link = await her.service.issue_link(tx, her.service, (await invitations.of_participant(tx, person))[0].id,
                                            person, her.now)  # type: ignore[misc]  # fmt: skip
    again = Phone(her, link.rpartition("/p/")[2])
    assert await through_the_cover(again, DURESS) == unknown
    assert await through_the_cover(other, CODE) == unknown
    assert [(each.rule, each.urgency, each.call_consented) for each in await open_alerts(her)] == [
        ("duress", Urgency.URGENT, False)
    ]


async def test_safety_an_exit_of_who_holds_no_link_writes_nothing_and_looks_the_same(her: HerStage) -> None:
    _, phone = await invited(her)
    other, stranger = Phone(her, phone.token), Phone(her, "x" * 22)
    await phone.gate(CODE)
    other.cookie = stranger.cookie = "y" * 22
    async with her.service.database.reading() as tx:
        before = await snapshots.get(tx, page.ASKED)
    her.now += timedelta(seconds=1)
    left = [await each.do(Do.EXIT) for each in (other, stranger)]
    async with her.service.database.reading() as tx:
        assert await snapshots.get(tx, page.ASKED) == before
    cookie = phone.cookie
    left.append(await phone.do(Do.EXIT))
    assert left == [Screen(View.EXIT, page.NEUTRAL, cookie="")] * 3
    async with her.service.database.reading() as tx:
        last = await snapshots.get(tx, page.ASKED)
        assert last is not None
        assert last.at == her.now
    her.now += timedelta(seconds=1)
    phone.cookie = cookie
    assert await phone.do(Do.EXIT) == left[0]
    async with her.service.database.reading() as tx:
        assert await snapshots.get(tx, page.ASKED) == last, "a session that is over is not left again"


async def test_safety_a_browser_keeps_its_cookie_whatever_link_it_opens(her: HerStage) -> None:
    _, phone = await invited(her)
    stranger = Phone(her, "x" * 22)
    for each in (phone, stranger):
        first = (await each.do(Do.START)).cookie
        assert first == (await each.do(Do.START)).cookie
    phone.cookie = stranger.cookie
    assert (await phone.do(Do.START)).cookie == stranger.cookie
    planted = Phone(her, "y" * 22)
    planted.cookie = "chosen"
    assert (await planted.do(Do.START)).cookie != "chosen"


async def test_safety_her_code_word_opens_nothing_in_another_browser(her: HerStage) -> None:
    _, phone = await invited(her)
    await phone.do(Do.START)
    other = Phone(her, phone.token)
    assert (await other.gate(CODE)).view is View.COVER
    assert (await phone.do(Do.NEXT, text=CODE)).view is View.CONSENT


async def test_safety_two_taps_at_the_gate_open_it_and_fail_for_nobody(
    her: HerStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, phone = await invited(her)
    moved = [InterviewMoved()]

    async def at_once(*given: Any, **named: Any) -> bool:
        if moved:
            raise moved.pop()
        return await act(*given, **named)

    monkeypatch.setattr(page, "act", at_once)
    assert (await phone.gate(CODE)).view is View.CONSENT


async def test_safety_no_resume_without_the_code_word(her: HerStage) -> None:
    _, phone = await invited(her)
    await phone.gate(CODE)
    await phone.do(Do.AGREE)
    place = phone.screen.asked
    her.now += timedelta(minutes=4)
    assert (await phone.do(Do.NEXT, "c0")).view is View.START
    assert (await phone.do(Do.START)).view is View.COVER
    item = PageSaid(Do.NEXT, place.turn if place else -1, ("c0",))
    old = await on_page(her.service, phone.token, phone.cookie, item, her.now)
    assert old.view is View.START, "a form of the questions out of the browser's history"
    assert (await phone.do(Do.NEXT, text="kafa")).view is View.COVER
    assert (await phone.gate(CODE)).asked == place


async def test_safety_a_withdrawal_word_on_the_cover_withdraws_and_shows_what_an_unknown_link_shows(
    her: HerStage,
) -> None:
    person, phone = await invited(her)
    shown = seen(await phone.gate("STOP"))
    assert shown == seen(await Phone(her, "x" * 22).gate("STOP"))
    async with her.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN
    assert (await phone.gate(CODE)).view is View.COVER


async def test_safety_nothing_leaves_before_readiness_is_recorded(her: HerStage) -> None:
    person = (await her.enrol()).participant
    assert not await her.forward_until(30)
    assert Reason.NOT_READY in await reasons(her, person)
    async with her.service.database.reading() as tx:
        waits = [each["waits_for"] for each in await waves_of(tx, her.service, await participants.get(tx, person), [])]
    assert waits == [Reason.NOT_READY, Reason.NOT_READY]
    await her.ready(recorded_on="2026-09-02")
    assert await her.forward_until(2)


async def reasons(her: HerStage, person: str) -> set[str | None]:
    async with her.service.database.reading() as tx:
        return {each.reason for each in await deliveries.of_participant(tx, person)}


@pytest.mark.parametrize(("confirmed", "goes"), [("2026-08-11", True), ("2026-08-10", False), (None, False)])
async def test_safety_a_wave_needs_a_safe_contact_confirmed_within_thirty_days_of_its_due_date(
    her: HerStage, confirmed: str | None, goes: bool
) -> None:
    await her.ready()
    person = (await her.enrol(safe_contact=safe(confirmed_on=confirmed))).participant
    assert await her.forward_until(30) is goes
    if not goes:
        assert Reason.NOT_RECONFIRMED in await reasons(her, person)
        async with her.service.database.reading() as tx:
            assert "reconfirm" in {each.kind for each in await tasks.standing(tx)}


async def test_confirming_anew_lets_the_wave_go_with_new_words(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol(safe_contact=safe(confirmed_on=None))).participant
    assert not await her.forward_until(12)
    words = {"code_word": "plava čaša", "duress_word": "crveni tanjir"}
    await reconfirm(her.service, person, words, "by:one", "Ana", her.now)
    phone = Phone(her, await her.noticed())
    assert (await phone.gate(CODE)).view is View.COVER
    assert (await phone.gate("plava casa")).view is View.CONSENT
    async with her.service.database.reading() as tx:
        assert len(await safe_contacts.history(tx, person)) == 2


async def test_safety_messages_leave_in_her_own_hours_on_no_blackout_day_and_at_most_as_agreed(her: HerStage) -> None:
    await her.ready()
    hours = [{"days": "tue", "from": "10:00", "to": "11:00"}]
    off = ["2026-09-15"]
    contact = safe(hours=hours, blackout=off, reminders=0, confirmed_on="2026-09-01")
    person = (await her.enrol(safe_contact=contact, completed_on="2026-06-14")).participant
    while her.now < START + timedelta(days=45):
        her.now += timedelta(minutes=20)
        await her.tick()
    async with her.service.database.reading() as tx:
        sent = [each for each in await deliveries.of_participant(tx, person) if each.claimed_at]
    assert [each.kind for each in sent] == [DeliveryKind.NOTICE]
    local = sent[0].claimed_at.astimezone(ZONE) if sent[0].claimed_at else None
    assert local is not None
    assert (local.weekday(), local.hour, local.date() != date(2026, 9, 15)) == (1, 10, True)


async def test_safety_nobody_on_call_no_message(her: HerStage) -> None:
    worker = {"centre": "nis", "name": "Ana", "phone": "+381601112233", "email": "a@example.org", "order": 1}
    await her.ready(on_call=[worker])
    person = (await her.enrol()).participant
    assert not await her.forward_until(30)
    assert Reason.NOT_COVERED in await reasons(her, person)


async def test_safety_who_is_not_to_be_contacted_never_is(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol(safe_contact=safe(do_not_contact=True))).participant
    assert not await her.forward_until(60)
    async with her.service.database.reading() as tx:
        waves = await invitations.of_participant(tx, person)
    assert {each.disposition for each in waves} == {Disposition.UNSAFE_TO_CONTACT}


async def test_safety_the_completion_date_is_in_no_column_in_clear_and_waves_do_not_give_it_away(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with her.service.database.reading() as tx:
        assert (await participants.private(tx, person)).completed_on is None
        waves = await invitations.of_participant(tx, person)
    assert all(each.closes_at.astimezone(ZONE).date() - each.due_on == timedelta(days=25) for each in waves)
    months = {(each.due_on - date(2026, 9, 10)).days for each in waves if each.wave == "m3"}
    assert months <= set(range(22))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"code_word": "STOP"}, "code_word"), ({"code_word": "kasnije"}, "code_word"),
        ({"code_word": "ab"}, "code_word"),
        ({"duress_word": "JUTARNJA kafa"}, "duress_word"), ({"code_word": None}, "code_word"),
        ({"duress_word": None}, "duress_word"), ({"hours": []}, "hours"), ({"notice": "loud"}, "notice"),
        ({"hours": [{"days": "mon", "from": "23:00", "to": "23:30"}]}, "hours"), ({"reminders": -1}, "reminders"),
        ({"interview": "sms"}, "interview"), ({"confirmed_on": "2027-01-01"}, "confirmed_on"),
        ({"blackout": ["soon"]}, "blackout"), ({"colour": "red"}, "colour"),
        ({"shared_phone": "maybe"}, "shared_phone"),
        ({"duress_word": "jutarnjakafa"}, "duress_word"), ({"duress_word": "Jutarnja-kafa"}, "duress_word"),
        ({"code_word": "ST OP"}, "code_word"), ({"code_word": "kas nije"}, "code_word"),
        ({"code_word": "nesaljitevise"}, "code_word"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("channel", ["sms", "phone"])
async def test_what_is_wrong_in_a_safe_contact_is_refused_by_its_key(
    her: HerStage, channel: str, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(EnrolmentRefused, match=named) as refused:
        await her.enrol(channel=channel, safe_contact=safe(**changes))
    assert CODE not in str(refused.value)
    async with her.service.database.reading() as tx:
        assert await participants.page(tx) == []


async def test_the_telephone_is_her_default_and_needs_no_words(her: HerStage) -> None:
    await her.ready()
    enrolled = await her.enrol(channel="phone", safe_contact=safe(code_word=None, duress_word=None))
    async with her.service.database.reading() as tx:
        assert (await participants.get(tx, enrolled.participant)).channel is Channel.PHONE


@pytest.mark.parametrize("channel", ["phone", "sms", "telegram"])
async def test_safety_nobody_is_enrolled_without_hours_of_their_own_and_none_stand_in_for_them(
    her: HerStage, channel: str
) -> None:
    nothing: tuple[dict[str, Any], ...] = (
        {},
        {"hours": []},
        safe(hours=[]),
        {"code_word": CODE, "duress_word": DURESS},
    )
    for empty in nothing:
        with pytest.raises(EnrolmentRefused, match="hours"):
            await her.enrol(channel=channel, safe_contact=empty)
    none = safe_hours(her.service, None, her.service.library.protocol)
    assert not none.windows(date(2026, 9, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("said", "kept"), [({}, "not_said"), ({"adult": True}, "attested"), ({"born_on": "1990-01-31"}, "born_on")]
)
async def test_safety_by_what_it_is_known_that_somebody_is_of_age_is_recorded(
    her: HerStage, said: dict[str, Any], kept: str
) -> None:
    person = await her.enrol(**said)
    async with her.service.database.reading() as tx:
        entries = await audit.of_subject(tx, person.participant)
    [entry] = [each for each in entries if each.action == "participant.enrolled"]
    assert f'"adult":"{kept}"' in entry.detail


async def test_safety_nobody_is_enrolled_of_whom_it_is_said_that_they_are_not_of_age(her: HerStage) -> None:
    with pytest.raises(EnrolmentRefused, match="under 18"):
        await her.enrol(adult=False, born_on="1990-01-31")


async def test_safety_nobody_under_eighteen(her: HerStage) -> None:
    with pytest.raises(EnrolmentRefused, match="18"):
        await her.enrol(born_on="2010-01-01")


@pytest.mark.parametrize("words", ["zdravo", "STOP", "ko je ovo", "jutarnja kafa", "KASNIJE", "ne živi mi se"])
async def test_safety_a_known_and_an_unknown_sender_get_the_same_reply(her: HerStage, words: str) -> None:
    await her.ready()
    await her.enrol()
    known = await her.send_in(Incoming(Channel.SMS, PHONE, Event.TEXT, words))
    unknown = await her.send_in(Incoming(Channel.SMS, "+381649999999", Event.TEXT, words))
    again = await her.send_in(Incoming(Channel.SMS, PHONE, Event.TEXT, words))
    texts = {None if each is None else each.text for each in (known, unknown, again)}
    assert len(texts) == 1
    assert (texts == {None}) == (words != "STOP")  # nothing travels by SMS but the one acknowledgement
    if words == "ne živi mi se":
        assert [each.urgency for each in await open_alerts(her)][:1] == [Urgency.URGENT]


async def test_her_notice_by_telegram_is_words_with_a_link_and_what_she_writes_there_is_answered_like_a_strangers(
    her: HerStage,
) -> None:
    await her.ready()
    enrolled = await her.enrol(channel="telegram", phone=None)
    await her.start(enrolled.token, chat="77")
    assert her.ledger[-1].text
    token = await her.noticed()
    notice = her.ledger[-1]
    assert (notice.address, notice.buttons) == ("77", ())
    assert (await Phone(her, token).gate(CODE)).view is View.CONSENT
    for words in ("zdravo", "DA", CODE, "STOP", "zdravo"):
        known, stranger = await her.say(words, chat="77"), await her.say(words, chat="88")
        assert known is not None
        assert stranger is not None
        labels = [[[button.label for button in row] for row in each.buttons] for each in (known, stranger)]
        assert (known.text, labels[0]) == (stranger.text, labels[1])
    async with her.service.database.reading() as tx:
        assert (await participants.get(tx, enrolled.participant)).status is Status.WITHDRAWN
