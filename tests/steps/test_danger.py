"""Words of danger, wherever they stand and whoever is at what point: staff are told, the lines that fit are shown."""

import re
from datetime import timedelta

import pytest

from surveys.language.danger import Danger
from surveys.records import alerts, answers, deliveries, participants, tasks
from surveys.records.alerts import Alert
from surveys.rules.vocabulary import Channel, Status, Urgency
from surveys.steps.ports import Event, Incoming, Outgoing, Undeliverable
from tests.records.looked import chain
from tests.steps.stage import Stage
from tests.steps.test_checkin import begun, bound, last, noticed

SUICIDE, THREAT = "ubiću se", "ubiću je"


async def opened(stage: Stage, person: str) -> list[Alert]:
    async with stage.service.database.reading() as tx:
        return await alerts.of_participant(tx, person)


def numbers(reply: Outgoing | None) -> list[str]:
    """The helplines of a reply, in order."""
    assert reply is not None
    return re.findall(r"^([0-9][0-9 ]+) –", reply.text, re.MULTILINE)


async def consent_asked(stage: Stage) -> str:
    person = await noticed(stage)
    await stage.press("DA")
    return person


async def left(stage: Stage) -> str:
    person = await begun(stage)
    await stage.say("kasnije")
    return person


async def finished(stage: Stage) -> str:
    person = await begun(stage)
    while last(stage).buttons:
        await stage.press_data(last(stage).buttons[0][0].data, last(stage))
    return person


@pytest.mark.parametrize("so_far", [bound, noticed, consent_asked, begun, left, finished])
@pytest.mark.parametrize(("words", "first"), [(SUICIDE, "194"), (THREAT, "192")])
async def test_i10_words_of_danger_raise_an_alert_and_show_the_lines_that_fit_at_every_stage(
    stage: Stage, so_far: object, words: str, first: str
) -> None:
    person = await so_far(stage)  # type: ignore[operator]
    before = len(await opened(stage, person))
    shown = numbers(await stage.say(words))
    found = (await opened(stage, person))[before:]
    assert [each.urgency for each in found] == [Urgency.URGENT]
    assert shown[0] == first
    assert set(shown[:2]) == {"192", "194"}


@pytest.mark.parametrize(
    "said",
    [
        Incoming(Channel.TELEGRAM, "11", Event.START, SUICIDE),
        Incoming(Channel.TELEGRAM, "11", Event.START, "ubicu_se"),
        Incoming(Channel.TELEGRAM, "11", Event.OTHER, SUICIDE),
        Incoming(Channel.TELEGRAM, "11", Event.OTHER, SUICIDE, quoted=True),
        Incoming(Channel.TELEGRAM, "11", Event.EDITED, SUICIDE),
    ],
)
@pytest.mark.parametrize("so_far", [bound, begun])
async def test_i10_words_of_danger_count_after_start_in_captions_forwards_and_corrections(
    stage: Stage, so_far: object, said: Incoming
) -> None:
    person = await so_far(stage)  # type: ignore[operator]
    assert numbers(await stage.send_in(said))[0] == "194"
    assert [each.rule for each in await opened(stage, person)] == ["suicide"]


async def test_lines_stand_above_the_question_whose_buttons_stay(stage: Stage) -> None:
    await begun(stage)
    question = last(stage)
    reply = await stage.say(THREAT)
    assert reply is not None
    assert reply.text.endswith(question.text)
    assert [len(row) for row in reply.buttons] == [len(row) for row in question.buttons]


async def test_i11_somebody_elses_words_withdraw_nobody(stage: Stage) -> None:
    person = await bound(stage)
    await stage.send_in(Incoming(Channel.TELEGRAM, "11", Event.OTHER, "STOP", quoted=True))
    await stage.say("STOP", event=Event.START)
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.ACTIVE


async def test_i11_after_a_withdrawal_words_of_danger_reach_staff_and_nothing_is_said_or_kept(stage: Stage) -> None:
    person = await begun(stage)
    await stage.say("STOP")
    sent = len(stage.ledger)
    assert await stage.say(SUICIDE) is None
    assert await stage.say("dobar dan") is None
    assert [each.rule for each in await opened(stage, person)] == ["suicide"]
    assert len(stage.ledger) == sent
    async with stage.service.database.reading() as tx:
        assert await answers.of_participant(tx, person) == []
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN
        assert (await opened(stage, person))[0].call_consented is False


async def test_a_withdrawal_with_words_of_danger_is_acknowledged_like_any_other_and_raises_an_alert(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await bound(stage)
    monkeypatch.setattr("surveys.steps.turn.danger", lambda _: Danger.SUICIDE)
    known = await stage.say("STOP")
    stranger = await stage.say("STOP", chat="99")
    assert known is not None
    assert stranger is not None
    assert known.text == stranger.text
    assert [each.rule for each in await opened(stage, person)] == ["suicide"]


@pytest.mark.parametrize("code", ["blocked", "forbidden", "deactivated", "never_started", "chat_not_found"])
async def test_who_writes_from_an_address_that_was_given_up_is_answered_and_it_is_audited(
    stage: Stage, code: str
) -> None:
    await bound(stage)
    stage.fate = Undeliverable(code)
    await stage.say("dobar dan")
    stage.fate = None
    assert await stage.say("dobar dan") is not None
    assert await stage.say("dobar dan") is not None
    async with stage.service.database.reading() as tx:
        actions = [entry.action for entry in await chain(tx)]
        assert f"contact_{code}" in [each.kind for each in await tasks.standing(tx)]
    assert actions.count("contact.resumed") == 1


async def test_i5_a_wrong_number_stays_given_up_whoever_writes(stage: Stage) -> None:
    await bound(stage)
    assert await stage.say("pogrešan broj") is not None
    assert await stage.say("dobar dan") is None
    assert await stage.say("DA") is None


async def test_a_stranger_who_has_a_new_link_and_a_withdrawn_record_is_bound_to_the_new_one(stage: Stage) -> None:
    old = await bound(stage)
    await stage.say("STOP")
    anew = await stage.enrol(
        reconsent={"recorded_by": "Мира Јовић", "on": stage.service.local(stage.now).date().isoformat()}
    )
    greeting = await stage.start(anew.token)
    assert greeting is not None
    assert "potvrđen" in greeting.text
    assert await stage.say("dobar dan") is not None
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, old)).status is Status.WITHDRAWN
        actions = {(entry.action, entry.subject) for entry in await chain(tx)}
        assert not [row for row in await deliveries.of_participant(tx, old) if row.state == "planned"]
    assert {("contact.released", old), ("contact.bound", anew.participant)} <= actions
    await stage.say("STOP")
    assert {each.participant for each in stage.service.tombstones.read()} == {old, anew.participant}


async def test_i5_a_chat_that_is_an_active_persons_is_bound_to_nobody_else(stage: Stage) -> None:
    await bound(stage)
    other = await stage.enrol(case_code="KG-7Q2M-12")
    await stage.start(other.token)
    assert await stage.start(other.token, chat="12") is not None
    await stage.say("STOP", chat="12")
    assert [each.participant for each in stage.service.tombstones.read()] == [other.participant]


async def test_i12_who_begins_before_the_notice_gets_none_and_is_reminded_all_the_same(stage: Stage) -> None:
    person = await bound(stage)
    async with stage.service.database.reading() as tx:
        first = next(each for each in await deliveries.of_participant(tx, person) if each.kind == "notice")
    stage.now = first.due_at - timedelta(minutes=1)
    await stage.say("dobar dan")
    assert "dobrovoljno" in last(stage).text
    stage.ledger.clear()
    await stage.forward(stage.now + timedelta(days=30))
    async with stage.service.database.reading() as tx:
        rows = [each for each in await deliveries.of_participant(tx, person) if each.invitation == first.invitation]
    notice = next(each for each in rows if each.kind == "notice")
    assert (notice.state, notice.reason) == ("cancelled", "begun")
    assert [each.state for each in rows if each.kind == "reminder"][:1] == ["sent"]
    assert len(stage.ledger) == len([each for each in rows if each.kind == "reminder" and each.state == "sent"])
