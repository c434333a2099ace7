"""Faults on order, the Bot API's pace, and what the ledger says afterwards."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import telegram

from simulator.client import ControlRefused
from simulator.server import TOKEN, Running
from tests.simulator.conftest import TOGETHER

pytestmark = TOGETHER


async def post(phones: Running, method: str, **told: Any) -> tuple[int, Mapping[str, Any]]:
    url = f"{phones.url}/bot{TOKEN}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=told) as answer:
        return answer.status, await answer.json(content_type=None)


async def sent(phones: Running) -> list[str]:
    return [entry["text"] for entry in await phones.control.ledger(method="sendMessage")]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 502, 503])
async def test_so_many_calls_fail_with_a_status_and_do_nothing(phones: Running, ana: int, status: int) -> None:
    await phones.control.fault("status", status=status, times=2, method="sendMessage", chat=ana)
    assert (await post(phones, "getMe"))[0] == 200
    for _ in range(2):
        got, said = await post(phones, "sendMessage", chat_id=ana, text="a")
        assert (got, said["ok"], said["error_code"]) == (status, False, status)
    assert await sent(phones) == []
    assert (await post(phones, "sendMessage", chat_id=ana, text="b"))[0] == 200


async def test_a_429_says_when_to_come_back(
    phones: Running, bot: telegram.Bot, ana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await phones.control.fault("status", status=429, seconds=7)
    with pytest.raises(telegram.error.RetryAfter) as caught:
        await bot.send_message(ana, "a")
    assert caught.value.retry_after == timedelta(seconds=7)


async def test_a_gateway_s_status_carries_no_json(phones: Running, ana: int) -> None:
    await phones.control.fault("status", status=502, spoken=False)
    url = f"{phones.url}/bot{TOKEN}/getMe"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")


@pytest.mark.parametrize(
    ("kind", "done"), [("reset_before", 0), ("reset_after", 1), ("hang_before", 0), ("hang_after", 1)]
)
async def test_a_broken_connection_tells_nothing_and_the_ledger_all(
    phones: Running, ana: int, kind: str, done: int
) -> None:
    await phones.control.fault(kind, seconds=0.05)
    with pytest.raises((aiohttp.ClientConnectionError, aiohttp.ServerDisconnectedError)):
        await post(phones, "sendMessage", chat_id=ana, text="a")
    assert await sent(phones) == ["a"] * done


async def test_a_call_that_hangs_is_let_go_when_the_stand_in_ends(phones: Running, ana: int) -> None:
    await phones.control.fault("hang_before", seconds=600)
    hanging = asyncio.create_task(post(phones, "sendMessage", chat_id=ana, text="a"))
    await asyncio.sleep(0.05)
    assert not await phones.control.quiet()
    await phones.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await asyncio.wait_for(hanging, 2)


async def test_a_slow_call_and_one_answered_with_rubbish_are_done(phones: Running, ana: int) -> None:
    await phones.control.fault("slow", seconds=0.05)
    assert (await post(phones, "sendMessage", chat_id=ana, text="a"))[0] == 200
    await phones.control.fault("garbage")
    with pytest.raises(ValueError, match="Expecting value"):
        await post(phones, "sendMessage", chat_id=ana, text="b")
    assert await sent(phones) == ["a", "b"]


async def test_faults_can_be_taken_back_and_wrong_ones_are_refused(phones: Running) -> None:
    await phones.control.fault("status", times=9)
    await phones.control.no_faults()
    assert (await post(phones, "getMe"))[0] == 200
    for wrong in ({"kind": "flood"}, {"kind": "status", "times": 0}, {"kind": "status", "status": 200}):
        with pytest.raises(ControlRefused) as caught:
            await phones.control.fault(**wrong)
        assert caught.value.status == 400


async def test_the_pace_can_be_switched_on(
    phones: Running, bot: telegram.Bot, ana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    for _ in range(3):
        await bot.send_message(ana, "слободно")
    await phones.control.pace(on=True)
    await bot.send_message(ana, "један")
    with pytest.raises(telegram.error.RetryAfter):
        await bot.send_message(ana, "два")
    assert await bot.get_me()


async def test_the_ledger_tells_time_method_chat_message_and_text(phones: Running, bot: telegram.Bot, ana: int) -> None:
    message = await bot.send_message(ana, "здраво")
    await bot.delete_message(ana, message.message_id)
    first, last = (await phones.control.ledger(chat=ana))[-2:]
    assert (first["method"], first["chat_id"], first["message_id"], first["text"]) == (
        "sendMessage", ana, message.message_id, "здраво",
    )  # fmt: skip
    assert first["at"] == "2026-11-24T09:30:00.000000+00:00"
    assert (last["method"], last["message_id"]) == ("deleteMessage", message.message_id)
    assert await phones.control.ledger(after=last["number"]) == []
