"""Whether somebody who is to be told of an alert is an authority: nothing is ever sent to police or prosecutors.

It knows names, addresses and public numbers. An authority behind a private one it cannot know: whoever is put on the
list, the coordinators are told.
"""

import re

from surveys.language.script import fold

_NAMES = re.compile(r"polic(?:ij|aj|e|ing)|milicij|tuzil|tuzitelj|prosecut|\bmup\b|unutrasnj\w* poslov|\bjt rs\b")
_SHORT = range(3, 7)
"""Digits of a public service's number: 192, 193, 194, 112, 19xx."""
MINISTRY = "0800100600"
"""The Interior Ministry's line (helplines.toml); the police act on every call there."""


def is_authority(text: str) -> bool:
    """Whether a name or an e-mail address is one of police or a prosecutor, in either script."""
    return _NAMES.search(fold(text.replace("_", " "))) is not None


def is_public_line(number: str) -> bool:
    """Whether a number is an emergency line or the ministry's, and nobody's who works for the side."""
    digits = re.sub(r"\D", "", number).removeprefix("00").removeprefix("381")
    return len(digits) in _SHORT or digits.lstrip("0") == MINISTRY.lstrip("0")
