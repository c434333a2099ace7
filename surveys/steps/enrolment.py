"""Reads what staff hand in at enrolment and refuses what is wrong in one line. It never repeats a value."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import phonenumbers

from surveys.language.cyrillic import to_cyrillic
from surveys.language.script import fold
from surveys.rules.vocabulary import Channel, SmsScript

_KEYS = {
    "case_code", "centre", "completed_on", "channel", "phone", "language", "consent", "born_on", "gender",
    "other_gender", "other_word", "reconsent", "sms_script", "adult",
}  # fmt: skip
SAFE = "safe_contact"
_CONSENT_KEYS = {"contact", "evaluation", "call", "recorded_by", "version"}
_GENDERS = {"female": "female", "f": "female", "male": "male", "m": "male", "unknown": None}
_AHEAD = timedelta(days=366)
_OLDEST = date(2010, 1, 1)
ADULT = 18


class EnrolmentRefused(ValueError):
    """What was handed in cannot be enrolled; the message names the key and says what to do, never the value."""

    place: int | None = None
    """Which of several it is about, from 0, where several were handed in together."""


@dataclass(frozen=True, slots=True)
class Consents:
    """What was agreed to at enrolment, who recorded it and which version of the text was read."""

    contact: bool
    evaluation: bool
    call: bool
    recorded_by: str
    version: str
    text_hash: str | None = None
    """SHA-256 of the very text that was read aloud, where it is known."""


@dataclass(frozen=True, slots=True)
class Reconsent:
    """Somebody who had withdrawn agreed again, in person, on this day; who wrote it down."""

    recorded_by: str
    on: date
    left: str | None = None
    """Whom two people agreed about on the console; `None` on the command line, which names nobody."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One person to enrol, checked."""

    case_code: str
    centre: str
    completed_on: date
    channel: Channel
    phone: str | None
    language: str
    consent: Consents
    born_on: date | None = None
    adult: bool = False
    """Whoever enrols saw or was told that the person is of age."""
    gender: str | None = None
    other_gender: str | None = None
    other_word: str | None = None
    safe: Mapping[str, Any] | None = None
    """The safe contact as it was handed in, where the side needs one; read by `safe_contact`."""
    reconsent: Reconsent | None = None
    sms_script: SmsScript = SmsScript.ASCII


def read_enrolment(
    given: Mapping[str, Any], *, today: date, centres: Mapping[str, Collection[str]], languages: Collection[str],
    safely: bool = False,
) -> Enrolment:  # fmt: skip
    """The checked enrolment; EnrolmentRefused naming the first key that is wrong. `safely`: by a safe contact only."""
    refuse_unknown(given, _KEYS | ({SAFE} if safely else set()), "")
    if safely and "channel" not in given:
        given = {**given, "channel": Channel.PHONE}
    channel = read_one_of(given, "channel", (Channel.TELEGRAM, Channel.SMS, Channel.PHONE))
    consent = read_consents(given)
    if safely and channel == Channel.PHONE and not consent.call:
        raise EnrolmentRefused(
            "consent.call: must be true where channel is phone (the default); ask her, or agree on sms or telegram"
        )
    language, word = read_one_of(given, "language", languages), read_word(given)
    refuse_unreadable(word, language)
    return Enrolment(
        case_code=read_plain(given, "case_code", 64),
        centre=_centre(given, centres),
        completed_on=read_completed(given, today),
        channel=Channel(channel),
        phone=_phone(given, needed=channel != Channel.TELEGRAM),
        language=language,
        consent=consent,
        born_on=_born(given, today),
        adult=_adult(given),
        gender=_gender(given, "gender"),
        other_gender=_gender(given, "other_gender"),
        other_word=word,
        safe=_safe(given) if safely else None,
        reconsent=_reconsent(given, today),
        sms_script=read_script(given, language),
    )


def _reconsent(given: Mapping[str, Any], today: date) -> Reconsent | None:
    value = given.get("reconsent")
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise EnrolmentRefused("reconsent: give recorded_by and on, the day of the new consent")
    refuse_unknown(value, {"recorded_by", "on"}, "reconsent.")
    by, on = read_plain(value, "recorded_by", 120, "reconsent."), _day(value, "on", "reconsent.")
    if not _OLDEST <= on <= today:
        raise EnrolmentRefused("reconsent.on: must be the day on which they agreed again, not one to come")
    return Reconsent(by, on)


def _safe(given: Mapping[str, Any]) -> Mapping[str, Any]:
    value = given.get(SAFE)
    if value is None:
        raise EnrolmentRefused("safe_contact: is missing; nobody is reached on this side without one")
    if not isinstance(value, Mapping):
        raise EnrolmentRefused("safe_contact: must be an object in braces, with hours, code_word and so on")
    return value


_NOT_MOBILE = {
    phonenumbers.PhoneNumberType.FIXED_LINE: "is a landline, which gets no messages; ask for a mobile number",
    phonenumbers.PhoneNumberType.PREMIUM_RATE: "is a premium number, which nobody is written to at",
    phonenumbers.PhoneNumberType.SHARED_COST: "is a number of a service at shared cost, not a person's",
    phonenumbers.PhoneNumberType.TOLL_FREE: "is a free line of a service, not a person's",
}


def read_number(text: str, key: str = "phone") -> str:
    """A mobile number in E.164 from `064…`, `+381…` or `00381…`; others are refused, each kind with its own reason."""
    try:
        number = phonenumbers.parse(text, "RS")
    except phonenumbers.NumberParseException:
        raise EnrolmentRefused(f"{key}: is not a telephone number; write it as +38164…") from None
    if phonenumbers.is_valid_short_number(number):
        raise EnrolmentRefused(f"{key}: is a short number such as an emergency service's, not a person's")
    if not phonenumbers.is_valid_number(number):
        raise EnrolmentRefused(f"{key}: no such number can exist; check the digits")
    kind = phonenumbers.number_type(number)
    if kind not in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE):
        raise EnrolmentRefused(f"{key}: {_NOT_MOBILE.get(kind, 'is not a mobile number, so it gets no messages')}")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def refuse_unknown(given: Mapping[str, Any], known: Collection[str], place: str) -> None:
    """EnrolmentRefused for the first key that is not known."""
    for key in given:
        if key not in known:
            raise EnrolmentRefused(
                f"{place}{str(key)[:40]!r}: is no key that is known; known are {', '.join(sorted(known))}"
            )


def read_plain(given: Mapping[str, Any], key: str, longest: int, place: str = "") -> str:
    """Text of at most so many bytes, without anything unprintable."""
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise EnrolmentRefused(f"{place}{key}: is missing; give it as text")
    if len(value.encode("utf-8", "replace")) > longest or not value.isprintable():
        raise EnrolmentRefused(f"{place}{key}: must be at most {longest} bytes of plain text")
    return value.strip()


def read_one_of(given: Mapping[str, Any], key: str, allowed: Collection[str]) -> str:
    """One word of a closed set."""
    value = given.get(key)
    if not isinstance(value, str) or value not in allowed:
        raise EnrolmentRefused(f"{key}: must be one of {', '.join(sorted(allowed))}")
    return value


def _centre(given: Mapping[str, Any], centres: Mapping[str, Collection[str]]) -> str:
    """`centres` maps each id to the names that people write for it."""
    value = given.get("centre")
    for centre, names in centres.items():
        if isinstance(value, str) and fold(value) in {fold(name) for name in (centre, *names)}:
            return centre
    raise EnrolmentRefused(f"centre: must be one of {', '.join(sorted(centres))}")


def _day(given: Mapping[str, Any], key: str, place: str = "") -> date:
    value = given.get(key)
    try:
        if not isinstance(value, str) or len(value) != len("2027-02-14"):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise EnrolmentRefused(f"{place}{key}: must be a date such as 2027-02-14") from None


def read_completed(given: Mapping[str, Any], today: date) -> date:
    """The day the programme was completed, not far from today."""
    day = _day(given, "completed_on")
    if not _OLDEST <= day <= today + _AHEAD:
        raise EnrolmentRefused("completed_on: lies too far from today; check the year")
    return day


def _born(given: Mapping[str, Any], today: date) -> date | None:
    if given.get("born_on") is None:
        return None
    day = _day(given, "born_on")
    birthdays = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    if birthdays < ADULT:
        raise EnrolmentRefused("born_on: nobody under 18 is enrolled")
    if birthdays > 120:
        raise EnrolmentRefused("born_on: lies too far back; check the year")
    return day


def _adult(given: Mapping[str, Any]) -> bool:
    """Whether it was attested; who says that somebody is not of age is refused whatever the date of birth says."""
    value = given.get("adult")
    if value is not None and not isinstance(value, bool):
        raise EnrolmentRefused("adult: must be true or false")
    if value is False:
        raise EnrolmentRefused("adult: nobody under 18 is enrolled; ask, and say true, or give born_on")
    return value is True


def _phone(given: Mapping[str, Any], *, needed: bool) -> str | None:
    value = given.get("phone")
    if value is None and not needed:
        return None
    if not isinstance(value, str) or len(value) > 32:
        raise EnrolmentRefused("phone: is needed for this channel; write it as +38164…")
    return read_number(value)


def _gender(given: Mapping[str, Any], key: str) -> str | None:
    value = given.get(key)
    if value is None:
        return None
    if value not in _GENDERS:
        raise EnrolmentRefused(f"{key}: must be one of female, male, unknown")
    return _GENDERS[value]


def read_word(given: Mapping[str, Any]) -> str | None:
    """What the other person is called, where a word was chosen."""
    if given.get("other_word") is None:
        return None
    word = read_plain(given, "other_word", 80)
    if not all(part.isalpha() for part in word.replace("-", " ").split()):
        raise EnrolmentRefused("other_word: must be plain words, such as bivša supruga")
    return word


def read_script(given: Mapping[str, Any], language: str) -> SmsScript:
    """In which letters their SMS go; plain ones where nothing is said."""
    if given.get("sms_script") is None:
        return SmsScript.ASCII
    script = SmsScript(read_one_of(given, "sms_script", tuple(SmsScript)))
    if script is SmsScript.CYRILLIC and language != "sr_Cyrl":
        raise EnrolmentRefused("sms_script: cyrillic is for language sr_Cyrl; choose that, or latin")
    return script


def refuse_unreadable(word: str | None, language: str) -> None:
    """A Latin word is shown in Cyrillic to whom reads that; where its letters could be two things, staff write it."""
    if word is not None and language == "sr_Cyrl" and to_cyrillic(word) is None:
        raise EnrolmentRefused("other_word: write it in Cyrillic, the script in which this person reads")


def read_consents(given: Mapping[str, Any]) -> Consents:
    """What was agreed to; nobody goes on without consent to be contacted."""
    value = given.get("consent")
    if value is None:
        raise EnrolmentRefused("consent: is missing; give contact, evaluation, call, recorded_by and version")
    if not isinstance(value, Mapping):
        raise EnrolmentRefused("consent: must be an object in braces, with contact, evaluation, call and so on")
    refuse_unknown(value, _CONSENT_KEYS, "consent.")
    flags = {key: _flag(value, key) for key in ("contact", "evaluation", "call")}
    if not flags["contact"]:
        raise EnrolmentRefused("consent.contact: must be true; nobody is enrolled without it")
    if isinstance(value.get("version"), int):
        value = {**value, "version": str(value["version"])}
    return Consents(
        contact=flags["contact"],
        evaluation=flags["evaluation"],
        call=flags["call"],
        recorded_by=read_plain(value, "recorded_by", 120, "consent."),
        version=read_plain(value, "version", 40, "consent."),
    )


def _flag(given: Mapping[str, Any], key: str) -> bool:
    value = given.get(key)
    if not isinstance(value, bool):
        raise EnrolmentRefused(f"consent.{key}: must be true or false")
    return value
