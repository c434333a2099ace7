"""One request to the console, read and bounded: who asks, what they sent, in which language, at what time.

Values of a form are text and nothing else; no handler ever touches the raw request.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from staff.words import Words
from surveys.rules.roles import May
from surveys.steps.ports import Outcome, Outgoing
from surveys.steps.service import Service
from surveys.steps.staff_access import SignedIn


class BadForm(ValueError):
    """A form lacks something or has too much; the message is said to the person as it is."""


@dataclass(frozen=True, slots=True, repr=False)
class SmsDesk:
    """What the console has of SMS: where links lead, what a segment costs (None where nobody said), and a way to send
    one message that was claimed."""

    public_url: str
    price: float | None
    currency: str
    send: Callable[[Outgoing], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """`who` is None only where a page is for anybody; `path` holds the parts of the address that vary."""

    service: Service
    staff_url: str
    address: str
    now: datetime
    words: Words
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    files: Mapping[str, bytes]
    token: str
    deep_link: Callable[[str], Awaitable[str | None]]
    """The address behind a one-time token, None where the provider does not say the bot's name."""
    who: SignedIn | None = None
    sms: SmsDesk | None = None
    """None where the side sends no SMS."""

    @property
    def reader(self) -> SignedIn:
        """Who is signed in; only pages behind the sign-in ask."""
        assert self.who is not None
        return self.who

    def text(self, name: str, longest: int = 200) -> str:
        """A field's text without outer spaces, empty where it was left out; BadForm where it is too long."""
        value = self.form.get(name, "").strip()
        if len(value) > longest:
            raise BadForm(self.words.say_("Текст је предугачак."))
        return value

    def takes_another(self) -> BadForm:
        """What is said to who may not be the second person."""
        return BadForm(self.words.say_("Сагласност мора дати друга особа, чији налог није нов."))

    def number(self, name: str) -> int:
        """A place or number of the address; 0 where there is none."""
        text = self.query.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0

    def needed(self, name: str, longest: int = 200) -> str:
        """The same, which must not be empty."""
        value = self.text(name, longest)
        if not value:
            raise BadForm(self.words.say_("Попуните сва обавезна поља."))
        return value


@dataclass(frozen=True, slots=True)
class Shown:
    """A page to show: a template and what stands in it."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class GoTo:
    """Done; the browser asks for another page. `token` replaces the session's cookie, an empty one removes it."""

    path: str
    token: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Bytes:
    """A file or a fragment, with its type; `name` where it is to be kept."""

    content: bytes
    kind: str
    name: str | None = None


Answer = Shown | GoTo | Bytes
Handler = Callable[[Asked], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Page:
    """One route. `may` is the permission it needs, None for anybody who is signed in; `open_to` who may come at all:
    `anybody`, `half` (the password was given) or `full` (the second factor too). `strong` asks for a fresh one.
    A `download` leaves a file on the computer: on the survivors' side there is none, unless its settings allow it."""

    method: str
    path: str
    handler: Handler
    may: May | None = None
    open_to: str = "full"
    strong: bool = False
    download: bool = False
