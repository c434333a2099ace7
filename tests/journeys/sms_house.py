"""A side at work that writes by SMS: the same house, with an account at the simulated provider and phones beside it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from posle.confirming import note_seen, send_test
from posle.enrolling import enrol
from posle.opening import opened
from simulator.twilio_world import Account, Sms
from surveys.records import deliveries, participants, sms_messages, tasks
from surveys.records.answers import Answer
from surveys.records.answers import of_participant as answers_of
from surveys.records.sms_messages import SmsMessage
from surveys.rules.vocabulary import DeliveryKind, DeliveryState, Side, Status
from tests.journeys.house import BEGAN, House, house, until
from tests.steps.stage import given

ACCOUNT, AUTH_TOKEN, SENDER = "AC" + "a1" * 16, "planted-auth-token-Zk4Wm9", "+381601112223"
PHONE = "+381641234567"
TESTS = ("probna poruka", "test message")
_SETTINGS = """
[sms]
account_sid = "{account}"
auth_token = "{token}"
sender = "{sender}"
two_way = {two_way}
provider_auto_reply_off = true
api_url = "{api_url}"
{more}
"""


@dataclass
class SmsHouse:
    """`side` is the house; `account` the provider's."""

    side: House
    account: Account
    people: dict[str, str] = field(default_factory=dict)

    async def enrol(self, number: str = PHONE, *, confirmed: bool = True, **changes: Any) -> str:
        """Enrol somebody with this number, and confirm it with them."""
        code = {"case_code": f"KG-{number[-4:]}", "completed_on": "2026-08-20", "channel": "sms", "phone": number}
        told = await enrol(self.side.folder, given(**(code | changes)), self.side.clock.now())
        person = self.people[number] = str(told["participant"])
        if confirmed:
            await send_test(self.side.folder, person, "Mira", self.side.clock.now())
            await note_seen(self.side.folder, person, "Mira", self.side.clock.now())
        return person

    def phone(self, number: str = PHONE) -> list[Sms]:
        """What his phone shows, the test message left out."""
        return [
            each
            for each in self.side.wire.simulator.sms.world.phone(number)
            if not any(mark in each.seen for mark in TESTS)
        ]

    def newest(self, number: str = PHONE) -> str:
        """The newest message that arrived on it."""
        return next((each.seen for each in reversed(self.phone(number)) if not each.inbound), "")

    async def text(self, words: str, number: str = PHONE) -> str:
        """Send it, wait for the answer, and give it."""
        before = len(self.arrived(number))
        await self.side.wire.simulator.sms.text(number, words)

        async def answered() -> bool:
            return len(self.arrived(number)) > before

        await until(answered, self.side.process)
        await self.settled()
        return self.newest(number)

    def arrived(self, number: str = PHONE) -> list[Sms]:
        return [each for each in self.phone(number) if not each.inbound]

    async def settled(self) -> None:
        """Wait until every receipt was posted and the reply is written down."""

        async def quiet() -> bool:
            return self.side.wire.simulator.sms.quiet

        await until(quiet, self.side.process)
        await asyncio.sleep(0.02)

    async def noticed(self, number: str = PHONE) -> None:
        """Move the clock until a message is there; what has left is waited for, and no day passes meanwhile."""
        for _ in range(24 * 40):
            await asyncio.sleep(0.12)
            if self.arrived(number):
                return
            due = await self.side.next_due()  # before the look at what left: afterwards it would be the reminder's
            states = await self.states(number)
            if DeliveryState.SENT in states:  # it may have left before anybody looked: then no day may pass either
                await self.became(lambda: self.arrived(number))
                return
            if DeliveryState.CLAIMED in states:  # it leaves now, or is put back where the clock moved under it
                continue
            hour = self.side.clock.now() + timedelta(hours=1)
            self.side.clock.set(max(hour, due + timedelta(seconds=1)) if due else hour)
        raise AssertionError("no notice came")

    async def states(self, number: str) -> set[DeliveryState]:
        """Of this person's notices; of anybody's, where nobody was enrolled here with this number."""
        async with opened(self.side.folder) as (_, database), database.reading() as tx:
            known = set(await deliveries.counts(tx))
            if number in self.people:
                known = {(each.kind, each.state) for each in await deliveries.of_participant(tx, self.people[number])}
        return {state for kind, state in known if kind is DeliveryKind.NOTICE}

    async def holds_nothing(self) -> None:
        """Wait until the provider holds no body."""

        async def gone() -> bool:
            return not any(each.body for each in self.account.messages.values())

        await until(gone, self.side.process)

    async def stored(self, participant: str) -> list[Answer]:
        async with opened(self.side.folder) as (_, database), database.reading() as tx:
            return await answers_of(tx, participant)

    async def of(self, participant: str) -> list[deliveries.Delivery]:
        async with opened(self.side.folder) as (_, database), database.reading() as tx:
            return await deliveries.of_participant(tx, participant)

    async def tasks(self) -> list[str]:
        async with opened(self.side.folder) as (_, database), database.reading() as tx:
            return sorted(each.kind for each in await tasks.standing(tx))

    async def status(self, participant: str) -> Status:
        async with opened(self.side.folder) as (_, database), database.reading() as tx:
            return (await participants.get(tx, participant)).status

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Somebody else writes to the database, and does not end."""
        other = sqlite3.connect(self.side.folder / "posle.db", timeout=20, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    async def known(self, sid: str) -> SmsMessage | None:
        async with opened(self.side.folder) as (_, database), database.reading() as tx:
            return await sms_messages.get(tx, sid)

    async def became(self, true: Callable[[], object]) -> None:
        async def now() -> bool:
            return bool(true())

        await until(now, self.side.process)


@asynccontextmanager
async def sms_house(
    root: Path, *, two_way: bool = True, at: datetime = BEGAN, database: str = "sqlite:///posle.db", more: str = "",
    of: Side = Side.EX_PERPETRATORS,
) -> AsyncIterator[SmsHouse]:  # fmt: skip
    """A side's folder with an SMS account; the service is not started."""
    async with house(root, at=at, database=database, side=of) as side:
        sms = side.wire.simulator.sms
        account = sms.add_account(
            ACCOUNT, AUTH_TOKEN, SENDER, inbound_url=f"http://127.0.0.1:{side.port}/hooks/sms"
        )  # fmt: skip
        file = side.folder / "posle.toml"
        file.write_text(file.read_text() + _SETTINGS.format(
            account=ACCOUNT, token=AUTH_TOKEN, sender=SENDER, two_way=str(two_way).lower(), api_url=side.wire.url,
            more=more,
        ))  # fmt: skip
        yield SmsHouse(side, account)
        assert not [each for each in sms.world.refused if each.code == 20001], "a call is not as the provider describes"
