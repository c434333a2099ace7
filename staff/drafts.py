"""Questionnaires that are being tried before they are published: in memory, of one account, for half an hour.

Nothing of them is written anywhere; another account's draft is not there.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe

from surveys.instruments.model import Instrument
from surveys.steps.trial import Play

KEPT, LASTS = 20, timedelta(minutes=30)


@dataclass(slots=True)
class Draft:
    """One instrument under trial; `play` is None until a conversation was begun."""

    owner: str
    instrument: Instrument
    until: datetime
    play: Play | None = None
    channel: str = "chat"
    error: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    """Genders and the word for the other person, as they were chosen."""


_drafts: OrderedDict[str, Draft] = OrderedDict()


def keep(owner: str, instrument: Instrument, now: datetime) -> str:
    """Keep it; its name. The oldest goes where there are too many."""
    name = token_urlsafe(12)
    _drafts[name] = Draft(owner, instrument, now + LASTS)
    while len(_drafts) > KEPT:
        _drafts.popitem(last=False)
    return name


def find(name: str, owner: str, now: datetime) -> Draft | None:
    """The account's own draft, or None."""
    found = _drafts.get(name)
    if found is None or found.owner != owner or found.until <= now:
        return None
    return found
