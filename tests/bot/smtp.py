"""Real SMTP servers on the loopback, well and ill, and a certificate for those with TLS. Only tests start them."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from posle.demo.house import free_port


class Mailbox:
    """What was delivered. `answers` are given to a command (`RCPT`, `DATA`) before it is taken, one for each time."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, Message]] = []
        self.answers: dict[str, list[str]] = {}
        self.encrypted: list[bool] = []
        self.logins: list[str] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers.get("RCPT"):
            return self.answers["RCPT"].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers.get("DATA"):
            return self.answers["DATA"].pop(0)
        import email  # noqa: PLC0415
        import email.policy  # noqa: PLC0415

        content = envelope.content
        assert isinstance(content, bytes)
        for address in envelope.rcpt_tos:
            self.mails.append((address, email.message_from_bytes(content, policy=email.policy.default)))
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"right")

    def to(self) -> list[str]:
        """Who got mail, in order, by the name before the @."""
        return [address.partition("@")[0] for address, _ in self.mails]


@asynccontextmanager
async def smtp_server(box: Mailbox, **options: Any) -> AsyncIterator[int]:
    """A server in this event loop; its port. With `ssl` it speaks TLS from the first byte."""
    loop, tls = asyncio.get_running_loop(), options.pop("ssl", None)
    port = options.pop("port", None) or free_port()
    server = await loop.create_server(lambda: SMTP(box, loop=loop, **options), "127.0.0.1", port, ssl=tls)
    try:
        yield port
    finally:
        server.close()


@asynccontextmanager
async def ill_server(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], port: int | None = None
) -> AsyncIterator[int]:
    """A server that behaves as `talk` says; its port."""
    port = port or free_port()
    server = await asyncio.start_server(talk, "127.0.0.1", port)
    try:
        yield port
    finally:
        server.close()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context and a client's that trusts it, for 127.0.0.1 and localhost."""
    key, made = folder / "mail.key", folder / "mail.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key),
         "-out", str(made)],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(made, key)
    return server, ssl.create_default_context(cafile=str(made))
