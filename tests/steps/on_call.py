"""A side whose workers are on call, for tests: who is on the list, and a pager that keeps what it was told."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from surveys.records import alerts, readiness
from surveys.records.alerts import Alert
from surveys.records.database import Database
from surveys.steps import taking
from surveys.steps.escalate import Means, Pagers, escalate
from surveys.steps.ports import Outcome, Pager, Sent
from tests.steps.stage import Stage

QUARTER = timedelta(minutes=15)


def on_call(name: str, centre: str = "nis", order: int = 1, **more: Any) -> dict[str, Any]:
    """One row of the list."""
    return {"centre": centre, "name": name, "phone": "+381641234567", "email": f"{name}@example.org",
            "order": order} | more  # fmt: skip


ROWS = (on_call("first"), on_call("second", order=2), on_call("elsewhere", "kragujevac"), on_call("coordinator", "*"))
LADDER = [["first"], ["second"], ["coordinator"], ["coordinator", "host"]]


async def attested(database: Database, now: datetime, rows: Any = ROWS) -> None:
    """Record the list; the rest of readiness is of no account here."""
    record = {"on_call": list(rows), "host_organisation": "Kuća", "host_email": "host@example.org"}
    async with database.writing() as tx:
        await readiness.record(tx, json.dumps(record), now)


@dataclass
class Told:
    """A pager that keeps what it was told. `fate` says what becomes of what goes to an address."""

    said: list[tuple[str, str, str]] = field(default_factory=list)
    fate: dict[str, Outcome | Exception] = field(default_factory=dict)

    async def page(self, text: str, address: str, callout: str) -> Outcome:
        self.said.append((address.partition("@")[0], text, callout))
        outcome = self.fate.get(address.partition("@")[0], Sent(None))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def names(self) -> list[str]:
        """Who was told since it was last asked, by name."""
        said, self.said = self.said, []
        return sorted(name for name, _, _ in said)


@dataclass
class Duty:
    """A stage with a pager beside it."""

    stage: Stage
    told: Told = field(default_factory=Told)
    pagers: Pagers | None = None

    @property
    def by(self) -> Pagers:
        by: dict[Means, Pager] = {Means.MAIL: self.told}
        return self.pagers or Pagers(by)

    async def tick(self, later: timedelta = timedelta(0)) -> list[str]:
        """Move on and look; who was told."""
        self.stage.now += later
        await escalate(self.stage.service, self.by, lambda: self.stage.now)
        return self.told.names()

    async def drill(self, centre: str = "nis") -> str:
        async with self.stage.service.database.writing() as tx:
            return await taking.drill(tx, centre, "by:somebody", self.stage.now)

    async def take(self, alert: str) -> bool:
        async with self.stage.service.database.writing() as tx:
            return await taking.take(tx, alert, "by:somebody", self.stage.now)

    async def alert(self, alert: str) -> Alert:
        async with self.stage.service.database.reading() as tx:
            found = await alerts.get(tx, alert)
        assert found is not None
        return found
