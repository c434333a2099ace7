"""One side's settings as frozen values. What is secret never shows when one of these is printed."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from posle.settings.section import BadSettings
from surveys.library.configured import Configured
from surveys.rules.vocabulary import Side
from web.callers import Network

TELEGRAM_API = "https://api.telegram.org"
TWILIO_API = "https://api.twilio.com"


class Mode(StrEnum):
    """How updates come from Telegram."""

    WEBHOOK = "webhook"
    POLLING = "polling"


@dataclass(frozen=True, slots=True)
class Home:
    """`[side]`. `public_url` has no slash at its end."""

    name: Side
    public_url: str
    host: str
    port: int
    timezone: ZoneInfo
    languages: Path | None = None
    """A folder with further languages."""
    phone: str = field(default="", repr=False)
    """Where a person of this side answers; empty where nobody supplied it."""
    proxies: tuple[Network, ...] = ()
    """The operator's own proxies: what they say of where a request came from is believed."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """`[telegram]`. `api_url` is a Bot API server's base, without a slash at its end."""

    token: str = field(repr=False)
    api_url: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Sms:
    """`[sms]`. `sender` is a number (E.164) or an alphanumeric name, which can never receive.

    `auto_reply_off` is somebody's word that the provider answers nothing by itself; `discards` and `obfuscates` need
    the account's message privacy; `segment_price` is in `currency`.
    """

    account_sid: str = field(repr=False)
    auth_token: str = field(repr=False)
    sender: str
    two_way: bool
    api_url: str
    messaging_service_sid: str | None = field(default=None, repr=False)
    auto_reply_off: bool = False
    discards: bool = False
    obfuscates: bool = False
    segment_price: float | None = None
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Paging:
    """`[alerts] sms_…`: the account by which staff alone are told; never the one of `[sms]`."""

    account_sid: str = field(repr=False)
    auth_token: str = field(repr=False)
    sender: str
    api_url: str


@dataclass(frozen=True, slots=True)
class Keys:
    """`[keys]`. `evaluators_public` is the one value that both sides share; `enrol` needs it."""

    file: Path
    evaluators_public: Path | None


@dataclass(frozen=True, slots=True)
class Scheduler:
    """`[scheduler]`. Seconds of monotonic time between two looks at due work."""

    tick_seconds: float
    clock_guard: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that one side's process is given. `None` is a section that is not filled in."""

    folder: Path
    side: Home
    database: str = field(repr=False)
    telegram: Telegram | None
    sms: Sms | None
    staff_url: str | None
    staff_downloads: bool | None
    """`[staff] downloads`; None is what the side has by default."""
    exit_url: str | None
    cover: str | None
    """`[page] cover`: the active cover, by its file's name; None is the first."""
    smtp_url: str | None = field(repr=False)
    mail_sender: str | None
    paging: Paging | None
    two_people: bool
    """`[export] two_people`: pseudonymous rows too leave the command line with two people's names alone."""
    keys: Keys
    scheduler: Scheduler
    configured: Configured = field(default_factory=Configured, repr=False)
    """What staff set in the console: read from the database as it is opened, never from the file."""

    @property
    def database_file(self) -> Path | None:
        """The database's own file; `None` where it is on a server."""
        path = self.database.removeprefix("sqlite:///")
        return Path(path) if path != self.database else None

    def need_sms(self) -> Sms:
        """The SMS account's settings; BadSettings where none are filled in."""
        if self.sms is None:
            raise BadSettings(
                "[sms] account_sid", "is missing; put it into posle.toml, account_sid_file or POSLE_SMS_ACCOUNT_SID"
            )
        return self.sms

    def need_telegram(self) -> Telegram:
        """The bot's settings; BadSettings where none are filled in."""
        if self.telegram is None:
            raise BadSettings(
                "[telegram] token", "is missing; put the bot's into posle.toml, token_file or POSLE_TELEGRAM_TOKEN"
            )
        return self.telegram
