"""Reads what staff hand in about somebody who takes part already, and refuses what is wrong in one line.

It never repeats a value.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from surveys.rules.vocabulary import Channel, SmsScript
from surveys.steps.enrolment import (
    Consents,
    EnrolmentRefused,
    read_completed,
    read_consents,
    read_number,
    read_one_of,
    read_plain,
    read_word,
    refuse_unknown,
)


class Kind(StrEnum):
    """What happened, or what was wrong."""

    COMPLETED_ON = "completed_on"
    PHONE = "phone"
    TELEGRAM = "telegram"
    CHANNEL = "channel"
    LANGUAGE = "language"
    SMS_SCRIPT = "sms_script"
    WORD = "word"
    SAFE_CONTACT = "safe_contact"
    SECOND_COURSE = "second_course"
    IN_CUSTODY = "in_custody"
    RELEASED = "released"
    MOVED_ABROAD = "moved_abroad"
    DECEASED = "deceased"


_ALWAYS = {"participant", "kind", "recorded_by"}
_VALUES = {
    Kind.COMPLETED_ON: {"completed_on"},
    Kind.PHONE: {"phone"},
    Kind.CHANNEL: {"channel", "phone"},
    Kind.LANGUAGE: {"language"},
    Kind.SMS_SCRIPT: {"sms_script"},
    Kind.WORD: {"other_word"},
    Kind.SAFE_CONTACT: {"safe_contact"},
    Kind.SECOND_COURSE: {"completed_on", "consent"},
}


@dataclass(frozen=True, slots=True, repr=False)
class Amendment:
    """One change, checked. Only the values of its kind are set."""

    participant: str
    kind: Kind
    recorded_by: str
    completed_on: date | None = None
    phone: str | None = None
    channel: Channel | None = None
    language: str | None = None
    sms_script: SmsScript | None = None
    other_word: str | None = None
    consent: Consents | None = None
    safe: Mapping[str, Any] | None = None
    """What of the safe contact is said anew; its words are in here in clear."""


def read_amendment(given: Mapping[str, Any], *, today: date, languages: Collection[str]) -> Amendment:
    """The checked change; EnrolmentRefused names the first key that is wrong."""
    kind = Kind(read_one_of(given, "kind", tuple(Kind)))
    values = _VALUES.get(kind, set())
    refuse_unknown(given, _ALWAYS | values, "")
    return Amendment(
        participant=read_plain(given, "participant", 64),
        kind=kind,
        recorded_by=read_plain(given, "recorded_by", 120),
        completed_on=read_completed(given, today) if "completed_on" in values else None,
        phone=_phone(given, kind) if "phone" in values else None,
        channel=_channel(given) if "channel" in values else None,
        language=read_one_of(given, "language", languages) if "language" in values else None,
        sms_script=SmsScript(read_one_of(given, "sms_script", tuple(SmsScript))) if "sms_script" in values else None,
        other_word=_word(given) if "other_word" in values else None,
        consent=read_consents(given) if "consent" in values else None,
        safe=_safe(given) if "safe_contact" in values else None,
    )


def _phone(given: Mapping[str, Any], kind: Kind) -> str | None:
    """A number; a change to Telegram needs none."""
    if kind is Kind.CHANNEL and given.get("phone") is None and given.get("channel") == Channel.TELEGRAM:
        return None
    return read_number(read_plain(given, "phone", 32))


def _channel(given: Mapping[str, Any]) -> Channel:
    return Channel(read_one_of(given, "channel", (Channel.TELEGRAM, Channel.SMS, Channel.PHONE)))


def _safe(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Its keys are checked where the contact that stands is known."""
    value = given.get("safe_contact")
    if not isinstance(value, Mapping) or not value:
        raise EnrolmentRefused("safe_contact: is missing; give the keys of it that are said anew")
    if "confirmed_on" in value:
        raise EnrolmentRefused("safe_contact.confirmed_on: is said with posle reconfirm")
    return value


def _word(given: Mapping[str, Any]) -> str | None:
    """The chosen word; null, written out, takes it back."""
    if "other_word" not in given:
        raise EnrolmentRefused("other_word: is missing; give the word, or null to use the usual one")
    return read_word(given)
