"""Overview: how waves ended, by wave and centre, with a chart beside each table; small cells hidden once for everybody.

No number stands here that is not in `overview.shown` (I18); a chart is drawn of the table that stands beside it alone.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from staff import charts
from staff.asked import Answer, Asked, Bytes, GoTo, Page, Shown
from staff.pages import letters
from staff.pages.today import centre_names
from surveys.records import audit
from surveys.rules.roles import EVERY_CENTRE, May
from surveys.rules.suppression import OTHERS
from surveys.rules.vocabulary import SHIPPED_LANGUAGES
from surveys.steps import overview
from surveys.steps.desk import NotFound
from surveys.steps.overview import WaveShown

CHARTS = ("outcomes", "rates")
NARROW = "-narrow"
"""Ends the name of the same chart as a telephone shows it."""


async def shown(asked: Asked) -> Answer:
    """The figures and their tables."""
    counted = await overview.latest(asked.service, asked.now)
    async with asked.service.database.writing() as tx:
        audit.record(tx, asked.reader.account.id, "overview.read", "side", asked.now)
    reader = asked.reader.reader
    waves = overview.shown(counted)
    values: dict[str, Any] = {
        "costs": await _costs(asked),
        "waves": [(wave, _groups(asked, wave)) for wave in waves], "everywhere": reader.centre == EVERY_CENTRE,
        "counted_at": counted.at, "group_name": _group_names(asked), "rows": _rows,
        "charts": CHARTS if _tells(waves) else (),
    }  # fmt: skip
    return Shown("overview.html", values)


def _tells(waves: Sequence[WaveShown]) -> bool:
    """Whether there is any number that may be drawn."""
    return any(number for wave in waves for number in wave.together.values())


async def _costs(asked: Asked) -> list[tuple[str, str]]:
    """What SMS cost for one person and wave at most, by language; empty where the side sends none."""
    if asked.sms is None:
        return []
    async with asked.service.database.reading() as tx:
        form = await letters.form_of(tx, asked.service)
    return [(code, letters.said(asked, letters.cost(asked, form, code))) for code in SHIPPED_LANGUAGES]


def _groups(asked: Asked, wave: WaveShown) -> list[tuple[str, Mapping[str, int | None], int | None]]:
    mine = overview.visible(wave, asked.reader.reader.centre, EVERY_CENTRE)
    return [(group, wave.groups[group], wave.rate(group)) for group in mine]


def _rows(parts: Mapping[str, int | None]) -> Sequence[tuple[str, int | None, int]]:
    """Name, number (None where it must not be shown) and share of the largest in hundredths, for the bar."""
    largest = max((number for number in parts.values() if number), default=0)
    return [(name, number, round(100 * (number or 0) / largest) if largest else 0) for name, number in parts.items()]


def _group_names(asked: Asked) -> Any:
    named = centre_names(asked)
    return lambda name: asked.words.say_("остали центри заједно") if name == OTHERS else named(name)


async def count(asked: Asked) -> Answer:
    """Count anew, where somebody does not want to wait for the next hour."""
    await overview.again(asked.service, asked.now)
    return GoTo("/staff/overview")


async def chart(asked: Asked) -> Answer:
    """One chart as SVG, drawn in another process of what the tables show, and kept."""
    name = asked.path["name"].removesuffix(NARROW)
    if name not in CHARTS:
        raise NotFound
    waves = overview.shown(await overview.latest(asked.service, asked.now))
    asked_for = _outcomes(asked, waves) if name == "outcomes" else _rates(asked, waves)
    asked_for["narrow"] = asked.path["name"].endswith(NARROW)
    return Bytes(await charts.drawn(json.dumps(asked_for, sort_keys=True)), "image/svg+xml")


def _outcomes(asked: Asked, waves: Sequence[WaveShown]) -> dict[str, Any]:
    code = asked.words.code
    rows = [
        {"where": code(wave.wave), "what": code(name), "number": number}
        for wave in waves for name, number in wave.together.items() if number
    ]  # fmt: skip
    return {"kind": "parts", "rows": rows, "title": asked.words.say_("Кругови по исходу")}


def _rates(asked: Asked, waves: Sequence[WaveShown]) -> dict[str, Any]:
    named = _group_names(asked)
    rows = [
        {"where": named(group), "what": asked.words.code(wave.wave), "number": rate}
        for wave in waves for group, _, rate in _groups(asked, wave) if rate is not None
    ]  # fmt: skip
    return {"kind": "shares", "rows": rows, "title": asked.words.say_("Потпуни и делимични одговори, %")}


PAGES = (
    Page("GET", "/staff/overview", shown, May.SEE_OVERVIEW),
    Page("POST", "/staff/overview", count, May.SEE_OVERVIEW),
    Page("GET", "/staff/overview/charts/{name}", chart, May.SEE_OVERVIEW),
)
