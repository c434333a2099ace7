"""What the SMS provider posts: only what it signed for this address and this account has any effect."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.replies import Replies
from bot.sms.reading import Arrived, Receipt
from bot.sms.webhook import BIGGEST, NOTHING, PATH, STATUS_PATH, SmsWebhook
from simulator.twilio_posts import signed
from surveys.records.failures import DatabaseUnavailable
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Event, Outgoing

PUBLIC = "https://surveys.example.org"
ACCOUNT, TOKEN = "AC" + "b2" * 16, "token-of-the-account"
SID = "SM" + "0" * 31 + "1"
FORM = {"AccountSid": ACCOUNT, "MessageSid": SID, "From": "+381641234567", "To": "+38160111222", "Body": "da, naravno"}
STATUS = {"AccountSid": ACCOUNT, "MessageSid": SID, "MessageStatus": "delivered"}
KIND = (b"content-type", b"application/x-www-form-urlencoded")


class Desk:
    """Notes what had an effect."""

    def __init__(self, fails: type[Exception] | None = None) -> None:
        self.arrived: list[Arrived] = []
        self.receipts: list[Receipt] = []
        self._fails = fails
        self.webhook = SmsWebhook(PUBLIC, ACCOUNT, TOKEN, self.take, self.note, Replies(self.send), slowest=0.05)

    async def take(self, arrived: Arrived, raw: bytes) -> Outgoing | None:
        if self._fails:
            raise self._fails
        self.arrived.append(arrived)
        return None

    async def note(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)

    async def send(self, message: Outgoing) -> None:
        raise AssertionError("nothing is to be sent")

    async def post(
        self, form: dict[str, str] | bytes, *, path: str = PATH, signature: str | None = None, method: str = "POST",
        headers: tuple[tuple[bytes, bytes], ...] = (KIND,), query: bytes = b"", url: str = "",
        receive: Callable[[], Awaitable[Any]] | None = None,
    ) -> tuple[int, bytes]:  # fmt: skip
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        if signature is None:
            signature = signed(TOKEN, url or PUBLIC + path, form if isinstance(form, dict) else {})
        told: list[Any] = []

        async def once() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        scope = {"type": "http", "method": method, "path": path, "query_string": query,
                 "headers": [*headers, (b"x-twilio-signature", signature.encode())]}  # fmt: skip
        await self.webhook(scope, receive or once, send)
        return told[0]["status"], told[1]["body"]

    @property
    def untouched(self) -> bool:
        return not self.arrived and not self.receipts


async def test_what_the_provider_signed_is_taken_and_answered_alike() -> None:
    desk = Desk()
    assert await desk.post(FORM) == (200, NOTHING)
    assert await desk.post(FORM | {"MessageSid": SID[:-1] + "2", "From": "SHORT"}) == (200, NOTHING)
    assert await desk.post(STATUS, path=STATUS_PATH) == (200, b"")
    assert [(each.said.event, each.said.text) for each in desk.arrived] == [
        (Event.TEXT, "da, naravno"), (Event.IGNORED, ""),
    ]  # fmt: skip
    assert desk.receipts == [Receipt(SID, "delivered", None)]


async def test_the_port_that_is_the_schemes_own_may_be_in_the_signature() -> None:
    desk = Desk()
    assert (await desk.post(FORM, url="https://surveys.example.org:443/hooks/sms"))[0] == 200


FORGED: dict[str, dict[str, Any]] = {
    "signature": {"signature": signed("another", PUBLIC + PATH, FORM)},
    "no signature": {"signature": ""},
    "port": {"url": "https://surveys.example.org:8443/hooks/sms"},
    "scheme": {"url": "http://surveys.example.org/hooks/sms"},
    "host": {"url": "https://other.example.org/hooks/sms"},
    "path": {"url": PUBLIC + STATUS_PATH},
    "query": {"query": b"a=1"},
    "method": {"method": "GET"},
    "put": {"method": "PUT"},
    "type": {"headers": ((b"content-type", b"application/json"),)},
    "no type": {"headers": ()},
    "encoding": {"headers": (KIND, (b"content-encoding", b"gzip"))},
    "length": {"headers": (KIND, (b"content-length", b"99999999"))},
    "no length": {"headers": (KIND, (b"content-length", b"-1"))},
    "two signatures": {"headers": (KIND, (b"x-twilio-signature", b"x"))},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
async def test_safety_a_forged_post_is_refused_alike_and_has_no_effect(
    forged: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk()
    assert await desk.post(FORM, **forged) == (403, b"")
    assert desk.untouched
    assert "naravno" not in caplog.text


@pytest.mark.parametrize("changed", [
    {"Body": "nikad"}, {"AccountSid": "AC" + "c" * 32}, {"From": "+381650000000"}, {"Extra": "1"},
])  # fmt: skip
async def test_safety_a_changed_parameter_breaks_the_signature(changed: dict[str, str]) -> None:
    desk = Desk()
    assert await desk.post(FORM | changed, signature=signed(TOKEN, PUBLIC + PATH, FORM)) == (403, b"")
    assert desk.untouched


@pytest.mark.parametrize("changed", [{"AccountSid": "AC" + "c" * 32}, {"MessageSid": "x"}, {"AccountSid": ""}])
async def test_safety_another_account_and_a_malformed_form_are_refused_even_if_signed(changed: dict[str, str]) -> None:
    desk = Desk()
    assert await desk.post(FORM | changed) == (403, b"")
    assert desk.untouched


async def test_safety_what_was_sent_to_another_number_of_the_account_has_no_effect() -> None:
    desk = Desk()
    desk.webhook = SmsWebhook(PUBLIC, ACCOUNT, TOKEN, desk.take, desk.note, Replies(desk.send), number=FORM["To"])
    assert await desk.post(FORM | {"To": "+381609999999"}) == (403, b"")
    assert desk.untouched
    assert (await desk.post(FORM))[0] == 200


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"a", b"Body=1&Body=2", b"&".join(b"a%d=1" % i for i in range(200))]
)
async def test_bytes_that_are_no_form_are_refused(body: bytes) -> None:
    desk = Desk()
    assert await desk.post(body) == (403, b"")


async def test_a_body_that_never_ends_or_never_comes_is_given_up() -> None:
    desk = Desk()

    async def flood() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * BIGGEST, "more_body": True}

    async def never() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    assert await desk.post(FORM, receive=flood) == (403, b"")
    assert await desk.post(FORM, receive=never) == (403, b"")
    assert desk.untouched


async def test_i7_where_the_database_cannot_take_an_sms_the_answer_is_503() -> None:
    assert await Desk(DatabaseUnavailable).post(FORM) == (503, b"")
    assert await Desk(RuntimeError).post(FORM) == (503, b"")


async def test_the_providers_own_opt_out_is_a_withdrawal_whatever_the_word() -> None:
    desk = Desk()
    await desk.post(FORM | {"Body": "QUIT", "OptOutType": "STOP"})
    assert (desk.arrived[0].said.text, desk.arrived[0].replied) == ("STOP", True)
    assert desk.arrived[0].said.channel is Channel.SMS


@pytest.mark.parametrize(
    ("error", "word"), [("30003", "unreachable_handset"), ("30006", "landline"), ("1", "provider_failure")]
)
async def test_a_receipt_says_why_in_a_short_word(error: str, word: str) -> None:
    desk = Desk()
    await desk.post(STATUS | {"MessageStatus": "undelivered", "ErrorCode": error}, path=STATUS_PATH)
    assert desk.receipts[0].error == word
