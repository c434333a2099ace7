"""Checks what must always hold, on one side's folder and the provider's ledger. It changes nothing."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from posle.opening import opened
from posle.wiring import wire
from simulator.ledger import Ledger
from surveys.records import audit, contacts, stamps, tables
from surveys.records.contacts import Contact
from surveys.records.database import Tx
from surveys.steps.service import Service

SLACK = timedelta(seconds=5)
BELGRADE = ZoneInfo("Europe/Belgrade")
STARTED = ("notice", "reminder")


async def check(folder: Path, ledger: Ledger) -> None:
    """Fail, naming the invariant (safety.md), where one does not hold."""
    async with opened(folder) as (settings, database):
        service = wire(settings, database)
        async with database.reading(long=True) as tx:
            assert await audit.verify(tx) is None, "I14: the audit chain does not verify"
            rows = {name: await _all(tx, name) for name in _READ}
            reached = await _addresses(tx, rows["participants"])
            stamp = await stamps.check(tx)
    told = [each for each in ledger.accepted if each.method == "sendMessage"]
    _one_each(rows["deliveries"], told)
    _consented(rows, told)
    _in_hours(service, rows["deliveries"])
    _numbers(rows)
    _alerts(rows["alerts"])
    _withdrawn(rows)
    _nothing_lost(rows)
    _capped(service, rows)
    _to_the_right_address(rows["deliveries"], told, reached)
    assert stamp.side is settings.side.name, "I6: a database of the other side"
    _answered_by_who_agreed(rows)
    _not_again(rows["deliveries"], told, reached)
    _not_under_hold(rows)


_READ = (
    "deliveries", "invitations", "consents", "participants", "inbox", "tasks", "alerts", "interviews", "answers",
    "holds",
)  # fmt: skip


async def _all(tx: Tx, name: str) -> list[dict[str, Any]]:
    table = getattr(tables, name)
    return [dict(zip(table.c.keys(), row, strict=True)) for row in await tx.rows(select(table))]


async def _addresses(tx: Tx, people: list[dict[str, Any]]) -> dict[str, list[Contact]]:
    """Every address that each participant has or had; none of who was purged."""
    return {each["id"]: await contacts.of_participant(tx, each["id"]) for each in people if each["status"] != "purged"}


def _one_each(deliveries: list[dict[str, Any]], told: list[Any]) -> None:
    """I1, I2: as many messages on the wire as deliveries that may have left, each claimed before."""
    sent = [each for each in deliveries if each["state"] == "sent"]
    # edits of a bubble carry its number too: the message itself is the first delivery of that number
    left = {each["provider_message"]: each for each in sorted(sent, key=lambda row: row["claimed_at"], reverse=True)}
    unknown = sum(each["state"] in ("unknown", "claimed", "failed") for each in deliveries)
    strangers = 0
    for message in told:
        found = left.get(f"{message.chat_id}:{message.message_id}") or left.get(str(message.message_id))
        # a later edit of the same bubble is no claim of the message itself, whose delivery may be unknown
        if found is None or found["claimed_at"] > datetime.fromisoformat(message.at) + SLACK:
            strangers += 1
    assert strangers <= unknown, f"I1: {strangers} messages on the wire, {unknown} deliveries that may be theirs"
    kept = Counter((each["invitation"], each["kind"], each["sequence"]) for each in deliveries if each["invitation"])
    assert max(kept.values(), default=0) <= 1, "I2: a delivery is there twice"


def _consented(rows: dict[str, list[dict[str, Any]]], told: list[Any]) -> None:
    """I3: whatever the service started, consent to be contacted was in force at its claim."""
    for each in _started(rows["deliveries"]):
        said = [
            c
            for c in rows["consents"]
            if c["participant"] == each["participant"] and c["purpose"] == "contact" and c["at"] <= each["claimed_at"]
        ]
        assert said, "I3: no consent before a message"
        assert max(said, key=lambda c: c["at"])["given"], "I3: consent was not in force"


def _started(deliveries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    states = ("sent", "unknown", "claimed")
    return [each for each in deliveries if each["kind"] in STARTED and each["state"] in states]


def _in_hours(service: Service, deliveries: list[dict[str, Any]]) -> None:
    """I4: a message that the service starts lies in the hours; never at night, at weekends, on holidays."""
    for each in _started(deliveries):
        local = each["claimed_at"].astimezone(BELGRADE)
        assert service.hours.is_allowed(each["claimed_at"]), f"I4: claimed outside the hours, at {local}"
        assert local.weekday() < 5, "I4: at a weekend"
        assert 7 <= local.hour < 22, "I4: at night"


def _numbers(rows: dict[str, list[dict[str, Any]]]) -> None:
    """I8: a provider's update is there once; a bubble belongs to one delivery that the service started."""
    taken = Counter((each["provider"], each["provider_id"]) for each in rows["inbox"])
    assert max(taken.values(), default=0) <= 1, "I8: an update is there twice"
    made = Counter(each["provider_message"] for each in _started(rows["deliveries"]) if each["provider_message"])
    assert max(made.values(), default=0) <= 1, "I8: a message's number is there twice"


def _alerts(alerts: list[dict[str, Any]]) -> None:
    """I10: a rule and an item have one alert."""
    made = Counter((each["interview"], each["item"], each["rule"]) for each in alerts if each["interview"])
    assert max(made.values(), default=0) <= 1, "I10: an alert is there twice"


def _withdrawn(rows: dict[str, list[dict[str, Any]]]) -> None:
    """I11: nothing is planned for, or started to, who has withdrawn."""
    gone = {
        each["id"]: each["changed_at"] for each in rows["participants"] if each["status"] in ("withdrawn", "purged")
    }
    for each in rows["deliveries"]:
        if each["participant"] in gone and each["kind"] in STARTED:
            assert each["state"] != "planned", "I11: planned for a person who withdrew"
            assert each["claimed_at"] is None or each["claimed_at"] <= gone[each["participant"]], "I11: sent after"


def _nothing_lost(rows: dict[str, list[dict[str, Any]]]) -> None:
    """I7, I12: dead updates and unknown or failed messages have a task; what is cancelled has a reason."""
    subjects = {each["subject"] for each in rows["tasks"]}
    for each in rows["inbox"]:
        assert each["state"] != "dead" or str(each["seq"]) in subjects, "I7: dead without a task"
    for each in rows["deliveries"]:
        if each["kind"] not in STARTED:
            continue
        assert each["state"] != "cancelled" or each["reason"], "I12: cancelled without a reason"
        if each["state"] in ("failed", "unknown"):
            assert each["id"] in subjects, f"I12: {each['state']} without a task"


def _capped(service: Service, rows: dict[str, list[dict[str, Any]]]) -> None:
    """I19: caps per person and day, and per wave."""
    caps = service.library.protocol.caps
    days, waves = Counter[Any](), Counter[Any]()
    for each in _started(rows["deliveries"]):
        days[each["participant"], each["claimed_at"].astimezone(BELGRADE).date()] += 1
        waves[each["invitation"]] += 1
    assert max(days.values(), default=0) <= caps.per_day, "I19: too many in a day"
    assert max(waves.values(), default=0) <= caps.per_wave, "I19: too many in a wave"


def _to_the_right_address(deliveries: list[dict[str, Any]], told: list[Any], reached: dict[str, list[Contact]]) -> None:
    """I5: what the service started went to an address that was verified, current and not given up at the claim."""
    wire = {str(each.message_id): str(each.chat_id) for each in told}
    for each in _started(deliveries):
        chat = wire.get(str(each["provider_message"] or "").rpartition(":")[2])
        if chat is None or each["participant"] not in reached:
            continue
        at = each["claimed_at"]
        valid = {
            own.address
            for own in reached[each["participant"]]
            if own.verified_at and own.verified_at <= at and not (own.replaced_at and own.replaced_at < at)
        }
        assert chat in valid, "I5: sent to an address that was not the person's at that time"


def _answered_by_who_agreed(rows: dict[str, list[dict[str, Any]]]) -> None:
    """I9: an answer was given in a live interview of its own wave, after that wave's consent."""
    talks = {each["id"]: each for each in rows["interviews"]}
    agreed = {each["invitation"]: each["at"] for each in rows["consents"] if each["invitation"] and each["given"]}
    for each in rows["answers"]:
        talk, consented = talks[each["interview"]], agreed.get(each["invitation"])
        assert consented is not None, "I9: an answer without the wave's consent"
        assert consented <= each["given_at"], "I9: an answer before the wave's consent"
        assert talk["ended_at"] is None or each["given_at"] <= talk["ended_at"], "I9: an answer after the end"


def _not_again(deliveries: list[dict[str, Any]], told: list[Any], reached: dict[str, list[Contact]]) -> None:
    """I13: nobody got more messages that the service started than deliveries may have left for them."""
    left = Counter(
        each["participant"] for each in deliveries if each["kind"] in STARTED and each["state"] not in _NEVER_LEFT
    )
    started = Counter(str(each.chat_id) for each in told if "begin" in str(each.parameters))
    for participant, own in reached.items():
        got = sum(started[address] for address in {each.address for each in own})
        assert got <= left[participant], "I13: a message that may have left was sent again"


_NEVER_LEFT = ("planned", "cancelled")


def _not_under_hold(rows: dict[str, list[dict[str, Any]]]) -> None:
    """I20: nothing was started while a hold stood over its side, centre or person."""
    centres = {each["id"]: each["centre"] for each in rows["participants"]}
    for each in _started(rows["deliveries"]):
        for hold in rows["holds"]:
            stood = hold["since"] <= each["claimed_at"] and not (
                hold["released_at"] and hold["released_at"] < each["claimed_at"]
            )
            concerns = hold["target"] in ("all", each["participant"], centres.get(each["participant"]))
            assert not (stood and concerns), "I20: started under a hold"
