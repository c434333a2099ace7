"""Every method through the library's own client, and every way in which a body may come."""

import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest
import telegram
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup

from simulator.calls import ANSWERABLE, DELETABLE
from simulator.refusals import NotPossible
from simulator.server import TOKEN, Running
from tests.simulator.conftest import BEGAN, TOGETHER
from tests.specs.validate import check_call, check_type

pytestmark = TOGETHER


YES_NO = InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=text) for text in ("da", "ne")]])


async def test_the_bot_is_told_who_it_is(bot: telegram.Bot) -> None:
    assert (bot.id, bot.first_name, bot.username) == (7000000001, "Anketa", "upitnik0001_bot")


async def test_a_message_arrives_as_it_was_sent(phones: Running, bot: telegram.Bot, ana: int) -> None:
    sent = await bot.send_message(
        ana, "  Добар дан.\n", reply_markup=YES_NO, protect_content=True, disable_notification=True
    )
    assert (sent.text, sent.date, sent.has_protected_content) == ("Добар дан.", BEGAN, True)
    shown = (await phones.control.messages(ana))[-1]
    assert shown["by_bot"]
    assert shown["protected"]
    assert shown["silent"]
    assert [button["text"] for button in shown["buttons"][0]] == ["da", "ne"]


async def test_a_message_can_be_edited_once_to_the_same(phones: Running, bot: telegram.Bot, ana: int) -> None:
    sent = await bot.send_message(ana, "a", reply_markup=YES_NO)
    edited = await sent.edit_text("b")
    assert isinstance(edited, telegram.Message)
    assert edited.edit_date is not None
    with pytest.raises(telegram.error.BadRequest, match="not modified"):
        await sent.edit_text("b")
    await sent.edit_reply_markup(YES_NO)
    assert (await phones.control.messages(ana))[-1]["buttons"]
    await sent.edit_reply_markup(None)
    assert not (await phones.control.messages(ana))[-1]["buttons"]


async def test_a_press_is_answered_once_and_in_time(phones: Running, bot: telegram.Bot, ana: int) -> None:
    await bot.send_message(ana, "?", reply_markup=YES_NO)
    query = (await phones.control.press(ana, "da"))["query"]
    assert await bot.answer_callback_query(query, text="хвала")
    assert (await phones.control.chat(ana))["toast"]["text"] == "хвала"
    with pytest.raises(telegram.error.BadRequest, match="too old"):
        await bot.answer_callback_query(query)
    late = (await phones.control.press(ana, label="ne"))["query"]
    phones.clock.advance(timedelta(seconds=ANSWERABLE + 1))
    with pytest.raises(telegram.error.BadRequest, match="too old"):
        await bot.answer_callback_query(late)


async def test_messages_are_deleted_for_both_within_48_hours_only(phones: Running, bot: telegram.Bot, ana: int) -> None:
    own, theirs = await bot.send_message(ana, "a"), (await phones.control.type(ana, "b"))[0]
    more = [(await bot.send_message(ana, text)).message_id for text in "cd"]
    assert await bot.delete_message(ana, own.message_id)
    with pytest.raises(telegram.error.BadRequest, match="to delete not found"):
        await bot.delete_message(ana, own.message_id)
    assert await bot.delete_messages(ana, [theirs, 999, more[0]])
    phones.clock.advance(timedelta(seconds=DELETABLE + 1))
    for spoiled in ([more[1]], [more[1], 999]):
        with pytest.raises(telegram.error.BadRequest, match="can't be deleted"):
            await bot.delete_messages(ana, spoiled)
    assert [each["text"] for each in await phones.control.messages(ana)] == ["/start abc", "d"]


async def test_name_description_and_commands_are_kept_per_language(
    phones: Running, bot: telegram.Bot, ana: int
) -> None:
    await bot.set_my_name("Упитник", language_code="sr")
    await bot.set_my_description("О нама")
    await bot.set_my_short_description("кратко")
    commands = [BotCommand("stop", "одјава")]
    scope = telegram.BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(commands, scope=scope)
    assert await bot.get_my_commands(scope=scope) == tuple(commands)
    assert await bot.get_my_commands() == ()
    chat = await phones.control.chat(ana)
    assert (chat["title"], chat["about"]) == ("Упитник", "О нама")
    assert chat["commands"][0]["command"] == "stop"
    await bot.delete_my_commands(scope=scope)
    assert await bot.get_my_commands(scope=scope) == ()


async def test_who_blocked_deleted_or_never_started_is_not_reached(
    phones: Running, bot: telegram.Bot, ana: int
) -> None:
    stranger = await phones.control.create("Ива")
    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await bot.send_message(stranger, "a")
    await phones.control.block(ana)
    with pytest.raises(telegram.error.Forbidden, match="blocked by the user"):
        await bot.send_message(ana, "a")
    await phones.control.start(ana)
    await bot.send_message(ana, "a")
    await phones.control.leave(ana)
    with pytest.raises(telegram.error.Forbidden, match="deactivated"):
        await bot.send_message(ana, "a")


async def test_dates_are_the_simulated_ones(phones: Running) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{phones.url}/bot{TOKEN}/getMe") as answer:
        assert parsedate_to_datetime(answer.headers["Date"]) == BEGAN


def multipart(**told: str) -> aiohttp.FormData:
    """A body in parts, which the HTTP client would make only for files."""
    data = aiohttp.FormData(default_to_multipart=True)
    for name, value in told.items():
        data.add_field(name, value)
    return data


@pytest.mark.parametrize("way", ["json", "form", "multipart", "query"])
async def test_a_call_may_come_in_four_ways(phones: Running, ana: int, way: str) -> None:
    markup = {"inline_keyboard": [[{"text": "да", "callback_data": "1"}]]}
    told = {"chat_id": str(ana), "text": "Ћао & здраво", "reply_markup": json.dumps(markup)}
    ways: dict[str, dict[str, Any]] = {
        "json": {"json": {"chat_id": ana, "text": "Ћао & здраво", "reply_markup": markup}},
        "form": {"data": told},
        "multipart": {"data": multipart(**told)},
        "query": {"params": told},
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{phones.url}/bot{TOKEN}/SENDMESSAGE", **ways[way]) as answer,
    ):
        said = await answer.json()
    assert said["ok"]
    assert said["result"]["text"] == "Ћао & здраво"
    assert not check_type("Message", said["result"])
    entry = (await phones.control.ledger(chat=ana))[-1]
    assert entry["parameters"]["reply_markup"] == markup
    assert not check_call(entry["method"], entry["parameters"])


BROKEN = (
    ("application/json", b"{"), ("application/json", b"[]"), ("application/json", b"\xff"),
    ("application/json", b'{"chat_id": "\\ud800", "text": "\\ud800"}'), ("text/plain", b"chat_id=1"),
    ("application/x-www-form-urlencoded", b"chat_id=%ff"), ("application/x-www-form-urlencoded", b"\xd0"),
    ("multipart/form-data", b"--x"), ("multipart/form-data; boundary=x", b"nothing"),
    ("application/x-www-form-urlencoded", b"chat_id=1&text=a&reply_markup=%7B"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), BROKEN)
async def test_a_broken_body_is_refused_in_the_bot_api_s_form(phones: Running, kind: str, body: bytes) -> None:
    url, headers = f"{phones.url}/bot{TOKEN}/sendMessage", {"Content-Type": kind}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        said = await answer.json()
    assert (answer.status, said["ok"], said["error_code"]) == (400, False, 400)
    assert said["description"].startswith("Bad Request: ")
    assert (await phones.control.refused())[-1]["status"] == 400


async def test_keyboards_have_limits(phones: Running, bot: telegram.Bot, ana: int) -> None:
    def rows(number: int, **told: Any) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("a", **(told or {"callback_data": "a"}))]] * number)

    await bot.send_message(ana, "a", reply_markup=rows(100))
    with pytest.raises(telegram.error.BadRequest):
        await bot.send_message(ana, "a", reply_markup=rows(101))
    await bot.send_message(ana, "a", reply_markup=rows(1, url="http://127.0.0.1:8000/p/x"))
    assert "127.0.0.1" in (await phones.control.press(ana, label="a"))["url"]
    for url in ("javascript:alert(1)", "nowhere", "http://"):
        with pytest.raises(telegram.error.BadRequest, match="Button_url_invalid"):
            await bot.send_message(ana, "a", reply_markup=rows(1, url=url))


async def test_what_means_nothing_in_a_private_chat_is_refused(bot: telegram.Bot, ana: int) -> None:
    for told in ({"parse_mode": "HTML"}, {"message_thread_id": 3}, {"business_connection_id": "x"}):
        with pytest.raises(telegram.error.BadRequest):
            await bot.send_message(ana, "a", **told)
    with pytest.raises(telegram.error.BadRequest, match="replied not found"):
        await bot.send_message(ana, "a", reply_to_message_id=999)


async def test_a_link_s_payload_has_limits(phones: Running, ana: int) -> None:
    person, account = phones.world.people[ana], phones.world.bot()
    phones.hands.start(account, person, "a" * 64)
    for payload in ("a" * 65, "ж", "a b", "a.b"):
        with pytest.raises(NotPossible):
            phones.hands.start(account, person, payload)
    with pytest.raises(NotPossible):
        phones.hands.follow(person, "https://t.me/another_bot?start=a")
