"""Holds what a review found: withdrawals and words of danger that were lost, and messages sent on an old claim."""

from datetime import timedelta
from typing import Any

import pytest

from posle.restoring import replay
from surveys.records import alerts, contacts, deliveries, holds, inbox, interviews, invitations, participants
from surveys.records.holds import WHOLE_SIDE, Scope
from surveys.records.tombstones import Fate
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState, Status
from surveys.steps.dispatch import dispatch
from surveys.steps.ports import Event, Incoming, Outcome, Outgoing, Sent, TryLater
from tests.records.looked import chain
from tests.steps.stage import START, Stage
from tests.steps.test_checkin import begun

DUE = START + timedelta(days=89)


async def bound(stage: Stage, chat: str = "11") -> str:
    enrolled = await stage.enrol()
    await stage.start(enrolled.token, chat)
    return enrolled.participant


async def status(stage: Stage, person: str) -> Status:
    async with stage.service.database.reading() as tx:
        return (await participants.get(tx, person)).status


async def urgent(stage: Stage, person: str) -> int:
    async with stage.service.database.reading() as tx:
        return len(await alerts.of_participant(tx, person))


async def become(stage: Stage, person: str, now: Status) -> None:
    async with stage.service.database.writing() as tx:
        await participants.change(tx, person, stage.now, status=now)


@pytest.mark.parametrize("away", [Status.IN_CUSTODY, Status.SUSPENDED, Status.MOVED_ABROAD])
async def test_a_withdrawal_counts_also_from_somebody_who_is_away(stage: Stage, away: Status) -> None:
    person = await bound(stage)
    await become(stage, person, away)
    assert await stage.say("kako ste") is None
    assert await stage.say("STOP") is not None
    assert await status(stage, person) is Status.WITHDRAWN


async def test_words_of_danger_count_also_from_somebody_who_is_away(stage: Stage) -> None:
    person = await bound(stage)
    await become(stage, person, Status.IN_CUSTODY)
    assert await stage.say("dići ću ruku na sebe") is None
    assert await urgent(stage, person) == 1


@pytest.mark.parametrize("event", [Event.OTHER, Event.EDITED])
async def test_captions_and_edits_are_heard_for_danger_and_withdrawal_only(stage: Stage, event: Event) -> None:
    person = await bound(stage)
    await stage.say("dići ću ruku na sebe", event=event)
    assert await urgent(stage, person) == 1
    await stage.say("STOP", event=event)
    assert await status(stage, person) is Status.WITHDRAWN


async def test_nothing_about_a_wave_stands_in_the_way_of_a_withdrawal(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await bound(stage)

    async def broken(*_: Any) -> None:
        raise LookupError

    monkeypatch.setattr(invitations, "current", broken)
    assert await stage.say("STOP") is not None
    assert await status(stage, person) is Status.WITHDRAWN


async def test_i15_a_purge_finds_what_waits_in_the_inbox(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await bound(stage)

    async def broken(*_: Any) -> None:
        raise LookupError

    monkeypatch.setattr(invitations, "current", broken)
    assert (await stage.take(Incoming(Channel.TELEGRAM, "11", Event.TEXT, "dobar dan"))).kept
    async with stage.service.database.writing() as tx:
        sender = contacts.address_index(tx, Channel.TELEGRAM, "11")
        assert await inbox.forget_sender(tx, sender) == 1


async def test_i14_an_address_that_is_used_again_is_audited(stage: Stage) -> None:
    await bound(stage)
    await stage.send_in(Incoming(Channel.TELEGRAM, "11", Event.BLOCKED))
    await stage.say("dobar dan")
    async with stage.service.database.reading() as tx:
        assert "contact.resumed" in [entry.action for entry in await chain(tx)]


async def notices_due(stage: Stage) -> None:
    """Two people whose notices are due at this very moment, inside the hours."""
    people = [await bound(stage, chat) for chat in ("11", "12")]
    stage.ledger.clear()
    while not stage.service.hours.is_allowed(stage.now) or stage.now < DUE + timedelta(days=14):
        stage.now += timedelta(hours=1)
    async with stage.service.database.writing() as tx:
        for person in people:
            first = next(row for row in await deliveries.of_participant(tx, person) if row.kind is DeliveryKind.NOTICE)
            await deliveries.move(tx, first.id, stage.now, stage.now + timedelta(days=7))


async def test_i20_a_hold_stops_what_was_claimed_but_waits_for_its_turn(stage: Stage) -> None:
    await notices_due(stage)

    async def slow(message: Outgoing) -> Outcome:
        stage.ledger.append(message)
        stage.now += timedelta(seconds=40)
        async with stage.service.database.writing() as tx:
            await holds.place(tx, Scope.SIDE, WHOLE_SIDE, "stop", "operator", stage.now)
        return Sent(message.delivery)

    await dispatch(stage.service, slow, lambda: stage.now)
    assert len(stage.ledger) == 1


async def test_a_busy_provider_gets_nothing_more_and_what_waits_is_claimed_anew(stage: Stage) -> None:
    await notices_due(stage)
    stage.fate = TryLater(1800)
    await stage.tick()
    assert len(stage.ledger) == 1
    async with stage.service.database.reading() as tx:
        people = await participants.page(tx)
        rows = [row for person in people for row in await deliveries.of_participant(tx, person.id)]
    assert not [row for row in rows if row.state is DeliveryState.CLAIMED]
    waiting = [row.due_at for row in rows if row.state is DeliveryState.PLANNED and row.reason == "try_later"]
    assert len(waiting) == 2
    assert min(waiting) >= stage.now + timedelta(seconds=1800)


async def test_waiting_under_a_hold_uses_up_no_attempt(stage: Stage) -> None:
    await notices_due(stage)
    async with stage.service.database.writing() as tx:
        await holds.place(tx, Scope.SIDE, WHOLE_SIDE, "stop", "operator", stage.now)
    for _ in range(12):
        await stage.tick()
        stage.now += timedelta(minutes=10)
    async with stage.service.database.writing() as tx:
        await holds.release(tx, Scope.SIDE, WHOLE_SIDE, "operator", stage.now)
    stage.fate = TryLater(5)
    await stage.tick()
    async with stage.service.database.reading() as tx:
        assert not [kind for (kind, state) in await deliveries.counts(tx) if state is DeliveryState.FAILED]


async def test_i4_an_old_message_leaves_its_reply_less_time(stage: Stage) -> None:
    await bound(stage)
    reply = await stage.say("dobar dan", age=50.0)
    assert reply is not None
    assert reply.seconds == 10.0


async def test_i11_a_database_that_knows_less_than_the_tombstones_learns_it_at_the_start(stage: Stage) -> None:
    person = await bound(stage)
    await stage.service.tombstones.append(person, Fate.WITHDRAWN, stage.now)
    assert await replay(stage.service, stage.now) == 1
    assert await status(stage, person) is Status.WITHDRAWN
    assert await replay(stage.service, stage.now) == 0


async def test_i9_an_interview_that_ended_meanwhile_takes_no_answer(stage: Stage) -> None:
    person = await begun(stage)
    async with stage.service.database.writing() as tx:
        live = await interviews.live(tx, person)
        assert live is not None
        await interviews.end_live(tx, person, "withdrawn", stage.now)
        with pytest.raises(interviews.InterviewMoved):
            await interviews.save(tx, live, live.stage, live.state, None, stage.now)
