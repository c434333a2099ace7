"""What crosses the border between the core and the edges, in channel-neutral words. Holds no behaviour.

An edge turns a provider's bytes into `Incoming`, and `Outgoing` into the provider's calls; it reports an `Outcome`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from surveys.rules.vocabulary import Channel


class Event(StrEnum):
    """What a person, or the provider on their behalf, did."""

    TEXT = "text"
    PRESS = "press"
    START = "start"
    """The person opened the conversation; `text` is what stood after it: a link's payload, any words, or nothing."""
    OTHER = "other"
    """A sticker, voice message, photo, forwarded message …: never an answer."""
    EDITED = "edited"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    IGNORED = "ignored"
    """Groups, channels, other bots, unknown updates: nothing is ever answered."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that reached us. `sender` alone is never identity: it is looked up among bound contacts."""

    channel: Channel
    sender: str
    event: Event
    text: str = ""
    """What was typed, a button's data, a deep link's payload, or what stands in something that is no answer."""
    press: str | None = None
    """The provider's id of the press, to be answered."""
    message: str | None = None
    """Provider's id of the message typed, or of the bubble whose button was pressed."""
    quoted: bool = False
    """The words are not the sender's own (forwarded, said through a bot): danger in them is heard, an order is not."""
    age: float = 0.0
    """Seconds since the person sent it, on the provider's own clock (0 where the provider does not say)."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: `data` comes back when it is pressed (at most 64 bytes), or `url` opens."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One claimed delivery. The edge makes whatever calls its channel needs, once; it never decides whether."""

    delivery: str
    channel: Channel
    address: str
    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    edit: str | None = None
    """Change this earlier bubble in place instead of sending a new one."""
    press: str | None = None
    """Answer this press first (with `toast`, where there is one). With no `text`, this is all there is to do."""
    toast: str = ""
    retire: str | None = None
    """Take the buttons off this earlier bubble afterwards (best effort)."""
    delete: tuple[str, ...] = ()
    silent: bool = False
    session: str = ""
    """The chat's session whose one bubble this is …"""
    pause: float = 0.0
    """Seconds after the person's message at which this leaves, so that its time says nothing (0: at once)."""
    lasts: float = 0.0
    """Seconds for which it stands in the chat, where that is less than anything else there (0: like the rest)."""
    lease: str = ""
    """Who may report the outcome: the token of the claim."""
    stranger: bool = False
    """It goes to somebody who is not known here."""
    interview: str | None = None
    """Set where the message carries that interview's question, so that its bubble is remembered …"""
    turn: int = 0
    """… for as long as the interview stands at this turn."""
    seconds: float = 60.0
    """A reply that has not left after so many seconds is not sent at all."""
    until: datetime | None = None
    """When the hours in which the service may start this message end; None where no hours bind it."""
    valid: float = 60.0
    """Seconds in which the provider may still bring it; what is late is not to come at all (SMS alone can say so)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took it. `message` is its id there."""

    message: str | None


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """The provider says this address cannot be written to (blocked, deactivated, invalid). `code` is a short word."""

    code: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider refused this message for good, and nothing was sent. `code` is a short word."""

    code: str


PRESSED_TOO_LONG_AGO = "pressed_too_long_ago"
"""The code of a reply that was not sent, as the provider says that the press it answers is an old one."""


@dataclass(frozen=True, slots=True)
class TryLater:
    """Certainly not sent; may be sent after so many seconds (429, 5xx before acceptance, no connection)."""

    seconds: float
    tried: bool = True
    """False where the provider was not even asked, as it wants to be left alone: that uses up no attempt."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The connection died after bytes left: perhaps sent. Never resent by itself."""


Outcome = Sent | Undeliverable | Refused | TryLater | Unknown


class Pager(Protocol):
    """Tells a member of staff that an alert waits, by one means. Never raises for what a server or the network does."""

    async def page(self, text: str, address: str, callout: str) -> Outcome:
        """Send `text` to one address of the on-call list. `callout` is an opaque id, the same when it is told again."""
        ...
