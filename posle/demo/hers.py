"""The other side of the demo: women with a safe contact, their notices, covers and answers, in a database of their own.

Played by the steps themselves under the demo's clock; it never meets the men's side but in the assessment.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from posle.attesting import record
from posle.demo.cohort import Man
from posle.founding import found
from posle.opening import opened
from posle.settings import FILE
from posle.wiring import wire
from surveys.records import deliveries, invitations
from surveys.rules.chance import SeededChance
from surveys.rules.vocabulary import Side
from surveys.steps.dispatch import dispatch
from surveys.steps.enrol import enrol_many, read
from surveys.steps.expire import expire
from surveys.steps.page import on_page
from surveys.steps.page_said import Do, PageSaid, Screen, View
from surveys.steps.ports import Outcome, Outgoing, Sent
from surveys.steps.reconfirm import reconfirm
from surveys.steps.service import Service

SHARE, ANSWERS = 0.1, 0.9
"""Of all men: how many women are enrolled; of those who get a notice: how many open it and go on."""
CONFIRMED_AFTER = (62, 90, 152, 180)
"""Days after enrolment: within thirty days before each woman's waves."""
CODE, DURESS = "jutarnja kafa", "bela lala"
_SETTINGS = """
[side]
name = "survivors"
public_url = "http://127.0.0.1:9"
listen = "127.0.0.1:9"
[keys]
file = "side.key"
evaluators_public = "evaluators.pub"
"""
_WORKER = {"centre": "*", "name": "Demo", "phone": "+381601112233", "email": "demo@example.org", "order": 1}


async def play_hers(root: Path, public: Path, men: Sequence[Man], began: datetime, ends: datetime, seed: int) -> Path:
    """A whole survivors' side from `began` to `ends`; its folder."""
    folder, chance = root / "survivors", random.Random(seed)  # noqa: S311 - a demo that can be repeated
    await found(folder, Side.SURVIVORS, evaluators=public, database=None, now=began)
    (folder / FILE).write_text(_SETTINGS, encoding="utf-8")
    await record(folder, _attested(began), began)
    async with opened(folder) as (settings, database):
        service = wire(settings, database, SeededChance(seed))
        chosen = [man for man in men if chance.random() < SHARE]
        women = [read(service, _given(man, place, began), began) for place, man in enumerate(chosen)]
        people = [each.participant for each in await enrol_many(service, women, began)]
        await _Play(service, chance, began).run(people, ends)
    return folder


def _attested(now: datetime) -> Mapping[str, Any]:
    today = now.date().isoformat()
    return {
        "protocol_version": "1", "on_call": [_WORKER], "helplines_verified_on": today, "dpia_reference": "demo",
        "ethics_reference": "demo", "wording_approved_by": "demo", "wording_approved_on": today,
        "host_organisation": "demo", "sides_disjoint_attested_by": "demo", "recorded_by": "demo", "recorded_on": today,
    }  # fmt: skip


def _given(man: Man, place: int, now: datetime) -> dict[str, Any]:
    safe = {
        "hours": [{"days": "mon-fri", "from": "09:00", "to": "16:00"}], "code_word": CODE, "duress_word": DURESS,
        "confirmed_on": now.date().isoformat(), "reminders": 1,
    }  # fmt: skip
    shared = {key: man.given[key] for key in ("case_code", "centre", "completed_on", "language", "consent")}
    return {**shared, "channel": "sms", "phone": f"+38164{1000000 + place}", "gender": "female", "safe_contact": safe}


class _Play:
    """The women's months: their messages, and what they do with them."""

    def __init__(self, service: Service, chance: random.Random, now: datetime) -> None:
        self._service, self._chance, self._now = service, chance, now
        self._links: list[str] = []

    async def run(self, people: Sequence[str], ends: datetime) -> None:
        """From one due message to the next; safe contacts are confirmed anew before each wave, as staff would."""
        calls = [self._now + timedelta(days=day) for day in CONFIRMED_AFTER]
        while self._now < ends:
            if calls and self._now >= calls[0]:
                calls.pop(0)
                for person in people:
                    await reconfirm(self._service, person, {}, "demo", "demo", self._now)
            await expire(self._service, self._now)
            await dispatch(self._service, self._send, lambda: self._now)
            came, self._links = self._links, []
            await asyncio.gather(*(self._visit(link, random.Random(self._chance.random())) for link in came))  # noqa: S311
            self._now = await self._next(ends)

    async def _next(self, ends: datetime) -> datetime:
        async with self._service.database.reading() as tx:
            due, over = await deliveries.next_due(tx), await invitations.next_closing(tx)
        coming = [each for each in (due, over, self._now + timedelta(days=10)) if each is not None and each > self._now]
        return min([ends, *coming])

    async def _send(self, message: Outgoing) -> Outcome:
        self._links.append(message.text.rpartition("/p/")[2])
        return Sent(message.delivery)

    async def _visit(self, token: str, chance: random.Random) -> None:
        if chance.random() > ANSWERS:
            return
        harmed = chance.random() < 0.25
        first = await self._do(token, "", PageSaid(Do.START))
        cookie = first.cookie or ""
        shown = await self._do(token, cookie, PageSaid(Do.NEXT, text=CODE, place=0))
        shown = await self._do(token, cookie, PageSaid(Do.AGREE)) if shown.view is View.CONSENT else shown
        for _ in range(40):
            if shown.asked is None or shown.view is not View.ITEM:
                return
            shown = await self._do(token, cookie, PageSaid(Do.NEXT, shown.asked.turn, marks(shown, harmed, chance)))

    async def _do(self, token: str, cookie: str, said: PageSaid) -> Screen:
        return await on_page(self._service, token, cookie, said, self._now)


def marks(shown: Screen, harmed: bool, chance: random.Random) -> tuple[str, ...]:
    """What she marks: where it is counted, nothing happened, or once; elsewhere anything that is offered."""
    assert shown.asked is not None
    if not shown.asked.choices:
        return ()
    if shown.asked.counts:
        return ("c1",) if harmed else ("c0",)
    return (f"c{chance.randrange(min(2, len(shown.asked.choices)))}",)
