"""People: the list, one person, enrolment. A contact detail is shown only when it was asked for, and then audited."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import segno
from markupsafe import Markup

from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from staff.pages.changes import KINDS
from staff.pages.today import centre_names
from surveys.language.catalogue import mark
from surveys.records import audit, holds
from surveys.records.desk import PAGE
from surveys.records.holds import Scope
from surveys.rules.roles import EVERY_CENTRE, May
from surveys.rules.vocabulary import Channel, Status
from surveys.steps import agreement, contact_change, desk, enrol
from surveys.steps.desk import NotFound
from surveys.steps.enrolment import EnrolmentRefused

FIELDS = (
    "case_code", "centre", "completed_on", "born_on", "channel", "phone", "language", "gender", "other_word",
    "contact", "evaluation", "call",
)  # fmt: skip
CHANNELS = (Channel.TELEGRAM,)
LABELS: Mapping[str, str] = {
    "case_code": mark("Шифра случаја"), "centre": mark("Центар"), "completed_on": mark("Датум завршетка програма"),
    "born_on": mark("Датум рођења, ако је познат"), "channel": mark("Начин"),
    "phone": mark("Број мобилног, ако је потребан"), "language": mark("Језик и писмо"),
    "gender": mark("Пол, због облика речи"), "other_word": mark("Реч за другу особу, на пример: бивша супруга"),
    "consent": mark("3. Пристанак"),
}  # fmt: skip


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
    link = await asked.deep_link(token) if token else None
    picture = Markup(segno.make(link, error="m").svg_inline(scale=4, border=2, omitsize=True)) if link else ""  # noqa: S704
    values: dict[str, Any] = {
        "person": person, "link": link, "link_picture": picture,
        "centre_name": centre_names(asked), "may_call": reader.may(May.REVEAL),
        "may_change": reader.may(May.CHANGE_PEOPLE), "kinds": KINDS,
        "changing": any(each.kind == contact_change.TASK for each in person.tasks),
        "held": any(each.scope == Scope.PERSON for each in person.holds), "at": _moment(asked),
    }  # fmt: skip
    return Shown("person.html", values)


def _moment(asked: Asked) -> Any:
    from datetime import datetime  # noqa: PLC0415 - only to read what the outlook wrote

    return lambda text: asked.words.moment(datetime.fromisoformat(text))


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


async def enrol_form(asked: Asked) -> Answer:
    """An empty form."""
    return _form(asked, dict.fromkeys(FIELDS, "") | {"language": "sr_Cyrl"}, "")


def _form(asked: Asked, given: Mapping[str, str], failed: str) -> Shown:
    library, reader = asked.service.library, asked.reader.reader
    centres = [
        (name, centre.said(asked.words.language)) for name, centre in library.centres.items() if reader.sees(name)
    ]
    text = library.text("consent_contact", asked.words.language).replace("{phone}", "…")
    purposes = (
        ("contact", asked.words.say_("Смемо да се јављамо")),
        ("evaluation", asked.words.say_("Одговори смеју да служе за оцену програма")),
        ("call", asked.words.say_("Смемо да позовемо")),
    )
    values = {
        "given": given, "failed": failed, "centres": centres, "channels": CHANNELS, "purposes": purposes,
        "consent_text": [line for line in text.splitlines() if line.strip()],
    }  # fmt: skip
    return Shown("enrol.html", values, 422 if failed else 200)


async def enrol_one(asked: Asked) -> Answer:
    """Enrol, and show the person's page with the link."""
    given = {name: asked.text(name) for name in FIELDS}
    if given["channel"] == Channel.TELEGRAM and await asked.deep_link("") is None:
        raise BadForm(
            asked.words.say_("Telegram се још није јавио, па веза не може да се направи. Покушајте за минут.")
        )
    try:
        new = enrol.read(asked.service, _document(asked, given), asked.now)
    except EnrolmentRefused as refused:
        return _form(asked, given, _where(asked, str(refused)))
    if not asked.reader.reader.sees(new.centre) or asked.reader.reader.centre == EVERY_CENTRE:
        raise NotFound
    enrolled = await enrol.enrol(asked.service, new, asked.now)
    async with asked.service.database.writing() as tx:
        audit.record(tx, asked.reader.account.id, "participant.enrolled_on_console", enrolled.participant, asked.now)
    return await shown(asked, enrolled.participant, token=enrolled.token or "")


def _document(asked: Asked, given: Mapping[str, str]) -> dict[str, Any]:
    flags = {name: given[name] == "yes" for name in ("contact", "evaluation", "call")}
    version = str(asked.service.library.text_version("consent_contact"))
    optional = {name: given[name] for name in ("born_on", "phone", "gender", "other_word") if given[name]}
    return {
        **{name: given[name] for name in ("case_code", "centre", "completed_on", "channel", "language")}, **optional,
        "consent": {**flags, "recorded_by": asked.reader.account.name, "version": version},
    }  # fmt: skip


def _where(asked: Asked, refusal: str) -> str:
    """Which field a refusal is about, in the reader's language."""
    name = refusal.partition(":")[0].partition(".")[0]
    return asked.words.say_("Проверите поље: {field}", field=asked.words.say_(LABELS.get(name, name)))


PAGES = (
    Page("GET", "/staff/people", listed, May.SEE_PEOPLE),
    Page("GET", "/staff/people/new", enrol_form, May.ENROL),
    Page("POST", "/staff/people/new", enrol_one, May.ENROL),
    Page("GET", "/staff/people/{participant}", one, May.SEE_PEOPLE),
    Page("POST", "/staff/people/{participant}/hold", hold, May.CHANGE_PEOPLE, strong=True),
    Page("POST", "/staff/people/{participant}/release", release, May.RELEASE, strong=True),
)
