"""The other side of the demo: women with a safe contact, their notices, calls and answers, in a database of their own.

Played by the steps themselves under the demo's clock; it never meets the men's side but in the assessment.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from posle.attesting import record
from posle.demo.cohort import Man
from posle.demo.her_ways import CODE, DURESS, called, opens, visit
from posle.demo.truth import Truth
from posle.founding import found
from posle.opening import opened
from posle.settings import FILE
from posle.wiring import wire
from surveys.records import deliveries, invitations, participants, tasks
from surveys.rules.chance import SeededChance
from surveys.rules.vocabulary import ENDED, Side
from surveys.steps.dispatch import dispatch
from surveys.steps.enrol import enrol_many, read
from surveys.steps.expire import expire
from surveys.steps.notice import CALL_TASK
from surveys.steps.ports import Outcome, Outgoing, Sent
from surveys.steps.reconfirm import reconfirm
from surveys.steps.service import Service

SHARE, BY_PHONE = 0.3, 0.5
"""Of all men: for how many a woman is enrolled (fewer than the 39 % of a published pilot: each word of hers is hashed
slowly, and the demo ends soon). Of the women, how many are called; the others get a notice with a link."""
CONFIRMED = 0.94
"""Of all women, how many staff reach before a wave."""
CONFIRMED_AFTER = (62, 90, 152, 180)
"""Days after enrolment: within thirty days before each woman's waves."""
LOOKS = (time(9, 30), time(12, 30), time(15, 30))
"""When her side looks at what is due, on working days; the service itself looks every few seconds."""
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
        women = [_woman(man, place, began, chance) for place, man in enumerate(men) if chance.random() < SHARE]
        enrolled = await enrol_many(service, [read(service, woman.given, began) for woman in women], began)
        people = {each.participant: woman for each, woman in zip(enrolled, women, strict=True)}
        await _Play(service, chance, began, people).run(ends)
    return folder


def attested(now: datetime, on_call: str = "") -> Mapping[str, Any]:
    """A record of readiness for people who do not exist; `on_call` is the telephone of whoever is told of alerts."""
    today = now.date().isoformat()
    worker = _WORKER | ({"phone": on_call} if on_call else {})
    return {
        "protocol_version": "1", "on_call": [worker], "helplines_verified_on": today, "dpia_reference": "demo",
        "ethics_reference": "demo", "wording_approved_by": "demo", "wording_approved_on": today,
        "host_organisation": "demo", "sides_disjoint_attested_by": "demo", "recorded_by": "demo", "recorded_on": today,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Woman:
    """One made-up woman: what staff hand in, and what is true of her."""

    given: Mapping[str, Any]
    truth: Truth


def _woman(man: Man, place: int, now: datetime, chance: random.Random) -> _Woman:
    by_phone = chance.random() < BY_PHONE
    safe: dict[str, Any] = {
        "hours": [{"days": "mon-fri", "from": "09:00", "to": "16:00"}],
        "confirmed_on": now.date().isoformat(), "reminders": 1,
    }  # fmt: skip
    shared = {key: man.given[key] for key in ("case_code", "centre", "completed_on", "language", "consent")}
    own: dict[str, Any] = {"channel": "sms", "safe_contact": safe | {"code_word": CODE, "duress_word": DURESS}}
    if by_phone:
        own = {"channel": "phone", "safe_contact": safe, "consent": shared["consent"] | {"call": True}}
    return _Woman({**shared, "phone": f"+38164{1000000 + place}", "gender": "female", **own}, man.truth)


async def confirm(service: Service, people: Sequence[str], now: datetime) -> None:
    """Staff confirm their safe contacts anew, their words as they were; of who left nothing is confirmed any more."""
    async with service.database.reading() as tx:
        there = [each for each in people if (await participants.get(tx, each)).status not in ENDED]
    await asyncio.gather(*(
        reconfirm(service, person, {}, "demo", "demo", now, words_stay=True) for person in there
    ))  # fmt: skip


class _Play:
    """The women's months: their messages and calls, and what they do with them."""

    def __init__(
        self, service: Service, chance: random.Random, now: datetime, people: Mapping[str, _Woman]
    ) -> None:  # fmt: skip
        self._service, self._chance, self._now, self._people = service, chance, now, people
        self._links: list[tuple[str, Truth]] = []
        self._by_number = {woman.given["phone"]: woman.truth for woman in people.values()}
        self._talked: set[str] = set()

    async def run(self, ends: datetime) -> None:
        """From one look to the next; safe contacts are confirmed anew before each wave, as staff would."""
        confirm = [self._now + timedelta(days=day) for day in CONFIRMED_AFTER]
        while self._now < ends:
            if confirm and self._now >= confirm[0]:
                confirm.pop(0)
                await self._confirm()
            await expire(self._service, self._now)
            await dispatch(self._service, self._send, lambda: self._now)
            came, self._links = self._links, []
            visits = [visit(self._service, token, truth, self._own(), self._now) for token, truth in came]
            await asyncio.gather(*visits, *[self._call(*one) for one in await self._to_call()])
            self._now = await self._next([ends, *confirm])

    async def _confirm(self) -> None:
        reached = [each for each in self._people if self._chance.random() < CONFIRMED]
        await confirm(self._service, reached, self._now)

    async def _to_call(self) -> list[tuple[str, str]]:
        """Who is to be called for a wave and was not spoken to yet: the wave and the person."""
        async with self._service.database.reading() as tx:
            standing = [each for each in await tasks.standing(tx) if each.kind == CALL_TASK]
        found = [(each.subject, each.participant) for each in standing if each.participant]
        return [each for each in found if each[0] not in self._talked]

    async def _call(self, wave: str, person: str) -> None:
        truth, chance = self._people[person].truth, self._own()
        if await called(self._service, person, truth, chance, self._now):
            self._talked.add(wave)

    async def _next(self, known: Sequence[datetime]) -> datetime:
        async with self._service.database.reading() as tx:
            due, over = await deliveries.next_due(tx), await invitations.next_closing(tx)
        coming = min(each for each in (due, over, *known) if each is not None)
        return self._look(max(coming, self._now + timedelta(minutes=1)))

    def _look(self, after: datetime) -> datetime:
        """The first look at or after that instant."""
        local = self._service.local(after)
        days = (local.date() + timedelta(days=more) for more in range(4))
        looks = (datetime.combine(day, at, local.tzinfo) for day in days if day.weekday() < 5 for at in LOOKS)
        return next(each for each in looks if each >= local).astimezone(after.tzinfo)

    def _own(self) -> random.Random:
        """A chance of her own: people who act at once draw nothing from each other's."""
        return random.Random(self._chance.random())  # noqa: S311 - a demo that can be repeated

    async def _send(self, message: Outgoing) -> Outcome:
        truth, chance = self._by_number[message.address], self._own()
        if opens(truth, chance):
            self._links.append((message.text.rpartition("/p/")[2], truth))
        return Sent(message.delivery)
