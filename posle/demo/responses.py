"""The demo's page of stored responses: what came in, item by item. It is only ever shown for made-up people."""

from html import escape
from pathlib import Path

from posle.opening import opened
from posle.wiring import wire
from surveys.instruments.wording import in_language, of_everybody
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


async def page(folder: Path) -> str:
    """Everything stored, as HTML for a page's body."""
    async with opened(folder) as (settings, database):
        service = wire(settings, database)
        async with database.reading() as tx:
            parts = [await _person(tx, service, person.id) for person in await participants.page(tx)]
    body = "".join(parts) or "<p>Nothing is stored yet.</p>"
    return f"<p>Sealed in the database; opened here for the demo, of people who do not exist.</p>{body}"


async def _person(tx: Tx, service: Service, participant: str) -> str:
    waves = await invitations.of_participant(tx, participant)
    return "".join([await _wave(tx, service, wave) for wave in waves])


async def _wave(tx: Tx, service: Service, wave: Invitation) -> str:
    head = f"<h2><code>{escape(wave.participant)}</code> · {escape(wave.wave)} · due {wave.due_on} · "
    rows = [
        row for talk in await interviews.of_invitation(tx, wave.id) for row in await _rows(tx, service, wave, talk.id)
    ]
    how = escape(str(wave.disposition or wave.state))
    table = f"<table><tr><th>Item<th>Answer<th>Window</tr>{''.join(rows)}</table>" if rows else ""
    return f"{head}{how}</h2>{table}"


async def _rows(tx: Tx, service: Service, wave: Invitation, interview: str) -> list[str]:
    form = await service.form(tx, wave.instrument, wave.version)
    rows = []
    for answer in await answers.of_interview(tx, interview):
        item = form.instrument.item(answer.item)
        value, missing = decode(answer.value)
        choices = form.instrument.lists.get(item.choices or "", ())
        label = next(
            (of_everybody(in_language(each.labels, "en"), "en") for each in choices if each.name == value), value
        )
        window = f"{answer.window_start} – {answer.window_end}" if answer.window_start else ""
        said = escape(label or f"({missing})")
        rows.append(f"<tr><td>{escape(item.construct or item.name)}<td>{said}<td>{escape(window)}</tr>")
    return rows
