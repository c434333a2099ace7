"""What could not be handled waits in the inbox: handled once, answered in time or not, dead in the end, forgotten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from surveys.records import inbox, staff_sessions, tasks
from surveys.rules.vocabulary import Channel
from surveys.steps import receive as receiving
from surveys.steps.ports import Event, Incoming, Outgoing
from surveys.steps.receive import MOST_ATTEMPTS, Received, receive, retry_inbox
from surveys.steps.tidy import DEAD_FOR, HANDLED_FOR, OVER_FOR, tidy
from tests.records.looked import arrived
from tests.steps.stage import Stage
from tests.steps.test_staff_access import active, entered

SAID = Incoming(Channel.TELEGRAM, "11", Event.TEXT, "dobar dan", message="1")
SECOND = timedelta(seconds=1)


class Fault(Exception):
    """Something of ours that goes wrong for one update."""


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The conversation fails until it is mended."""
    whole = vars(receiving)["converse"]

    async def fails(*_: Any) -> None:
        raise Fault

    monkeypatch.setattr(receiving, "converse", fails)
    return lambda: monkeypatch.setattr(receiving, "converse", whole)


async def taken(stage: Stage) -> Received:
    return await receive(stage.service, "telegram", "u1", SAID, b"{}", stage.now)


async def again(stage: Stage, age: float = 0.0) -> tuple[Outgoing, ...]:
    """The tick's look; `age` is what the provider's own date says by our clock."""
    return await retry_inbox(stage.service, {"telegram": lambda _: ("u1", replace(SAID, age=age))}, stage.now)


async def test_i7_what_could_not_be_handled_is_kept_handled_once_and_answered(stage: Stage, broken: Any) -> None:
    assert (await taken(stage)).kept
    assert (await taken(stage)).repeated
    broken()
    stage.now += 10 * SECOND
    [reply] = await again(stage)
    assert reply.address == "11"
    assert reply.seconds == pytest.approx(50)
    assert await again(stage) == ()


@pytest.mark.parametrize(("waited", "age"), [(61, 0.0), (10, 61.0), (10, 70.0)])
async def test_i4_an_answer_that_would_be_a_minute_late_is_not_sent(
    stage: Stage, broken: Any, waited: int, age: float
) -> None:
    await taken(stage)
    broken()
    stage.now += waited * SECOND
    replies = await again(stage, age)
    assert all(reply.seconds <= 0 for reply in replies)


async def test_i7_poison_is_dead_with_a_task_and_its_content_is_forgotten_in_time(stage: Stage, broken: Any) -> None:
    await taken(stage)
    for _ in range(MOST_ATTEMPTS):
        await again(stage)
    async with stage.service.database.reading() as tx:
        assert "inbox_dead" in [each.kind for each in await tasks.standing(tx)]
        assert (await arrived(tx)) == {"dead": 1}
    await tidy(stage.service, stage.now + DEAD_FOR)
    async with stage.service.database.writing() as tx:
        assert await inbox.forget_dead(tx, stage.now + DEAD_FOR + SECOND) == 1, "not before its time"


async def test_i8_marks_of_handled_updates_outlive_the_providers_repeats_and_go(stage: Stage) -> None:
    await taken(stage)
    await tidy(stage.service, stage.now + HANDLED_FOR)
    assert (await taken(stage)).repeated
    await tidy(stage.service, stage.now + HANDLED_FOR + SECOND)
    async with stage.service.database.reading() as tx:
        assert await arrived(tx) == {}


async def test_sessions_that_are_over_are_forgotten(stage: Stage) -> None:
    await active(stage)
    token = await entered(stage)
    await tidy(stage.service, stage.now + timedelta(days=200) + OVER_FOR)
    async with stage.service.database.writing() as tx:
        assert await staff_sessions.forget(tx, stage.now + timedelta(days=400)) == 0
        assert token
