"""The compiled instrument: what an XLSForm says, frozen. A published one never changes; an edit is a new version.

Languages are keyed by code (`sr_Cyrl`, `sr_Latn`, `en`, or `default` where a form names none).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from surveys.rules.vocabulary import Channel, Urgency

Text = Mapping[str, str]


class Kind(StrEnum):
    """Item types that are understood; every other XLSForm type is refused at publication."""

    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TEXT = "text"
    NOTE = "note"
    RANGE = "range"
    CALCULATE = "calculate"
    HIDDEN = "hidden"

    @property
    def asked(self) -> bool:
        """Whether the person sees it (a note is seen, and only acknowledged)."""
        return self not in (Kind.CALCULATE, Kind.HIDDEN)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option. `low`..`high` (both included, high None = open) is the count it stands for, on items that count."""

    name: str
    labels: Text
    low: int | None = None
    high: int | None = None
    extra: Text = field(default_factory=dict)
    sms: Text = field(default_factory=dict)
    """Shorter words for an SMS in whole letters, where the label is too long; understood like the label."""


@dataclass(frozen=True, slots=True)
class Risk:
    """If the item is answered with one of `choices`, open this. Data beside the item, versioned with it."""

    urgency: Urgency
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the survey sheet. Expressions are ODK XPath with `${name}` already resolved to absolute paths."""

    name: str
    kind: Kind
    path: str
    labels: Text = field(default_factory=dict)
    hints: Text = field(default_factory=dict)
    choices: str | None = None
    choice_filter: str | None = None
    relevant: str | None = None
    groups: tuple[tuple[str, str], ...] = ()
    """Path and relevance of every group around it that has one, outermost first."""
    constraint: str | None = None
    constraint_message: Text = field(default_factory=dict)
    required: str | None = None
    required_message: Text = field(default_factory=dict)
    calculation: str | None = None
    default: str | None = None
    bounds: tuple[str, str, str] | None = None
    """Start, end and step of a range, as written."""
    construct: str | None = None
    window: str | None = None
    """Which recall window the item asks about; `None` where it asks about now."""
    counts: bool = False
    """Options stand for counts: they are lettered, and a typed number is the count."""
    not_applicable: bool = False
    risks: tuple[Risk, ...] = ()
    channels: frozenset[Channel] = frozenset(Channel)
    sms: Text = field(default_factory=dict)
    """Shorter words for an SMS in whole letters, where the label is too long."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A compiled form. `digest` is the SHA-256 (hex) of everything that can change what is asked or stored."""

    name: str
    version: str
    title: Text
    languages: tuple[str, ...]
    default_language: str
    items: tuple[Item, ...]
    lists: Mapping[str, tuple[Choice, ...]]
    xform: str
    digest: str

    def item(self, name: str) -> Item:
        """The item of that name; KeyError where there is none."""
        for each in self.items:
            if each.name == name:
                return each
        raise KeyError(name)
