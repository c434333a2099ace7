"""What a host organisation attests before its side may send anything. Read strictly, kept sealed, only added to."""

import json
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from surveys.records import audit, readiness
from surveys.records.database import Tx
from surveys.rules.hours import HoursRefused
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.rota import Rota, read_rota, read_shift
from surveys.steps.authorities import is_authority, is_public_line
from surveys.steps.rota_told import tell

TEXTS = (
    "dpia_reference", "ethics_reference", "wording_approved_by", "host_organisation", "sides_disjoint_attested_by",
    "recorded_by",
)  # fmt: skip
DAYS = ("helplines_verified_on", "wording_approved_on", "recorded_on")
NEEDED = ("protocol_version", "on_call", *TEXTS, *DAYS)
"""Every key of a record that may not be left out."""
HOST = ("host_phone", "host_email")
"""The host organisation's number and address, told of an alert last; `posle doctor` misses them."""
IN_CONSOLE, DIGEST = "on_call_in_console", "wording_digest"
"""What only the console records: that the list was changed there, and the hash of the wording that two people read."""
_WORKER = {"centre", "name", "phone", "email", "order", "hours"}
_LONGEST = 200
_MAIL = re.compile(r"[^@\s<>,;:\"()]+@[^@\s<>,;:\"()]+")


class ReadinessRefused(ValueError):
    """This is no complete record of readiness; the message names the key and says what to do, never the value."""


def read_readiness(given: Mapping[str, Any], *, today: date, protocol: str, centres: Collection[str]) -> str:
    """The record as canonical JSON; ReadinessRefused naming the first key that is wrong."""
    _refuse_unknown(given, (*NEEDED, *HOST), "")
    if str(given.get("protocol_version")) != protocol:
        raise ReadinessRefused(f"protocol_version: must be {protocol}, the version that is in force")
    for key in TEXTS:
        _text(given, key)
    for key in DAYS:
        _day(given, key, today)
    on_call = given.get("on_call")
    if not isinstance(on_call, list) or not on_call:
        raise ReadinessRefused("on_call: must list at least one person: centre (or *), name, phone, email, order")
    for place, worker in enumerate(on_call):
        read_worker(worker, f"on_call[{place}]", centres)
    _refuse_authority(given, "host_organisation")
    for key in HOST:
        if key in given:
            _reachable(given, key)
    return _canonical(given)


class NotAttested(Exception):
    """Nothing was recorded yet: first posle ready."""


async def attest(tx: Tx, document: str, actor: str, now: datetime, *, replace_rota: bool = False) -> str:
    """Keep what `read_readiness` gave; the record's id. The last record counts, with what the console knows beside it:
    lines that were called, and the hash of the wording while the same people stand for it. The coordinators are told of
    whoever is on call no more.

    ReadinessRefused where it would undo, unasked, a change of the on-call list in the console.
    """
    last, given = await readiness.latest(tx), json.loads(document)
    before = json.loads(last.document) if last is not None else {}
    same = {key: before.get(key) == given[key] for key in ("on_call", "wording_approved_by", "wording_approved_on")}
    if before.get(IN_CONSOLE) and not same["on_call"] and not replace_rota:
        raise ReadinessRefused(
            "on_call: the list was changed in the console since; hand in what the console shows, or add --replace-rota"
        )
    kept = ["helplines", *([IN_CONSOLE] if same["on_call"] else [])]
    kept += [DIGEST] if same["wording_approved_by"] and same["wording_approved_on"] else []
    name = await readiness.record(tx, _canonical({key: before[key] for key in kept if key in before} | given), now)
    audit.record(tx, actor, "readiness.recorded", name, now)
    if last is not None:
        await tell(tx, name, before.get("on_call", ()), given["on_call"], actor, now)
    return name


async def amend(tx: Tx, now: datetime, **keys: Any) -> str:
    """Keep the last record anew with these keys; the new record's id. NotAttested where there is none."""
    last = await readiness.latest(tx)
    if last is None:
        raise NotAttested
    return await readiness.record(tx, _canonical(json.loads(last.document) | keys), now)


def _canonical(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True)


async def rota_of(tx: Tx, zone: ZoneInfo) -> Rota:
    """The on-call list of the last record; empty where nothing was recorded."""
    last = await readiness.latest(tx)
    return read_rota(json.loads(last.document) if last else {}, zone)


def read_worker(worker: object, place: str, centres: Collection[str]) -> None:
    """One row of the on-call list; ReadinessRefused naming what is wrong."""
    if not isinstance(worker, Mapping):
        raise ReadinessRefused(f"{place}: must hold centre, name, phone, email and order")
    _refuse_unknown(worker, _WORKER, f"{place}.")
    if worker.get("centre") not in (*centres, EVERY_CENTRE):
        raise ReadinessRefused(f"{place}.centre: must be * or one of {', '.join(sorted(centres))}")
    _text(worker, "name", f"{place}.")
    _refuse_authority(worker, "name", f"{place}.")
    _reachable(worker, "email", f"{place}.")
    _reachable(worker, "phone", f"{place}.")
    order = worker.get("order")
    if isinstance(order, bool) or not isinstance(order, int) or order < 1:
        raise ReadinessRefused(f"{place}.order: must be 1 for who is called first, 2 for the next …")
    _hours(worker.get("hours"), place)


def _reachable(given: Mapping[str, Any], key: str, place: str = "") -> None:
    value = _text(given, key, place)
    if key.endswith("email"):
        if not _MAIL.fullmatch(value):
            raise ReadinessRefused(f"{place}{key}: must be an e-mail address")
        _refuse_authority(given, key, place)
        return
    if is_public_line(value):
        raise ReadinessRefused(
            f"{place}{key}: is an emergency line or the police's; alerts go to the side's staff alone"
        )
    if not _can_be_called(value):
        raise ReadinessRefused(f"{place}{key}: is not a telephone number; write it as +38164…")


def _refuse_authority(given: Mapping[str, Any], key: str, place: str = "") -> None:
    """Nothing is ever sent to police (safety.md, "Danger")."""
    if is_authority(given[key]):
        raise ReadinessRefused(f"{place}{key}: is an authority's; alerts go to the side's staff alone")


def _can_be_called(number: str) -> bool:
    """Landlines too: this is somebody whom staff call."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, "RS"))
    except phonenumbers.NumberParseException:
        return False


def _hours(hours: object, place: str) -> None:
    """Left out, every hour is covered. Nights may be on call: only people who are asked are left alone then."""
    if hours is None:
        return
    if not isinstance(hours, list) or not hours or not all(isinstance(row, Mapping) for row in hours):
        raise ReadinessRefused(f"{place}.hours: must list rows of days, from and to")
    try:
        for row in hours:
            read_shift(row)
    except HoursRefused as refusal:
        raise ReadinessRefused(f"{place}.hours: {refusal}") from None


def _refuse_unknown(given: Mapping[str, Any], known: Collection[str], place: str) -> None:
    for key in given:
        if key not in known:
            raise ReadinessRefused(f"{place}{str(key)[:40]!r}: is no key that is known; known are {', '.join(known)}")


def _text(given: Mapping[str, Any], key: str, place: str = "") -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ReadinessRefused(f"{place}{key}: is missing; give it as text")
    if len(value) > _LONGEST or not value.isprintable():
        raise ReadinessRefused(f"{place}{key}: must be one line of at most {_LONGEST} signs")
    return value


def _day(given: Mapping[str, Any], key: str, today: date) -> None:
    value = given.get(key)
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or day > today:
        raise ReadinessRefused(f"{key}: must be a date such as 2027-02-14 that is not in the future")
