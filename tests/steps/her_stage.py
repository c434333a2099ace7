"""The survivors' side on a real database with a clock in hand: enrols with a safe contact, opens links, types words."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from surveys.instruments.compile import compile_form
from surveys.instruments.stored import dump
from surveys.library import load_library
from surveys.records import instruments
from surveys.records.database import Database
from surveys.records.instruments import Published
from surveys.rules.vocabulary import Side
from surveys.steps.page import elsewhere, on_page
from surveys.steps.page_link import links_at
from surveys.steps.page_said import Do, PageSaid, Screen
from surveys.steps.readiness import attest, read_readiness
from tests.steps.stage import START, Stage, make_stage

CODE, DURESS = "jutarnja kafa", "bela lala"
PHONE = "+381641234567"
HOURS = [{"days": "mon-fri", "from": "09:00", "to": "16:00"}]


@cache
def hers() -> tuple[Published, ...]:
    """Her questionnaire, compiled once."""
    forms = [compile_form(path) for path in load_library(Side.SURVIVORS).instruments.values()]
    return tuple(Published(form.name, form.version, form.digest, dump(form), START, "operator") for form in forms)


def safe(**changes: Any) -> dict[str, Any]:
    """A safe contact as staff hand it in."""
    plain = {
        "hours": HOURS, "blackout": [], "code_word": CODE, "duress_word": DURESS, "duress_plan": "Pozovite sestru.",
        "interview": "page", "reminders": 1, "shared_phone": True, "confirmed_on": "2026-09-01",
    }  # fmt: skip
    return plain | changes


def attested(**changes: Any) -> dict[str, Any]:
    """A complete record of readiness."""
    worker = {"centre": "*", "name": "Ana", "phone": "+381601112233", "email": "ana@example.org", "order": 1}
    plain: dict[str, Any] = {
        "protocol_version": "1", "on_call": [worker], "helplines_verified_on": "2026-08-30", "dpia_reference": "D-1",
        "ethics_reference": "E-1", "wording_approved_by": "Ana", "wording_approved_on": "2026-08-30",
        "host_organisation": "Kuća", "sides_disjoint_attested_by": "Ana", "recorded_by": "Ana",
        "recorded_on": "2026-08-30",
    }  # fmt: skip
    return plain | changes


def consenting(**changes: Any) -> dict[str, Any]:
    """What was agreed to, as staff hand it in."""
    return {"contact": True, "evaluation": True, "call": False, "recorded_by": "Ana", "version": "1"} | changes


@dataclass
class HerStage(Stage):
    """`enrol` takes her keys; `ready` records readiness."""

    async def enrol(self, **changes: Any) -> Any:
        own = {
            "channel": "sms",
            "phone": PHONE,
            "safe_contact": safe(),
            "completed_on": "2026-06-10",
            "gender": "female",
        }
        if changes.get("channel") == "phone":
            own["consent"] = consenting(call=True)
        return await super().enrol(**(own | changes))

    async def ready(self, **changes: Any) -> None:
        library = self.service.library
        today = self.service.local(self.now).date()
        document = read_readiness(
            attested(**changes), today=today, protocol=library.protocol.version, centres=library.centres
        )
        async with self.service.database.writing() as tx:
            await attest(tx, document, "by:one", self.now)

    async def noticed(self, days: int = 60) -> str:
        """Go on, hour by hour, until her notice is there; its link's token."""
        await self.forward_until(days)
        return self.token()

    async def forward_until(self, days: int) -> bool:
        before, end = len(self.ledger), self.now + timedelta(days=days)
        while len(self.ledger) == before and self.now < end:
            self.now += timedelta(hours=1)
            await self.tick()
        return len(self.ledger) > before

    def token(self) -> str:
        return next(each.text.rpartition("/p/")[2] for each in reversed(self.ledger) if "/p/" in each.text)


class Phone:
    """A browser: it keeps its cookie, and answers the screen that it was shown last."""

    def __init__(self, stage: Stage, token: str) -> None:
        self.stage, self.token, self.cookie = stage, token, ""
        self.screen = elsewhere()

    async def do(self, do: Do, *picked: str, text: str = "", language: str = "") -> Screen:
        asked, covered = self.screen.asked, self.screen.place >= 0
        turn = asked.turn if asked and not covered else -1
        said = PageSaid(
            do, turn, picked, text, language or (self.screen.language if covered else ""), self.screen.place,
            self.screen.postmark,
        )  # fmt: skip
        self.screen = await on_page(self.stage.service, self.token, self.cookie, said, self.stage.now)
        if self.screen.cookie is not None:
            self.cookie = self.screen.cookie
        return self.screen

    async def gate(self, word: str) -> Screen:
        """The first button, and a word as the first answer."""
        await self.do(Do.START)
        return await self.do(Do.NEXT, text=word)


async def make_her_stage(database: Database, folder: Path) -> HerStage:
    """A survivors' side, not ready yet, with nobody enrolled."""
    plain = await make_stage(database, folder)
    async with database.writing() as tx:
        for form in hers():
            await instruments.publish(tx, replace(form, version="2"))
    service = replace(
        plain.service, side=Side.SURVIVORS, shipped=load_library(Side.SURVIVORS), forms={},
        issue_link=links_at("https://ankete.example.org"),
    )  # fmt: skip
    return HerStage(service)
