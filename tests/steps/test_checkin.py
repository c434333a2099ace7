"""One check-in from enrolment to the last answer, and everything that a person may do on the way."""

from datetime import timedelta

import pytest

from surveys.records import alerts, answers, audit, consents, deliveries, interviews, invitations, participants, tasks
from surveys.records.consents import NewConsent
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState, Disposition, Missing, Purpose, Status
from surveys.steps.ports import Event, Incoming, Outgoing, TryLater, Undeliverable, Unknown
from surveys.steps.stored_answer import decode
from tests.steps.stage import START, Stage, without


async def bound(stage: Stage, chat: str = "11") -> str:
    enrolled = await stage.enrol()
    await stage.start(enrolled.token, chat)
    return enrolled.participant


async def noticed(stage: Stage) -> str:
    """Somebody whose three-month notice has just arrived."""
    person = await bound(stage)
    while not any(each.buttons for each in stage.ledger):
        await stage.forward(stage.now + timedelta(days=1))
    return person


async def begun(stage: Stage) -> str:
    person = await noticed(stage)
    await stage.press("DA")
    await stage.press("Pristajem")
    return person


def last(stage: Stage) -> Outgoing:
    return stage.ledger[-1]


async def finish(stage: Stage) -> None:
    for _ in range(20):
        if not last(stage).buttons:
            return
        shown = last(stage)
        await stage.press_data(shown.buttons[0][0].data, shown)
    raise AssertionError("the questionnaire has no end")


async def test_a_whole_check_in_by_buttons(stage: Stage) -> None:
    person = await begun(stage)
    await finish(stage)
    async with stage.service.database.reading() as tx:
        first, second = await invitations.of_participant(tx, person)
        kept = await answers.of_participant(tx, person)
        assert await audit.verify(tx) is None
    assert (first.disposition, second.state) == (Disposition.COMPLETE, "planned")
    assert {answer.item for answer in kept} >= {"contact_now", "physical_force", "own_change", "wants_help"}
    assert all(decode(answer.value)[0] for answer in kept)


async def test_i3_who_may_be_contacted_no_more_is_answered_nothing_and_nothing_is_kept(stage: Stage) -> None:
    person = await begun(stage)
    before, shown = len(stage.ledger), last(stage)
    async with stage.service.database.writing() as tx:
        await consents.record(tx, NewConsent(person, Purpose.CONTACT, False, "1"), stage.now)
    await stage.press_data(shown.buttons[0][0].data, shown)
    await stage.say("zdravo")
    assert len(stage.ledger) == before
    async with stage.service.database.reading() as tx:
        assert await answers.of_participant(tx, person) == []


async def test_i5_i12_who_never_opened_the_link_is_not_written_to_and_a_task_says_so(stage: Stage) -> None:
    person = (await stage.enrol()).participant
    await stage.forward(stage.now + timedelta(days=102))
    assert stage.ledger == []
    async with stage.service.database.reading() as tx:
        assert {(each.kind, each.participant) for each in await tasks.standing(tx)} == {("not_bound", person)}


async def test_a_link_opened_late_ends_the_task_that_it_was_not(stage: Stage) -> None:
    enrolled = await stage.enrol()
    await stage.forward(stage.now + timedelta(days=102))
    await stage.start(enrolled.token)
    async with stage.service.database.reading() as tx:
        assert "not_bound" not in {each.kind for each in await tasks.standing(tx)}


async def test_the_notice_is_dull_and_consent_comes_before_the_first_question(stage: Stage) -> None:
    await noticed(stage)
    assert [button.label for row in last(stage).buttons for button in row] == ["DA", "KASNIJE"]
    consent = await stage.press("DA")
    assert consent is not None
    assert "dobrovoljno" in consent.text
    assert [button.label for row in consent.buttons for button in row] == ["Pristajem", "Ne pristajem"]


async def test_i3_nothing_is_asked_before_the_wave_consent_is_recorded(stage: Stage) -> None:
    person = await noticed(stage)
    await stage.press("DA")
    await stage.say("3")
    async with stage.service.database.reading() as tx:
        assert await answers.of_participant(tx, person) == []
    await stage.press("Pristajem")
    async with stage.service.database.reading() as tx:
        given = await consents.of_participant(tx, person)
    wave = next(each for each in given if each.invitation)
    assert (wave.purpose, wave.given, wave.channel) == (Purpose.EVALUATION, True, "telegram")
    assert wave.text_hash == stage.service.library.texts["consent_wave"].digest("sr_Latn")


async def test_declining_is_that_waves_refusal_and_no_withdrawal(stage: Stage) -> None:
    person = await noticed(stage)
    await stage.press("DA")
    await stage.press("Ne pristajem")
    async with stage.service.database.reading() as tx:
        first, second = await invitations.of_participant(tx, person)
        who = await participants.get(tx, person)
    assert (first.disposition, second.state, who.status) == (Disposition.REFUSAL, "planned", Status.ACTIVE)


@pytest.mark.parametrize("replies", [("један", "dalje"), ("Ja", "живимо"), ("ziv", "x")])
async def test_typed_words_move_on_only_when_they_are_understood(stage: Stage, replies: tuple[str, str]) -> None:
    await begun(stage)
    before = last(stage).text
    await stage.say(replies[0])
    after = last(stage).text
    assert (after != before) is True


async def test_a_withdrawal_cancels_everything_and_nothing_is_ever_sent_again(stage: Stage) -> None:
    person = await begun(stage)
    await stage.press_data(last(stage).buttons[0][0].data, last(stage))
    farewell = await stage.say("ne šaljite više poruke molim vas")
    assert farewell is not None
    assert farewell.text.startswith("Odjava je zabeležena")
    assert [each.participant for each in stage.service.tombstones.read()] == [person]
    async with stage.service.database.reading() as tx:  # with the withdrawal itself, not when it falls due
        assert not [row for row in await deliveries.of_participant(tx, person) if row.state is DeliveryState.PLANNED]
    sent = len(stage.ledger)
    assert await stage.say("STOP") is None
    assert await stage.say("DA") is None
    await stage.forward(stage.now + timedelta(days=200))
    assert len(stage.ledger) == sent
    async with stage.service.database.reading() as tx:
        rows = await deliveries.of_participant(tx, person)
        assert await interviews.live(tx, person) is None
    assert not [row for row in rows if row.state is DeliveryState.PLANNED]


async def test_leaving_ends_the_sitting_and_the_next_word_brings_the_same_question_back(stage: Stage) -> None:
    await begun(stage)
    question = last(stage).text
    await stage.say("kasnije")
    assert not last(stage).buttons
    stage.now += timedelta(days=2)
    await stage.say("DA")
    assert last(stage).text == question


async def test_skipped_and_refused_are_stored_apart(stage: Stage) -> None:
    person = await begun(stage)
    await stage.press("Preskoči")
    await stage.press("Dalje")
    await stage.press("Ne želim da odgovorim")
    async with stage.service.database.reading() as tx:
        kept = {answer.item: decode(answer.value)[1] for answer in await answers.of_participant(tx, person)}
    assert kept == {"contact_now": Missing.SKIPPED, "insulted": Missing.REFUSED}


async def test_a_button_pressed_twice_answers_once(stage: Stage) -> None:
    person = await begun(stage)
    first = last(stage)
    await stage.press_data(first.buttons[0][0].data, first)
    again = await stage.press_data(first.buttons[1][0].data, first)
    assert again is not None
    assert again.toast
    async with stage.service.database.reading() as tx:
        kept = await answers.of_participant(tx, person)
    assert [decode(answer.value)[0] for answer in kept] == ["together"]


async def test_i8_an_update_delivered_twice_changes_nothing(stage: Stage) -> None:
    await begun(stage)
    said = Incoming(Channel.TELEGRAM, "11", Event.TEXT, "1", message="m")
    assert await stage.send_in(said, "same") is not None
    assert (await stage.take(said, "same")).repeated


async def test_i13_after_an_unknown_reply_typed_words_never_land_on_another_item(
    stage: Stage,
) -> None:
    person = await begun(stage)
    stage.fate = Unknown()
    await stage.say("1")
    stage.fate = None
    await stage.say("1")
    assert last(stage).text.startswith("Pitanja koja slede")
    async with stage.service.database.reading() as tx:
        kept = await answers.of_participant(tx, person)
        open_tasks = [task.kind for task in await tasks.standing(tx)]
    assert [answer.item for answer in kept] == ["contact_now"]
    assert "send_unknown" in open_tasks


async def test_i13_an_unknown_notice_is_never_resent(stage: Stage) -> None:
    person = await bound(stage)
    stage.fate = Unknown()
    await stage.forward(START + timedelta(days=150))
    async with stage.service.database.reading() as tx:
        rows = await deliveries.of_participant(tx, person)
    notices = [row for row in rows if row.kind is DeliveryKind.NOTICE]
    assert notices[0].state is DeliveryState.UNKNOWN
    assert [each.delivery for each in stage.ledger].count(notices[0].id) == 1


async def test_a_blocked_bot_suspends_the_contact_and_tells_staff(stage: Stage) -> None:
    person = await bound(stage)
    stage.fate = Undeliverable("blocked")
    await stage.forward(START + timedelta(days=120))
    sent = len(stage.ledger)
    await stage.forward(START + timedelta(days=130))
    assert len(stage.ledger) == sent
    async with stage.service.database.reading() as tx:
        assert "contact_blocked" in {task.kind for task in await tasks.of_participant(tx, person)}


async def test_a_provider_that_is_busy_is_tried_again_and_the_message_leaves_once(stage: Stage) -> None:
    await bound(stage)
    stage.fate = TryLater(30)
    await stage.forward(START + timedelta(days=103))
    tried = len(stage.ledger)
    stage.fate = None
    await stage.forward(stage.now + timedelta(days=3))
    assert tried > 1
    assert len({each.delivery for each in stage.ledger if each.buttons}) == 1


async def test_reminders_stop_when_the_wave_is_answered(stage: Stage) -> None:
    person = await begun(stage)
    await finish(stage)
    await stage.forward(stage.now + timedelta(days=40))
    async with stage.service.database.reading() as tx:
        rows = await deliveries.of_participant(tx, person)
        first, _ = await invitations.of_participant(tx, person)
    reminders = [row for row in rows if row.kind is DeliveryKind.REMINDER and row.invitation == first.id]
    assert {row.state for row in reminders} == {DeliveryState.CANCELLED}


async def test_a_link_works_once_and_a_stranger_learns_nothing(stage: Stage) -> None:
    enrolled = await stage.enrol()
    await stage.start(enrolled.token)
    used = await stage.start(enrolled.token, chat="22")
    unknown = await stage.start("x" * 32, chat="33")
    assert used is not None
    assert unknown is not None
    assert without(used) == without(unknown)


async def test_a_stranger_and_a_participant_get_the_same_words_for_a_withdrawal(stage: Stage) -> None:
    await bound(stage)
    known = await stage.say("STOP")
    stranger = await stage.say("STOP", chat="99")
    assert known is not None
    assert stranger is not None
    assert known.text == stranger.text


async def test_i4_a_message_that_waited_over_a_minute_is_recorded_and_not_answered(stage: Stage) -> None:
    person = await begun(stage)
    assert await stage.say("1", age=61) is None
    async with stage.service.database.reading() as tx:
        assert [answer.item for answer in await answers.of_participant(tx, person)] == ["contact_now"]


async def test_i10_a_risk_answer_opens_exactly_one_alert_in_the_same_transaction(stage: Stage) -> None:
    person = await begun(stage)
    while "pretili" not in last(stage).text:
        await stage.press_data(last(stage).buttons[0][0].data, last(stage))
    await stage.say("2")
    await stage.say("nazad")
    await stage.say("3")
    async with stage.service.database.reading() as tx:
        opened = await alerts.of_participant(tx, person)
    assert [(each.item, each.urgency, each.call_consented) for each in opened] == [("threatened", "alert", False)]


async def test_words_of_danger_open_an_urgent_alert_and_show_the_lines(stage: Stage) -> None:
    person = await begun(stage)
    shown = await stage.say("ne živi mi se više")
    assert shown is not None
    assert shown.text.index("194") < shown.text.index("192")
    async with stage.service.database.reading() as tx:
        assert [each.urgency for each in await alerts.of_participant(tx, person)] == ["urgent"]


async def test_a_due_wave_opens_at_once_for_somebody_who_presses_start_late(stage: Stage) -> None:
    enrolled = await stage.enrol()
    stage.now = START + timedelta(days=110)
    await stage.tick()
    assert stage.ledger == []
    shown = await stage.start(enrolled.token)
    assert shown is not None
    assert "dobrovoljno" in shown.text


async def test_stickers_edits_and_forwards_have_no_effect(stage: Stage) -> None:
    person = await begun(stage)
    for event in (Event.OTHER, Event.EDITED):
        assert await stage.say("1", event=event) is not None
    async with stage.service.database.reading() as tx:
        assert await answers.of_participant(tx, person) == []


async def test_the_language_can_change_in_the_middle_and_is_remembered(stage: Stage) -> None:
    person = await begun(stage)
    shown = await stage.say("ћирилица")
    assert shown is not None
    assert "контакт" in shown.text
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).language == "sr_Cyrl"


async def test_a_wave_of_an_earlier_course_is_never_written_about(stage: Stage) -> None:
    person = await bound(stage)
    async with stage.service.database.writing() as tx:
        await participants.change(tx, person, stage.now, course=2)
    sent = len(stage.ledger)
    await stage.forward(START + timedelta(days=103))
    assert len(stage.ledger) == sent
    async with stage.service.database.reading() as tx:
        reasons = {row.reason for row in await deliveries.of_participant(tx, person) if row.reason}
    assert "other_course" in reasons


async def test_words_of_danger_are_heard_at_every_stage(stage: Stage) -> None:
    person = await noticed(stage)
    await stage.say("ne živi mi se više")
    await stage.press("Pristajem")
    await stage.say("kasnije")
    await stage.say("dići ću ruku na sebe")
    async with stage.service.database.reading() as tx:
        assert [each.urgency for each in await alerts.of_participant(tx, person)] == ["urgent", "urgent"]
