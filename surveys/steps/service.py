"""One side's wired core: what every step is handed. It holds no state of a person and reads no clock."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from surveys.instruments.form import Form
from surveys.instruments.stored import load
from surveys.library import Library
from surveys.library.configured import Configured
from surveys.library.helplines import Helpline
from surveys.library.wording import Text
from surveys.records import instruments
from surveys.records.database import Database, Tx
from surveys.records.tombstones import Tombstones
from surveys.rules.calendar import Holidays, local_day, start_of_day
from surveys.rules.chance import Chance
from surveys.rules.hours import SafeHours
from surveys.rules.protocol import Protocol
from surveys.rules.vocabulary import SHIPPED_LANGUAGES, Channel, Side

SERVICE, PERSON = "service", "person"
"""Who did it, in the audit, where it was no member of staff."""

IssueLink = Callable[["Tx", "Service", str, str, datetime], Awaitable[str]]
"""Transaction, service, invitation, participant, now → the complete address."""


class NotPublished(LookupError):
    """The instrument that a wave needs is not published here; publish it with `posle form publish`."""


@dataclass(slots=True)
class Recorded:
    """The helplines, and what staff set in the console, as the database has them; when they were read, None before."""

    lines: tuple[Helpline, ...] | None = None
    read_at: datetime | None = None
    of: Library | None = None
    configured: Configured = field(default_factory=Configured)
    configured_at: datetime | None = None
    whole: tuple[Library, Configured, Library] | None = None

    def take(self, configured: Configured, now: datetime | None) -> None:
        """This was read just now; what is the same stays the same object."""
        self.configured_at = now
        if configured != self.configured:
            self.configured = configured

    def over(self, shipped: Library) -> Library:
        """The shipped library with what was set, put together once."""
        if self.whole is None or self.whole[0] is not shipped or self.whole[1] is not self.configured:
            self.whole = (shipped, self.configured, self.configured.on(shipped))
        return self.whole[2]


@dataclass(frozen=True, slots=True)
class Service:
    """`bot` gives the Telegram user name once it is known; `forms` keeps compiled instruments, shared by all people."""

    side: Side
    database: Database
    shipped: Library
    chance: Chance
    zone: ZoneInfo
    holidays: Holidays
    tombstones: Tombstones
    evaluators_public: bytes | None = None
    two_way: bool = False
    """The SMS sender can receive, so a whole interview may go by SMS (ex-perpetrators only)."""
    bot: Callable[[], str | None] = lambda: None
    issue_link: IssueLink | None = None
    """Makes the private page's link for one invitation, in the claiming transaction; None where no page is served."""
    forms: dict[tuple[str, str], Form] = field(default_factory=dict)
    recorded: Recorded = field(default_factory=Recorded)
    phone: str = ""
    """Where a person of this side answers; used where the participant's centre has no number of its own."""
    sends_from: frozenset[str] = frozenset()
    """The numbers (E.164) from which this side's messages go: nobody answers there."""

    @property
    def library(self) -> Library:
        """The side's library, with what its staff set in the console."""
        return self.recorded.over(self.shipped)

    def text_at(self, name: str, when: datetime) -> Text:
        """The text that was shown at an instant: what was agreed to is what was read."""
        return self.recorded.configured.text_at(self.shipped.texts[name], when)

    @property
    def free_days(self) -> Holidays:
        """The days on which the service starts nothing: holidays, and the side's own days off."""
        own = self.recorded.configured.days_off
        return replace(self.holidays, extra=self.holidays.extra | frozenset(own)) if own else self.holidays

    def local(self, now: datetime) -> datetime:
        """The same instant on the clock of the people asked."""
        return now.astimezone(self.zone)

    @property
    def helplines(self) -> tuple[Helpline, ...]:
        """The lines with what is recorded of them; before anybody read that, as they were shipped."""
        return self.library.helplines if self.recorded.lines is None else self.recorded.lines

    @property
    def talks_by_sms(self) -> bool:
        """Whether items may travel by SMS: never to survivors, and only where the sender can receive."""
        return self.two_way and self.side is Side.EX_PERPETRATORS and not self.library.covers

    def talks_on(self, channel: Channel) -> bool:
        """Whether items may travel on this channel. Behind a gate they are answered on the page alone."""
        if channel is Channel.SMS:
            return self.talks_by_sms
        return channel in (Channel.PAGE, Channel.PHONE) or not self.library.covers

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that this side speaks, the shipped ones first."""
        return (*SHIPPED_LANGUAGES, *(each.language for each in self.library.translations))

    def protocol_of(self, version: str | None) -> Protocol:
        """What somebody goes by who was enrolled under this version: one that was made here, else the shipped one."""
        own = self.recorded.configured.protocols.get(version or "")
        if own and not own.fits(self.shipped.protocol):
            return self.shipped.protocol
        return own.protocol if own else self.shipped.protocol

    @property
    def hours(self) -> SafeHours:
        """The hours of whoever is enrolled now."""
        return self.hours_of(self.library.protocol)

    def hours_of(self, protocol: Protocol) -> SafeHours:
        """The hours in which this side's service may start a message to somebody who goes by that protocol."""
        return SafeHours(protocol.hours, self.zone, self.free_days)

    def day_start(self, now: datetime) -> datetime:
        """When the local day of `now` began."""
        return start_of_day(local_day(now, self.zone), self.zone)

    def day_after(self, now: datetime) -> datetime:
        """When the local day of `now` ends."""
        return start_of_day(local_day(now, self.zone) + timedelta(days=1), self.zone)

    async def form(self, tx: Tx, name: str, version: str) -> Form:
        """The published instrument, ready to be asked; NotPublished where it is not there."""
        if (name, version) not in self.forms:
            published = await instruments.get(tx, name, version)
            if published is None:
                raise NotPublished
            self.forms[name, version] = Form(self.library.worded(load(published.document)))
        return self.forms[name, version]
