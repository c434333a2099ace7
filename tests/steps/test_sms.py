"""SMS in the core, on both databases: link notices, receipts in any order, opt-outs, numbers of one person, calls."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from surveys.instruments.asking import Ask, Offered
from surveys.instruments.model import Kind
from surveys.language.script import Script, script_of, segments
from surveys.records import contacts, deliveries, inbox, participants, sms_messages, tasks
from surveys.records.database import Tx
from surveys.records.deliveries import Delivery
from surveys.records.failures import DatabaseUnavailable
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState, Side, SmsScript, Status
from surveys.steps import receive as receiving
from surveys.steps import sms
from surveys.steps.amend import AmendmentRefused, amend, read
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.number_check import NotConfirmable, confirm, open_test
from surveys.steps.ports import Event, Incoming, Outgoing, Sent, Unknown
from surveys.steps.service import Service
from surveys.steps.sms_inbound import HeardSms, take_in
from surveys.steps.sms_text import question_text
from surveys.steps.sms_wiping import bodies_to_redact
from tests.steps.stage import Stage

PHONE = "+381641234567"
LINK = "https://surveys.example.org/p/" + "k" * 22


async def _link(tx: Tx, service: Service, invitation: str, participant: str, now: object) -> str:
    assert participant
    return LINK


def linked(stage: Stage) -> None:
    stage.service = replace(stage.service, issue_link=_link)


def talking(stage: Stage) -> None:
    stage.service = replace(stage.service, two_way=True)


async def by_sms(stage: Stage, number: str = PHONE, **changes: Any) -> str:
    """A man enrolled by SMS, his number confirmed."""
    person = (await stage.enrol(channel="sms", phone=number, **changes)).participant
    await confirmed(stage, person)
    return person


async def confirmed(stage: Stage, person: str) -> None:
    message = await open_test(stage.service, person, "by:one", stage.now)
    await stage.deliver(message)
    await confirm(stage.service, person, "by:one", stage.now)


async def says(stage: Stage, text: str, number: str = PHONE) -> Outgoing | None:
    return await stage.send_in(Incoming(Channel.SMS, number, Event.TEXT, text, message=f"m{next(stage.numbers)}"))


async def noticed(stage: Stage, person: str) -> Delivery:
    """Go on until his first message left."""
    for _ in range(24 * 120):
        stage.now += timedelta(hours=1)
        await stage.tick()
        sent = [each for each in await of(stage, person) if each.kind is DeliveryKind.NOTICE and each.provider_message]
        if sent:
            return sent[0]
    raise AssertionError("no notice left")


async def of(stage: Stage, person: str) -> list[Delivery]:
    async with stage.service.database.reading() as tx:
        return await deliveries.of_participant(tx, person)


async def kinds(stage: Stage) -> list[str]:
    async with stage.service.database.reading() as tx:
        return sorted(each.kind for each in await tasks.standing(tx))


async def test_a_one_way_notice_is_one_segment_with_its_link_and_lapses_with_the_hours(stage: Stage) -> None:
    linked(stage)
    person = await by_sms(stage)
    sent = await noticed(stage, person)
    notice = next(each for each in stage.ledger if each.delivery == sent.id)
    assert LINK in notice.text
    assert (segments(notice.text), notice.buttons) == (1, ())
    assert stage.service.hours.is_allowed(stage.now + timedelta(seconds=notice.valid - 1))
    assert not stage.service.hours.is_allowed(stage.now + timedelta(seconds=notice.valid + 1))


async def test_a_link_notice_waits_where_no_page_is_served(stage: Stage) -> None:
    person = await by_sms(stage)
    reasons = set()
    for _ in range(97):
        await stage.forward(stage.now + timedelta(days=1))
        reasons |= {each.reason for each in await of(stage, person)}
    assert "no_page" in reasons
    assert [each.delivery for each in stage.ledger][1:] == []


async def test_i5_a_number_counts_as_given_to_staff_and_a_task_asks_to_test_it(stage: Stage) -> None:
    talking(stage)
    person = (await stage.enrol(channel="sms", phone=PHONE)).participant
    assert "number_untested" in await kinds(stage)
    await confirmed(stage, person)
    assert "number_untested" not in await kinds(stage)
    await stage.forward(stage.now + timedelta(days=97))
    assert {each.address for each in stage.ledger} == {PHONE}


async def test_a_number_is_confirmed_only_after_a_test_message(stage: Stage) -> None:
    person = (await stage.enrol(channel="sms", phone=PHONE)).participant
    with pytest.raises(NotConfirmable):
        await confirm(stage.service, person, "by:one", stage.now)
    await confirmed(stage, person)
    assert "probna" in stage.ledger[-1].text
    with pytest.raises(NotConfirmable):
        await open_test(stage.service, person, "by:one", stage.now)
    stage.now += timedelta(hours=14)
    with pytest.raises(NotConfirmable):
        await open_test(stage.service, person, "by:one", stage.now)


async def test_receipts_move_forward_only_and_may_come_before_the_response(stage: Stage) -> None:
    talking(stage)
    person = await by_sms(stage)
    await sms.note_receipt(stage.service, "SM1", "delivered", None, stage.now)
    await sms.note_receipt(stage.service, "SM1", "sent", None, stage.now)
    async with stage.service.database.writing() as tx:
        first = Outgoing((await of(stage, person))[0].id, Channel.SMS, PHONE, valid=300.0)
        await sms.note_sent(tx, stage.service, "SM1", first, stage.now)
    async with stage.service.database.reading() as tx:
        known = await sms_messages.get(tx, "SM1")
    assert known is not None
    assert (known.status, known.participant) == ("delivered", person)


async def test_a_handset_that_was_off_is_tried_once_more_as_a_new_delivery(stage: Stage) -> None:
    talking(stage)
    person = await by_sms(stage)
    sent = await noticed(stage, person)
    await sms.note_receipt(stage.service, sent.provider_message or "", "undelivered", "unreachable_handset", stage.now)
    again = [each for each in await of(stage, person) if each.why == sms.AGAIN]
    assert [(each.kind, each.state, each.sequence) for each in again] == [
        (DeliveryKind.NOTICE, DeliveryState.PLANNED, sent.sequence + 1)
    ]


async def test_a_landline_is_suspended_and_a_filtered_message_is_a_task(stage: Stage) -> None:
    talking(stage)
    person = await by_sms(stage)
    sent = (await noticed(stage, person)).provider_message or ""
    async with stage.service.database.writing() as tx:
        await sms_messages.note_sent(tx, "SM-other", (await of(stage, person))[0].id, person, stage.now)
    await sms.note_receipt(stage.service, "SM-other", "undelivered", "filtered", stage.now)
    await sms.note_receipt(stage.service, sent, "undelivered", "landline", stage.now)
    assert {"sms_not_delivered", "contact_landline"} <= set(await kinds(stage))
    async with stage.service.database.reading() as tx:
        contact = await contacts.current(tx, person, Channel.SMS)
    assert contact is not None
    assert contact.suspended_at == stage.now


async def test_i11_the_providers_opt_out_is_a_withdrawal(stage: Stage) -> None:
    talking(stage)
    person = await by_sms(stage)
    sent = (await noticed(stage, person)).provider_message or ""
    await sms.note_receipt(stage.service, sent, "undelivered", sms.OPTED_OUT, stage.now)
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN
    assert all(each.state is not DeliveryState.PLANNED for each in await of(stage, person))


def heard(text: str, sid: str = "SM9", *, replied: bool = False, age: float = 0.0) -> HeardSms:
    return HeardSms(sid, Incoming(Channel.SMS, PHONE, Event.TEXT, text, age=age), text, b"{}", replied)


async def test_a_number_that_comes_with_other_words_is_an_alarm_and_no_answer(stage: Stage) -> None:
    talking(stage)
    await by_sms(stage)
    assert (await take_in(stage.service, heard("da"), stage.now)).reply is not None
    assert (await take_in(stage.service, heard("da"), stage.now)).repeated
    assert (await take_in(stage.service, heard("stop"), stage.now)).reply is None
    assert await kinds(stage) == ["sms_conflict"]


async def test_i11_an_opt_out_that_is_posted_after_the_message_was_heard_from_the_list_withdraws(stage: Stage) -> None:
    talking(stage)
    person = await by_sms(stage)
    await take_in(stage.service, heard("Dosta mi je svega"), stage.now)
    opted = replace(heard("Dosta mi je svega"), said=heard("STOP").said, replied=True, opted_out=True)
    assert (await take_in(stage.service, opted, stage.now)).reply is not None
    assert (await take_in(stage.service, opted, stage.now)).repeated
    assert await kinds(stage) == ["sms_auto_reply"]
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN


async def test_a_provider_that_answers_by_itself_is_a_task(stage: Stage) -> None:
    await take_in(stage.service, heard("stop", replied=True), stage.now)
    assert await kinds(stage) == ["sms_auto_reply"]


async def test_safety_an_sms_that_was_not_committed_is_not_redacted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: Any) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr(inbox, "put_done", full)
    with pytest.raises(DatabaseUnavailable):
        await take_in(stage.service, heard("stop"), stage.now)
    assert await bodies_to_redact(stage.service, stage.now) == []


async def test_i7_an_sms_that_cannot_be_handled_is_kept_and_noted_together(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> None:
        raise ValueError

    monkeypatch.setattr(receiving, "converse", fails)
    old = stage.now - timedelta(hours=2)
    assert (await take_in(stage.service, heard("stop", age=7200.0), stage.now)).kept
    async with stage.service.database.reading() as tx:
        assert [each.received_at for each in await inbox.unhandled(tx)] == [old]
    assert await bodies_to_redact(stage.service, stage.now) == [("SM9", 0)]


async def test_a_number_of_this_centre_is_refused_and_one_of_another_is_held(stage: Stage) -> None:
    await by_sms(stage)
    with pytest.raises(EnrolmentRefused):
        await stage.enrol(channel="sms", phone="064 123 4567")
    other = (await stage.enrol(channel="sms", phone=PHONE, centre="nis")).participant
    assert "number_shared" in await kinds(stage)
    with pytest.raises(NotConfirmable):
        await open_test(stage.service, other, "by:one", stage.now)


@pytest.mark.parametrize("said", ["Ko je ovo?", "погрешан број", "pogresan broj"])
async def test_a_wrong_number_gets_neutral_words_and_is_suspended(stage: Stage, said: str) -> None:
    talking(stage)
    await by_sms(stage)
    reply = await says(stage, said)
    assert reply is not None
    assert "zabune" in reply.text
    assert "contact_wrong_number" in await kinds(stage)
    assert await says(stage, "da") is None


@pytest.mark.parametrize("side", [Side.SURVIVORS, Side.EX_PERPETRATORS])
async def test_safety_no_item_travels_to_a_survivor_or_by_a_one_way_sender(stage: Stage, side: Side) -> None:
    talking(stage)
    await by_sms(stage)
    stage.service = replace(stage.service, side=side, two_way=side is Side.SURVIVORS)
    stage.now += timedelta(days=93)
    reply, stranger = await says(stage, "da"), await says(stage, "da", "+381650000001")
    assert reply is not None
    assert stranger is not None
    assert reply.text == stranger.text
    withdrawn = await says(stage, "stop")
    assert withdrawn is not None
    assert "Odjava" in withdrawn.text


async def test_who_chose_to_be_called_is_a_task_and_no_message(stage: Stage) -> None:
    consent = {"contact": True, "evaluation": True, "call": True, "recorded_by": "Mira", "version": "1"}
    person = (await stage.enrol(channel="phone", phone=PHONE, consent=consent)).participant
    await stage.forward(stage.now + timedelta(days=100))
    assert "call" in await kinds(stage)
    assert stage.ledger == []
    assert not [each for each in await of(stage, person) if each.state is DeliveryState.SENT]


def test_a_question_that_costs_more_than_two_segments_goes_to_the_page() -> None:
    asked = Ask(
        "q", Kind.SELECT_ONE, 1, "Pitanje? " * 5, "Na primer. " * 30, (Offered("a", "Da"),), False, False, True, 1, 9
    )
    text = question_text(asked, "sr_Latn")
    assert text is not None
    assert "primer" not in text
    assert question_text(replace(asked, text="Pitanje? " * 50), "sr_Latn") is None


async def test_i13_an_sms_that_was_perhaps_sent_is_not_sent_again(stage: Stage) -> None:
    talking(stage)
    person = await by_sms(stage)
    stage.fate = Unknown()
    await stage.forward(stage.now + timedelta(days=96))
    stage.fate = Sent("SM-late")
    await stage.forward(stage.now + timedelta(days=1))
    first = [each for each in await of(stage, person) if each.kind is DeliveryKind.NOTICE and each.sequence == 0]
    assert DeliveryState.UNKNOWN in {each.state for each in first}
    assert "send_unknown" in await kinds(stage)


async def test_i5_an_amended_number_is_the_one_that_is_written_to_and_one_of_this_centre_is_refused(
    stage: Stage,
) -> None:
    talking(stage)
    person, other = await by_sms(stage), await by_sms(stage, "+381642223334", case_code="KG-2")
    for number, refused in (("064 555 6667", False), ("+381642223334", True)):
        change = {"participant": person, "kind": "phone", "phone": number, "recorded_by": "Mira"}
        try:
            await amend(stage.service, read(stage.service, change, stage.now), "by:one", stage.now)
        except EnrolmentRefused:
            assert refused
        else:
            assert not refused
    assert "number_untested" in await kinds(stage)
    stage.ledger.clear()
    await noticed(stage, person)
    assert "+381645556667" in {each.address for each in stage.ledger}
    assert PHONE not in {each.address for each in stage.ledger}
    assert other


@pytest.mark.parametrize(
    ("script", "letters"), [("cyrillic", Script.CYRILLIC), ("latin", Script.LATIN), ("ascii", Script.LATIN)]
)
async def test_a_whole_interview_goes_by_sms_in_the_letters_that_were_chosen(
    stage: Stage, script: str, letters: Script
) -> None:
    """An item that would take more than two segments goes in plain letters; everything else as it was chosen."""
    talking(stage)
    person = await by_sms(stage, language="sr_Cyrl", sms_script=script)
    await noticed(stage, person)
    said = [stage.ledger[-1].text]
    for step in range(40):
        reply = (await take_in(stage.service, heard("da" if step == 0 else "1", f"SM{step:032x}"), stage.now)).reply
        if reply is None:
            break
        said.append(reply.text)
    assert len(said) > 12
    whole = [each for each in said if script == "ascii" or not each.isascii()]
    assert len(whole) >= 2
    assert {script_of(each) for each in whole} == {letters}
    assert all(segments(each) <= 2 for each in said if each not in whole)
    assert (segments(said[0]), said[0] in whole) == (1, True)


async def test_the_letters_of_sms_can_be_changed_and_cyrillic_needs_the_language(stage: Stage) -> None:
    person = await by_sms(stage, language="sr_Latn")
    told = {"participant": person, "kind": "sms_script", "recorded_by": "Mira"}
    with pytest.raises(AmendmentRefused):
        await amend(
            stage.service, read(stage.service, told | {"sms_script": "cyrillic"}, stage.now), "by:one", stage.now
        )
    await amend(stage.service, read(stage.service, told | {"sms_script": "latin"}, stage.now), "by:one", stage.now)
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).sms_script is SmsScript.LATIN
    with pytest.raises(EnrolmentRefused):
        await by_sms(stage, "+381641234568", language="sr_Latn", sms_script="cyrillic")
