"""What a browser posts and what it is shown in return, in words that know no HTML. Holds no behaviour of a side."""

import re
from dataclasses import dataclass
from enum import StrEnum

from surveys.instruments.asking import Ask
from surveys.instruments.model import Kind
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Event, Incoming
from surveys.steps.turn import AGREE, DISAGREE, Standing

_PICK = re.compile(r"c\d{1,3}|n|r")


class Do(StrEnum):
    """The buttons of the page, by the value that they post."""

    START = "start"
    AGAIN = "again"
    """Shows the same point once more."""
    NEXT = "next"
    BACK = "back"
    SKIP = "skip"
    REFUSE = "refuse"
    NOT_APPLICABLE = "na"
    AGREE = "yes"
    DECLINE = "no"
    SPEAK = "speak"
    LINES = "lines"
    STOP = "stop"
    STOP_FOR_GOOD = "off"
    DELETE = "delete"
    """After a withdrawal behind the gate: earlier answers are to go too."""
    EXIT = "exit"


@dataclass(frozen=True, slots=True, repr=False)
class PageSaid:
    """One form. `turn` is the question that it showed, `picked` what was marked there, `text` what was typed."""

    do: Do
    turn: int = -1
    picked: tuple[str, ...] = ()
    text: str = ""
    language: str = ""
    place: int = -1
    """The cover's question that it showed; -1 where it showed none."""
    postmark: str = ""
    """When a cover's form was shown, as it says itself."""


class View(StrEnum):
    """What kind of screen it is."""

    START = "start"
    ELSEWHERE = "elsewhere"
    """What an unknown link shows."""
    CONSENT = "consent"
    ITEM = "item"
    COVER = "cover"
    """A question of the everyday survey that stands before this side's own."""
    STOP = "stop"
    """Asks whether somebody who pressed it means to sign off for good."""
    LINES = "lines"
    """The helplines, which whoever asks for them sees at any point after the gate."""
    WORDS = "words"
    """The last screen: nothing more is to be done."""
    EXIT = "exit"


@dataclass(frozen=True, slots=True, repr=False)
class Screen:
    """One screen. `cookie` is to be set ("" to be taken away, None to be left as it is)."""

    view: View
    language: str
    text: str = ""
    note: str = ""
    asked: Ask | None = None
    cookie: str | None = None
    place: int = -1
    """Which question of the cover it is."""
    postmark: str = ""
    """Of a cover's form: see postmark.py."""
    buttons: tuple[str, str] = ("", "")
    """The words of the two buttons of a consent screen."""
    may_delete: bool = False
    """Offers, after a withdrawal, that earlier answers are deleted too."""


def incoming(said: PageSaid, standing: Standing, asked: Ask | None) -> Incoming | None:
    """The form as something said; None where it marks nothing, or what does not go together."""
    tag, turn = standing.tag, said.turn
    match said.do:
        case Do.AGREE | Do.DECLINE:
            return _press(standing.channel, f"{tag}.{AGREE if said.do is Do.AGREE else DISAGREE}")
        case Do.BACK | Do.SKIP | Do.REFUSE | Do.NOT_APPLICABLE:
            return _press(standing.channel, f"{tag}.{turn}.{said.do.value[0]}")
        case Do.STOP_FOR_GOOD:
            return Incoming(standing.channel, "", Event.TEXT, "STOP")
        case Do.NEXT if asked is not None and asked.kind is Kind.NOTE:
            return _press(standing.channel, f"{tag}.{turn}.o")
        case Do.NEXT if asked is not None and asked.choices:
            code = _code(said.picked, several=asked.kind is Kind.SELECT_MULTIPLE)
            return _press(standing.channel, f"{tag}.{turn}.{code}") if code else None
        case Do.NEXT if asked is not None:
            return Incoming(standing.channel, "", Event.TEXT, said.text)
        case _:
            return Incoming(standing.channel, "", Event.START)


def _press(channel: Channel, data: str) -> Incoming:
    return Incoming(channel, "", Event.PRESS, data)


def _code(picked: tuple[str, ...], *, several: bool) -> str | None:
    marked = tuple(dict.fromkeys(picked))
    if not marked or not all(_PICK.fullmatch(each) for each in marked):
        return None
    if len(marked) == 1 and (not several or marked[0] in "nr"):
        return marked[0]
    if not several or {"n", "r"} & set(marked):
        return None
    return "m" + "_".join(each[1:] for each in marked)
