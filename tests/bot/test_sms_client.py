"""One delivery as an SMS, over HTTP against the strict provider: what it says decides the outcome, nothing leaks."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.sms.client import Sender, SmsMessenger
from bot.sms.transport import RedirectedClient
from simulator.faults import Fault
from simulator.server import Running, serving
from simulator.twilio_world import Account
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Outcome, Outgoing, Refused, Sent, TryLater, Undeliverable, Unknown

ACCOUNT, TOKEN, NUMBER = "AC" + "d3" * 16, "planted-token-Vb7Kq2", "+381641234567"
TEXT = "Upitnik je spreman planted-body"


@dataclass
class Line:
    """A messenger and the provider that it speaks to."""

    wire: Running
    account: Account
    messenger: SmsMessenger
    told: list[str]

    async def send(self, text: str = TEXT, to: str = NUMBER, valid: float = 600.0) -> Outcome:
        return await self.messenger.send(Outgoing("d-1", Channel.SMS, to, text, valid=valid))

    @property
    def calls(self) -> list[dict[str, object]]:
        return [dict(each.parameters) for each in self.wire.sms.world.wire if each.method == "create"]


@pytest_asyncio.fixture(params=["plain", "private"])
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    private = request.param == "private"
    async with serving() as wire:
        account = wire.sms.add_account(ACCOUNT, TOKEN, "+381601112223", privacy=private)
        http, told = RedirectedClient(wire.url, connect=1.0, read=0.5), list[str]()
        http.open()
        sender = Sender(ACCOUNT, "+381601112223", f"{wire.url}/nobody", discards=private, obfuscates=private)

        async def without_retention() -> None:
            told.append("once")

        yield Line(wire, account, SmsMessenger(sender, TOKEN, http, without_retention), told)
        await http.close()


async def test_it_is_created_with_callback_and_validity_and_can_be_redacted(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = await line.send()
    assert isinstance(sent, Sent)
    assert sent.message
    call = line.calls[0]
    assert (call["ValidityPeriod"], call["StatusCallback"]) == (600, f"{line.wire.url}/nobody")
    assert ("ContentRetention" in call) == line.account.privacy
    while not line.wire.sms.quiet:
        await line.wire.quiet()
    assert await line.messenger.redact(sent.message)
    assert [each.holds_body async for each in line.messenger.listed()] == [False]
    ours = "".join(each.getMessage() for each in caplog.records if not each.name.startswith("uvicorn"))
    assert not [mark for mark in (NUMBER, TOKEN, "planted-body", sent.message) if mark in ours]


async def test_safety_a_message_that_could_only_come_after_the_window_is_not_sent(line: Line) -> None:
    assert isinstance(await line.send(valid=3.0), TryLater)
    assert line.calls == []


@pytest.mark.parametrize(("code", "outcome"), [
    (21211, Undeliverable("invalid_number")), (21610, Undeliverable("opted_out")),
    (21611, TryLater(60.0)),
    (21614, Undeliverable("no_mobile_number")), (30007, Refused("filtered")), (21999, Refused("provider_failure")),
])  # fmt: skip
async def test_the_providers_numbers_are_outcomes(line: Line, code: int, outcome: Outcome) -> None:
    line.account.refusals[NUMBER] = code
    assert await line.send() == outcome


FAULTS = [
    (Fault("status", status=429), TryLater), (Fault("status", status=503, spoken=False), Unknown),
    (Fault("status", status=500), Unknown), (Fault("status", status=502, spoken=False), Unknown),
    (Fault("status", status=503), Unknown), (Fault("status", status=408, spoken=False), Unknown),
    (Fault("reset_before"), Unknown), (Fault("reset_after"), Unknown), (Fault("garbage"), Unknown),
    (Fault("slow", seconds=1.0), Unknown), (Fault("status", status=401), TryLater),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "outcome"), FAULTS, ids=[f"{f.kind}-{f.status}" for f, _ in FAULTS])
async def test_i13_in_doubt_an_sms_counts_as_perhaps_sent_and_is_never_tried_twice(
    line: Line, fault: Fault, outcome: type[Outcome]
) -> None:
    line.wire.sms.faults.order(Fault(fault.kind, status=fault.status, seconds=fault.seconds, spoken=fault.spoken))
    assert isinstance(await line.send(), outcome)
    assert len(line.calls) == (0 if fault.kind in ("status", "reset_before") else 1)


async def test_an_account_without_privacy_is_found_out_once(line: Line) -> None:
    line.account.privacy = False
    assert isinstance(await line.send(), Sent)
    assert isinstance(await line.send(), Sent)
    assert line.told in ([], ["once"])
    assert all("ContentRetention" not in call for call in line.calls)


async def test_no_connection_is_certainly_not_sent(line: Line) -> None:
    http = RedirectedClient("http://127.0.0.1:9", connect=1.0, read=1.0)
    http.open()
    messenger = SmsMessenger(Sender(ACCOUNT, "+381601112223", "http://127.0.0.1:9/x"), TOKEN, http)
    assert isinstance(await messenger.send(Outgoing("d-1", Channel.SMS, NUMBER, TEXT)), TryLater)
    await http.close()
