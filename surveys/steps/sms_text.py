"""How a message looks as an SMS: no buttons, options numbered or lettered, plain letters that cost least.

It never shows an earlier answer, and never puts an item on a side or a channel where it must not travel.
"""

from surveys.instruments import phrases
from surveys.instruments.asking import Ask
from surveys.instruments.model import Kind
from surveys.language.sms import MOST_SEGMENTS, segments, sms_form
from surveys.rules.vocabulary import SmsScript
from surveys.steps.show import Shown, labels_of


def question_text(
    asked: Ask, language: str, error: str | None = None, *, first: str = "", script: SmsScript = SmsScript.ASCII
) -> str | None:
    """The question in that script, its hint and `error` shortened or left out where they would cost more; in plain
    letters where it is too long in the script.

    None where it is too long even so. `first` (help asked for, words on danger) stands before it, whatever it costs.
    """
    for each in dict.fromkeys((script, SmsScript.ASCII)):
        text = _within(asked, language, error, first, each)
        if text is not None:
            return text
    return None


def _within(asked: Ask, language: str, error: str | None, first: str, script: SmsScript) -> str | None:
    head = asked.text if asked.kind is Kind.NOTE else f"{asked.position}/{asked.total} {asked.text}"
    options = "\n".join(labels_of(asked, language))
    onward = f"> {phrases.onward(language)}" if asked.kind is Kind.NOTE else ""
    for said in dict.fromkeys((error, _first_sentence(error), None)):
        for hint in dict.fromkeys((asked.hint, "")):
            text = _joined(said, head, hint, options, onward, script=script)
            if segments(text) <= MOST_SEGMENTS:
                return _joined(first, text, script=script)
    whole = asked.kind is Kind.NOTE and script is SmsScript.ASCII
    return _joined(first, head, onward, script=script) if whole else None


def plain(shown: Shown, script: SmsScript = SmsScript.ASCII) -> str:
    """Any other message in that script: its buttons, which only a chat has, as numbered lines."""
    lines = [button.label for row in shown.buttons for button in row]
    numbered = "\n".join(f"{place}. {label}" for place, label in enumerate(lines, 1))
    return _joined(shown.text, numbered, script=script)


def _joined(*parts: str | None, script: SmsScript) -> str:
    return sms_form("\n".join(part for part in parts if part), script)


def _first_sentence(text: str | None) -> str | None:
    return text and text.split(". ")[0].rstrip(".") + "."
