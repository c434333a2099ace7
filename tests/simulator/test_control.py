"""The control: people, what is on their screens, the clock, and who may ask; and the stand-in as a process."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import telegram
from aiohttp import web

from simulator.__main__ import main
from simulator.client import ControlRefused, Phones
from simulator.events import stream
from simulator.server import Running, serving, start
from tests.simulator.conftest import BEGAN, TOGETHER

pytestmark = TOGETHER


async def test_what_an_onlooker_sees(phones: Running, bot: telegram.Bot, ana: int) -> None:
    message = await bot.send_message(ana, "Упитник је спреман.\nЗа почетак пишите ДА.")
    seen = await phones.control.onlooker(ana)
    assert [(each["title"], each["text"]) for each in seen["lock_screen"]] == [
        ("Anketa", "Упитник је спреман.\nЗа почетак пишите ДА.")
    ]
    (row,) = seen["chat_list"]
    assert (row["preview"], row["unread"]) == ("Упитник је спреман. За почетак пишите ДА.", 1)
    await bot.edit_message_text("Хвала.", ana, message.message_id)
    assert (await phones.control.onlooker(ana))["chat_list"][0]["preview"] == "Хвала."
    await bot.delete_message(ana, message.message_id)
    seen = await phones.control.onlooker(ana)
    assert seen["lock_screen"] == []
    assert seen["messages"] == ["/start abc"]


async def test_what_is_read_leaves_the_lock_screen(phones: Running, bot: telegram.Bot, ana: int) -> None:
    await bot.send_message(ana, "a")
    assert (await phones.control.people())[0]["unread"] == 1
    await phones.control.type(ana, "b")
    assert (await phones.control.onlooker(ana))["lock_screen"] == []


async def test_a_cleared_chat_is_empty_for_its_owner_alone(phones: Running, bot: telegram.Bot, ana: int) -> None:
    message = await bot.send_message(ana, "a")
    await phones.control.clear(ana)
    assert await phones.control.messages(ana) == []
    assert await bot.edit_message_text("b", ana, message.message_id)


async def test_what_a_phone_would_not_let_one_do_is_refused(phones: Running, bot: telegram.Bot, ana: int) -> None:
    control, stranger = phones.control, await phones.control.create("Ива", language="sr_Latn")
    refused = (
        control.type(stranger, "a"), control.type(ana, "   "), control.press(ana, "nothing"),
        control.edit(ana, 999, "a"), control.send(ana, "parcel"), control.start(ana, "a" * 65),
        control.start(ana, link="https://t.me/nobody_bot?start=a"),
    )  # fmt: skip
    for act in refused:
        with pytest.raises(ControlRefused) as caught:
            await act
        assert caught.value.status == 409
    await control.block(ana)
    with pytest.raises(ControlRefused, match="blocked"):
        await control.type(ana, "a")
    for missing in (control.type(5, "a"), control.type(ana, "a", bot=5)):
        with pytest.raises(ControlRefused) as caught:
            await missing
        assert caught.value.status == 404


async def test_a_long_text_becomes_several_messages(phones: Running, ana: int) -> None:
    assert len(await phones.control.type(ana, "а" * 5000)) == 2


async def test_two_bots_know_nothing_of_each_other(phones: Running, ana: int) -> None:
    other = await phones.control.add_bot("7000000002:other", "Anketa 2", "druga_bot")
    await phones.control.start(ana, link="https://t.me/druga_bot?start=x")
    assert (await phones.control.messages(ana, bot=other["id"]))[0]["text"] == "/start x"
    async with telegram.Bot("7000000002:other", base_url=f"{phones.url}/bot") as second:
        assert len(await second.get_updates()) == 1
    with pytest.raises(ControlRefused, match="token"):
        await phones.control.add_bot("no token")


FOREIGN: tuple[dict[str, Any], ...] = (
    {"headers": {"Host": "evil.example"}, "json": {"first_name": "a"}},
    {"headers": {"Origin": "http://evil.example"}, "json": {"first_name": "a"}},
    {"data": {"first_name": "a"}},
    {"data": '{"first_name": "a"}', "headers": {"Content-Type": "text/plain"}},
)


@pytest.mark.parametrize("sending", FOREIGN)
async def test_a_foreign_page_controls_nothing(phones: Running, sending: dict[str, Any]) -> None:
    url = f"{phones.url}/control/people"
    async with aiohttp.ClientSession() as session, session.post(url, **sending) as answer:
        assert answer.status == 403
    assert not phones.world.people


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"first_name": ""}', b"\xff"])
async def test_a_wrong_order_is_refused_in_one_line(phones: Running, body: bytes) -> None:
    url, headers = f"{phones.url}/control/people", {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        assert answer.status == 400
        assert "\n" not in (await answer.json())["error"]


async def test_the_clock_moves_where_it_is_its_own(phones: Running) -> None:
    await phones.control.advance(86_400)
    assert await phones.control.now() == BEGAN + timedelta(days=1)
    await phones.control.set_clock(BEGAN, stopped=True)
    assert await phones.control.now() == BEGAN
    with pytest.raises(ControlRefused, match="no next event"):
        await phones.control._act("/clock", to="next")


@pytest_asyncio.fixture(loop_scope="module")
async def desk() -> AsyncIterator[tuple[str, list[Any]]]:
    asked: list[Any] = []

    async def clock(request: web.Request) -> web.Response:
        asked.append(await request.json() if request.method == "POST" else None)
        return web.json_response({"now": "2027-01-01T00:00:00+00:00", "next": None})

    app = web.Application()
    app.router.add_route("*", "/clock", clock)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/clock", asked
    await runner.cleanup()


async def test_a_clock_of_somebody_else_s_is_asked_and_moved_there(desk: tuple[str, list[Any]]) -> None:
    url, asked = desk
    async with serving(clock_control=url) as phones:
        assert await phones.control.now() == datetime(2027, 1, 1, tzinfo=UTC)
        await phones.control.advance(604_800)
    assert asked == [None, {"advance_seconds": 604_800}]


async def test_a_clock_that_does_not_answer_is_said_so(unused_tcp_port: int) -> None:
    async with serving(clock_control=f"http://127.0.0.1:{unused_tcp_port}/") as phones:
        with pytest.raises(ControlRefused, match="does not answer"):
            await phones.control.now()


async def test_events_name_whose_phone_changed_and_nothing_else(phones: Running, bot: telegram.Bot, ana: int) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{phones.url}/control/events") as stream:
        await stream.content.readuntil(b"\n\n")
        await bot.send_message(ana, "тајна")
        assert await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 2) == f"data: [{ana}]\n\n".encode()


async def test_it_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--token", "77:abc", "--now", "2027-02-28T08:00:00+01:00",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    told = json.loads(await asyncio.wait_for(process.stdout.readline(), 10))
    phones = Phones(told["url"])
    assert (await phones.now()).date().isoformat() == "2027-02-28"
    async with aiohttp.ClientSession() as session, session.get(f"{told['url']}/bot77:abc/getMe") as answer:
        assert answer.status == 200
    await phones.close()
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 5) == 0


@pytest.mark.parametrize("wrong", [["--token", "none"], ["--port", "1"]])
async def test_a_process_that_cannot_begin_says_why_in_one_line(wrong: list[str]) -> None:
    taken = await start()
    wrong = ["--port", str(taken.port)] if wrong[0] == "--port" else wrong
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", *wrong, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), 10)
    await taken.stop()
    assert process.returncode == 1
    assert said.decode().count("\n") == 1


@pytest.mark.parametrize("account", ["ACwomen:token:Anketa", "AC" + "0" * 32 + ":token", "AC" + "g" * 32 + ":a:b"])
async def test_an_account_that_no_call_would_find_is_refused_with_an_example(
    account: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["simulator", "--sms", account])
    with pytest.raises(SystemExit) as refused:
        main()
    said = capsys.readouterr().err
    assert refused.value.code == 2
    assert f"AC{1:032x}:any-words:Upitnik" in said


async def test_what_the_help_gives_as_an_example_is_an_account_that_calls_find(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["simulator", "--help"])
    with pytest.raises(SystemExit):
        main()
    shown = capsys.readouterr().out
    sid, token, _ = shown.partition("--sms AC")[2].split()[0].split(":")
    known = {"authorization": f"Basic {base64.b64encode(f'AC{sid}:{token}'.encode()).decode()}"}
    async with serving() as running, aiohttp.ClientSession(headers=known) as session:
        running.sms.add_account(f"AC{sid}", token, "Upitnik")
        async with session.get(f"{running.url}/2010-04-01/Accounts/AC{sid}/Messages.json") as answer:
            assert answer.status == 200


async def test_who_listens_no_more_leaves_no_task_that_waits_for_ever(phones: Running) -> None:
    before, closing = asyncio.all_tasks(), asyncio.Event()
    listening = stream(phones.world, closing)
    await anext(listening)
    waiting = asyncio.ensure_future(anext(listening))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() <= before
