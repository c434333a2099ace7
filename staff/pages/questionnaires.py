"""Questionnaires: what is published, a look at it as on a telephone, and a new version checked before it is published.

An uploaded file is read in bounded time and memory, and nothing of it is kept unless it is published.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from staff import drafts, form_errors
from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from staff.form_errors import Said
from staff.pages import trying
from surveys.instruments.compile import compile_source
from surveys.instruments.model import Instrument, Kind
from surveys.instruments.stored import load
from surveys.instruments.wording import fill, in_language
from surveys.instruments.workbook import FormRefused
from surveys.records import audit, instruments
from surveys.rules.roles import May
from surveys.steps.desk import NotFound
from surveys.steps.lines import lines_of

LARGEST = 1024 * 1024
_ZIP = b"PK"
_PATH = re.compile(r"/data(?:/[\w.-]+)*/([\w.-]+)")
"""Where a question stands in the converter's form; its author knows it by name."""
_FACTS = {"gender": "unknown", "other_gender": "unknown", "other_word": "…"}


@dataclass(frozen=True, slots=True)
class Bubble:
    """One item as a telephone shows it."""

    name: str
    text: str
    hint: str
    options: Sequence[str]
    condition: str
    risky: bool


async def listed(asked: Asked) -> Answer:
    """Everything published, and what else the side says and follows."""
    return await _listed(asked, ())


async def _listed(asked: Asked, problems: Sequence[Said]) -> Shown:
    async with asked.service.database.writing() as tx:
        found = await instruments.every(tx)
        lines = await lines_of(tx, asked.service.library)
        audit.record(tx, asked.reader.account.id, "instruments.read", "side", asked.now)
    library, today = asked.service.library, asked.service.local(asked.now).date()
    values: dict[str, Any] = {
        "published": found, "problems": problems, "protocol": library.protocol,
        "helplines": [(line.said(asked.words.language), line.verified(today)) for line in lines],
        "centres": [(each.said(asked.words.language), each.phone) for each in library.centres.values()],
        "notices": [
            (each.channel, each.kind, each.said(asked.words.language).replace("{link}", "…"))
            for each in library.notices.values()
        ],
        "may_publish": asked.reader.reader.may(May.PUBLISH), "may_set": asked.reader.reader.may(May.CONFIGURE),
    }  # fmt: skip
    return Shown("questionnaires.html", values, 422 if problems else 200)


async def one(asked: Asked) -> Answer:
    """One version, bubble by bubble, in the language that was asked for."""
    async with asked.service.database.reading() as tx:
        found = await instruments.get(tx, asked.path["name"], asked.path["version"])
    if found is None:
        raise NotFound
    instrument = load(found.document)
    language = asked.query.get("in", asked.words.language)
    language = language if language in instrument.languages else instrument.default_language
    values: dict[str, Any] = {
        "instrument": instrument, "title": in_language(instrument.title, language), "spoken": language,
        "spoken_lang": language.replace("_", "-"), "bubbles": _bubbles(instrument, language),
    }  # fmt: skip
    return Shown("questionnaire.html", values)


def _bubbles(instrument: Instrument, language: str) -> list[Bubble]:
    shown = []
    for item in instrument.items:
        if not item.kind.asked and item.kind is not Kind.NOTE:
            continue
        choices = instrument.lists.get(item.choices or "", ())
        text, hint = (
            fill(in_language(each, language), _FACTS, language).replace("{window}", "…")
            for each in (item.labels, item.hints)
        )
        options = [fill(in_language(choice.labels, language), _FACTS, language) for choice in choices]
        condition = " ".join(_PATH.sub(r"\1", item.relevant or "").split())
        shown.append(Bubble(item.name, text, hint, options, condition, bool(item.risks)))
    return shown


async def check(asked: Asked) -> Answer:
    """Read an uploaded XLSForm; what is wrong by sheet and row, or a trial of it. Published at once only if asked to.

    What kind of file it is is seen from its first bytes: a workbook is a ZIP archive.
    """
    data = asked.files.get("file", b"")
    if not data or len(data) > LARGEST:
        raise BadForm(asked.words.say_("Изаберите датотеку .xlsx или .md до једног мегабајта."))
    kind = ".xlsx" if data.startswith(_ZIP) else ".md"
    try:
        instrument = await asyncio.to_thread(compile_source, f"form{kind}", data)
    except FormRefused as refused:
        return await _listed(asked, [form_errors.said(asked.words, each) for each in refused.problems])
    if asked.form.get("publish") != "yes":
        return GoTo(f"{trying.AT}/{drafts.keep(asked.reader.account.id, instrument, asked.now)}")
    if not asked.reader.reader.may(May.PUBLISH):
        raise NotFound
    if not asked.reader.fresh(asked.now):
        raise BadForm(asked.words.say_("Потврдите још једном да сте то Ви, па објавите поново."))
    await trying.published(asked, instrument)
    return GoTo(f"/staff/questionnaires/{instrument.name}/{instrument.version}")


PAGES = (
    Page("GET", "/staff/questionnaires", listed, May.SEE_QUESTIONNAIRES),
    Page("POST", "/staff/questionnaires", check, May.SEE_QUESTIONNAIRES),
    Page("GET", "/staff/questionnaires/{name}/{version}", one, May.SEE_QUESTIONNAIRES),
)
