"""What exists at the SMS provider: one account, its messages, and the phones they go to. Holds state only."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import smsutil

from simulator.clock import Clock

Json = dict[str, Any]
FINAL = ("delivered", "undelivered", "failed", "received", "canceled", "read")


@dataclass(slots=True)
class Sms:
    """One message. `seen` is what the phone shows, which no redaction takes back."""

    sid: str
    sender: str
    to: str
    body: str
    created: datetime
    status: str
    inbound: bool = False
    callback: str = ""
    valid_until: datetime | None = None
    error: int | None = None
    updated: datetime | None = None
    service: str | None = None
    seen: str = ""
    obfuscated: bool = False

    @property
    def final(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status in FINAL


@dataclass(slots=True)
class Account:
    """One account. `privacy`: it has the retention features. `opt_out`: it answers STOP by itself."""

    sid: str
    token: str
    sender: str
    inbound_url: str = ""
    privacy: bool = False
    opt_out: bool = False
    service: str = ""
    messages: dict[str, Sms] = field(default_factory=dict)
    opted: set[str] = field(default_factory=set)
    fates: dict[str, int] = field(default_factory=dict)
    """By number: the error with which a message to it ends (30003 and so on)."""
    refusals: dict[str, int] = field(default_factory=dict)
    """By number: the error with which a message to it is refused at once."""
    last: int = 0

    def next_sid(self) -> str:
        """A number for a message."""
        self.last += 1
        return f"SM{self.last:032x}"


@dataclass(frozen=True, slots=True)
class Call:
    """One accepted call on the wire, or one refused (`code`), of which only names are kept."""

    at: datetime
    method: str
    sid: str = ""
    to: str = ""
    parameters: tuple[tuple[str, Any], ...] = ()
    code: int | None = None


class SmsWorld:
    """Everything of the simulated provider."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.accounts: dict[str, Account] = {}
        self.wire: list[Call] = []
        self.refused: list[Call] = []
        self.owners: dict[str, str] = {}
        """Number → whose phone it is."""
        self.read: dict[str, int] = {}
        """Number → how many of its messages were looked at."""
        self.held = False
        """Messages stay queued until they are released."""

    def phone(self, number: str) -> list[Sms]:
        """What one phone shows, oldest first: what arrived, and what it sent."""
        every = [each for account in self.accounts.values() for each in account.messages.values()]
        shown = [e for e in every if (e.inbound and e.sender == number) or (e.to == number and e.status == "delivered")]
        return sorted(shown, key=lambda each: each.sid)


def as_json(account: Account, message: Sms) -> Json:
    """The message as the resource shows it."""
    path = f"/2010-04-01/Accounts/{account.sid}/Messages/{message.sid}"
    parts = len(smsutil.split(message.seen).parts) if message.seen else 0
    return {
        "account_sid": account.sid, "api_version": "2010-04-01", "body": message.body,
        "date_created": format_datetime(message.created), "date_updated": format_datetime(
            message.updated or message.created), "date_sent": format_datetime(message.created),
        "direction": "inbound" if message.inbound else "outbound-api", "error_code": message.error,
        "error_message": None, "from": message.sender, "messaging_service_sid": message.service, "num_media": "0",
        "num_segments": str(parts), "price": None, "price_unit": "USD", "sid": message.sid, "status": message.status,
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": f"{message.to[:4]}XXXX" if message.obfuscated else message.to, "uri": f"{path}.json",
    }  # fmt: skip


def validity(now: datetime, seconds: int) -> datetime:
    """When a queued message lapses."""
    return now + timedelta(seconds=seconds)
