"""Mail to staff over real SMTP: delivered, refused, put off, hung up on; never in clear to another machine."""

import asyncio
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.mail import MailPager, MailServer
from surveys.steps.ports import Outcome, Sent, TryLater, Undeliverable, Unknown
from tests.bot.smtp import Mailbox, certificate, ill_server, smtp_server

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
TEXT = "Stavka a-7 čeka (hitno)\n\nСтавка a-7 чека\nOtvorite konzolu.\n"


def pager(server: MailServer, context: ssl.SSLContext | None = None, seconds: float = 2.0) -> MailPager:
    return MailPager(server, "konzola@example.org", lambda: NOW, context, seconds)


async def send(url: str, context: ssl.SSLContext | None = None, to: str = "mira@example.org") -> Outcome:
    return await pager(MailServer.at(url), context).page(TEXT, to, "c-1")


class Elsewhere(MailServer):
    """The same server, taken for another machine's."""

    @property
    def here(self) -> bool:
        return False


def elsewhere(port: int) -> MailServer:
    return Elsewhere("localhost", port, False)


async def test_a_mail_arrives_with_its_subject_and_nothing_else_of_ours() -> None:
    box = Mailbox()
    async with smtp_server(box) as port:
        assert await send(f"smtp://127.0.0.1:{port}") == Sent(None)
    [(address, mail)] = box.mails
    assert address == "mira@example.org"
    assert mail["Subject"] == "Stavka a-7 čeka (hitno)"
    assert (mail["From"], mail["To"], mail["Message-ID"]) == ("konzola@example.org", "mira@example.org",
                                                              "<c-1@example.org>")  # fmt: skip
    assert "Ставка a-7 чека" in mail.get_content()  # type: ignore[attr-defined]
    ours = {"from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type",
            "content-transfer-encoding"}  # fmt: skip
    assert {name.lower() for name in mail} <= ours | {"x-peer", "x-mailfrom", "x-rcptto"}
    assert "posle" not in mail.as_string().casefold()


async def test_a_long_mail_leaves_line_by_line_as_smtp_wants_it() -> None:
    """Bare line feeds would make one line of it, which servers refuse."""
    box, body = Mailbox(), "".join(f"Ставка {number} чека.\n" for number in range(200))
    async with smtp_server(box) as port:
        server = MailServer.at(f"smtp://127.0.0.1:{port}")
        assert await pager(server).page(f"Subject\n\n{body}", "mira@example.org", "c-1") == Sent(None)
    assert box.mails[0][1].get_content().replace("\r\n", "\n") == body  # type: ignore[attr-defined]


async def test_told_again_it_is_the_same_mail_by_its_number() -> None:
    box = Mailbox()
    async with smtp_server(box) as port:
        for _ in range(2):
            await send(f"smtp://127.0.0.1:{port}")
    assert len({mail["Message-ID"] for _, mail in box.mails}) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # it is TLS already
@pytest.mark.filterwarnings("ignore:Session.login_data is deprecated:DeprecationWarning")
async def test_by_tls_from_the_first_byte_with_a_login(tmp_path: Path) -> None:
    tls, trusting = certificate(tmp_path)
    box = Mailbox()
    async with smtp_server(box, ssl=tls, authenticator=box.login, auth_require_tls=False, auth_required=True) as port:
        assert await send(f"smtps://mira%40example.org:right@localhost:{port}", trusting) == Sent(None)
        assert isinstance(await send(f"smtps://mira:wrong@localhost:{port}", trusting), TryLater)
    assert (box.to(), box.logins) == (["mira"], ["mira@example.org", "mira"])


async def test_by_starttls_where_the_server_offers_it(tmp_path: Path) -> None:
    tls, trusting = certificate(tmp_path)
    box = Mailbox()
    async with smtp_server(box, tls_context=tls) as port:
        assert await pager(elsewhere(port), trusting).page(TEXT, "mira@example.org", "c-1") == Sent(None)
    assert box.encrypted == [True]


async def test_safety_nothing_is_said_in_clear_to_another_machine() -> None:
    box = Mailbox()
    async with smtp_server(box, authenticator=box.login, auth_require_tls=False) as port:
        server = replace(elsewhere(port), user="mira", password="right")
        assert isinstance(await pager(server).page(TEXT, "mira@example.org", "c-1"), TryLater)
    assert (box.mails, box.logins) == ([], [])


async def test_safety_a_certificate_that_is_not_trusted_gets_nothing(tmp_path: Path) -> None:
    tls, _ = certificate(tmp_path)
    box = Mailbox()
    async with smtp_server(box, ssl=tls) as port:
        assert isinstance(await send(f"smtps://localhost:{port}"), TryLater)
    async with smtp_server(box, tls_context=tls) as port:
        assert isinstance(await pager(elsewhere(port)).page(TEXT, "mira@example.org", "c-1"), TryLater)
    assert box.mails == []


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("RCPT", "550 no such mailbox", Undeliverable("recipient")),
        ("RCPT", "451 greylisted, try again later", TryLater(60.0)),
        ("DATA", "451 try again later", TryLater(60.0)),
        ("DATA", "554 not now", TryLater(60.0)),
    ],
)
async def test_what_the_server_answers_is_told_apart(command: str, answer: str, outcome: Outcome) -> None:
    box = Mailbox()
    box.answers[command] = [answer]
    async with smtp_server(box) as port:
        assert await send(f"smtp://127.0.0.1:{port}") == outcome
        assert await send(f"smtp://127.0.0.1:{port}") == Sent(None)
    assert box.to() == ["mira"]


async def test_where_nobody_listens_it_is_tried_later() -> None:
    async with smtp_server(Mailbox()) as port:
        pass
    assert isinstance(await send(f"smtp://127.0.0.1:{port}"), TryLater)


async def test_a_server_that_never_speaks_is_hung_up_on() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with ill_server(silent) as port:
        server = MailServer.at(f"smtp://127.0.0.1:{port}")
        assert isinstance(await pager(server, seconds=0.2).page(TEXT, "mira@example.org", "c-1"), TryLater)


async def test_once_the_text_has_left_it_is_not_known_whether_it_arrived() -> None:
    async def falls_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 x\r\n")
        while line := await reader.readline():
            if line.lower().startswith(b"data"):
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                break
            writer.write(b"250 x\r\n")
        writer.close()

    async with ill_server(falls_silent) as port:
        assert await send(f"smtp://127.0.0.1:{port}") == Unknown()


async def test_a_server_that_dawdles_for_ever_is_left_alone() -> None:
    async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 x\r\n")
        try:
            while not reader.at_eof():
                writer.write(b"250-x\r\n")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass
        writer.close()

    async with ill_server(drips) as port:
        server = MailServer.at(f"smtp://127.0.0.1:{port}")
        outcome = await pager(server, seconds=0.1).page(TEXT, "mira@example.org", "c-1")
    assert not isinstance(outcome, Sent)


@pytest.mark.parametrize("address", ["мира@example.org", "mira@example.org\nBcc: eve@example.org"])
async def test_an_address_that_cannot_be_written_is_refused_and_injects_nothing(address: str) -> None:
    box = Mailbox()
    async with smtp_server(box) as port:
        assert await send(f"smtp://127.0.0.1:{port}", to=address) == Undeliverable("address")
    assert box.mails == []


def test_the_account_writes_where_nobody_else_is_named() -> None:
    assert MailServer.at("smtps://mira%40example.org:x@mail.example.org").sender == "mira@example.org"
    assert MailServer.at("smtps://key:x@mail.example.org").sender == "noreply@mail.example.org"
    assert MailServer.at("smtp://127.0.0.1:25").sender == "noreply@localhost"
    assert MailServer.at("smtp://mail.example.org").port == 587
    assert "x" not in repr(MailServer.at("smtps://k:xxxx@h")).replace("example", "")
