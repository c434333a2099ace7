"""Yes or no to a consent text or a notice, as people type it. Anything that is not plainly one of them is neither."""

from enum import StrEnum

from surveys.language.reply import Chosen, Option, understand


class Assent(StrEnum):
    YES = "yes"
    NO = "no"


_OPTIONS = (
    (Option("yes", "Пристајем"), Option("no", "Не пристајем")),
    (Option("yes", "Да"), Option("no", "Не")),
    (Option("yes", "I agree"), Option("no", "I do not agree")),
    (Option("yes", "Yes"), Option("no", "No")),
)


def assent(text: str, shown: tuple[str, str] | None = None) -> Assent | None:
    """`yes`, `no`, or None where the words could mean anything else. Numbers 1 and 2 are the two buttons in order.

    `shown` are the two buttons' own words, for a language that is none of these.
    """
    own = ((Option("yes", shown[0]), Option("no", shown[1])),) if shown else ()
    for options in (*own, *_OPTIONS):
        meant = understand(text, options)
        if isinstance(meant, Chosen):
            return Assent(meant.names[0])
    return None
