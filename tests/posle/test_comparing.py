"""The provider's list held against ours, over HTTP: what was lost is heard, what is foreign is told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest_asyncio

from bot.sms.client import Sender, SmsMessenger
from bot.sms.transport import RedirectedClient
from posle.serving.wiping import Wiping
from simulator.faults import Fault
from simulator.server import Running, serving
from simulator.twilio_world import Account, Sms
from surveys.records import alerts, participants, sms_messages, tasks
from surveys.records.database import Database
from surveys.records.deliveries import NewDelivery, born_claimed
from surveys.rules.vocabulary import Channel, DeliveryKind, Status
from surveys.steps import sms
from surveys.steps.ports import Event, Incoming, Outgoing
from surveys.steps.sms_inbound import HeardSms, take_in
from surveys.steps.sms_wiping import LAPSED_AFTER
from tests.databases import database, database_url, fresh_url, seals
from tests.steps.stage import Stage, make_stage
from tests.steps.test_sms import PHONE, by_sms, of, talking

__all__ = ["database", "database_url", "fresh_url", "seals"]

ACCOUNT, TOKEN, NUMBER = "AC" + "d3" * 16, "planted-token-Vb7Kq2", "+381601112223"


@dataclass
class Night:
    """A stage, a provider with an account, and what compares the two; its clock is the stage's."""

    stage: Stage
    wire: Running
    account: Account
    wiping: Wiping = field(init=False)
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.stage.now

    def monotonic(self) -> float:
        return self.seconds

    async def pass_by(self, **delta: float) -> None:
        self.stage.now += timedelta(**delta)
        self.seconds += timedelta(**delta).total_seconds()
        await self.wiping.run()

    def message(self, body: str, *, inbound: bool = True, sender: str = PHONE, to: str = NUMBER) -> Sms:
        sid, status = self.account.next_sid(), "received" if inbound else "sent"
        valid = self.stage.now + timedelta(hours=10)
        made = Sms(sid, sender, to, body, self.stage.now, status, inbound=inbound, seen=body, valid_until=valid)
        self.account.messages[sid] = made
        return made

    async def kinds(self) -> list[str]:
        async with self.stage.service.database.reading() as tx:
            return sorted(each.kind for each in await tasks.standing(tx))

    async def status(self, person: str) -> Status:
        async with self.stage.service.database.reading() as tx:
            return (await participants.get(tx, person)).status

    async def known(self, sid: str) -> sms_messages.SmsMessage | None:
        async with self.stage.service.database.reading() as tx:
            return await sms_messages.get(tx, sid)

    def calls(self, method: str) -> int:
        return sum(each.method == method for each in self.wire.sms.world.wire)


@pytest_asyncio.fixture
async def night(database: Database, tmp_path: Path) -> AsyncIterator[Night]:
    stage = await make_stage(database, tmp_path)
    talking(stage)
    async with serving(now=lambda: stage.now) as wire:
        account = wire.sms.add_account(ACCOUNT, TOKEN, NUMBER)
        http = RedirectedClient(wire.url, connect=1.0, read=1.0)
        http.open()
        made = Night(stage, wire, account)
        messenger = SmsMessenger(Sender(ACCOUNT, NUMBER, f"{wire.url}/nobody"), TOKEN, http)
        made.wiping = Wiping(stage.service, messenger, made, NUMBER)
        await made.wiping.run()
        yield made
        await http.close()


async def test_safety_a_stop_that_was_never_posted_is_heard_from_the_list_and_only_then_redacted(night: Night) -> None:
    person = await by_sms(night.stage)
    lost = night.message("STOP")
    await night.pass_by(seconds=30)
    assert lost.body == "STOP"  # its post may be on its way
    ledger = len(night.stage.ledger)
    await night.pass_by(minutes=5)
    assert await night.status(person) is Status.WITHDRAWN
    await night.pass_by(seconds=1)
    assert lost.body == ""
    assert len(night.stage.ledger) == ledger  # too old to be answered
    await night.pass_by(hours=25)
    assert await night.kinds() == []


async def test_i8_what_the_list_told_changes_nothing_when_it_is_posted_after_all(night: Night) -> None:
    person = await by_sms(night.stage)
    lost = night.message("ne mogu više da živim")
    await night.pass_by(minutes=6)
    await night.pass_by(hours=25)
    async with night.stage.service.database.reading() as tx:
        assert [each.participant for each in await alerts.standing(tx)] == [person]
    said = HeardSms(lost.sid, Incoming(Channel.SMS, PHONE, Event.TEXT, lost.seen), f"{lost.seen}\n0\n", b"")
    assert (await take_in(night.stage.service, said, night.stage.now)).repeated
    async with night.stage.service.database.reading() as tx:
        assert len(await alerts.standing(tx)) == 1
    assert await night.kinds() == []


async def test_safety_what_can_no_longer_be_read_is_a_task_and_is_never_redacted(night: Night) -> None:
    masked = night.message("STOP", sender="+3816XXXX")
    await night.pass_by(minutes=6)
    await night.pass_by(hours=25)
    assert masked.body == "STOP"
    assert {"sms_unread", "sms_bodies_held"} <= set(await night.kinds())


async def test_an_sms_to_another_number_of_the_account_is_none_of_ours(night: Night) -> None:
    person = await by_sms(night.stage)
    other = night.message("STOP", to="+381609999999")
    await night.pass_by(hours=25)
    assert (other.body, await night.kinds()) == ("STOP", [])
    assert await night.status(person) is Status.ACTIVE


async def test_i1_a_message_at_the_provider_that_no_delivery_sent_is_a_task_once(night: Night) -> None:
    person = await by_sms(night.stage)
    ours, foreign = (night.message("anketa", inbound=False, sender=NUMBER, to=PHONE) for _ in range(2))
    async with night.stage.service.database.writing() as tx:
        new = NewDelivery(DeliveryKind.REPLY, 0, Channel.SMS, night.stage.now, "answers_message", person)
        delivery, _ = await born_claimed(tx, new, night.stage.now)
        await sms_messages.note_sent(tx, ours.sid, delivery, person, night.stage.now)
    await night.pass_by(minutes=6)
    assert await night.kinds() == []
    await night.pass_by(minutes=15)
    async with night.stage.service.database.writing() as tx:
        (task,) = await tasks.standing(tx)
        assert (task.kind, task.subject) == ("sms_foreign", foreign.sid)
        await tasks.close(tx, task.id, "by:one", night.stage.now)
    await night.pass_by(hours=25)
    assert await night.kinds() == []


async def test_a_list_that_cannot_be_read_is_tried_later_each_time_and_becomes_a_task(night: Night) -> None:
    night.wire.sms.faults.order(Fault("status", times=6, method="list", status=500))
    tried = 0
    for _ in range(70):
        await night.pass_by(minutes=1)
        tried = 6 - sum(each.times for each in night.wire.sms.faults.ordered)
        assert "sms_not_compared" not in await night.kinds() or tried == 6
    assert tried == 6
    assert "sms_not_compared" in await night.kinds()
    looks = night.calls("list")
    await night.pass_by(minutes=60)
    assert night.calls("list") == looks + 1


async def test_safety_a_body_whose_receipt_never_comes_goes_when_it_can_arrive_no_more(night: Night) -> None:
    await by_sms(night.stage)
    stuck = night.message("anketa", inbound=False, sender=NUMBER, to=PHONE)
    async with night.stage.service.database.writing() as tx:
        await sms_messages.advance(tx, stuck.sid, "sent", None, night.stage.now)
    await night.pass_by(hours=10)
    assert stuck.body
    await night.pass_by(hours=2)
    assert timedelta(hours=12) > LAPSED_AFTER
    assert stuck.body == ""


async def test_safety_a_body_goes_with_its_own_validity_where_no_receipt_comes(night: Night) -> None:
    """Three hours of validity and a few minutes, not eleven hours; also where another receipt came first."""
    person = await by_sms(night.stage)
    stuck, early = (night.message("anketa", inbound=False, sender=NUMBER, to=PHONE) for _ in range(2))
    delivery, now = (await of(night.stage, person))[0].id, night.stage.now
    async with night.stage.service.database.writing() as tx:
        await sms_messages.advance(tx, early.sid, "sent", None, now)
        for each in (stuck, early):
            each.valid_until = now + timedelta(hours=3)
            sent = Outgoing(delivery, Channel.SMS, PHONE, valid=36_000.0, until=now + timedelta(hours=3))
            await sms.note_sent(tx, night.stage.service, each.sid, sent, now)
    await night.pass_by(hours=3)
    assert stuck.body
    assert early.body
    await night.pass_by(minutes=11)
    assert (stuck.body, early.body) == ("", "")


async def test_the_silent_are_asked_later_each_time_and_hold_up_nobody_newer(night: Night) -> None:
    await by_sms(night.stage)
    old = [night.message("anketa", inbound=False, sender=NUMBER, to=PHONE) for _ in range(50)]
    async with night.stage.service.database.writing() as tx:
        for each in old:
            await sms_messages.advance(tx, each.sid, "sent", None, night.stage.now)
    await night.pass_by(minutes=11)
    newer = night.message("anketa", inbound=False, sender=NUMBER, to=PHONE)
    newer.status = "delivered"
    async with night.stage.service.database.writing() as tx:
        await sms_messages.advance(tx, newer.sid, "sent", None, night.stage.now - timedelta(minutes=11))
    await night.pass_by(seconds=1)
    asked = night.calls("fetch")
    assert asked == 51
    await night.pass_by(seconds=1)
    assert night.calls("fetch") == asked
    known = await night.known(newer.sid)
    assert known is not None
    assert known.status == "delivered"
