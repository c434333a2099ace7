"""Traces in a chat, on both databases: what goes, when, for whom, and what happens where it will not go."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from surveys.records import holds, tasks
from surveys.records.database import Database
from surveys.records.holds import Scope
from surveys.records.trace_tables import chat_sessions, ephemeral_messages
from surveys.rules.traces import ALARMING, DAY
from surveys.steps import receive
from surveys.steps import traces as steps_of_traces
from surveys.steps.page_said import Do
from surveys.steps.ports import Event, Outcome, Outgoing, Refused, Sent, TryLater
from surveys.steps.purge import purge
from surveys.steps.traces import TASK, sweep
from tests.steps.her_stage import CODE, HerStage, Phone, make_her_stage, safe
from tests.steps.stage import Stage

HERS, NOBODY = "31", "99"


@dataclass
class Provider:
    """Deletes, and remembers what; `fate` says otherwise."""

    gone: list[tuple[str, str]] = field(default_factory=list)
    fate: Outcome | None = None
    too_old: frozenset[str] = frozenset()

    async def wipe(self, message: Outgoing) -> Outcome:
        assert not message.text
        if self.fate is not None:
            return self.fate
        if self.too_old & set(message.delete):
            return Refused("too_old")
        self.gone += [(message.address, each) for each in message.delete]
        return Sent(None)

    def of(self, chat: str) -> set[str]:
        return {message for address, message in self.gone if address == chat}


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def swept(stage: Stage, provider: Provider) -> int:
    return await sweep(stage.service, provider.wipe, lambda: stage.now)


async def standing(stage: Stage) -> int:
    async with stage.service.database.reading() as tx:
        return len(await tx.rows(select(ephemeral_messages.c.id)))


async def bound(her: HerStage, **changes: Any) -> str:
    """Somebody who asked for Telegram and pressed Start."""
    await her.ready()
    person = await her.enrol(channel="telegram", phone=None, safe_contact=safe(**changes))
    await her.start(person.token, HERS)
    return str(person.participant)


async def open_tasks(stage: Stage) -> list[str]:
    async with stage.service.database.reading() as tx:
        return [each.kind for each in await tasks.standing(tx)]


async def test_safety_both_peoples_messages_go_before_they_are_a_day_old(her: HerStage) -> None:
    await bound(her)
    await her.say("dobar dan", HERS)
    began, provider = her.now, Provider()
    assert await swept(her, provider) == 0
    while her.now < began + DAY - timedelta(minutes=1):
        her.now += timedelta(hours=1)
        await swept(her, provider)
    assert len(provider.of(HERS)) == 4
    assert await standing(her) == 0


async def test_safety_a_strangers_chat_goes_at_the_same_times_as_hers(her: HerStage) -> None:
    await bound(her)
    her.now += DAY
    await swept(her, Provider())
    provider = Provider()
    for chat in (HERS, NOBODY):
        await her.say("ko je to", chat)
        await her.say("i", chat, Event.OTHER)
        await her.say("STOP", chat)
    assert [(each.text, each.silent) for each in her.ledger if each.address == HERS][-3:] == [
        (each.text, each.silent) for each in her.ledger if each.address == NOBODY
    ]
    for _ in range(25):
        before = len(provider.of(HERS)), len(provider.of(NOBODY))
        await swept(her, provider)
        assert len(provider.of(HERS)) == len(provider.of(NOBODY)), before
        her.now += timedelta(hours=1)
    assert len(provider.of(HERS)) == 6


async def test_safety_the_notice_goes_as_soon_as_its_page_was_answered_or_left(her: HerStage) -> None:
    await bound(her)
    phone = Phone(her, await her.noticed())
    notice = her.ledger[-1].delivery
    await phone.gate(CODE)
    provider = Provider()
    await swept(her, provider)
    assert notice not in provider.of(HERS)
    await phone.do(Do.EXIT)
    await swept(her, provider)
    assert notice in provider.of(HERS)


async def test_safety_deleting_goes_on_under_hold_and_after_a_purge(her: HerStage) -> None:
    person = await bound(her)
    provider = Provider()
    async with her.service.database.writing() as tx:
        await holds.place(tx, Scope.SIDE, holds.WHOLE_SIDE, "test", "by:one", her.now)
        await purge(tx, her.service, person, "by:one", her.now)
    assert await swept(her, provider) == 2
    assert await standing(her) == 0


async def test_safety_what_cannot_be_deleted_is_tried_again_and_then_a_task_opens(her: HerStage) -> None:
    await bound(her)
    provider = Provider(fate=TryLater(5.0))
    her.now += timedelta(hours=20)
    for _ in range(ALARMING - 1):
        await swept(her, provider)
        her.now += timedelta(minutes=31)
    assert TASK not in await open_tasks(her)
    await swept(her, provider)
    assert (await open_tasks(her)).count(TASK) == 1
    her.now += timedelta(minutes=31)
    provider.fate = None
    assert await swept(her, provider) == 2
    assert await standing(her) == 0


async def test_safety_one_message_that_is_too_old_keeps_no_other_from_going(her: HerStage) -> None:
    await bound(her)
    old = her.ledger[-1].delivery
    provider = Provider(too_old=frozenset({old}))
    her.now += timedelta(hours=20)
    assert await swept(her, provider) == 1
    assert TASK in await open_tasks(her)
    assert await standing(her) == 0


async def test_safety_a_message_that_could_not_be_handled_goes_too(
    her: HerStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise KeyError

    monkeypatch.setattr(receive, "converse", broken)
    await her.say("zdravo", HERS)
    her.now += timedelta(hours=20)
    assert await swept(her, Provider()) == 1


async def test_a_side_whose_protocol_says_nothing_of_traces_keeps_none(stage: Stage) -> None:
    person = await stage.enrol()
    await stage.start(person.token)
    await stage.say("zdravo")
    assert await standing(stage) == 0
    assert await swept(stage, Provider()) == 0


async def test_safety_a_flood_of_strangers_keeps_no_message_of_hers_standing(
    her: HerStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bound(her)
    await swept(her, Provider())
    monkeypatch.setattr(steps_of_traces, "AT_ONCE", 3)
    for chat in ("90", "91", "92", "93", "94"):
        await her.say("ko je to", chat)
    await her.say("ko je to", HERS)
    her.now += DAY
    provider = Provider()
    await swept(her, provider)
    assert provider.gone[0][0] == HERS
    assert len({chat for chat, _ in provider.gone} - {HERS}) == 3, "the others go with the next looks"
    await swept(her, provider)
    assert await standing(her) == 0


async def test_safety_her_messages_are_looked_at_first_though_a_flood_is_longer_due_than_they(
    her: HerStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bound(her)
    her.now += DAY
    await swept(her, Provider())
    monkeypatch.setattr(steps_of_traces, "AT_ONCE", 2)
    monkeypatch.setattr(steps_of_traces, "MOST", 3)
    for chat in ("90", "91", "92", "93", "94"):
        await her.say("ko je to", chat)
    her.now += timedelta(minutes=1)
    await her.say("ko je to", HERS)
    her.now += DAY
    provider = Provider()
    await swept(her, provider)
    assert len(provider.of(HERS)) == 2
    assert provider.gone[0][0] == HERS


async def test_i15_after_a_purge_no_session_of_the_persons_chat_is_left(her: HerStage) -> None:
    person = await bound(her, interview="chat")
    await her.say("DA", HERS)
    async with her.service.database.writing() as tx:
        assert await tx.rows(select(chat_sessions.c.tag))
        await purge(tx, her.service, person, "by:one", her.now)
        assert await tx.rows(select(chat_sessions.c.tag)) == []
    provider = Provider()
    await swept(her, provider)
    assert provider.of(HERS)
    assert await standing(her) == 0, "the chat's number goes with the last message"
