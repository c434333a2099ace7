"""Exports answers and dispositions: the rows of a side, or the pseudonymous form for research.

Every answer once. The research form holds no id of ours, no day, no free text and nobody without consent to the
evaluation; nothing is exported unaudited.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from surveys.instruments.model import Instrument, Kind
from surveys.records import audit, consents, deliveries, invitations, participants
from surveys.records.database import Tx
from surveys.records.evaluators import ExportSeal
from surveys.records.ids import new_id
from surveys.records.participants import Participant
from surveys.rules.suppression import LEAST_TOTAL, shown_parts
from surveys.rules.vocabulary import DeliveryKind, DeliveryState, Disposition, Purpose, Side, Status
from surveys.steps.responses import Entry, Response, response_of
from surveys.steps.service import Service
from surveys.steps.sheets import Folder, Sheet

ANSWERS = (
    "participant", "wave", "course", "instrument", "version", "item", "construct", "value", "missing", "window", "mode",
)  # fmt: skip
RESPONSES = (
    "participant", "wave", "course", "disposition", "due_on", "opened_at", "closed_at", "mode", "instrument", "version",
    "answered", "asked",
)  # fmt: skip
PROTOCOL = "protocol"
"""The version under which the person was enrolled; not in the research form, where it would say when that was."""
ENDINGS, CONTACTS = ("wave", "disposition", "count"), ("kind", "sent")
CENTRE, CASE = "centre", "case_code"
"""Only in the research form; the code is sealed so that the evaluators alone open it, once more for each export so that
two of them share nothing, written as base64."""


class EvaluatorsKeyMissing(Exception):
    """[keys] evaluators_public: is missing; without it two research exports could be matched by their codes."""


Row = tuple[str | int | None, ...]
_GONE = (Status.WITHDRAWN, Status.PURGED)


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export is made of, in the order it is written. `endings` and `contacts` are of everybody, in numbers that
    may be shown (None where not): by wave and disposition, and by kind of message. `protocols`: the versions that they
    go by."""

    side: Side
    research: bool
    headings: Sequence[str]
    responses: Sequence[Row]
    answers: Sequence[Row]
    instruments: Sequence[Instrument]
    endings: Mapping[tuple[str, str], int | None]
    contacts: Mapping[str, int | None]
    protocols: Sequence[str] = ()


Beside = Callable[[Exported, Folder, str], None]
"""Writes further files of the same rows into the folder; told who approved."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows each file has."""

    responses: int
    answers: int


@dataclass(frozen=True, slots=True)
class _Style:
    """How a person and their times are shown: as they are, or coarsened under a name of this export alone."""

    name: str
    coarse: bool
    centre: str = ""
    case: bytes | None = None

    def day(self, day: date | None) -> str:
        return "" if day is None else day.isoformat()[:7] if self.coarse else day.isoformat()


async def export(
    service: Service, out: Path, actor: str, now: datetime, *, research: bool = False, beside: Beside | None = None
) -> Counts:
    """Write `answers.csv` and `responses.csv` into the new folder `out`; FolderRefused where it cannot take them.

    `actor` is two people's code for the rows of a side; the caller asks for both. `beside` writes more files of them.
    """
    with Folder(out) as folder:
        async with service.database.reading(long=True) as tx:
            made = await _made(tx, service, research)
        folder.write({
            "responses.csv": Sheet(made.headings, made.responses), "answers.csv": Sheet(ANSWERS, made.answers),
            "dispositions.csv": Sheet(ENDINGS, [(*place, number) for place, number in made.endings.items()]),
            "contacts.csv": Sheet(CONTACTS, list(made.contacts.items())),
        })  # fmt: skip
        if beside is not None:
            beside(made, folder, actor)
        counts = Counts(len(made.responses), len(made.answers))
        async with service.database.writing() as tx:
            audit.record(
                tx, actor, "answers.exported", "side", now, research=research, responses=counts.responses,
                answers=counts.answers,
            )  # fmt: skip
        folder.publish()
    return counts


async def _made(tx: Tx, service: Service, research: bool) -> Exported:
    responses, answers, protocols = await _rows(tx, service, research)
    if research:
        responses, answers = _shuffled(service, responses), _shuffled(service, answers)
    used = sorted({(str(row[3]), str(row[4])) for row in answers})
    return Exported(
        service.side, research, (*RESPONSES, CENTRE, CASE) if research else (*RESPONSES, PROTOCOL), responses, answers,
        [(await service.form(tx, name, version)).instrument for name, version in used],
        await _endings(tx), await _contacts(tx), sorted(protocols),
    )  # fmt: skip


async def _endings(tx: Tx) -> dict[tuple[str, str], int | None]:
    """How the waves of everybody ended, whoever is in the rows: only in numbers that may be shown."""
    counted: dict[str, Counter[str]] = {}
    after = ""
    while page := await invitations.page(tx, after):
        for each in page:
            counted.setdefault(each.wave, Counter())[str(each.disposition or each.state)] += 1
        after = page[-1].id
    return {
        (wave, name): number for wave, counts in sorted(counted.items())
        for name, number in shown_parts({each.value: counts[each.value] for each in Disposition} | counts).items()
    }  # fmt: skip


async def _contacts(tx: Tx) -> dict[str, int | None]:
    """How many notices and reminders were sent to everybody."""
    sent = await deliveries.counts(tx)
    kinds = (DeliveryKind.NOTICE, DeliveryKind.REMINDER)
    numbers = {kind.value: sent.get((kind, DeliveryState.SENT), 0) for kind in kinds}
    return {kind: number if number >= LEAST_TOTAL else None for kind, number in numbers.items()}


async def _rows(tx: Tx, service: Service, research: bool) -> tuple[list[Row], list[Row], set[str]]:
    responses: list[Row] = []
    answers: list[Row] = []
    protocols: set[str] = set()
    seal: ExportSeal | None = None
    async for person in _people(tx):
        if research and not await _may_be_studied(tx, person):
            continue
        seal = seal or (_seal(service) if research else None)
        style = await _style(tx, person, seal) if seal else _Style(person.id, coarse=False)
        for invitation in await invitations.of_participant(tx, person.id):
            response = await response_of(tx, service, invitation)
            protocols.add(person.protocol or service.shipped.protocol.version)
            responses.append(_response(response, style, service, person.protocol))
            if person.status is not Status.PURGED:
                answers += [_answer(response, entry, style) for entry in _shown(response, research)]
    return responses, answers, protocols


async def _people(tx: Tx) -> AsyncIterator[Participant]:
    page = await participants.page(tx)
    while page:
        for person in page:
            yield person
        page = await participants.page(tx, after=page[-1].id)


async def _may_be_studied(tx: Tx, person: Participant) -> bool:
    return person.status not in _GONE and await consents.in_force(tx, person.id, Purpose.EVALUATION)


def _seal(service: Service) -> ExportSeal:
    if service.evaluators_public is None:
        raise EvaluatorsKeyMissing
    return ExportSeal(service.evaluators_public)


async def _style(tx: Tx, person: Participant, seal: ExportSeal) -> _Style:
    case = await participants.case_code(tx, person.id)
    return _Style(new_id("r", tx.chance), coarse=True, centre=person.centre, case=seal.wrap(case) if case else None)


def _shown(response: Response, research: bool) -> Sequence[Entry]:
    """Free text stays with the people's own service."""
    if research:
        return for_research(response.entries)
    return [entry for entry in response.entries if entry.item.kind is not Kind.TEXT]


def for_research(entries: Sequence[Entry]) -> list[Entry]:
    """What may leave in the research form: no free text, nothing that may be worked out from it, nothing that the
    service knew before it asked; a day that somebody named is its month."""
    kept = [each for each in entries if each.item.kind not in (Kind.TEXT, Kind.CALCULATE, Kind.HIDDEN)]
    return [replace(each, value=_month(each.value)) if each.item.kind is Kind.DATE else each for each in kept]


def _month(value: str | None) -> str | None:
    return value[: len("2026-12")] if value else value


def _response(response: Response, style: _Style, service: Service, protocol: str | None) -> Row:
    wave = response.invitation
    row = (
        style.name, wave.wave, wave.course, wave.disposition or wave.state, style.day(wave.due_on),
        _instant(wave.opened_at, style, service), _instant(wave.closed_at, style, service), response.mode,
        wave.instrument, wave.version, response.answered, response.asked,
    )  # fmt: skip
    if not style.coarse:
        return (*row, protocol or "")
    return (*row, style.centre, b64encode(style.case).decode() if style.case else "")


def _instant(instant: datetime | None, style: _Style, service: Service) -> str:
    if instant is None:
        return ""
    local = service.local(instant)
    return style.day(local.date()) if style.coarse else local.isoformat(timespec="seconds")


def _answer(response: Response, entry: Entry, style: _Style) -> Row:
    wave, window = response.invitation, entry.window
    about = "/".join(style.day(day) for day in window) if window else ""
    return (
        style.name, wave.wave, wave.course, wave.instrument, wave.version, entry.item.name, entry.item.construct,
        entry.value, entry.missing, about, entry.mode,
    )  # fmt: skip


def _shuffled(service: Service, rows: list[Row]) -> list[Row]:
    """In an order that says nothing about who was enrolled, or answered, when."""
    drawn = sorted((service.chance.bytes(16), place) for place in range(len(rows)))
    return [rows[place] for _, place in drawn]
