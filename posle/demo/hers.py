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
from posle.demo.truth import Truth, her_answer
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

SHARE = 0.4
"""Of all men: for how many a woman is enrolled (39 % of eligible (ex-)partners joined a published pilot)."""
ANSWERS, ANSWERS_HARMED, CONFIRMED = 0.82, 0.62, 0.94
"""Of the women who get a notice: how many open it, without violence and with it; of all, how many staff reach first."""
LEAVES, DECLINES, STOPS = 0.06, 0.04, 0.02
"""Of those who open it: who goes away midway, says no to that wave's questions, or withdraws."""
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
    await record(folder, attested(began), began)
    async with opened(folder) as (settings, database):
        service = wire(settings, database, SeededChance(seed))
        chosen = [man for man in men if chance.random() < SHARE]
        women = [read(service, _given(man, place, began), began) for place, man in enumerate(chosen)]
        people = [each.participant for each in await enrol_many(service, women, began)]
        truths = {_phone(place): man.truth for place, man in enumerate(chosen)}
        await _Play(service, chance, began, truths).run(people, ends)
    return folder


def attested(now: datetime) -> Mapping[str, Any]:
    """A record of readiness for people who do not exist."""
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
    return {**shared, "channel": "sms", "phone": _phone(place), "gender": "female", "safe_contact": safe}


def _phone(place: int) -> str:
    return f"+38164{1000000 + place}"


class _Play:
    """The women's months: their messages, and what they do with them."""

    def __init__(self, service: Service, chance: random.Random, now: datetime, truths: Mapping[str, Truth]) -> None:
        self._service, self._chance, self._now, self._truths = service, chance, now, truths
        self._links: list[tuple[str, Truth]] = []

    async def run(self, people: Sequence[str], ends: datetime) -> None:
        """From one due message to the next; safe contacts are confirmed anew before each wave, as staff would."""
        calls = [self._now + timedelta(days=day) for day in CONFIRMED_AFTER]
        while self._now < ends:
            if calls and self._now >= calls[0]:
                calls.pop(0)
                for person in (each for each in people if self._chance.random() < CONFIRMED):
                    await reconfirm(self._service, person, {}, "demo", "demo", self._now, words_stay=True)
            await expire(self._service, self._now)
            await dispatch(self._service, self._send, lambda: self._now)
            came, self._links = self._links, []
            await asyncio.gather(*(self._visit(*one, random.Random(self._chance.random())) for one in came))  # noqa: S311
            self._now = await self._next(ends)

    async def _next(self, ends: datetime) -> datetime:
        async with self._service.database.reading() as tx:
            due, over = await deliveries.next_due(tx), await invitations.next_closing(tx)
        coming = [each for each in (due, over, self._now + timedelta(days=10)) if each is not None and each > self._now]
        return min([ends, *coming])

    async def _send(self, message: Outgoing) -> Outcome:
        self._links.append((message.text.rpartition("/p/")[2], self._truths[message.address]))
        return Sent(message.delivery)

    async def _visit(self, token: str, truth: Truth, chance: random.Random) -> None:
        if chance.random() > (ANSWERS_HARMED if truth.harm else ANSWERS):
            return
        first = await self._do(token, "", PageSaid(Do.START))
        cookie = first.cookie or ""
        shown = await self._do(token, cookie, PageSaid(Do.NEXT, text=CODE, place=0))
        if shown.view is View.CONSENT:
            shown = await self._do(token, cookie, PageSaid(Do.DECLINE if chance.random() < DECLINES else Do.AGREE))
        leaves = chance.randrange(3, 9) if chance.random() < LEAVES else None
        stops = chance.random() < STOPS
        for step in range(40):
            if shown.asked is None or shown.view is not View.ITEM or step == leaves:
                return
            if stops and step:
                await self._do(token, cookie, PageSaid(Do.STOP_FOR_GOOD, shown.asked.turn))
                return
            shown = await self._do(token, cookie, PageSaid(Do.NEXT, shown.asked.turn, marks(shown, truth, chance)))

    async def _do(self, token: str, cookie: str, said: PageSaid) -> Screen:
        return await on_page(self._service, token, cookie, said, self._now)


def marks(shown: Screen, truth: Truth, chance: random.Random) -> tuple[str, ...]:
    """What she marks, by what is true."""
    assert shown.asked is not None
    options = len(shown.asked.choices)
    return (f"c{her_answer(shown.asked.item, options, truth, chance)}",) if options else ()
