"""SMS where things go wrong on a running service: forged posts, opt-outs, receipts that come first, kill -9."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from simulator.faults import Fault
from simulator.twilio_posts import signed
from surveys.rules.vocabulary import DeliveryKind, DeliveryState, Status
from tests.journeys.house import until
from tests.journeys.sms_house import ACCOUNT, AUTH_TOKEN, PHONE, SENDER, SmsHouse, sms_house

FORM = {"AccountSid": ACCOUNT, "MessageSid": "SM" + "7" * 32, "From": PHONE, "To": SENDER, "Body": "STOP planted-word"}
KIND = "application/x-www-form-urlencoded"


async def post(base: str, form: dict[str, str], *, url: str = "", kind: str = KIND, raw: bytes | None = None) -> int:
    headers = {"content-type": kind, "x-twilio-signature": signed(AUTH_TOKEN, url or f"{base}/hooks/sms", form)}
    async with httpx.AsyncClient(timeout=30) as client:
        content = urlencode(form).encode() if raw is None else raw
        return (await client.post(f"{base}/hooks/sms", content=content, headers=headers)).status_code


async def test_safety_whatever_is_wrong_about_a_post_it_is_403_without_effect_or_a_word_in_the_log(
    tmp_path: Path,
) -> None:
    async with sms_house(tmp_path) as house:
        person = await house.enrol()
        await house.side.serve()
        base = f"http://127.0.0.1:{house.side.port}"
        other_account, other_number = FORM | {"AccountSid": "AC" + "9" * 32}, FORM | {"To": "+381609999999"}
        refused = [
            await post(base, FORM, url=f"https://127.0.0.1:{house.side.port}/hooks/sms"),
            await post(base, FORM, url="http://127.0.0.1:1/hooks/sms"),
            await post(base, other_account),
            await post(base, other_number),
            await post(base, FORM, kind="application/json"),
            await post(base, FORM, raw=urlencode(FORM).encode() + b"&Body=da"),
            await post(base, FORM, raw=b"Body=" + b"x" * 100_000),
        ]
        assert set(refused) == {403}
        assert await house.status(person) is Status.ACTIVE
        assert await house.known(FORM["MessageSid"]) is None
        await house.side.noticed_nothing_of("planted-word", PHONE)


async def of(house: SmsHouse, person: str, kind: DeliveryKind = DeliveryKind.NOTICE) -> list[Any]:
    """Those that were tried; the next wave's waits."""
    every = [each for each in await house.of(person) if each.kind is kind]
    return [each for each in every if each.state is not DeliveryState.PLANNED]


async def go_on(house: SmsHouse, until_true: Any) -> None:
    """Let hours pass until it is true."""
    for _ in range(24 * 40):
        if await until_true():
            return
        if not {DeliveryState.CLAIMED, DeliveryState.SENT} & await house.states(PHONE):  # its call comes first
            house.side.clock.set(house.side.clock.now() + timedelta(hours=1))
        await asyncio.sleep(0.2)
    raise AssertionError("it did not become true")


async def test_i11_an_opt_out_that_shows_when_a_message_is_created_is_a_withdrawal(tmp_path: Path) -> None:
    async with sms_house(tmp_path) as house:
        person = await house.enrol()
        house.account.opted.add(PHONE)
        await house.side.serve()

        async def withdrawn() -> bool:
            return await house.status(person) is Status.WITHDRAWN

        await go_on(house, withdrawn)
        assert house.arrived() == []


async def test_a_receipt_that_comes_before_the_answer_belongs_to_its_delivery(tmp_path: Path) -> None:
    async with sms_house(tmp_path) as house:
        person = await house.enrol()
        house.side.wire.simulator.sms.faults.order(Fault("slow", method="create", seconds=1.0))
        await house.side.serve()
        await house.noticed()

        async def marked() -> bool:
            return any(each.state is DeliveryState.SENT for each in await of(house, person))

        await until(marked, house.side.process)
        (sent,) = await of(house, person)
        known = await house.known(sent.provider_message or "")
        assert known is not None
        assert (known.status, known.delivery) == ("delivered", sent.id)


async def test_i13_killed_between_the_call_and_its_answer_nothing_is_sent_again_and_a_person_decides(
    tmp_path: Path,
) -> None:
    async with sms_house(tmp_path) as house:
        person = await house.enrol()
        created = len(house.account.messages)
        house.side.wire.simulator.sms.faults.order(Fault("hang_after", method="create", seconds=60.0))
        await house.side.serve()

        async def made() -> bool:
            return len(house.account.messages) > created

        await go_on(house, made)
        await house.side.kill()
        await house.side.serve()
        house.side.clock.set(house.side.clock.now() + timedelta(minutes=5))

        async def told() -> bool:
            return "send_unknown" in await house.tasks()

        await until(told, house.side.process, 60.0)
        assert [each.state for each in await of(house, person)] == [DeliveryState.UNKNOWN]

        async def found() -> bool:
            listed = [await house.known(each.sid) for each in house.account.messages.values()]
            return any(
                each is not None and each.delivery is not None and each.delivery != "" for each in listed[created:]
            )

        await until(found, house.side.process, 60.0)
        assert len(house.account.messages) == created + 1
