"""The protocol that the side follows: what holds in words, every version, a new one as a form, and the agreement to it.

It never moves anybody who is enrolled, and says before it is agreed to what a new version stops.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from staff.days import clock
from staff.pages.protocol_words import GONE, GROUPS, group_of, help_of, label_of, range_of, said_of, wrong_said
from surveys.records import accounts, audit
from surveys.records.database import Tx
from surveys.rules.protocol import Protocol
from surveys.rules.protocol_parts import Kind, Part, PartsRefused, Wrong, differences, erases_sooner, parts_of, said
from surveys.rules.roles import May
from surveys.steps import configured, protocol_set
from surveys.steps.by_two import TakesAnother
from surveys.steps.desk import NotFound
from surveys.steps.protocol_set import OneAtATime

AT = "/staff/settings/protocol"


async def not_attested(tx: Tx, asked: Asked) -> bool:
    """Whether readiness names another version than the one in force, or was never recorded."""
    held = await protocol_set.in_force(tx, asked.service)
    return await protocol_set.attested(tx) != held.version


async def shown(asked: Asked) -> Answer:
    """What holds, what waits, and every version."""
    async with asked.service.database.writing() as tx:
        found = await protocol_set.versions(tx, asked.service)
        waits = await protocol_set.waiting(tx, asked.service, asked.now)
        attested = await protocol_set.attested(tx)
        names = {each.id: each.name for each in await accounts.everyone(tx)}
        audit.record(tx, asked.reader.account.id, "settings.read", "side", asked.now, kind="protocol")
    held = next(each for each in found if each.holds).protocol
    values: dict[str, Any] = {
        "protocol": held, "parts": _in_words(asked, held), "versions": found, "waits": waits, "names": names,
        "own": asked.reader.account.id, "attested": attested, "hers": held.safe_contact is not None,
        "changes": _changes(asked, held, waits.protocol) if waits else (),
        "erases": asked.words.say_(GONE) if waits and erases_sooner(held, waits.protocol) else "",
    }  # fmt: skip
    return Shown("protocol.html", values)


def _in_words(asked: Asked, protocol: Protocol) -> Sequence[tuple[str, str, Sequence[tuple[str, str]]]]:
    """Every part as its label and value, by groups; with the hours, what they are for."""
    typed, words, groups = said(protocol), asked.words, []
    for group in GROUPS:
        parts = [part for part in parts_of(protocol) if group_of(part) == group]
        rows = [(label_of(words, part), said_of(words, part, typed[part.name])) for part in parts]
        if rows:
            hint = help_of(words, parts[0], protocol) if group == "hours" else ""
            groups.append((words.say_(GROUPS[group]), hint, rows))
    return groups


def _changes(asked: Asked, before: Protocol, after: Protocol) -> list[tuple[str, str, str]]:
    """Field by field: its label, what holds, what would."""
    words = asked.words
    return [(label_of(words, part), said_of(words, part, old), said_of(words, part, new))
            for part, old, new in differences(before, after)]  # fmt: skip


async def form(asked: Asked) -> Answer:
    """A new version, beginning from the one that holds; where one waits, that comes first."""
    async with asked.service.database.reading() as tx:
        held = await protocol_set.in_force(tx, asked.service)
        if await protocol_set.waiting(tx, asked.service, asked.now) is not None:
            return GoTo(AT)
    return _form(asked, held, said(held), {})


def _form(asked: Asked, held: Protocol, given: Mapping[str, str], wrong: Mapping[str, Wrong]) -> Shown:
    every = parts_of(held)
    known = {part.name for part in every}
    made = [(group_of(part), _field(asked, part, held)) for part in every]
    fields = [(asked.words.say_(GROUPS[group]), [each for of, each in made if of == group]) for group in GROUPS]
    errors = {part.name: wrong_said(asked.words, part, wrong[part.name]) for part in every if part.name in wrong}
    same = Wrong.SAME in wrong.values()
    values: dict[str, Any] = {
        "fields": [each for each in fields if each[1]], "given": given, "held": held.version, "same": same,
        "errors": {} if same else errors, "elsewhere": any(name not in known for name in wrong),
    }  # fmt: skip
    return Shown("protocol_new.html", values, 422 if wrong else 200)


def _field(asked: Asked, part: Part, held: Protocol) -> dict[str, Any]:
    words = asked.words
    return {
        "part": part, "label": label_of(words, part), "range": range_of(words, part),
        "help": help_of(words, part, held), "options": _options(asked, part, said(held)[part.name]),
    }  # fmt: skip


def _options(asked: Asked, part: Part, now: str) -> list[tuple[str, str]]:
    return [(value, said_of(asked.words, part, value)) for value in part.options(now)]


async def propose(asked: Asked) -> Answer:
    """Make it; it waits for another person."""
    async with asked.service.database.reading() as tx:
        held = await protocol_set.in_force(tx, asked.service)
    given = {part.name: _typed(asked, part) for part in parts_of(held)}
    try:
        async with asked.service.database.writing() as tx:
            await protocol_set.propose(tx, asked.service, asked.reader.reader, given, asked.now)
    except PartsRefused as refused:
        return _form(asked, held, given, refused.wrong)
    except OneAtATime:
        raise BadForm(asked.words.say_("Један предлог већ чека другу особу.")) from None
    return GoTo(AT)


def _typed(asked: Asked, part: Part) -> str:
    text = asked.text(part.name, 40)
    return clock(text) if part.kind is Kind.TIME else text


async def approve(asked: Asked) -> Answer:
    """Another person has read what changes: it holds."""
    try:
        async with asked.service.database.writing() as tx:
            await protocol_set.approve(tx, asked.service, asked.reader.reader, asked.path["row"], asked.now)
    except TakesAnother:
        raise asked.takes_another() from None
    await configured.reread(asked.service, asked.now)
    return GoTo(AT)


async def drop(asked: Asked) -> Answer:
    """It is rejected, or taken back by who made it."""
    try:
        async with asked.service.database.writing() as tx:
            await protocol_set.drop(tx, asked.reader.reader, asked.path["row"], asked.now)
    except TakesAnother:
        raise NotFound from None
    return GoTo(AT)


PAGES = (
    Page("GET", AT, shown, May.CONFIGURE),
    Page("GET", f"{AT}/new", form, May.CONFIGURE),
    Page("POST", f"{AT}/new", propose, May.CONFIGURE, strong=True),
    Page("POST", f"{AT}/waiting/{{row}}/approve", approve, May.CONFIGURE, strong=True),
    Page("POST", f"{AT}/waiting/{{row}}/drop", drop, May.CONFIGURE, strong=True),
)
