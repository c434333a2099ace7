"""People: the list and one person. A contact is shown by its last two signs; the whole of it only in a call."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import segno
from markupsafe import Markup

from staff.asked import Answer, Asked, GoTo, Page, Shown
from staff.pages.changes import ENDINGS, kinds_for
from staff.pages.safe_form import DAYS
from staff.pages.today import centre_names
from surveys.records import audit, holds
from surveys.records.consents import Consent
from surveys.records.contacts import Contact
from surveys.records.desk import PAGE
from surveys.records.holds import Scope
from surveys.records.participants import Participant
from surveys.rules.roles import May
from surveys.rules.vocabulary import ENDED, Channel, Status
from surveys.steps import agreement, contact_change, desk, reconsent, wanted_call, withdraw
from surveys.steps.desk import NotFound
from surveys.steps.numbers import UNTESTED
from surveys.steps.raised import gathered


async def listed(asked: Asked) -> Answer:
    """A page of the reader's people."""
    status = Status(asked.query["status"]) if asked.query.get("status") in set(Status) else None
    begins, after = asked.query.get("begins", "")[:40].strip(), asked.query.get("after", "")[:40]
    async with asked.service.database.writing() as tx:
        found = await desk.people(tx, asked.reader.reader, asked.now, status, begins, after)
    further = {"begins": begins, "status": status or "", "after": found[-1].id} if len(found) == PAGE else None
    values: dict[str, Any] = {
        "people": found, "begins": begins, "status": status, "statuses": list(Status),
        "further": urlencode(further) if further else "", "may_enrol": asked.reader.reader.may(May.ENROL),
        "centre_name": centre_names(asked),
    }  # fmt: skip
    return Shown("people.html", values)


async def one(asked: Asked) -> Answer:
    """One person's page."""
    return await shown(asked, asked.path["participant"])


async def shown(asked: Asked, participant: str, token: str = "") -> Shown:
    """The page; with the deep link of a `token` that was made just now."""
    reader = asked.reader.reader
    async with asked.service.database.writing() as tx:
        person = await desk.person(tx, asked.service, reader, participant, asked.now)
        anew = await reconsent.standing(tx, participant, asked.now)
    link = await asked.deep_link(token) if token else None
    picture = Markup(segno.make(link, error="m").svg_inline(scale=4, border=2, omitsize=True)) if link else ""  # noqa: S704
    values: dict[str, Any] = {
        "person": person, "raised": gathered(person.alerts), "link": link, "link_picture": picture,
        "back_to": f"/staff/people/{participant}" if asked.form else "",
        "centre_name": centre_names(asked), "may_call": reader.may(May.REVEAL),
        "may_change": reader.may(May.CHANGE_PEOPLE), "kinds": kinds_for(person.participant),
        "endings": _endings(asked, person.participant), "reached": [_masked(each) for each in person.reached],
        "open_to_change": person.participant.status not in ENDED, "in_force": _in_force(person.consents),
        "days_said": _days(asked), "goes_by": asked.service.protocol_of(person.participant.protocol),
        "changing": any(each.kind == contact_change.TASK for each in person.tasks),
        "may_enrol": reader.may(May.ENROL), "may_agree": reader.may(May.RELEASE), "anew": anew,
        "left": person.participant.status is Status.WITHDRAWN,
        "untested": asked.sms is not None and any(each.kind == UNTESTED for each in person.tasks),
        "held": any(each.scope == Scope.PERSON for each in person.holds), "at": _moment(asked),
        "last_day": _last_day(asked), "confirmed_from": _confirmed_from(asked),
        "today": asked.service.local(asked.now).date(), "iso_day": date.fromisoformat, "by_what": _by_what(asked),
    }  # fmt: skip
    return Shown("person.html", values)


def _masked(contact: Contact) -> dict[str, Any]:
    """A contact as its last two signs, enough to tell two apart; a chat not at all."""
    shown = f"•••• {contact.address[-2:]}" if contact.channel is not Channel.TELEGRAM else ""
    verified, suspended = contact.verified_at is not None, contact.suspended_at is not None
    return {"channel": contact.channel, "masked": shown, "verified": verified, "suspended": suspended}


def _in_force(every: Sequence[Consent]) -> frozenset[str]:
    """The ids of the latest word on each purpose as a whole; `every` is the newest first."""
    latest: dict[str, str] = {}
    for each in every:
        if each.invitation is None:
            latest.setdefault(each.purpose, each.id)
    return frozenset(latest.values())


def _endings(asked: Asked, person: Participant) -> list[tuple[str, str]]:
    """What can still end; who left can only be erased, by whom the role allows it."""
    gone = person.status in ENDED
    return [
        each for each in ENDINGS
        if (asked.reader.reader.may(May.PURGE) if each[0] == "purge" else not gone)
    ]  # fmt: skip


def _days(asked: Asked) -> Callable[[str], str]:
    said = dict(DAYS)
    return lambda days: asked.words.say_(said[days]) if days in said else days


def _moment(asked: Asked) -> Callable[[str], str]:
    return lambda text: asked.words.moment(datetime.fromisoformat(text))


def _last_day(asked: Asked) -> Callable[[str], str]:
    """A wave that closes at midnight could be answered for the last time on the day before."""
    return lambda text: asked.words.day(datetime.fromisoformat(text) - timedelta(microseconds=1))


def _confirmed_from(asked: Asked) -> Callable[[str], date]:
    """The first day on which a confirmation counts for a wave, by its due date."""
    rule = asked.service.library.protocol.safe_contact
    return lambda due_on: date.fromisoformat(due_on) - timedelta(days=rule.valid_days if rule else 0)


def _by_what(asked: Asked) -> Callable[[str], str]:
    """By what a consent was said: the version of a text that was read, or what is no text."""
    say_ = asked.words.say_
    instead = {withdraw.REASON: say_("одустанак"), wanted_call.ITEM: say_("одговор у анкети")}
    return lambda version: instead.get(version) or say_("текст {version}", version=version)


async def hold(asked: Asked) -> Answer:
    """Stop sending to this person."""
    async with asked.service.database.writing() as tx:
        person = await desk.find(tx, asked.reader.reader, asked.path["participant"])
        placed = await holds.place(tx, Scope.PERSON, person.id, "console", asked.reader.account.id, asked.now)
        audit.record(
            tx, asked.reader.account.id, "hold.placed", placed, asked.now, scope=Scope.PERSON, target=person.id
        )
    return GoTo(f"/staff/people/{person.id}")


async def release(asked: Asked) -> Answer:
    """Ask a colleague to agree that sending goes on."""
    async with asked.service.database.writing() as tx:
        person = await desk.find(tx, asked.reader.reader, asked.path["participant"])
        standing = await holds.standing(tx)
        if not any((each.scope, each.target) == (Scope.PERSON, person.id) for each in standing):
            raise NotFound
        await agreement.ask_release(tx, asked.reader.reader, Scope.PERSON, person.id, asked.now, person.centre)
    return GoTo("/staff/")


PAGES = (
    Page("GET", "/staff/people", listed, May.SEE_PEOPLE),
    Page("GET", "/staff/people/{participant}", one, May.SEE_PEOPLE),
    Page("POST", "/staff/people/{participant}/hold", hold, May.CHANGE_PEOPLE, strong=True),
    Page("POST", "/staff/people/{participant}/release", release, May.RELEASE, strong=True),
)
