"""Everything that the checks look at, read once: rows, addresses, safe contacts and answers opened, the wire."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from posle.opening import opened
from posle.wiring import wire
from surveys.instruments.form import Form
from surveys.records import answers, audit, contacts, safe_contacts, stamps, tables
from surveys.records.answers import Answer
from surveys.records.contacts import Contact
from surveys.records.database import Tx
from surveys.rules.protocol import Protocol
from surveys.steps.safe_contact import SafeContact, from_json
from surveys.steps.service import Service
from tests.invariants.wire import Told

Row = dict[str, Any]
ANSWERING = ("reply", "acknowledgement", "test")
"""Kinds of delivery that answer somebody, or confirm a number with staff beside; all others the service starts."""
NEVER_LEFT = ("planned", "cancelled")
_READ = (
    "deliveries", "invitations", "consents", "participants", "inbox", "tasks", "alerts", "interviews", "answers",
    "holds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """One side, as it stands."""

    service: Service
    rows: dict[str, list[Row]]
    reached: dict[str, list[Contact]]
    """Every address that each participant has or had; none of who was purged."""
    agreed: dict[str, list[tuple[datetime, SafeContact]]]
    """Each participant's safe contacts with when they were recorded, the newest first."""
    given: list[Answer]
    forms: dict[tuple[str, str], Form]
    told: list[Told]
    back: timedelta = timedelta()
    """What happened later may bear an instant that is earlier by so much."""

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows[table]

    def protocol_of(self, participant: str | None) -> Protocol:
        """The version that they go by."""
        known = {each["id"]: each["protocol"] for each in self["participants"]}
        return self.service.protocol_of(known.get(participant))

    def started(self) -> list[Row]:
        """Deliveries that the service started and that may have left."""
        states = ("sent", "unknown", "claimed")
        return [each for each in self["deliveries"] if each["kind"] not in ANSWERING and each["state"] in states]

    def safe_contact(self, participant: str, at: datetime) -> SafeContact | None:
        """The one that counted at that time."""
        return next((one for since, one in self.agreed.get(participant, ()) if since <= at), None)


async def see(folder: Path, told: list[Told]) -> Seen:
    """Read it; fails where the side is not its own or the audit chain is broken."""
    async with opened(folder) as (settings, database):
        service = wire(settings, database)
        async with database.reading(long=True) as tx:
            assert await audit.verify(tx) is None, "I14: the audit chain does not verify"
            assert (await stamps.check(tx)).side is settings.side.name, "I6: a database of the other side"
            rows = {name: await _all(tx, name) for name in _READ}
            kept = [each["id"] for each in rows["participants"] if each["status"] != "purged"]
            reached = {each: await contacts.of_participant(tx, each) for each in kept}
            agreed = {each: await _agreed(tx, each) for each in kept}
            given = [answer for each in kept for answer in await answers.of_participant(tx, each)]
            waves = {(each["instrument"], each["version"]) for each in rows["interviews"]}
            forms = {name: await service.form(tx, *name) for name in waves}
    return Seen(service, rows, reached, agreed, given, forms, told)


async def _all(tx: Tx, name: str) -> list[Row]:
    table = getattr(tables, name)
    return [dict(zip(table.c.keys(), row, strict=True)) for row in await tx.rows(select(table))]


async def _agreed(tx: Tx, participant: str) -> list[tuple[datetime, SafeContact]]:
    return [(each.recorded_at, from_json(each.document)) for each in await safe_contacts.history(tx, participant)]


def without(seen: Seen, **changes: Any) -> Seen:
    """The same with something else in a field's place: for tests of the checks themselves."""
    return replace(seen, **changes)
