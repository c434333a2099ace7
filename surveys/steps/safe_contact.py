"""A safe contact as staff hand it in: read strictly, kept whole and sealed, its words only as slow hashes.

It must never keep a code word that can be read, nor take a word that could be an everyday answer or an order.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from surveys.language.commands import is_command_packed
from surveys.language.script import packed
from surveys.records import audit, passwords, safe_contacts
from surveys.records.database import Tx
from surveys.records.sealing import Seals
from surveys.rules.hours import Hours, HoursRefused, read_hours
from surveys.steps.enrolment import EnrolmentRefused, read_plain, refuse_unknown

KEYS = {
    "hours", "blackout", "notice", "code_word", "duress_word", "duress_plan", "interview", "reminders", "shared_phone",
    "synced", "used_by_child", "pin_known_by", "bill_paid_by", "confirmed_on", "do_not_contact",
    "programme_days",
}  # fmt: skip
_FACTS = ("synced", "used_by_child", "pin_known_by", "bill_paid_by")
_PLACE = "safe_contact."
_LONGEST = 600
SHORTEST = 4
"""Signs of a word after folding: shorter ones are typed by chance."""


@dataclass(frozen=True, slots=True, repr=False)
class SafeContact:
    """What was agreed. `code` and `duress` are argon2 hashes of keyed hashes; empty where no words are needed."""

    hours: tuple[Mapping[str, str], ...]
    blackout: tuple[str, ...] = ()
    notice: str | None = None
    code: str = ""
    duress: str = ""
    duress_plan: str = ""
    interview: str = "page"
    reminders: int | None = None
    shared_phone: bool | None = None
    confirmed_on: str | None = None
    do_not_contact: bool = False
    recorded_by: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def spans(self) -> tuple[Hours, ...]:
        """The weekly safe hours."""
        return tuple(read_hours(row) for row in self.hours)

    def days_off(self) -> frozenset[date]:
        """The blackout days."""
        return frozenset(date.fromisoformat(day) for day in self.blackout)

    def confirmed(self) -> date | None:
        """When it was last confirmed with the person."""
        return date.fromisoformat(self.confirmed_on) if self.confirmed_on else None

    def to_json(self) -> str:
        """For the sealed record."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def from_json(document: str) -> SafeContact:
    """What `to_json` wrote."""
    record = json.loads(document)
    return SafeContact(**record | {"hours": tuple(record["hours"]), "blackout": tuple(record["blackout"])})


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """A safe contact, checked, with its words still as they were said: never kept like this."""

    contact: SafeContact
    code_word: str = ""
    duress_word: str = ""


def read_safe_contact(
    given: Mapping[str, Any], *, today: date, notices: Collection[str], words: bool, recorded_by: str,
    before: SafeContact | None = None,
) -> Given:  # fmt: skip
    """The checked safe contact; EnrolmentRefused names the first key that is wrong. `words` says that a code word and a
    duress word are needed; `before` is what stands, where only some of it is said anew."""
    refuse_unknown(given, KEYS, _PLACE)
    if before is None:
        _refuse_programme_day(given, today)
    read = _read(given, today, notices, recorded_by, before or SafeContact(()))
    code, duress = _word(given, "code_word"), _word(given, "duress_word")
    if not read.hours and not read.do_not_contact:
        raise EnrolmentRefused(f"{_PLACE}hours: are missing; list rows of days, from and to")
    if not read.do_not_contact and (words or code or duress):
        _need_words(code, duress, before)
    if (code or duress) and packed(code) == packed(duress):
        raise EnrolmentRefused(
            f"{_PLACE}duress_word: must differ from code_word, also without spaces, capitals and accents"
        )
    return Given(read, code, duress)


def _refuse_programme_day(given: Mapping[str, Any], today: date) -> None:
    """Nobody is enrolled on a weekday of his programme. The days are not kept: they are his."""
    if given.get("programme_days") is None:
        return
    try:
        days = read_hours({"days": given["programme_days"], "from": "09:00", "to": "10:00"}).weekdays
    except HoursRefused:
        raise EnrolmentRefused(f'{_PLACE}programme_days: must be days such as "mon,wed"') from None
    if today.weekday() in days:
        raise EnrolmentRefused(f"{_PLACE}programme_days: today is a day of his programme; enrol her on another day")


def _need_words(code: str, duress: str, before: SafeContact | None) -> None:
    for key, word, kept in (
        ("code_word", code, before and before.code),
        ("duress_word", duress, before and before.duress),
    ):
        if not word and not kept:
            raise EnrolmentRefused(f"{_PLACE}{key}: is missing; agree on one with the person")
    if before is not None and bool(code) != bool(duress):
        raise EnrolmentRefused(f"{_PLACE}code_word and duress_word: are agreed on together; give both")


def _read(
    given: Mapping[str, Any], today: date, notices: Collection[str], recorded_by: str, before: SafeContact
) -> SafeContact:
    reminders = given.get("reminders", before.reminders)
    if reminders is not None and (
        isinstance(reminders, bool) or not isinstance(reminders, int) or not 0 <= reminders < 10
    ):
        raise EnrolmentRefused(f"{_PLACE}reminders: must be a number; 0 is a valid choice")
    interview = given.get("interview", before.interview)
    if interview not in ("page", "chat"):
        raise EnrolmentRefused(f"{_PLACE}interview: must be page or chat")
    notice = given.get("notice", before.notice)
    if notice is not None and notice not in notices:
        raise EnrolmentRefused(f"{_PLACE}notice: must be one of the approved ones: {', '.join(sorted(notices))}")
    return replace(
        before, hours=_hours(given, before.hours), blackout=_blackout(given, before.blackout), notice=notice,
        duress_plan=_text(given, "duress_plan", before.duress_plan), interview=interview, reminders=reminders,
        shared_phone=_flag(given, "shared_phone", before.shared_phone), recorded_by=recorded_by,
        confirmed_on=_confirmed(given, today, before.confirmed_on),
        do_not_contact=bool(_flag(given, "do_not_contact", before.do_not_contact)),
        facts={key: _text(given, key, before.facts.get(key, "")) for key in _FACTS},
    )  # fmt: skip


def _hours(given: Mapping[str, Any], before: tuple[Mapping[str, str], ...]) -> tuple[Mapping[str, str], ...]:
    rows = given.get("hours", before)
    if not isinstance(rows, (list, tuple)) or len(rows) > 21 or not all(isinstance(row, Mapping) for row in rows):
        raise EnrolmentRefused(f"{_PLACE}hours: must list rows of days, from and to")
    try:
        for row in rows:
            read_hours(row)
    except HoursRefused as refusal:
        raise EnrolmentRefused(f"{_PLACE}hours.{refusal}") from None
    return tuple({key: str(row[key]) for key in ("days", "from", "to")} for row in rows)


def _blackout(given: Mapping[str, Any], before: tuple[str, ...]) -> tuple[str, ...]:
    days = given.get("blackout", before)
    try:
        if not isinstance(days, (list, tuple)) or len(days) > 400:
            raise ValueError
        return tuple(sorted({date.fromisoformat(day).isoformat() for day in days}))
    except (ValueError, TypeError):
        raise EnrolmentRefused(f"{_PLACE}blackout: must list dates such as 2027-02-14") from None


def _confirmed(given: Mapping[str, Any], today: date, before: str | None) -> str | None:
    value = given.get("confirmed_on", before)
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except (ValueError, TypeError):
        raise EnrolmentRefused(f"{_PLACE}confirmed_on: must be a date such as 2027-02-14") from None
    if day > today:
        raise EnrolmentRefused(f"{_PLACE}confirmed_on: must not lie in the future")
    return day.isoformat()


def _flag(given: Mapping[str, Any], key: str, before: bool | None) -> bool | None:
    value = given.get(key, before)
    if value is not None and not isinstance(value, bool):
        raise EnrolmentRefused(f"{_PLACE}{key}: must be true or false")
    return value


def _text(given: Mapping[str, Any], key: str, before: str) -> str:
    if given.get(key) is None:
        return before
    if isinstance(given[key], bool):
        return "yes" if given[key] else "no"
    return read_plain(given, key, _LONGEST, _PLACE)


def _word(given: Mapping[str, Any], key: str) -> str:
    """A word that nobody types by chance, and that is no order."""
    if given.get(key) is None:
        return ""
    word = read_plain(given, key, 80, _PLACE)
    plain = packed(word)
    if len(plain) < SHORTEST or plain.isdigit():
        raise EnrolmentRefused(f"{_PLACE}{key}: is too easily typed by chance; agree on a longer word")
    if is_command_packed(word):
        raise EnrolmentRefused(f"{_PLACE}{key}: is an order such as STOP or LATER; agree on another word")
    return word


async def hashed_words(seals: Seals, given: Given) -> SafeContact:
    """The contact as it is kept: words that were given are hashed, slowly. Outside any transaction."""
    contact = given.contact
    if given.code_word:
        contact = replace(contact, code=await passwords.hashed(keyed(seals, given.code_word)))
    if given.duress_word:
        contact = replace(contact, duress=await passwords.hashed(keyed(seals, given.duress_word)))
    return contact


def keyed(seals: Seals, word: str) -> str:
    """The keyed hash of a folded word: what the slow hash is made of, so that a stolen database alone tells nothing."""
    return seals.index("safe_contacts", "word", packed(word)).hex()


async def keep(tx: Tx, participant: str, contact: SafeContact, actor: str, now: datetime) -> None:
    """Add it to the history; it counts from now on."""
    name = await safe_contacts.record(tx, participant, contact.to_json(), now)
    audit.record(tx, actor, "safe_contact.recorded", name, now)


async def current(tx: Tx, participant: str) -> SafeContact | None:
    """The one that counts, or `None`."""
    last = await safe_contacts.latest(tx, participant)
    return from_json(last.document) if last else None
