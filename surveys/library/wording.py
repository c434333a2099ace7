"""What a side says outside its items: texts and the approved notices, each with its version. Holds no person's data."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from surveys.language.script import to_latin
from surveys.language.sms import sms_form
from surveys.library.reading import Table
from surveys.rules.vocabulary import Channel, SmsScript


class TextMissing(LookupError):
    """The library has no such text, or not in that language."""


class Stage(StrEnum):
    """When a text is met. `before` consent (his side) or before the gate (hers) it must be dull."""

    ENROLMENT = "enrolment"
    BEFORE = "before"
    AFTER = "after"


class NoticeKind(StrEnum):
    """A first message or a reminder; the chat ones go to a survivor who chose an interview in the chat."""

    NOTICE = "notice"
    REMINDER = "reminder"
    CHAT_NOTICE = "chat_notice"
    CHAT_REMINDER = "chat_reminder"


OWN = 1000
"""A text that a side's own staff wrote is numbered after the shipped version that it stands in for: 1001 is the first
over version 1. No shipped version can be numbered like it."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text. `words` by language; sr_Latn is derived from sr_Cyrl, so that both scripts read the same.

    `sms` holds shorter words for an SMS, where the whole text would take too many parts; `page` and `phone` the words
    for the private page and for who reads aloud in a call, where the text speaks of what can only be written.
    """

    name: str
    version: int
    stage: Stage
    words: Mapping[str, str]
    sms: Mapping[str, str] = field(default_factory=dict)
    page: Mapping[str, str] = field(default_factory=dict)
    phone: Mapping[str, str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The version as it is shown and kept in a consent: `1` shipped, `1.2` the second that was written over it."""
        return f"{self.version // OWN}.{self.version % OWN}" if self.version > OWN else str(self.version)

    def stands_over(self, shipped: "Text") -> bool:
        """Whether this text of the side's own holds although that one shipped: it was written over no earlier one."""
        over = self.version // OWN
        return over >= shipped.version if over else self.version > shipped.version

    def said(self, language: str) -> str:
        """The text in that language; TextMissing where nobody wrote it."""
        return in_words(self.words, language, self.name)

    def said_by_sms(self, language: str, script: SmsScript = SmsScript.ASCII) -> str:
        """The text in that script, in its shorter words where it has any; TextMissing where nobody wrote it."""
        return by_sms(self.sms, language, script) or sms_form(self.said(language), script)

    def said_on(self, channel: Channel | None, language: str, script: SmsScript = SmsScript.ASCII) -> str:
        """The text as that channel shows it; TextMissing where nobody wrote it."""
        if channel is Channel.SMS:
            return self.said_by_sms(language, script)
        own: Mapping[str, str] = {}
        if channel in (Channel.PAGE, Channel.PHONE):
            own = self.page if channel is Channel.PAGE else self.phone
        serbian = language == "sr_Latn" and "sr_Cyrl" in own
        return in_words(own if language in own or serbian else self.words, language, self.name)

    def digest(self, language: str, channel: Channel | None = None, script: SmsScript = SmsScript.ASCII) -> str:
        """SHA-256 (hex) of the exact text shown, kept in the record of a consent."""
        said = self.said_on(channel, language, script)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Notice:
    """One approved message that the service starts. An SMS is ASCII Latin in both scripts: one GSM-7 segment. Its
    `sr_Cyrl`, where it has one, is for whoever chose whole letters."""

    name: str
    version: int
    channel: Channel
    kind: NoticeKind
    words: Mapping[str, str]
    cover: str = ""
    """The cover that it leads to, by name; empty where it fits every one."""

    def said(self, language: str, script: SmsScript = SmsScript.ASCII) -> str:
        """The notice in that language, `{link}` still to be filled."""
        return by_sms(self.words, language, script) or in_words(self.words, language, self.name)


_in_latin = lru_cache(maxsize=1024)(to_latin)
"""The library's own texts alone: nothing that a person wrote may be remembered here."""


def in_words(words: Mapping[str, str], language: str, name: str) -> str:
    """The words of `name` in `language`; TextMissing where there are none."""
    if language in words:
        return words[language]
    if language == "sr_Latn" and "sr_Cyrl" in words:
        return _in_latin(words["sr_Cyrl"])
    raise TextMissing(f"the text {name} is not there in {language}; add it to the library")


def by_sms(words: Mapping[str, str], language: str, script: SmsScript = SmsScript.ASCII) -> str | None:
    """An SMS's own words: `ascii` serves Serbian in both scripts, and `sr_Cyrl`, where it is there, whoever chose whole
    letters. None where there are none for that language."""
    if not language.startswith("sr_"):
        return words.get(language)
    whole = words.get("sr_Cyrl") if "ascii" in words and script is not SmsScript.ASCII else None
    return sms_form(whole, script) if whole else words.get("ascii")


def read_text(name: str, table: Table) -> Text:
    stage = table.parsed("stage", Stage, f"one of: {', '.join(Stage)}")
    version, sms = table.whole("version"), read_sms(table)
    if not 0 < version < OWN:
        raise table.refuse("version", f"must be from 1 to {OWN - 1}; beyond are what a side's own staff write")
    page = table.inside("page").languages() if table.has("page") else {}
    phone = table.inside("phone").languages() if table.has("phone") else {}
    return Text(name, version, stage, sms=sms, page=page, phone=phone, words=table.rest())


def read_sms(table: Table) -> dict[str, str]:
    """The shorter words for an SMS, `sms = {ascii = …, en = …}`; none where the table has no such key."""
    if not table.has("sms"):
        return {}
    words = table.inside("sms").languages()
    if "ascii" not in words or not all(words[key].isascii() for key in ("ascii", "en") if key in words):
        raise table.refuse("sms", "must hold ascii, and plain ASCII there and in en")
    return words


def read_notice(table: Table) -> Notice:
    channel = table.parsed("channel", Channel, f"one of: {', '.join(Channel)}")
    kind = table.parsed("kind", NoticeKind, f"one of: {', '.join(NoticeKind)}")
    name, version = table.text("id"), table.whole("version")
    cover = table.text("cover") if table.has("cover") else ""
    words = _ascii(table, linked=kind in _LINKED) if channel is Channel.SMS else table.rest()
    return Notice(name, version, channel, kind, words, cover)


_LINKED = (NoticeKind.NOTICE, NoticeKind.REMINDER)


def _ascii(table: Table, *, linked: bool) -> dict[str, str]:
    words = {"ascii": table.text("ascii"), "en": table.text("en")} | table.languages()
    for key, said in words.items():
        if (key in ("ascii", "en") and not said.isascii()) or ("{link}" in said) != linked:
            raise table.refuse(key, "must be ASCII and hold {link}" if linked else "must be ASCII, without {link}")
    return words
