"""The safety report for the ethics board: every message that was sent, when, and by which rule it was allowed; holds;
alerts and how soon somebody took them; erasures, and whether the records agree.

Ids are drawn anew for each report. No answer, name, number, text or token is in it.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from surveys.records import audit, participants
from surveys.records.database import Tx
from surveys.records.holds import WHOLE_SIDE
from surveys.records.ids import new_id
from surveys.records.oversight import every_alert, every_delivery, every_hold
from surveys.records.tombstones import Fate
from surveys.rules.vocabulary import DeliveryState, Status
from surveys.steps.service import Service
from surveys.steps.sheets import Folder, Sheet

MESSAGES = ("message", "person", "kind", "channel", "state", "rule", "due_at", "sent_at", "weekday", "not_sent_because")
HOLDS = ("hold", "scope", "of", "reason", "since", "released_at")
ALERTS = ("alert", "person", "centre", "rule", "urgency", "drill", "opened_at", "minutes_to_acknowledgement",
          "minutes_to_close", "people_told", "state")  # fmt: skip
ERASURES = ("person", "fate", "at", "record_agrees")
SUMMARY = ("what", "number")
_AGREES = {Fate.WITHDRAWN: (Status.WITHDRAWN, Status.PURGED), Fate.PURGED: (Status.PURGED,)}
Row = tuple[str | int | None, ...]
Name = Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class Told:
    """How many rows each file has, and whether the audit chain is whole."""

    messages: int
    holds: int
    alerts: int
    erasures: int
    audit_intact: bool


async def safety_report(service: Service, out: Path, actor: str, now: datetime) -> Told:
    """Write the report into the new folder `out`; FolderRefused where it cannot take it. It is audited."""
    with Folder(out) as folder:
        async with service.database.reading(long=True) as tx:
            names: dict[str, str] = defaultdict(lambda: new_id("p", tx.chance))
            name: Name = lambda one: names[one] if one else ""  # noqa: E731 - one line, bound to this report's names
            messages = await _messages(tx, service, name)
            holds = await _holds(tx, service, name)
            alerts = await _alerts(tx, service, name)
            erasures = await _erasures(tx, service, name)
            intact = await audit.verify(tx) is None
        told = Told(len(messages), len(holds), len(alerts), len(erasures), intact)
        folder.write({
            "messages.csv": Sheet(MESSAGES, messages), "holds.csv": Sheet(HOLDS, holds),
            "alerts.csv": Sheet(ALERTS, alerts), "erasures.csv": Sheet(ERASURES, erasures),
            "summary.csv": Sheet(SUMMARY, _summary(messages, alerts, erasures, told)),
        })  # fmt: skip
        async with service.database.writing() as tx:
            audit.record(tx, actor, "safety.reported", "side", now, messages=told.messages, alerts=told.alerts)
        folder.publish()
    return told


async def _messages(tx: Tx, service: Service, name: Name) -> list[Row]:
    rows: list[Row] = []
    async for each in every_delivery(tx):
        sent = each.state in (DeliveryState.SENT, DeliveryState.UNKNOWN)
        at = each.finished_at if sent else None
        rows.append((
            name(each.id), name(each.participant), each.kind, each.channel, each.state, each.why,
            _local(service, each.due_at), _local(service, at), service.local(at).strftime("%a") if at else "",
            "" if sent else each.reason,
        ))  # fmt: skip
    return sorted(rows, key=lambda row: (str(row[6]), str(row[0])))


async def _holds(tx: Tx, service: Service, name: Name) -> list[Row]:
    return [
        (name(each.id), each.scope, name(each.target) if each.scope == "person" else each.target or WHOLE_SIDE,
         each.reason, _local(service, each.since), _local(service, each.released_at))
        async for each in every_hold(tx)
    ]  # fmt: skip


async def _alerts(tx: Tx, service: Service, name: Name) -> list[Row]:
    return [
        (name(each.id), name(each.participant), each.centre, each.rule, each.urgency, "yes" if each.drill else "no",
         _local(service, each.opened_at), _minutes(each.opened_at, each.acknowledged_at),
         _minutes(each.opened_at, each.closed_at), each.escalations, each.state)
        async for each in every_alert(tx)
    ]  # fmt: skip


async def _erasures(tx: Tx, service: Service, name: Name) -> list[Row]:
    """What the tombstone file says, held against the records: a purged person's key and answers are gone there."""
    rows: list[Row] = []
    for each in service.tombstones.read():
        agrees = await _status(tx, each.participant) in _AGREES[each.fate]
        rows.append((name(each.participant), each.fate, _local(service, each.at), "yes" if agrees else "no"))
    return rows


async def _status(tx: Tx, participant: str) -> Status | None:
    try:
        return (await participants.get(tx, participant)).status
    except participants.NoSuchParticipant:
        return None


def _summary(messages: list[Row], alerts: list[Row], erasures: list[Row], told: Told) -> list[Row]:
    states: dict[str, int] = defaultdict(int)
    for row in messages:
        states[f"messages {row[4]}"] += 1
    taken = sorted(row[7] for row in alerts if isinstance(row[7], int))
    middle = taken[len(taken) // 2] if taken else None
    return [
        *sorted(states.items()), ("alerts", told.alerts), ("alerts nobody took", len(alerts) - len(taken)),
        ("minutes to acknowledgement, median", middle),
        ("minutes to acknowledgement, longest", max(taken, default=None)),
        ("erasures and withdrawals", told.erasures),
        ("of which the records do not agree", sum(row[3] == "no" for row in erasures)),
        ("audit chain intact", "yes" if told.audit_intact else "no"),
    ]  # fmt: skip


def _local(service: Service, at: datetime | None) -> str:
    return service.local(at).isoformat(timespec="minutes") if at else ""


def _minutes(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else round((end - start).total_seconds() / 60)
