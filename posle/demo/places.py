"""One side of the demo that one can touch: its folder, its people on their phones, its console and its process.

A place is given its own side's accounts and people and nothing of the other's.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp

from posle.attesting import record
from posle.demo.cast import CENTRE
from posle.demo.hers import attested
from posle.demo.house import Accounts, build
from posle.demo.once import LINK, child
from posle.demo.reins import Reins
from posle.opening import opened
from posle.staffing import INVITATION, invite
from posle.wiring import wire
from simulator.server import Running
from surveys.rules.chance import SeededChance
from surveys.rules.roles import Role
from surveys.rules.vocabulary import Side
from surveys.steps import staff_access
from surveys.steps.enrol import enrol_many, read

LOGIN, PASSWORD = "demo@example.org", "a demo without secrets"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - the same
ON_CALL = {Side.EX_PERPETRATORS: "On call for the men", Side.SURVIVORS: "On call for the women"}
"""Whose telephone gets the alerts of a side: that something waits, and an id."""


@dataclass(frozen=True, slots=True)
class Place:
    """One side, at work."""

    side: Side
    folder: Path
    port: int
    reins: Reins
    people: Mapping[str, str]
    """Name on the phone → id on the console."""

    @property
    def console(self) -> str:
        """Where its staff sign in."""
        return f"http://localhost:{self.port}/staff"

    @staticmethod
    def code(now: datetime) -> str:
        """What the staff's app would show now."""
        return pyotp.TOTP(SECRET).at(now)


@asynccontextmanager
async def at_work(
    root: Path, phones: Running, side: Side, own: Accounts, people: Mapping[str, Mapping[str, Any]], seed: int,
    now: datetime,
) -> AsyncIterator[Place]:  # fmt: skip
    """The side's folder, made, filled and served until the block ends."""
    folder, port = await build(root, phones.url, now, side, own, sms=True)
    phones.sms.add_account(own.sid, own.sms_token, own.sender)
    phones.sms.add_account(own.alerts_sid, own.alerts_token, own.alerts_sender)
    phones.sms.world.owners[own.on_call] = ON_CALL[side]
    await record(folder, attested(now, own.on_call), now)
    ids = await _enrol(folder, phones, own, people, seed, now)
    await _staff(folder, now)
    async with child(folder, seed, now, runs=True) as reins:
        yield Place(side, folder, port, reins, ids)


async def _enrol(
    folder: Path, phones: Running, own: Accounts, people: Mapping[str, Mapping[str, Any]], seed: int, now: datetime
) -> dict[str, str]:
    async with opened(folder) as (settings, database):
        service = wire(settings, database, SeededChance(seed))
        enrolled = await enrol_many(service, [read(service, given, now) for given in people.values()], now)
    for (name, given), each in zip(people.items(), enrolled, strict=True):
        if given["channel"] == "telegram":
            link = LINK.format(bot=own.bot, token=each.token)
            phones.world.add_person(name, number=_chat(own, name), language=given["language"], link=link)
        elif given["channel"] == "sms":
            phones.sms.world.owners[str(given["phone"])] = name
    return {name: each.participant for name, each in zip(people, enrolled, strict=True)}


def _chat(own: Accounts, name: str) -> int:
    """A number of the chat, the same in every run; people of the two sides are other people."""
    return 10_000 * (1 + int(own.token[9])) + sum(name.encode()) % 5_000


async def _staff(folder: Path, now: datetime) -> None:
    """A worker of the demo's centre, past the invitation, whose code the desk shows."""
    link = await invite(folder, LOGIN, "Demo", Role.WORKER, CENTRE, "en", now)
    async with opened(folder) as (settings, database):
        service, token = wire(settings, database), link.rpartition(INVITATION)[2]
        earlier = pyotp.TOTP(SECRET).at(now - timedelta(seconds=30))  # a code works once: the first one shown is unused
        await staff_access.accept(service, token, PASSWORD, SECRET, earlier, now)
