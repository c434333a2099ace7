"""Responses: one beside the person's other waves, constructs in order, the kinds of missing told apart, and a review.

Only workers of the centre read answers, and every reading is audited. Nothing here is downloaded.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from staff.asked import Answer, Asked, GoTo, Page, Shown
from staff.pages.today import centre_names
from staff.words import Words
from surveys.instruments.form import Form
from surveys.instruments.model import Item
from surveys.instruments.wording import fill, in_language, of_everybody
from surveys.records.desk import PAGE
from surveys.records.desk import Shown as Wanted
from surveys.rules.roles import May
from surveys.rules.vocabulary import Urgency
from surveys.steps import desk
from surveys.steps.responses import Entry, Response

_FAR = datetime(9999, 1, 1, tzinfo=UTC)
ASKED_FOR = "help"
"""The construct of questions that offer something: a yes there raises an alert and says nothing about violence."""
_WINDOW = re.compile(r",? \{window\},?")
"""The window stands in each answer's own wave; a question of all waves has none."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer as shown: its words, or why there is none (and by which code); whether it is a risk answer."""

    text: str
    missing: str
    risk: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One item across the waves."""

    construct: str
    label: str
    cells: Sequence[Cell]
    change: str


async def listed(asked: Asked) -> Answer:
    """A page of responses, the latest first."""
    waves = [wave.name for wave in asked.service.library.protocol.waves]
    wave = asked.query.get("wave", "")
    wanted = Wanted(
        wave if wave in waves else "", asked.query.get("person", "").strip()[:40], asked.query.get("unread") == "yes"
    )
    async with asked.service.database.writing() as tx:
        found = await desk.answered(tx, asked.reader.reader, asked.now, _before(asked.query), wanted)
    further = ""
    if len(found) == PAGE:
        last = found[-1]
        seen = {"at": last.closed_at.isoformat(), "id": last.invitation, "unread": "yes" if wanted.unread else ""}
        further = urlencode(seen | {"wave": wanted.wave, "person": wanted.participant})
    values = {
        "found": found, "wanted": wanted, "waves": waves, "further": further, "centre_name": centre_names(asked),
    }  # fmt: skip
    return Shown("responses.html", values)


def _before(query: Mapping[str, str]) -> tuple[datetime, str]:
    try:
        at = datetime.fromisoformat(query.get("at", ""))
    except ValueError:
        return _FAR, ""
    return (at, query.get("id", "")[:40]) if at.tzinfo else (_FAR, "")


async def one(asked: Asked) -> Answer:
    """One response."""
    async with asked.service.database.writing() as tx:
        read = await desk.read(tx, asked.service, asked.reader.reader, asked.path["invitation"], asked.now)
        form = await asked.service.form(tx, read.response.invitation.instrument, read.response.invitation.version)
        facts = await desk.wording(tx, asked.service, read.participant, asked.words.language)
    every = sorted([read.response, *read.others], key=lambda each: each.invitation.due_on)
    shown = [each for each in every if each.entries]
    values: dict[str, Any] = {
        "read": read, "waves": [each.invitation for each in shown], "current": read.response.invitation.id,
        "lines": _lines(asked, form, shown, facts), "may_review": asked.reader.reader.may(May.SEE_RESPONSES),
    }  # fmt: skip
    return Shown("response.html", values)


def _lines(asked: Asked, form: Form, waves: Sequence[Response], facts: Mapping[str, str]) -> list[Line]:
    by_item = [{entry.item.name: entry for entry in wave.entries} for wave in waves]
    lines = []
    for item in form.instrument.items:
        entries = [known.get(item.name) for known in by_item]
        if not item.kind.asked or not any(entries):
            continue
        cells = [_cell(asked, form, item, entry, facts) for entry in entries]
        change = _direction(asked.words, form, item, [entry for entry in entries if entry and entry.value is not None])
        label = fill(in_language(item.labels, asked.words.language), facts, asked.words.language)
        lines.append(
            Line(item.construct or "", of_everybody(_WINDOW.sub("", label), asked.words.language), cells, change)
        )
    return lines


def _direction(words: Words, form: Form, item: Item, answered: Sequence[Entry]) -> str:
    """From the wave before the last to the last. Only a count has a more and a less, and only a risk a worse and a
    better; of anything else it is said that it changed, and the two answers stand beside it."""
    if len(answered) < 2:
        return ""
    before, after = (entry.value or "" for entry in answered[-2:])
    if before == after:
        return words.say_("исто")
    risky = _risky(item)
    fewer, more = (words.say_("боље"), words.say_("лошије")) if risky else (words.say_("мање"), words.say_("више"))
    least, now_least = (_count(form, item, value) for value in (before, after))
    if least is not None and now_least is not None:
        return more if now_least > least else fewer
    was, is_now = (bool(risky & set(value.split())) for value in (before, after))
    if was == is_now:
        return words.say_("промењено")
    return words.say_("лошије") if is_now else words.say_("боље")


def _count(form: Form, item: Item, value: str) -> int | None:
    """The least number that an answer stands for; None where it stands for none."""
    choices = {each.name: each for each in form.instrument.lists.get(item.choices or "", ())}
    if choices:
        return choices[value].low if item.counts and value in choices else None
    return int(value) if value.isascii() and value.isdigit() else None


def _risky(item: Item) -> set[str]:
    """Answers that are a risk. Whoever asks for help is not worse off for it."""
    if item.construct == ASKED_FOR:
        return set()
    return {name for rule in item.risks if rule.urgency is not Urgency.TASK for name in rule.choices}


def _cell(asked: Asked, form: Form, item: Item, entry: Entry | None, facts: Mapping[str, str]) -> Cell:
    if entry is None or entry.value is None:
        missing = str(entry.missing) if entry and entry.missing else "not_reached"
        return Cell(asked.words.code(missing), missing, False)
    said = set(entry.value.split())
    risk = any(said & set(each.choices) for each in item.risks if each.urgency is not Urgency.TASK)
    return Cell(_in_words(form, item, entry.value, facts, asked.words.language), "", risk)


def _in_words(form: Form, item: Item, value: str, facts: Mapping[str, str], language: str) -> str:
    choices = {each.name: each for each in form.instrument.lists.get(item.choices or "", ())}
    if not choices:
        return value
    said = {name: _filled(each.labels, facts, language) for name, each in choices.items()}
    return ", ".join(said.get(name, name) for name in value.split())


def _filled(labels: Mapping[str, str], facts: Mapping[str, str], language: str) -> str:
    return of_everybody(fill(in_language(labels, language), facts, language), language)


async def review(asked: Asked) -> Answer:
    """The response was read; the note is sealed."""
    note = asked.text("note", 2000)
    async with asked.service.database.writing() as tx:
        await desk.review(tx, asked.service, asked.reader.reader, asked.path["invitation"], note, asked.now)
    return GoTo(f"/staff/responses/{asked.path['invitation']}")


PAGES = (
    Page("GET", "/staff/responses", listed, May.SEE_RESPONSES),
    Page("GET", "/staff/responses/{invitation}", one, May.SEE_RESPONSES),
    Page("POST", "/staff/responses/{invitation}/review", review, May.SEE_RESPONSES),
)
