"""Changes to one person: corrections and events, withdrawal, purge; each page says first what will follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from staff import refusals
from staff.asked import Answer, Asked, BadForm, GoTo, Page, Shown
from staff.days import iso
from staff.rendering import LANGUAGES
from surveys.language.catalogue import mark
from surveys.records.participants import Participant
from surveys.rules.roles import May
from surveys.rules.vocabulary import ENDED, Channel, SmsScript, Status
from surveys.steps import amend, contact_change, desk, purge, withdraw
from surveys.steps.amendment import Amendment, Kind
from surveys.steps.desk import NotFound
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.retain import scrub
from surveys.steps.standing import words_at

KINDS: tuple[tuple[str, str], ...] = (
    (Kind.COMPLETED_ON, mark("Исправи датум завршетка")),
    (Kind.TELEGRAM, mark("Нова веза за Telegram")),
    (Kind.PHONE, mark("Нови број")),
    (Kind.CHANNEL, mark("Други начин јављања")),
    (Kind.LANGUAGE, mark("Језик и писмо")),
    (Kind.SMS_SCRIPT, mark("Слова у SMS порукама")),
    (Kind.WORD, mark("Реч за другу особу")),
    (Kind.IN_CUSTODY, mark("Притвор или затвор")),
    (Kind.RELEASED, mark("На слободи")),
    (Kind.SECOND_COURSE, mark("Други програм")),
)
"""Corrections and events, each shown only where it applies."""
ENDINGS: tuple[tuple[str, str], ...] = (
    (Kind.MOVED_ABROAD, mark("Одлазак у иностранство")), (Kind.DECEASED, mark("Смрт")),
    ("withdraw", mark("Одустанак")), ("purge", mark("Брисање")),
)  # fmt: skip
"""What ends everything for this person; each is confirmed once more."""
_DOES: Mapping[str, str] = {
    Kind.TELEGRAM: mark("Направи нову везу"), Kind.IN_CUSTODY: mark("Упиши притвор или затвор"),
    Kind.RELEASED: mark("Упиши да је на слободи"), Kind.SECOND_COURSE: mark("Упиши други програм"),
    Kind.MOVED_ABROAD: mark("Упиши одлазак"), Kind.DECEASED: mark("Упиши смрт"),
    "withdraw": mark("Упиши одустанак"), "purge": mark("Обриши све о особи"),
}  # fmt: skip
"""What the button says that does it; where nothing stands here it saves."""
WAYS = (Channel.TELEGRAM, Channel.SMS, Channel.PHONE)
_CONTACT = (Kind.PHONE, Kind.TELEGRAM, Kind.CHANNEL)
"""What two people must agree to where people are written to by a safe contact."""
_FOR_GOOD = mark("Ово не може да се поништи. Потврђујем.")
_WARNINGS: Mapping[str, str] = {
    Kind.COMPLETED_ON: mark("Сви кругови који нису прошли рачунају се поново."),
    Kind.TELEGRAM: mark("Стара веза и стари разговор више не важе."),
    Kind.PHONE: mark("Проверите са особом. Ко зна шифру или чита поруке може да пише у њено име."),
    Kind.CHANNEL: mark("Оно што је планирано прелази на нови начин; стари контакт више не важи."),
    Kind.IN_CUSTODY: mark("Ништа се не шаље и не зове док се не упише да је особа на слободи."),
    Kind.RELEASED: mark("Оно што је још у року наставља се по распореду."),
    Kind.MOVED_ABROAD: mark("Све што је планирано отказује се."),
    Kind.DECEASED: mark("Све што је планирано отказује се."),
    "withdraw": mark("Све што је планирано отказује се, а особи се никад више не пише и не зове се."),
    "purge": mark("Уништавају се сви подаци о особи и сви њени одговори. Остају само ознаке, времена и збирови."),
}
_ENDS = ("withdraw", "purge", Kind.MOVED_ABROAD, Kind.DECEASED)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a change's form."""

    name: str
    label: str
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    needed: bool = True


def _fields(asked: Asked, kind: str, person: Participant | None = None) -> tuple[Field, ...]:
    say_ = asked.words.say_
    match kind:
        case Kind.COMPLETED_ON:
            return (Field("completed_on", say_("Датум завршетка програма"), "date"),)
        case Kind.PHONE:
            return (Field("phone", say_("Нови број"), "tel", hint=say_("На пример 064 123 4567.")),)
        case Kind.CHANNEL:
            now = person.channel if person else None
            ways = tuple((str(each), asked.words.code(each)) for each in WAYS if each is not now)
            hint = say_("За Telegram није потребан. На пример 064 123 4567.")
            return (Field("channel", say_("Начин"), options=ways), Field("phone", say_("Нови број"), "tel", hint=hint,
                                                                        needed=False))  # fmt: skip
        case Kind.LANGUAGE:
            return (Field("language", say_("Језик и писмо"), options=LANGUAGES),)
        case Kind.SECOND_COURSE:
            agreed = (
                ("contact", say_("Смемо да се јављамо")),
                ("evaluation", say_("Одговори смеју да служе за оцену програма")),
                ("call", say_("Смемо да позовемо")),
            )
            return (
                Field("completed_on", say_("Датум завршетка програма"), "date"),
                *(Field(name, label, "checkbox", needed=name == "contact") for name, label in agreed),
            )
        case Kind.SMS_SCRIPT:
            ways = (
                (SmsScript.ASCII, say_("обична латиница, најјефтинија")),
                (SmsScript.LATIN, say_("латиница са квачицама, више него двоструко скупља")),
                (SmsScript.CYRILLIC, say_("ћирилица, више него двоструко скупља")),
            )
            return (Field("sms_script", say_("Слова у SMS порукама"), options=ways),)
        case _:
            return _one_field(asked, kind)


def _one_field(asked: Asked, kind: str) -> tuple[Field, ...]:
    say_ = asked.words.say_
    if kind == Kind.WORD:
        return (Field("other_word", say_("Реч за другу особу")),)
    if kind == "withdraw":
        return (Field("delete_answers", say_("Особа жели да се обришу и ранији одговори"), "checkbox", needed=False),)
    return ()


def _heading(asked: Asked) -> str:
    names = dict(KINDS) | dict(ENDINGS)
    kind = asked.path["kind"]
    if kind not in names or (kind == "purge" and not asked.reader.reader.may(May.PURGE)):
        raise NotFound
    return asked.words.say_(names[kind])


async def form(asked: Asked) -> Answer:
    """What is to be filled in, and what follows from it."""
    async with asked.service.database.reading() as tx:
        person = await desk.find(tx, asked.reader.reader, asked.path["participant"])
    return _form(asked, person, "")


def _aloud(asked: Asked, person: Participant) -> dict[str, Any]:
    """The consent of a second course, in full and in the person's language."""
    if asked.path["kind"] != Kind.SECOND_COURSE:
        return {"read_aloud": (), "spoken": ""}
    text = words_at(asked.service, person.centre, asked.service.local(asked.now), Channel.PHONE)
    lines = text("consent_contact", person.language).splitlines()
    return {"read_aloud": [each for each in lines if each.strip()], "spoken": asked.words.tag(person.language)}


def _form(asked: Asked, person: Participant, failed: str) -> Shown:
    kind, say_ = asked.path["kind"], asked.words.say_
    values: dict[str, Any] = {
        "heading": _heading(asked), "participant": person.id, "failed": failed,
        "warning": say_(_WARNINGS[kind]) if kind in _WARNINGS else "", "fields": _fields(asked, kind, person),
        "by_two": kind in _CONTACT and asked.service.library.protocol.safe_contact is not None,
        "given": asked.form or {"language": person.language, "sms_script": person.sms_script}, "errors": {},
        "does": say_(_DOES[kind]) if kind in _DOES else say_("Сачувај"), **_aloud(asked, person),
        "confirm": say_(_FOR_GOOD) if kind in _ENDS else "",
    }  # fmt: skip
    return Shown("change.html", values, 422 if failed else 200)


async def change(asked: Asked) -> Answer:
    """Make it."""
    kind = asked.path["kind"]
    _heading(asked)
    async with asked.service.database.reading() as tx:
        person = await desk.find(tx, asked.reader.reader, asked.path["participant"])
    if kind in _ENDS and asked.form.get("sure") != "yes":
        raise BadForm(asked.words.say_("Потврдите да сте сигурни."))
    if kind in ("withdraw", "purge"):
        await _end(asked, person.id, kind)
        return GoTo(f"/staff/people/{person.id}")
    names = {each.name for each in _fields(asked, kind)}
    given: dict[str, Any] = {name: asked.form[name] for name in names if asked.form.get(name, "").strip()}
    if "completed_on" in given:
        given["completed_on"] = iso(given["completed_on"])
    if kind == Kind.SECOND_COURSE:
        given = {"completed_on": given.get("completed_on", ""), "consent": _consent(asked, given)}
    document = {"participant": person.id, "kind": kind, "recorded_by": asked.reader.account.name, **given}
    try:
        wanted = amend.read(asked.service, document, asked.now)
        if kind in _CONTACT and asked.service.library.protocol.safe_contact is not None:
            return await _by_two(asked, wanted)
        amended = await amend.amend(asked.service, wanted, asked.reader.account.id, asked.now)
    except (EnrolmentRefused, amend.AmendmentRefused, contact_change.ChangeRefused) as refused:
        return _form(asked, person, refusals.said(asked.words, str(refused)))
    if amended.token:
        from staff.pages.people import shown  # noqa: PLC0415 - each shows the other

        return await shown(asked, person.id, token=amended.token)
    return GoTo(f"/staff/people/{person.id}")


def kinds_for(person: Participant) -> list[tuple[str, str]]:
    """What may have happened to this person, as they are reached and as they stand."""
    away = {Kind.RELEASED} if person.status is not Status.IN_CUSTODY else {Kind.IN_CUSTODY}
    other = {Kind.PHONE} if person.channel is Channel.TELEGRAM else {Kind.TELEGRAM}
    letters = set() if person.channel is Channel.SMS else {Kind.SMS_SCRIPT}
    return [each for each in KINDS if each[0] not in away | other | letters]


def _consent(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was agreed to for a second course."""
    version = asked.service.library.text_version("consent_contact")
    flags = {name: given.get(name) == "yes" for name in ("contact", "evaluation", "call")}
    return {**flags, "recorded_by": asked.reader.account.name, "version": version}


async def _by_two(asked: Asked, wanted: Amendment) -> Answer:
    """Her contact is changed by nobody alone: the old one is suspended now, a colleague may agree from tomorrow on."""
    async with asked.service.database.writing() as tx:
        reader = asked.reader.reader
        person = await desk.find(tx, reader, wanted.participant)
        if wanted.kind is Kind.TELEGRAM and person.channel is not Channel.TELEGRAM:
            raise amend.AmendmentRefused("kind: this person is not reached by Telegram")
        channel = wanted.channel or person.channel
        if person.status in ENDED:
            raise amend.AmendmentRefused("participant: has left for good; nothing about them is changed any more")
        await contact_change.ask(tx, reader, person, contact_change.Change(channel, wanted.phone), asked.now)
    return GoTo(f"/staff/people/{person.id}")


async def take_back(asked: Asked) -> Answer:
    """The change of a contact was asked for by mistake."""
    async with asked.service.database.writing() as tx:
        person = await desk.find(tx, asked.reader.reader, asked.path["participant"])
        try:
            await contact_change.take_back(tx, asked.reader.reader, person.id, asked.now)
        except contact_change.ChangeRefused:
            raise NotFound from None
    return GoTo(f"/staff/people/{person.id}")


async def _end(asked: Asked, participant: str, kind: str) -> None:
    account = asked.reader.account.id
    async with asked.service.database.writing() as tx:
        if kind == "withdraw":
            await withdraw.withdraw(tx, asked.service, participant, account, asked.now)
            if asked.form.get("delete_answers") == "yes":
                await withdraw.delete_answers(tx, asked.service, participant, account, asked.now)
        else:
            await purge.purge(tx, asked.service, participant, account, asked.now)
    if kind == "purge" or asked.form.get("delete_answers") == "yes":
        await scrub(asked.service)


PAGES = (
    Page("GET", "/staff/people/{participant}/change/{kind}", form, May.CHANGE_PEOPLE, strong=True),
    Page("POST", "/staff/people/{participant}/change/{kind}", change, May.CHANGE_PEOPLE, strong=True),
    Page("POST", "/staff/people/{participant}/contact/keep", take_back, May.CHANGE_PEOPLE, strong=True),
)
