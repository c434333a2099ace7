"""The demo's page of stored responses: what came in, item by item. It is only ever shown for made-up people."""

from html import escape
from pathlib import Path

from posle.opening import opened
from posle.wiring import wire
from staff.codes import CODES, CONSTRUCTS
from surveys.instruments.wording import in_language, of_everybody
from surveys.language.catalogue import mark, say
from surveys.records import answers, interviews, invitations, participants
from surveys.records.database import Tx
from surveys.records.invitations import Invitation
from surveys.steps.service import Service
from surveys.steps.stored_answer import decode

STYLE = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:56rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top;overflow-wrap:anywhere}
code{overflow-wrap:anywhere}h2{margin-top:2rem;font-size:1.05rem}code{opacity:.7}
"""


_NOTHING = mark("Још ништа није сачувано.")
_SEALED = mark("У бази је запечаћено; овде је отворено ради демонстрације, о људима који не постоје.")
_DUE, _HEADS = mark("рок"), (mark("Питање"), mark("Одговор"), mark("Период"))


async def page(folder: Path, language: str) -> str:
    """Everything stored, as HTML for a page's body, in that language."""
    async with opened(folder) as (settings, database):
        service = wire(settings, database)
        async with database.reading() as tx:
            parts = [await _person(tx, service, person.id, language) for person in await participants.page(tx)]
    body = "".join(parts) or f"<p>{_said(language, _NOTHING)}</p>"
    return f"<p>{_said(language, _SEALED)}</p>{body}"


def _said(language: str, message: str) -> str:
    return escape(say(language, message))


def _coded(language: str, code: str) -> str:
    """A code in words, where staff have words for it."""
    words = CODES.get(code) or CONSTRUCTS.get(code)
    return _said(language, words) if words else escape(code)


async def _person(tx: Tx, service: Service, participant: str, language: str) -> str:
    waves = await invitations.of_participant(tx, participant)
    return "".join([await _wave(tx, service, wave, language) for wave in waves])


async def _wave(tx: Tx, service: Service, wave: Invitation, language: str) -> str:
    rows = [
        row
        for talk in await interviews.of_invitation(tx, wave.id)
        for row in await _rows(tx, service, wave, talk.id, language)
    ]
    due = f"{_said(language, _DUE)} {wave.due_on}"
    head = f"<code>{escape(wave.participant)}</code> · {_coded(language, wave.wave)} · {due}"
    names = "".join(f"<th>{_said(language, each)}" for each in _HEADS)
    table = f"<table><tr>{names}</tr>{''.join(rows)}</table>" if rows else ""
    return f"<h2>{head} · {_coded(language, str(wave.disposition or wave.state))}</h2>{table}"


async def _rows(tx: Tx, service: Service, wave: Invitation, interview: str, language: str) -> list[str]:
    form = await service.form(tx, wave.instrument, wave.version)
    rows = []
    for answer in await answers.of_interview(tx, interview):
        item = form.instrument.item(answer.item)
        value, missing = decode(answer.value)
        choices = form.instrument.lists.get(item.choices or "", ())
        label = next(
            (of_everybody(in_language(each.labels, language), language) for each in choices if each.name == value),
            value,
        )
        window = f"{answer.window_start} – {answer.window_end}" if answer.window_start else ""
        said = escape(label) if label else f"({_coded(language, str(missing))})"
        about = _coded(language, item.construct or item.name)
        rows.append(f"<tr><td>{about}<td>{said}<td>{escape(window)}</tr>")
    return rows
