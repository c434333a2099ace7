"""A side on a real database with a clock in hand: enrols people, lets them speak, sends what is due. No network."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from surveys.instruments.compile import compile_form
from surveys.instruments.stored import dump
from surveys.library import load_library
from surveys.records import instruments
from surveys.records.database import Database
from surveys.records.evaluators import make_evaluator_keys, read_evaluators_public
from surveys.records.instruments import Published
from surveys.records.tombstones import Tombstones
from surveys.rules.calendar import Holidays
from surveys.rules.chance import SeededChance
from surveys.rules.vocabulary import Channel, Side
from surveys.steps import enrol as enrolling
from surveys.steps.dispatch import dispatch
from surveys.steps.outcome import record_outcome
from surveys.steps.ports import Event, Incoming, Outcome, Outgoing, Sent
from surveys.steps.receive import Received, receive
from surveys.steps.service import Service

ZONE = ZoneInfo("Europe/Belgrade")
START = datetime(2026, 9, 1, 8, tzinfo=UTC)


@cache
def shipped() -> tuple[Published, ...]:
    """The side's own questionnaire, compiled once."""
    library = load_library(Side.EX_PERPETRATORS)
    forms = [compile_form(path) for path in library.instruments.values()]
    return tuple(Published(form.name, form.version, form.digest, dump(form), START, "operator") for form in forms)


def given(**changes: Any) -> dict[str, Any]:
    """What staff hand in for one man."""
    consent = {"contact": True, "evaluation": True, "call": False, "recorded_by": "Мира Јовић", "version": "1"}
    plain = {
        "case_code": "KG-7Q2M-11", "centre": "kragujevac", "completed_on": "2026-09-01", "channel": "telegram",
        "language": "sr_Latn", "consent": consent, "gender": "male", "other_gender": "female",
    }  # fmt: skip
    return plain | changes


@dataclass
class Stage:
    """`ledger` is everything that left, in order; `fate` says what the provider makes of a message."""

    service: Service
    now: datetime = START
    ledger: list[Outgoing] = field(default_factory=list)
    fate: Outcome | None = None
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    codes: Any = field(default_factory=lambda: itertools.count(11))

    async def enrol(self, **changes: Any) -> enrolling.Enrolled:
        """Each with a case code of their own, where none is given."""
        changes.setdefault("case_code", f"KG-7Q2M-{next(self.codes)}")
        new = enrolling.read(self.service, given(**changes), self.now)
        return await enrolling.enrol(self.service, new, self.now)

    async def say(self, text: str, chat: str = "11", event: Event = Event.TEXT, age: float = 0.0) -> Outgoing | None:
        return await self.send_in(
            Incoming(Channel.TELEGRAM, chat, event, text, age=age, message=str(next(self.numbers)))
        )

    async def start(self, token: str | None, chat: str = "11") -> Outgoing | None:
        return await self.say(token or "", chat, Event.START)

    async def press(self, label: str, chat: str = "11", on: Outgoing | None = None) -> Outgoing | None:
        """Press the button whose label ends like this, on the last message with buttons (or the one given)."""
        shown = on or next(each for each in reversed(self.ledger) if each.buttons and each.address == chat)
        data = next(b.data for row in shown.buttons for b in row if b.label.endswith(label))
        return await self.press_data(data, shown, chat)

    async def press_data(self, data: str, on: Outgoing, chat: str = "11") -> Outgoing | None:
        bubble = on.edit or on.delivery
        return await self.send_in(Incoming(Channel.TELEGRAM, chat, Event.PRESS, data, press="q", message=bubble))

    async def send_in(self, said: Incoming, update: str | None = None) -> Outgoing | None:
        received = await self.take(said, update)
        if received.reply is not None:
            await self.deliver(received.reply)
        return received.reply

    async def take(self, said: Incoming, update: str | None = None) -> Received:
        number = update or f"u{next(self.numbers)}"
        return await receive(self.service, "telegram", number, said, b"{}", self.now)

    async def deliver(self, message: Outgoing) -> None:
        outcome = await self.provider(message)
        await record_outcome(self.service, message, outcome, self.now)

    async def provider(self, message: Outgoing) -> Outcome:
        self.ledger.append(message)
        return self.fate or Sent(message.edit or message.delivery)

    async def tick(self) -> int:
        return await dispatch(self.service, self.provider, lambda: self.now)

    async def forward(self, to: datetime) -> None:
        """Move on in steps of an hour, sending what falls due."""
        while self.now < to:
            self.now = min(to, self.now + timedelta(hours=1))
            await self.tick()


async def make_stage(database: Database, folder: Path) -> Stage:
    """A side with the shipped questionnaire published."""
    public, _ = make_evaluator_keys(folder / "evaluators")
    async with database.writing() as tx:
        for form in shipped():
            await instruments.publish(tx, form)
    service = Service(
        side=Side.EX_PERPETRATORS, database=database, shipped=load_library(Side.EX_PERPETRATORS),
        chance=SeededChance(7), zone=ZONE, holidays=Holidays(),
        tombstones=Tombstones(folder / "tombstones"), evaluators_public=read_evaluators_public(public),
    )  # fmt: skip
    return Stage(service)


def without(message: Outgoing) -> Outgoing:
    """The same message without what differs from one delivery to the next."""
    return replace(message, delivery="", lease="", address="", interview=None, turn=0)
