"""Replies on their way: in order for one address, side by side for others, and none lost at the end."""

import asyncio
from dataclasses import replace

import pytest

from bot.replies import Replies
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Outgoing

FIRST = Outgoing("d1", Channel.TELEGRAM, "1", "a")
SECOND = replace(FIRST, delivery="d2")
OTHER = replace(FIRST, delivery="d3", address="2")


class Line:
    """A sender whose deliveries end when the test lets them."""

    def __init__(self) -> None:
        self.gates = {each.delivery: asyncio.Event() for each in (FIRST, SECOND, OTHER)}
        self.begun: list[str] = []
        self.ended: list[str] = []

    async def send(self, reply: Outgoing) -> None:
        self.begun.append(reply.delivery)
        await self.gates[reply.delivery].wait()
        self.ended.append(reply.delivery)


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_address_gets_them_in_order_and_others_do_not_wait() -> None:
    line = Line()
    replies = Replies(line.send)
    for each in (FIRST, SECOND, OTHER):
        replies.start(each)
    await _settle()
    assert line.begun == ["d1", "d3"]
    line.gates["d1"].set()
    await _settle()
    assert line.begun == ["d1", "d3", "d2"]
    for gate in line.gates.values():
        gate.set()
    await replies.drain()
    assert sorted(line.ended) == ["d1", "d2", "d3"]


async def test_a_reply_that_fails_stops_no_other_and_names_nothing(caplog: pytest.LogCaptureFixture) -> None:
    ended = []

    async def send(reply: Outgoing) -> None:
        if reply is FIRST:
            raise RuntimeError("Dobro")
        ended.append(reply.delivery)

    replies = Replies(send)
    replies.start(FIRST)
    replies.start(SECOND)
    await replies.drain()
    assert ended == ["d2"]
    assert "RuntimeError" in caplog.text
    assert "Dobro" not in caplog.text


async def test_the_end_waits_no_longer_than_it_is_told_and_nothing_starts_after_it() -> None:
    line = Line()
    replies = Replies(line.send)
    replies.start(FIRST)
    replies.start(SECOND)
    await _settle()
    await replies.drain(0.01)
    await _settle()
    assert line.ended == []
    assert line.begun == ["d1"]


async def test_with_nothing_on_its_way_the_end_is_at_once() -> None:
    await Replies(Line().send).drain()
