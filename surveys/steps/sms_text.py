"""How a message looks as an SMS: no buttons, options numbered or lettered, plain letters that cost least.

It never shows an earlier answer, and never puts an item on a side or a channel where it must not travel.
"""

from collections.abc import Iterator

from surveys.instruments import phrases
from surveys.instruments.asking import Ask
from surveys.instruments.model import Kind
from surveys.language.sms import MOST_SEGMENTS, segments, sms_form
from surveys.rules.vocabulary import SmsScript
from surveys.steps.show import Shown, labels_of


def question_text(
    asked: Ask, language: str, error: str | None = None, *, first: str = "", script: SmsScript = SmsScript.ASCII
) -> str | None:
    """The question in that script, its hint and `error` shortened or left out where they would cost more, in shorter
    words where it has any; in plain letters where it is too long in the script all the same.

    None where it is too long even so. `first` (help asked for, words on danger) stands before it, whatever it costs.
    """
    for each in dict.fromkeys((script, SmsScript.ASCII)):
        text = _within(asked, language, error, first, each)
        if text is not None:
            return text
    return None


def _within(asked: Ask, language: str, error: str | None, first: str, script: SmsScript) -> str | None:
    onward = f"> {phrases.onward(language)}" if asked.kind is Kind.NOTE else ""
    for text in _shorter_and_shorter(asked, language, error, onward, script):
        if segments(text) <= MOST_SEGMENTS:
            return _joined(first, _thrifty(asked, language, error, text, script), script=script)
    whole = asked.kind is Kind.NOTE and script is SmsScript.ASCII
    return _joined(first, asked.text, onward, script=script) if whole else None


def _thrifty(asked: Ask, language: str, error: str | None, text: str, script: SmsScript) -> str:
    """In plain letters the shorter words too, where they alone save a segment: the hint stays."""
    if script is not SmsScript.ASCII or not _has_short(asked):
        return text
    head, options = _heads(asked, language, short=True)
    short = _joined(error, head, asked.hint, options, script=script)
    return short if segments(short) < segments(text) else text


def _has_short(asked: Ask) -> bool:
    return bool(asked.short) or any(each.short for each in asked.choices)


def _heads(asked: Ask, language: str, *, short: bool = False) -> tuple[str, str]:
    """The question with its place, and its options."""
    place = "" if asked.kind is Kind.NOTE else f"{asked.position}/{asked.total} "
    return f"{place}{(short and asked.short) or asked.text}", "\n".join(labels_of(asked, language, short=short))


def _shorter_and_shorter(asked: Ask, language: str, error: str | None, onward: str, script: SmsScript) -> Iterator[str]:
    heads = [_heads(asked, language)]
    if script is not SmsScript.ASCII and _has_short(asked):
        heads.append(_heads(asked, language, short=True))
    for head, options in heads:
        for said in dict.fromkeys((error, _first_sentence(error), None)):
            for hint in dict.fromkeys((asked.hint, "")):
                yield _joined(said, head, hint, options, onward, script=script)


def plain(shown: Shown, script: SmsScript = SmsScript.ASCII) -> str:
    """Any other message in that script: its buttons, which only a chat has, as numbered lines."""
    lines = [button.label for row in shown.buttons for button in row]
    numbered = "\n".join(f"{place}. {label}" for place, label in enumerate(lines, 1))
    return _joined(shown.text, numbered, script=script)


def _joined(*parts: str | None, script: SmsScript) -> str:
    return sms_form("\n".join(part for part in parts if part), script)


def _first_sentence(text: str | None) -> str | None:
    return text and text.split(". ")[0].rstrip(".") + "."
