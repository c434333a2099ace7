"""Tells staff by e-mail, over SMTP, that something waits. It never sends in clear to another machine.

It raises for nothing that a server or the network does, and logs nothing: neither address nor text.
"""

import asyncio
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from surveys.steps.ports import Outcome, Sent, TryLater, Undeliverable, Unknown

SECONDS = 10.0
"""For each answer of the server; four times as long for all of it."""
LATER = 60.0
_PORTS = {"smtp": 587, "smtps": 465}
_GONE = (500, 600)
_NAMELESS = "localhost"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `secret` is TLS from the first byte; without it STARTTLS, but on this machine."""

    host: str
    port: int
    secret: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, url: str) -> "MailServer":
        """From `smtps://user:password@host:port` or `smtp://…`, as the settings checked it."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(host, port, parts.scheme == "smtps", user, password)

    @property
    def here(self) -> bool:
        """Whether it is this machine."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def sender(self) -> str:
        """Who writes, where nobody else is named: the account."""
        return self.user if "@" in self.user else f"noreply@{_NAMELESS if self.here else self.host}"


class InClear(Exception):
    """The server offers no STARTTLS: nothing is said to it in clear."""


class MailPager:
    """One side's way to write to its staff. `context` is which servers are trusted, `seconds` its patience."""

    def __init__(
        self,
        server: MailServer,
        sender: str,
        now: Callable[[], datetime],
        context: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._server, self._sender, self._now, self._seconds = server, sender, now, seconds
        self._context = context or ssl.create_default_context()

    async def page(self, text: str, address: str, callout: str) -> Outcome:
        """The text's first line is the subject. A thread talks to the server; one that dawdles is hung up on."""
        try:
            message = self._message(text, address, callout)
        except ValueError:
            return Undeliverable("address")
        talk = _Talk(self._server, self._context, self._seconds)
        try:
            return await asyncio.wait_for(
                asyncio.to_thread(talk.hand_in, message, self._sender, address), 4 * self._seconds
            )
        except TimeoutError:
            talk.hang_up()
            return Unknown()

    def _message(self, text: str, address: str, callout: str) -> EmailMessage:
        address.encode("ascii")
        subject, _, body = text.partition("\n")
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, address, subject
        message["Date"] = format_datetime(self._now())
        message["Message-ID"] = f"<{callout}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body.strip() + "\n")
        return message


class _Talk:
    """One conversation with a server, in a thread of its own."""

    def __init__(self, server: MailServer, context: ssl.SSLContext, seconds: float) -> None:
        self._server, self._context, self._seconds = server, context, seconds
        self._smtp: smtplib.SMTP | None = None

    def hand_in(self, message: EmailMessage, sender: str, address: str) -> Outcome:
        """Everything before the text is certainly not sent; once the text has begun to leave it is not known."""
        try:
            self._smtp = smtp = self._open()
            self._begin(smtp, sender)
            code, _ = smtp.rcpt(address)
        except (OSError, smtplib.SMTPException, InClear, ValueError):
            self.hang_up()
            return TryLater(LATER)
        if code not in (250, 251):
            self.hang_up()
            return Undeliverable("recipient") if code in range(*_GONE) else TryLater(LATER)
        return self._text(smtp, message)

    def _open(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.secret:
            return smtplib.SMTP_SSL(host, port, _NAMELESS, timeout=self._seconds, context=self._context)
        return smtplib.SMTP(host, port, _NAMELESS, timeout=self._seconds)

    def _begin(self, smtp: smtplib.SMTP, sender: str) -> None:
        smtp.ehlo_or_helo_if_needed()
        if not self._server.secret and not self._server.here:
            if not smtp.has_extn("starttls"):
                raise InClear
            smtp.starttls(context=self._context)
            smtp.ehlo()
        if self._server.user:
            smtp.login(self._server.user, self._server.password)
        code, words = smtp.mail(sender)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, words, sender)

    def _text(self, smtp: smtplib.SMTP, message: EmailMessage) -> Outcome:
        try:
            code, _ = smtp.data(message.as_bytes(policy=SMTP))
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
        except smtplib.SMTPDataError:  # it did not even want to hear the text
            return TryLater(LATER)
        except (OSError, smtplib.SMTPException):
            return Unknown()
        finally:
            self.hang_up()
        return Sent(None) if code == 250 else TryLater(LATER)

    def hang_up(self) -> None:
        """Close the connection, whatever the other end does; a thread that waits for it comes back."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        if smtp.sock is not None:
            with suppress(OSError):
                smtp.sock.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            smtp.close()
