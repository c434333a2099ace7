"""How a message looks as an SMS: no buttons, options numbered or lettered, plain letters that cost least.

It never shows an earlier answer, and never puts an item on a side or a channel where it must not travel.
"""

from surveys.instruments import phrases
from surveys.instruments.asking import Ask
from surveys.instruments.model import Kind
from surveys.language.script import segments, to_gsm
from surveys.steps.show import Shown, labels_of

MOST_SEGMENTS = 2
"""What one question may cost; a longer one is answered on the private page."""


def question_text(asked: Ask, language: str, error: str | None = None) -> str | None:
    """The question in plain letters; without its hint where that would cost more; None where it is too long even so."""
    head = asked.text if asked.kind is Kind.NOTE else f"{asked.position}/{asked.total} {asked.text}"
    options = "\n".join(labels_of(asked, language))
    onward = f"> {phrases.onward(language)}" if asked.kind is Kind.NOTE else ""
    for parts in ((error, head, asked.hint, options, onward), (error, head, options, onward), (head, options, onward)):
        text = to_gsm("\n".join(part for part in parts if part))
        if asked.kind is Kind.NOTE or segments(text) <= MOST_SEGMENTS:
            return text
    return None


def plain(shown: Shown) -> str:
    """Any other message in plain letters: its buttons, which only a chat has, as numbered lines."""
    lines = [button.label for row in shown.buttons for button in row]
    numbered = "\n".join(f"{place}. {label}" for place, label in enumerate(lines, 1))
    return to_gsm("\n".join(part for part in (shown.text, numbered) if part))
