"""Whatever reaches the webhook of a running service: no 5xx, no effect on records, no content in what it logs."""

import json
from pathlib import Path
from typing import Any

import aiohttp

from posle.opening import opened
from tests.journeys.house import TOKEN, House, house

MARK = "zlatnicanary"
PERSON = {"id": 701, "is_bot": False, "first_name": MARK}
OTHER = {"id": 799, "is_bot": False, "first_name": MARK}
CHAT = {"id": 701, "type": "private", "first_name": MARK}
GROUP = {"id": -100701, "type": "supergroup", "title": MARK}
CHANNEL = {"id": -100702, "type": "channel", "title": MARK}
FORWARD = {"type": "hidden_user", "date": 1, "sender_user_name": MARK}


def message(**more: Any) -> dict[str, Any]:
    """A message of his, or what is made of it."""
    return {"message_id": 9000, "date": 1_795_514_400, "chat": CHAT, "from": PERSON} | more


def press(data: Any, **more: Any) -> dict[str, Any]:
    """A press on a bubble of the bot."""
    return {"id": "77", "from": PERSON, "chat_instance": "1", "data": data, "message": message()} | more


BAD: dict[str, Any] = {
    "no object": [],
    "null": None,
    "a number": 7,
    "a text": MARK,
    "empty": {},
    "number only": {"update_id": 1},
    "number is text": {"update_id": MARK, "message": message(text=MARK)},
    "number is negative": {"update_id": -5, "message": message(text=MARK)},
    "number is huge": {"update_id": 10**40, "message": message(text=MARK)},
    "number is a fraction": {"update_id": 1.5, "message": message(text=MARK)},
    "message is a list": {"message": [MARK]},
    "message is a text": {"message": MARK},
    "message without chat": {"message": {"message_id": 1, "date": 1, "text": MARK}},
    "chat is a text": {"message": message(chat=MARK)},
    "text is a number": {"message": message(text=12)},
    "text is an object": {"message": message(text={"a": MARK})},
    "date is a text": {"message": message(date=MARK, text=MARK)},
    "from a group": {"message": message(chat=GROUP, text="STOP")},
    "from a channel": {"channel_post": message(chat=CHANNEL, text="STOP")},
    "edited in a channel": {"edited_channel_post": message(chat=CHANNEL, text="STOP")},
    "somebody else in his chat": {"message": message(**{"from": OTHER, "text": "STOP"})},
    "a bot": {"message": message(**{"from": PERSON | {"is_bot": True}, "text": "STOP"})},
    "sticker": {"message": message(sticker={"file_id": MARK, "file_unique_id": MARK, "type": "regular"})},
    "voice": {"message": message(voice={"file_id": MARK, "file_unique_id": MARK, "duration": 1})},
    "photo": {"message": message(photo=[], caption=MARK)},
    "contact": {"message": message(contact={"phone_number": "+381641112223", "first_name": MARK})},
    "forwarded": {"message": message(text="1", forward_origin=FORWARD)},
    "edited": {"edited_message": message(text="1", edit_date=1_795_514_401)},
    "inline": {"inline_query": {"id": "1", "from": PERSON, "query": MARK, "offset": ""}},
    "chosen inline": {"chosen_inline_result": {"result_id": "1", "from": PERSON, "query": MARK}},
    "foreign press": {"callback_query": press("abcdefgh.1.c0")},
    "press of nothing": {"callback_query": press("")},
    "press is a number": {"callback_query": press(5)},
    "press of an inline bubble": {"callback_query": press(f"{MARK}.1.c0", message=None, inline_message_id="1")},
    "press by another": {"callback_query": press("x.1.c0", **{"from": OTHER})},
    "foreign link": {"message": message(text=f"/start {MARK}", **{"from": OTHER, "chat": CHAT | {"id": 799}})},
    "poll": {"poll": {"id": "1", "question": MARK, "options": []}},
    "reaction": {"message_reaction": {"chat": CHAT, "message_id": 1, "date": 1, "user": PERSON}},
    "unknown kind": {"something_new": {"a": MARK}},
}
RAW: dict[str, bytes] = {
    "no JSON": MARK.encode(), "half": b'{"update_id": 1, "mess', "not UTF-8": b'{"update_id": 1, "x": "\xff\xfe"}',
    "deep": b"[" * 50_000, "too large": b'{"x": "' + MARK.encode() * 40_000 + b'"}', "nothing": b"",
    "lone surrogate": json.dumps({"update_id": 55, "message": message(text="\ud800" + MARK)}).encode(),
    "NUL": json.dumps({"update_id": 56, "message": message(text="\0" + MARK)}).encode(),
}  # fmt: skip


async def _post(side: House, body: bytes, secret: str) -> int:
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{side.port}/hooks/telegram", data=body, headers=headers) as answer,
    ):
        assert await answer.read() == b""
        return answer.status


async def test_bad_updates_change_nothing_and_are_not_logged(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await side.enrol(701)
        await side.serve()
        side.follow(701)
        await side.noticed(701)
        await side.answer(701, 4)
        async with opened(side.folder) as (settings, database):
            secret = database.seals.index("telegram", "webhook", settings.need_telegram().token).hex()
        before = await side.stored(701)
        for number, (name, update) in enumerate(BAD.items()):
            filled = {"update_id": 900_000_000 + number} | update if isinstance(update, dict) and update else update
            assert await _post(side, json.dumps(filled).encode(), secret) < 500, name
        for name, body in RAW.items():
            assert await _post(side, body, secret) < 500, name
        assert await _post(side, json.dumps({"update_id": 1}).encode(), "wrong" * 10) == 403
        await side.wire.quiet(0.1)
        assert await side.stored(701) == before
        await side.noticed_nothing_of(
            MARK, TOKEN, "381641112223", "701", secret, side.wire.world.people[701].link[-20:]
        )
        await side.answer(701)
        assert len(await side.stored(701)) > len(before)
