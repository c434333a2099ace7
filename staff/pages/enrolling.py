"""Enrolment: first the channel and the language, then one form in steps; the consent is read aloud in full.

Nothing that was typed is lost where something is wrong; a refusal stands beside its field and repeats no value.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from staff import refusals
from staff.asked import Answer, Asked, Page, Shown
from staff.days import iso, written
from staff.pages import letters, safe_form
from staff.pages.people import shown
from staff.rendering import LANGUAGES
from surveys.records import audit
from surveys.rules.roles import EVERY_CENTRE, May
from surveys.rules.vocabulary import Channel, Side
from surveys.steps import configured, desk, enrol, reconsent
from surveys.steps.coming_back import AgreementGone
from surveys.steps.desk import NotFound
from surveys.steps.enrolment import Enrolment, EnrolmentRefused, Reconsent
from surveys.steps.standing import words_at

CONSENT = "consent_contact"
FIELDS = (
    "case_code", "completed_on", "born_on", "adult", "phone", "gender", "other_word", "contact", "evaluation", "call",
    "sms_script", "anew", "anew_on",
)  # fmt: skip
PURPOSES = ("contact", "evaluation", "call")
_CHANNELS = {
    Side.EX_PERPETRATORS: (Channel.TELEGRAM, Channel.SMS, Channel.PHONE),
    Side.SURVIVORS: (Channel.PHONE, Channel.SMS, Channel.TELEGRAM),
}


async def begin(asked: Asked) -> Answer:
    """The channel and the language; with them the form itself."""
    channel, language = asked.query.get("channel", ""), asked.query.get("language", "")
    channels, anew = _CHANNELS[asked.service.side], asked.query.get("anew", "")[:40]
    if channel in set(channels) and language in dict(LANGUAGES):
        await configured.reread(asked.service, asked.now)
        today = written(asked.service.local(asked.now).date())
        given = {"channel": channel, "language": language, "confirmed_on": today, "reminders": "1", "anew": anew}
        return await _form(asked, given | ({"anew_on": today} if anew else {}), {})
    return Shown("enrol_start.html", {"channels": channels, "anew": anew, "has_sms": asked.sms is not None})


async def _form(asked: Asked, given: Mapping[str, str], errors: Mapping[str, str]) -> Shown:
    channel, language, say_ = Channel(given["channel"]), given["language"], asked.words.say_
    text = _read_aloud(asked, language)
    purposes = (
        ("contact", say_("Смемо да се јављамо")),
        ("evaluation", say_("Одговори смеју да служе за оцену програма")),
        ("call", say_("Смемо да позовемо")),
    )
    scripts = await letters.choices(asked, language) if channel is Channel.SMS else ()
    values: dict[str, Any] = {
        "scripts": scripts, **safe_form.values(asked, channel, language), "given": given, "errors": errors,
        "purposes": purposes,
        "consent_text": [line for line in text.splitlines() if line.strip()], "read_hash": _hash(text),
        "spoken": asked.words.tag(language), "spoken_code": language, "language_name": dict(LANGUAGES)[language],
    }  # fmt: skip
    return Shown("enrol.html", values, 422 if errors else 200)


def _read_aloud(asked: Asked, language: str) -> str:
    """The whole text as it is read to this person, with the telephone number of the reader's centre."""
    local = asked.service.local(asked.now)
    return words_at(asked.service, asked.reader.reader.centre, local, Channel.PHONE)(CONSENT, language)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def enrol_one(asked: Asked) -> Answer:
    """Enrol, and show the person's page with the link."""
    own = asked.reader.reader.centre
    if own == EVERY_CENTRE or asked.form.get("centre", own) != own:
        raise NotFound
    given = {name: asked.text(name, 600) for name in (*FIELDS, *safe_form.NAMES, "channel", "language")}
    if given["channel"] not in set(_CHANNELS[asked.service.side]) or given["language"] not in dict(LANGUAGES):
        raise NotFound
    await _see_that_two_agreed(asked, given["anew"])
    if given["channel"] == Channel.TELEGRAM and await asked.deep_link("") is None:
        said = asked.words.say_("Telegram се још није јавио, па веза не може да се направи. Покушајте за минут.")
        return await _form(asked, given, {"": said})
    await configured.reread(asked.service, asked.now)  # another process may have published since this one looked
    read_text = _hash(_read_aloud(asked, given["language"]))
    if asked.form.get("read_text") != read_text:
        said = asked.words.say_(
            "Текст пристанка се у међувремену променио. Прочитајте наглас нови текст и питајте поново."
        )
        return await _form(asked, given | dict.fromkeys(PURPOSES, ""), {"consent": said})
    try:
        new = enrol.read(asked.service, _document(asked, given), asked.now)
        read = replace(new.consent, text_hash=read_text)
        new = replace(new, consent=read, reconsent=_of_whom(new, given["anew"]))
        enrolled = await enrol.enrol(asked.service, new, asked.now)
    except AgreementGone:
        raise NotFound from None
    except EnrolmentRefused as refused:
        line = str(refused)
        return await _form(asked, given, {refusals.field_of(line): refusals.said(asked.words, line)})
    async with asked.service.database.writing() as tx:
        audit.record(tx, asked.reader.account.id, "participant.enrolled_on_console", enrolled.participant, asked.now)
    return await shown(asked, enrolled.participant, token=enrolled.token or "")


def _of_whom(new: Enrolment, anew: str) -> Reconsent | None:
    """The agreement is about this one person and frees nobody else's number, case code or chat."""
    return replace(new.reconsent, left=anew) if new.reconsent else None


async def _see_that_two_agreed(asked: Asked, anew: str) -> None:
    """NotFound where somebody who left is to be enrolled anew and no two people agreed to that."""
    if not anew:
        return
    async with asked.service.database.reading() as tx:
        await desk.find(tx, asked.reader.reader, anew)
        if not await reconsent.granted(tx, anew, asked.now):
            raise NotFound


def _document(asked: Asked, given: Mapping[str, str]) -> dict[str, Any]:
    optional = {name: given[name] for name in ("phone", "gender", "other_word", "sms_script") if given[name]}
    if given["channel"] != Channel.SMS:
        optional.pop("sms_script", None)
    if given["anew"]:
        again = {"recorded_by": asked.reader.account.name, "on": iso(given["anew_on"])}
        return _whole(asked, given, optional) | {"reconsent": again}
    return _whole(asked, given, optional)


def _whole(asked: Asked, given: Mapping[str, str], optional: Mapping[str, str]) -> dict[str, Any]:
    flags = {name: given[name] == "yes" for name in PURPOSES}
    version = asked.service.library.text_version(CONSENT)
    days = {name: iso(given[name]) for name in ("completed_on", "born_on") if given[name]}
    safely = asked.service.library.protocol.safe_contact is not None
    return {
        **{name: given[name] for name in ("case_code", "channel", "language")}, **optional, **days,
        "centre": asked.reader.reader.centre,
        "consent": {**flags, "recorded_by": asked.reader.account.name, "version": version},
        **({} if "born_on" in days else {"adult": given["adult"] == "yes"}),
        **({"safe_contact": safe_form.document(given)} if safely else {}),
    }  # fmt: skip


PAGES = (
    Page("GET", "/staff/people/new", begin, May.ENROL),
    Page("POST", "/staff/people/new", enrol_one, May.ENROL),
)
