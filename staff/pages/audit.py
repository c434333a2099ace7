"""The audit: who read and changed what, by actor, action, subject, day and centre; the chain, verified step by step.

An administrator keeps accounts and configuration: what concerns a participant or an alert has no name for them.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from staff import audit_words
from staff.asked import Answer, Asked, BadForm, Bytes, Page, Shown
from staff.days import PATTERN, read_day
from surveys.records import accounts, audit
from surveys.records.audit import ANY, Audited, Wanted
from surveys.records.database import Tx
from surveys.rules.roles import EVERY_CENTRE, May, Reader, Role
from surveys.steps.desk import NotFound
from surveys.steps.sheets import defused

PAGE, STEPS, MOST = 100, 10, 10_000
FILTERS = ("actor", "action", "subject", "from", "until", "centre")
_OPEN = ("u-", "e-", "r-", "v-")
"""Ids of accounts, sessions, records of readiness and approvals: they name no participant."""
_CONFIGURED = ("instrument.", "keys.", "side.", "readiness.", "rota.", "bot.", "translation.", "helpline.")
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as this reader may see it."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


def _line(reader: Reader, entry: Audited) -> Line:
    """The entry without what names a participant or an alert, where the reader has no business with them."""
    named = (
        reader.role is not Role.ADMINISTRATOR
        or entry.subject == "side"
        or entry.subject.startswith(_OPEN)
        or entry.action.startswith(_CONFIGURED)
    )
    actor = HIDDEN if reader.role is Role.ADMINISTRATOR and entry.actor.startswith("p-") else entry.actor
    plain = named and not (reader.role is Role.ADMINISTRATOR and entry.action.startswith(("release.", "export.")))
    subject, detail = (entry.subject, entry.detail) if plain else (HIDDEN, "{}")
    return Line(entry.seq, entry.at, actor, entry.action, subject, detail)


async def _wanted(asked: Asked, tx: Tx) -> tuple[Wanted, frozenset[str] | None]:
    """What the address asks for; and whose accounts alone, where it names a centre."""
    query = asked.query
    subject = query.get("subject", "").strip()[:80]
    if subject and asked.reader.reader.role is Role.ADMINISTRATOR and not subject.startswith((*_OPEN, "side")):
        raise NotFound
    first, last = await _numbers(asked, tx)
    centre, whose = query.get("centre", ""), None
    if centre:
        whose = frozenset(each.id for each in await accounts.everyone(tx) if each.centre == centre)
    before = asked.number("before") or last
    return Wanted(
        query.get("actor") or ANY, query.get("action", "")[:40], subject or ANY, first, min(last, before)
    ), whose


async def _numbers(asked: Asked, tx: Tx) -> tuple[int, int]:
    first, last = 1, 2**62
    zone = asked.words.zone
    for name in ("from", "until"):
        text = asked.query.get(name, "").strip()
        if not text:
            continue
        day = read_day(text)
        if day is None:
            raise BadForm(asked.words.say_("Датум се пише овако: 24.11.2026."))
        if name == "from":
            first = await audit.number_at(tx, datetime.combine(day, time(), zone))
        else:
            last = await audit.number_at(tx, datetime.combine(day + timedelta(days=1), time(), zone)) - 1
    return first, last


async def shown(asked: Asked) -> Answer:
    """A page of the entries that are asked for, the latest first."""
    reader = asked.reader
    async with asked.service.database.writing() as tx:
        wanted, whose = await _wanted(asked, tx)
        found, further = await audit.look(tx, wanted, PAGE)
        lines = [_line(reader.reader, each) for each in found if whose is None or each.actor in whose]
        staff = await accounts.everyone(tx)
        audit.record(tx, reader.account.id, "audit.read", "side", asked.now, count=len(lines))
    names = {each.id: each.name for each in staff}
    centres = {name: each.said(asked.words.language) for name, each in asked.service.library.centres.items()}
    told = names | centres | {EVERY_CENTRE: asked.words.say_("сви центри")}
    kept = {name: asked.query[name] for name in FILTERS if asked.query.get(name)}
    values: dict[str, Any] = {
        "entries": lines, "names": names, "query": {name: kept.get(name, "") for name in FILTERS}, "pattern": PATTERN,
        "staff": staff, "actions": _actions(asked), "file": urlencode(kept),
        "centres": list(centres.items()),
        "further": urlencode(kept | {"before": str(further)}) if further else "",
        "action_words": lambda code: audit_words.action(asked.words, code),
        "detail_words": lambda text: audit_words.detail(asked.words, text, told),
    }  # fmt: skip
    return Shown("audit.html", values)


def _actions(asked: Asked) -> Sequence[tuple[str, str]]:
    return sorted(
        ((code, audit_words.action(asked.words, code)) for code in audit_words.ACTIONS), key=lambda each: each[1]
    )


async def file(asked: Asked) -> Answer:
    """The same entries as CSV, at most ten thousand of them; what a spreadsheet would run is defused."""
    async with asked.service.database.writing() as tx:
        wanted, whose = await _wanted(asked, tx)
        found, _ = await audit.look(tx, wanted, MOST)
        lines = [_line(asked.reader.reader, each) for each in found if whose is None or each.actor in whose]
        audit.record(tx, asked.reader.account.id, "audit.exported", "side", asked.now, count=len(lines))
    return Bytes(_csv(lines).encode(), "text/csv; charset=utf-8", "audit.csv")


def _csv(lines: Iterable[Line]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("seq", "at", "actor", "action", "subject", "detail"))
    for each in lines:
        texts = (each.at.isoformat(), each.actor, each.action, each.subject, each.detail)
        writer.writerow((each.seq, *map(defused, texts)))
    return out.getvalue()


async def chain(asked: Asked) -> Answer:
    """The chain from its first entry to its last, so much a request; the page goes on by itself."""
    after = asked.number("after")
    async with asked.service.database.reading() as tx:
        last, broken, steps = await audit.last(tx), None, 0
        at = min(after, last)
        while broken is None and at < last and steps < STEPS:
            broken, at = await audit.verify_some(tx, at)
            steps += 1
    whole = broken is None and at >= last
    if whole or broken is not None:
        async with asked.service.database.writing() as tx:
            audit.record(tx, asked.reader.account.id, "audit.verified", "side", asked.now, whole=whole, count=last)
    return Shown("verified.html", {"at": at, "last": last, "broken": broken, "whole": whole})


PAGES = (
    Page("GET", "/staff/audit", shown, May.SEE_AUDIT),
    Page("GET", "/staff/audit/chain", chain, May.SEE_AUDIT),
    Page("GET", "/staff/audit/file", file, May.SEE_AUDIT, strong=True, download=True),
)
