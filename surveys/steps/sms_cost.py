"""What SMS costs on this side: segments of a notice and of a whole interview, and what a wave comes to for each person.

It counts the texts that go out, as they go out; it never asks who anybody is.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from surveys.instruments import engine
from surveys.instruments.asking import ask
from surveys.instruments.form import Form
from surveys.language.sms import cost
from surveys.library import Library
from surveys.library.wording import NoticeKind
from surveys.rules.vocabulary import Channel, SmsScript
from surveys.steps.notice import sms_notice
from surveys.steps.sms_text import question_text

TOKEN = "x" * 22
"""As long as a link's token is."""

NOMINAL = datetime(2026, 12, 28, 12, tzinfo=UTC)
"""The day from which costs are counted: none has more letters."""


@dataclass(frozen=True, slots=True)
class WaveCost:
    """Segments of the longest notice, of all notices of one person and wave, and of the questions of one interview that
    answers every item (0 where none goes by SMS)."""

    notice: int
    notices: int
    interview: int

    @property
    def segments(self) -> int:
        """What one person and wave comes to at most."""
        return self.notices + self.interview

    def price(self, segment: float) -> float:
        """What that is at this price for a segment."""
        return self.segments * segment


def notice_segments(
    library: Library, languages: Collection[str], public_url: str, *, two_way: bool,
    script: SmsScript = SmsScript.ASCII,
) -> int:  # fmt: skip
    """The most segments that one notice or reminder takes, in any of these languages."""
    said = _notices(library, languages, public_url, two_way=two_way, script=script)
    return max((cost([each])[0] for each in said), default=0)


def plain_notices(library: Library, language: str, public_url: str, script: SmsScript, *, two_way: bool) -> bool:
    """Whether some notice of somebody who chose that script goes in plain letters all the same: it would not fit one
    segment, or has no words in it."""
    chosen = _notices(library, (language,), public_url, two_way=two_way, script=script)
    ascii_ = _notices(library, (language,), public_url, two_way=two_way, script=SmsScript.ASCII)
    return script is not SmsScript.ASCII and any(one == other for one, other in zip(chosen, ascii_, strict=True))


def _notices(
    library: Library, languages: Collection[str], public_url: str, *, two_way: bool, script: SmsScript
) -> list[str]:
    kinds = (NoticeKind.CHAT_NOTICE, NoticeKind.CHAT_REMINDER) if two_way else (NoticeKind.NOTICE, NoticeKind.REMINDER)
    approved = [each for kind in kinds for each in library.approved(Channel.SMS, kind)]
    link = f"{public_url}/p/{TOKEN}"
    return [sms_notice(each, language, script, link) for each in approved for language in languages]


def interview_segments(
    form: Form, language: str, other_word: str, now: datetime, script: SmsScript = SmsScript.ASCII
) -> int:
    """Segments of every question, where all are asked."""
    return cost(question_texts(form, language, other_word, now, script))[0]


def question_texts(
    form: Form, language: str, other_word: str, now: datetime, script: SmsScript = SmsScript.ASCII
) -> list[str]:
    """Every question that goes by SMS, as it goes."""
    return [text for _, text in questions_by_sms(form, language, other_word, now, script) if text]


def questions_by_sms(
    form: Form, language: str, other_word: str, now: datetime, script: SmsScript = SmsScript.ASCII
) -> list[tuple[str, str]]:
    """Every item and its question as it goes by SMS, empty where it goes by a link to the page."""
    facts = {"other_word": other_word, "window_start": now.date().isoformat()}
    state = engine.start(form, language, facts, now)
    said = []
    for item in (each for each in form.instrument.items if each.kind.asked):
        shown = ask(form, replace(state, at=item.name), now) if Channel.SMS in item.channels else None
        said.append((item.name, (shown and question_text(shown, language, script=script)) or ""))
    return said


def wave_cost(
    library: Library, form: Form | None, language: str, public_url: str, now: datetime, *, two_way: bool,
    script: SmsScript = SmsScript.ASCII,
) -> WaveCost:  # fmt: skip
    """What one wave costs for each person who reads this language. `form` is None where no item goes by SMS."""
    notice = notice_segments(library, (language,), public_url, two_way=two_way, script=script)
    notices = notice * library.protocol.caps.per_wave
    word = library.other_word("female", language)
    return WaveCost(notice, notices, interview_segments(form, language, word, now, script) if form and two_way else 0)
