"""The library's texts as a person is to read them: the phone filled in, the lines that are open now where they belong.

It never says anything that depends on what a person answered, but for words of danger.
"""

from collections.abc import Callable
from datetime import datetime

from surveys.language.danger import Danger
from surveys.library import Library
from surveys.library.helplines import Helpline, in_danger, open_lines
from surveys.rules.calendar import Holidays
from surveys.rules.vocabulary import Channel, SmsScript

LINES = {Danger.SUICIDE: "danger", Danger.THREAT: "danger.threat"}
"""What is said to words of danger: the same text, with the lines in the order that fits."""

NUMBERS = "helplines_intro"
"""Said by itself it is followed by the lines, whoever asks for them."""

Words = Callable[[str, str], str]
"""Text id and language → what is said."""


def words_for(
    library: Library, phone: str, local: datetime, holidays: Holidays, channel: Channel = Channel.TELEGRAM,
    script: SmsScript = SmsScript.ASCII, known: tuple[Helpline, ...] | None = None,
) -> Words:  # fmt: skip
    """The side's texts at one moment, as that channel shows them; `phone` is where a person answers, empty where
    nobody supplied it."""
    sms = channel is Channel.SMS
    known = library.helplines if known is None else known

    def words(name: str, language: str) -> str:
        text_id = name.partition(".")[0]
        lines = _lines(known, name, local, holidays)
        text = with_phone(library.text_on(channel, text_id, language, script), phone)
        if sms:
            return "\n".join([text, *(line.said_by_sms(language, script) for line in lines)])
        if not lines:
            return text
        intro = [] if name in (NUMBERS, *LINES.values()) else [library.text("helplines_intro", language)]
        return "\n".join([text, "", *intro, *(line.said(language) for line in lines)])

    return words


def with_phone(text: str, phone: str) -> str:
    """`{phone}` filled; where there is none, the line that would name it is left out rather than shown empty."""
    if phone:
        return text.replace("{phone}", phone).strip()
    return "\n".join(line for line in text.splitlines() if "{phone}" not in line).strip()


def _lines(known: tuple[Helpline, ...], name: str, local: datetime, holidays: Holidays) -> tuple[Helpline, ...]:
    if name not in ("closing", NUMBERS, *LINES.values()):
        return ()
    lines = open_lines(known, local, today_is_holiday=holidays.is_holiday(local.date()))
    return in_danger(lines) if name == LINES[Danger.SUICIDE] else lines
