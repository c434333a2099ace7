"""The safety report for the ethics board: every message that was sent, when, and by which rule it was allowed; holds;
alerts and how soon somebody took them; erasures, and whether the records agree.

Ids are drawn anew for each report. No answer, name, number, text or token is in it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from surveys.records import audit, contacts, participants
from surveys.records.database import Tx
from surveys.records.holds import WHOLE_SIDE
from surveys.records.ids import new_id
from surveys.records.oversight import (
    FORGOTTEN,
    LEFT,
    every_alert,
    every_body,
    every_delivery,
    every_done,
    every_hold,
    every_standing,
)
from surveys.records.tombstones import Fate, Tombstone
from surveys.rules.vocabulary import DeliveryState, Status
from surveys.steps.service import Service
from surveys.steps.sheets import Folder, Sheet

MESSAGES = ("message", "person", "kind", "channel", "state", "rule", "due_at", "sent_at", "weekday", "not_sent_because")
HOLDS = ("hold", "scope", "of", "reason", "since", "released_at")
ALERTS = ("alert", "person", "centre", "rule", "urgency", "drill", "opened_at", "minutes_to_acknowledgement",
          "minutes_to_close", "people_told", "state")  # fmt: skip
ERASURES = ("person", "fate", "at", "record_agrees")
DELETIONS = ("message", "channel", "direction", "to_go_at", "gone_at", "minutes_late", "failed_tries", "state")
SUMMARY = ("what", "number")
FORGOT = "contact_forgotten"
LEFT_THERE = "left in the chat"
"""The state of a message that no attempt could delete; it is somebody's task, and never passed over in silence."""
_AGREES = {
    Fate.WITHDRAWN: (Status.WITHDRAWN, Status.PURGED),
    Fate.ANSWERS_DELETED: (Status.WITHDRAWN, Status.PURGED),
    Fate.PURGED: (Status.PURGED,),
    Fate.DECEASED: (Status.DECEASED, Status.PURGED),
    Fate.MOVED_ABROAD: (Status.MOVED_ABROAD, Status.ACTIVE, Status.WITHDRAWN, Status.DECEASED, Status.PURGED),
    Fate.BACK: tuple(Status),
}
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


Sheets = Mapping[str, Sheet]
Beside = Callable[[Folder, Sheets], None]
"""Writes a readable page of the same rows into the folder."""


async def safety_report(
    service: Service, out: Path, actor: str, now: datetime, *, beside: Beside | None = None
) -> Told:
    """Write the report into the new folder `out`; FolderRefused where it cannot take it. It is audited."""
    with Folder(out) as folder:
        async with service.database.reading(long=True) as tx:
            names: dict[str, str] = defaultdict(lambda: new_id("p", tx.chance))
            name: Name = lambda one: names[one] if one else ""  # noqa: E731 - one line, bound to this report's names
            messages = await _messages(tx, service, name)
            holds = await _holds(tx, service, name)
            alerts = await _alerts(tx, service, name)
            erasures = await _erasures(tx, service, name)
            deletions = await _deletions(tx, service, name, now)
            intact = await audit.verify(tx) is None
        told = Told(len(messages), len(holds), len(alerts), len(erasures), intact)
        sheets = {
            "messages.csv": Sheet(MESSAGES, messages), "holds.csv": Sheet(HOLDS, holds),
            "alerts.csv": Sheet(ALERTS, alerts), "erasures.csv": Sheet(ERASURES, erasures),
            "deletions.csv": Sheet(DELETIONS, deletions),
            "summary.csv": Sheet(SUMMARY, [*_summary(messages, alerts, erasures, told), *_gone(deletions)]),
        }  # fmt: skip
        folder.write(sheets)
        if beside is not None:
            beside(folder, sheets)
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
    """What the tombstone file says, held against the records: a purged person's key and answers are gone there; and
    whose contact details went by the retention clock."""
    rows: list[Row] = []
    first: dict[tuple[str, Fate], Tombstone] = {}
    for each in service.tombstones.read():
        first.setdefault((each.participant, each.fate), each)  # a restored backup has each of them written anew
    for each in first.values():
        agrees = await _status(tx, each.participant) in _AGREES[each.fate]
        rows.append((name(each.participant), each.fate, _local(service, each.at), "yes" if agrees else "no"))
    async for gone in every_done(tx, FORGOTTEN):
        reached = any(each.address for each in await contacts.of_participant(tx, gone.id))
        rows.append((name(gone.id), FORGOT, _local(service, gone.at), "no" if reached else "yes"))
    return sorted(rows, key=lambda row: str(row[2]))


async def _deletions(tx: Tx, service: Service, name: Name, now: datetime) -> list[Row]:
    """What was to go from the SMS provider and from chats. A message that is gone from a chat leaves no row: there is
    proof in what stands, above all in what is late, and in what had to be given up and was left there."""
    rows: list[Row] = []
    async for body in every_body(tx):
        state = "gone" if body.redacted_at else "waits for its status" if body.final_at is None else "stands"
        late = _minutes(body.final_at, body.redacted_at or now) if body.final_at else None
        rows.append((name(body.sid), "sms", body.direction, _local(service, body.final_at),
                     _local(service, body.redacted_at), late, body.tries, state))  # fmt: skip
    async for each in every_standing(tx):
        late = _minutes(each.due_at, now) if each.due_at < now else 0
        rows.append((name(each.id), "telegram", each.direction, _local(service, each.due_at), "", late, each.tries,
                     "late" if late else "stands until then"))  # fmt: skip
    rows += [
        (name(lost.id), "telegram", "", _local(service, lost.at), "", None, None, LEFT_THERE)
        async for lost in every_done(tx, LEFT)
    ]
    return sorted(rows, key=lambda row: (str(row[3]), str(row[0])))


def _gone(deletions: list[Row]) -> list[Row]:
    sms = [row for row in deletions if row[1] == "sms"]
    late = [row[5] for row in sms if isinstance(row[5], int)]
    left = [row for row in deletions if row[7] == LEFT_THERE]
    chat = [row for row in deletions if row[1] == "telegram" and row[7] != LEFT_THERE]
    return [
        ("SMS bodies taken off the provider", sum(row[7] == "gone" for row in sms)),
        ("SMS bodies that still stand there", sum(row[7] != "gone" for row in sms)),
        ("minutes until an SMS body was gone, longest", max(late, default=None)),
        ("messages in chats that are to go", len(chat)),
        ("of which late", sum(row[7] == "late" for row in chat)),
        ("of which failed at least once", sum(row[6] != 0 for row in chat)),
        ("messages that could not be deleted from a chat", len(left)),
    ]  # fmt: skip


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
