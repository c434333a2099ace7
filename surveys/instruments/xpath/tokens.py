"""Cuts an XPath expression into tokens, in linear time. A length cap keeps hostile expressions small."""

import re
from dataclasses import dataclass

LONGEST = 2000


class NotXPath(ValueError):
    """The expression cannot be understood; the message says where."""


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, text, name, op or end."""

    kind: str
    text: str


_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<name>[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)|(?P<op>!=|<=|>=|//|\.\.|[-+*/=<>()\[\],.|@$]))"
)


def cut(expression: str) -> list[Token]:
    """The tokens, with an end token last; NotXPath on anything else."""
    if len(expression) > LONGEST:
        raise NotXPath(f"is longer than {LONGEST} characters")
    tokens, place, text = [], 0, expression.strip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found or not found.lastgroup:
            raise NotXPath(f"cannot be understood at character {place + 1}")
        tokens.append(Token(found.lastgroup, found[found.lastgroup]))
        place = found.end()
    return [*tokens, Token("end", "")]
