"""A safe contact said anew with the person, before a wave or after something changed: the way to end its tasks.

It is for who speaks with the person, and shows the duress plan to nobody else.
It must never show a word that was agreed before; what is left empty stands as it was, but for the words.
"""

from collections.abc import Mapping
from typing import Any

from staff import refusals
from staff.asked import Answer, Asked, GoTo, Page, Shown
from staff.days import written
from staff.pages import safe_form
from surveys.records import audit
from surveys.records.participants import Participant
from surveys.rules.roles import May
from surveys.rules.vocabulary import Channel
from surveys.steps import desk
from surveys.steps.desk import NotFound
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.reconfirm import reconfirm
from surveys.steps.safe_contact import SafeContact, current


async def _who(asked: Asked) -> tuple[Participant, SafeContact]:
    """Only where people are written to by a safe contact, and have one; the reading is audited."""
    async with asked.service.database.writing() as tx:
        person = await desk.find(tx, asked.reader.reader, asked.path["participant"])
        agreed = await current(tx, person.id)
        if asked.service.library.protocol.safe_contact is None or agreed is None:
            raise NotFound
        audit.record(tx, asked.reader.account.id, "safe_contact.read", person.id, asked.now)
    return person, agreed


async def form(asked: Asked) -> Answer:
    """What was agreed, to be gone through with the person."""
    person, agreed = await _who(asked)
    today = written(asked.service.local(asked.now).date())
    return _form(asked, person, safe_form.standing(agreed) | {"confirmed_on": today}, {})


def _form(asked: Asked, person: Participant, given: Mapping[str, str], errors: Mapping[str, str]) -> Shown:
    values: dict[str, Any] = {
        **safe_form.values(asked, person.channel, person.language), "given": given, "errors": errors,
        "participant": person.id,
    }  # fmt: skip
    return Shown("reconfirm.html", values, 422 if errors else 200)


async def said_anew(asked: Asked) -> Answer:
    """Record it as confirmed; the words are agreed anew each time."""
    person, _ = await _who(asked)
    given = {name: asked.text(name, 600) for name in safe_form.NAMES}
    document = safe_form.document(given)
    if person.channel is not Channel.PHONE and not document["do_not_contact"]:
        missing = [name for name in ("code_word", "duress_word") if not given[name]]
        if missing:
            return _form(
                asked, person, given, {name: asked.words.say_("Договорите реч са особом.") for name in missing}
            )
    account = asked.reader.account
    try:
        await reconfirm(asked.service, person.id, document, account.id, account.name, asked.now)
    except EnrolmentRefused as refused:
        line = str(refused)
        return _form(asked, person, given, {refusals.field_of(line): refusals.said(asked.words, line)})
    return GoTo(f"/staff/people/{person.id}")


PAGES = (
    Page("GET", "/staff/people/{participant}/safe", form, May.REVEAL, strong=True),
    Page("POST", "/staff/people/{participant}/safe", said_anew, May.REVEAL, strong=True),
)
