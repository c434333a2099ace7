"""Replies written down together: each is durable before its sender hears so, and one that fails harms no other."""

import asyncio
from dataclasses import replace

import pytest

from surveys.records import deliveries, interviews
from surveys.records.deliveries import ForeignLease
from surveys.records.failures import DatabaseUnavailable
from surveys.rules.vocabulary import Channel, DeliveryState
from surveys.steps.ports import Event, Incoming, Outgoing, Sent, Unknown
from surveys.steps.sent import SentReplies
from tests.steps.stage import Stage


async def replies(stage: Stage, count: int) -> list[Outgoing]:
    """So many claimed replies to strangers, not sent yet."""
    made = []
    for number in range(count):
        said = Incoming(Channel.TELEGRAM, str(900 + number), Event.TEXT, "zdravo", message="1")
        received = await stage.take(said)
        assert received.reply is not None
        made.append(received.reply)
    return made


async def state_of(stage: Stage, reply: Outgoing) -> tuple[DeliveryState, str | None]:
    async with stage.service.database.reading() as tx:
        row = await deliveries.get(tx, reply.delivery)
    assert row is not None
    return row.state, row.provider_message


async def test_all_that_are_reported_at_once_are_recorded(stage: Stage) -> None:
    several, sent = await replies(stage, 5), SentReplies(stage.service, lambda: stage.now)
    await asyncio.gather(*(sent.record(each, Sent(f"m{n}")) for n, each in enumerate(several)))
    assert [await state_of(stage, each) for each in several] == [(DeliveryState.SENT, f"m{n}") for n in range(5)]


async def test_i2_a_reply_that_another_took_over_is_refused_and_the_others_are_recorded(stage: Stage) -> None:
    several, sent = await replies(stage, 3), SentReplies(stage.service, lambda: stage.now)
    several[1] = replace(several[1], lease="l-of-somebody-else")
    told = await asyncio.gather(*(sent.record(each, Sent("m")) for each in several), return_exceptions=True)
    assert [type(each) for each in told] == [type(None), ForeignLease, type(None)]
    states = [(await state_of(stage, each))[0] for each in several]
    assert states == [DeliveryState.SENT, DeliveryState.CLAIMED, DeliveryState.SENT]


async def test_i1_nobody_hears_that_a_reply_is_recorded_where_it_is_not(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    several, sent = await replies(stage, 3), SentReplies(stage.service, lambda: stage.now)

    async def fails(*_: object) -> None:
        raise DatabaseUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(deliveries, "mark_many", fails)
        told = await asyncio.gather(*(sent.record(each, Sent("m")) for each in several), return_exceptions=True)
    assert [type(each) for each in told] == [DatabaseUnavailable] * 3
    assert [(await state_of(stage, each))[0] for each in several] == [DeliveryState.CLAIMED] * 3
    await sent.record(several[0], Sent("m"))
    assert (await state_of(stage, several[0]))[0] is DeliveryState.SENT


async def test_i13_what_is_not_plainly_sent_is_recorded_as_what_it_is(stage: Stage) -> None:
    (reply,), sent = await replies(stage, 1), SentReplies(stage.service, lambda: stage.now)
    await sent.record(reply, Unknown())
    assert (await state_of(stage, reply))[0] is DeliveryState.UNKNOWN


async def test_the_bubble_of_a_question_is_remembered(stage: Stage) -> None:
    enrolled = await stage.enrol(completed_on="2026-06-01")
    assert enrolled.token is not None
    said = Incoming(Channel.TELEGRAM, "11", Event.START, enrolled.token, message="1")
    received = await stage.take(said)
    assert received.reply is not None
    await SentReplies(stage.service, lambda: stage.now).record(received.reply, Sent("77"))
    async with stage.service.database.reading() as tx:
        interview = await interviews.live(tx, enrolled.participant)
    assert interview is not None
    assert interview.bubble == "77"
