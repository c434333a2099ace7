"""What an update means: who is heard, what counts as an answer, how old it is; and that nothing at all can raise."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.telegram.updates import NotAnUpdate, interpret, number_of, read
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Event, Incoming
from tests.bot.samples import CHAT, GROUP, PERSON, SENT, membership, message, pressed, update

NOW = datetime.fromtimestamp(SENT, UTC) + timedelta(seconds=3)
OTHER_PERSON = PERSON | {"id": 999}
OTHER_CHAT = CHAT | {"id": 999}
BOT = PERSON | {"is_bot": True}


def said(given: dict[str, Any]) -> Incoming:
    return interpret(given, None)[1]


def test_a_typed_text() -> None:
    assert interpret(message(), NOW) == (
        "900001",
        Incoming(Channel.TELEGRAM, "4711", Event.TEXT, "Dobro", message="12", age=3.0),
    )


def test_a_press() -> None:
    assert interpret(pressed(), NOW) == (
        "900001",
        Incoming(Channel.TELEGRAM, "4711", Event.PRESS, "i1:2", press="987654", message="31"),
    )


def test_a_press_on_a_bubble_that_telegram_no_longer_shows() -> None:
    gone = {"message_id": 31, "chat": CHAT, "date": 0}
    assert said(pressed(message=gone)) == said(pressed())


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("/start", ""),
        ("/start ", ""),
        ("/start abc-DEF_123", "abc-DEF_123"),
        ("/start@ordinary_bot abc", "abc"),
        ("/start " + "a" * 64, "a" * 64),
        ("/start " + "a" * 65, "a" * 65),
        ("/start а", "а"),
        ("/start a b", "a b"),
        ("/start ';--", "';--"),
    ],
)
def test_start_and_what_stands_after_it(text: str, payload: str) -> None:
    heard = said(message(text=text))
    assert (heard.event, heard.text) == (Event.START, payload)


@pytest.mark.parametrize("text", ["/started", "start", " /start abc", "/stop", "STOP", "/START abc"])
def test_other_words_are_texts(text: str) -> None:
    heard = said(message(text=text))
    assert (heard.event, heard.text) == (Event.TEXT, text)


@pytest.mark.parametrize(
    "extra",
    [
        {"text": ..., "sticker": {"file_id": "a"}},
        {"text": ..., "voice": {"file_id": "a"}},
        {"text": ..., "contact": {"phone_number": "+381601234567", "first_name": "a"}},
        {"text": ..., "location": {"latitude": 1, "longitude": 2}},
        {"text": ..., "video_note": {}},
        {"text": ..., "poll": {}},
        {"text": ""},
        {"text": "a\x00b"},
        {"text": "\ud83d"},
        {"text": "а" * 4097},
        {"text": "😀" * 2049},
        {"text": 7},
        {"text": None},
        {"text": ["Dobro"]},
    ],
)
def test_what_is_not_typed_is_never_an_answer(extra: dict[str, Any]) -> None:
    heard = said(message(**extra))
    assert (heard.sender, heard.event, heard.text, heard.message) == ("4711", Event.OTHER, "", "12")


def test_a_caption_is_no_answer_but_its_words_are_heard() -> None:
    heard = said(message(text=..., photo=[], caption="Dobro"))
    assert (heard.event, heard.text) == (Event.OTHER, "Dobro")


@pytest.mark.parametrize(
    "extra",
    [
        {"forward_origin": {"type": "hidden_user", "date": SENT, "sender_user_name": "a"}},
        {"forward_date": SENT},
        {"via_bot": BOT},
    ],
)
def test_words_that_are_not_the_senders_own_are_no_answer_and_are_known_as_such(extra: dict[str, Any]) -> None:
    heard = said(message(**extra))
    assert (heard.event, heard.text, heard.quoted) == (Event.OTHER, "Dobro", True)
    assert not said(message()).quoted


def test_the_longest_text_is_heard() -> None:
    assert said(message(text="😀" * 2048)).event is Event.TEXT


def test_an_edited_message_says_its_words() -> None:
    body = message()["message"] | {"edit_date": SENT + 1}
    assert interpret(update(edited_message=body), NOW)[1] == Incoming(
        Channel.TELEGRAM, "4711", Event.EDITED, "Dobro", message="12", age=2.0
    )


@pytest.mark.parametrize(
    ("status", "event"),
    [("kicked", Event.BLOCKED), ("member", Event.UNBLOCKED), ("left", Event.IGNORED), ("administrator", Event.IGNORED)],
)
def test_blocking_and_unblocking(status: str, event: Event) -> None:
    assert said(membership(status)).event is event


@pytest.mark.parametrize(
    "given",
    [
        message(chat=GROUP),
        message(chat=GROUP, sender_chat=GROUP),
        message(chat={"id": -1, "type": "group"}),
        message(chat={"id": -100, "type": "channel"}, **{"from": ...}),
        message(chat=CHAT | {"type": "sender"}),
        message(chat=CHAT | {"type": "supergroup"}),
        message(chat=OTHER_CHAT),
        message(**{"from": OTHER_PERSON}),
        message(**{"from": BOT}),
        message(**{"from": ...}),
        message(chat=...),
        message(chat=4711),
        message(chat=CHAT | {"id": "4711"}, **{"from": PERSON | {"id": "4711"}}),
        message(chat=CHAT | {"id": True}, **{"from": PERSON | {"id": True}}),
        message(chat=CHAT | {"id": 4711.0}, **{"from": PERSON | {"id": 4711.0}}),
        message(chat=CHAT | {"id": 10**400}, **{"from": PERSON | {"id": 10**400}}),
        message(chat=CHAT | {"id": 0}, **{"from": PERSON | {"id": 0}}),
        message(message_id=...),
        message(message_id="12"),
        message(message_id=-12),
        pressed(**{"from": OTHER_PERSON}),
        pressed(**{"from": BOT}),
        pressed(message=...),
        pressed(message=..., inline_message_id="abc"),
        pressed(message={"message_id": 31, "chat": GROUP, "date": SENT}),
        pressed(message={"chat": CHAT}),
        pressed(id=...),
        pressed(id=987),
        pressed(id=""),
        pressed(id="9" * 65),
        pressed(id="9\n"),
        pressed(id="ђ"),
        membership("kicked", chat=GROUP),
        membership("kicked", **{"from": OTHER_PERSON}),
        membership("kicked", new_chat_member="kicked"),
        membership("kicked", new_chat_member={"status": ["kicked"]}),
        update(),
        update(message=None),
        update(message=[message()["message"]]),
        update(message=message()["message"], callback_query=pressed()["callback_query"]),
        update(channel_post=message()["message"]),
        update(edited_channel_post=message()["message"]),
        update(business_message=message()["message"]),
        update(edited_message=message(chat=GROUP)["message"]),
        update(inline_query={"id": "1", "from": PERSON, "query": "a", "offset": ""}),
        update(chat_member=membership("kicked")["my_chat_member"]),
        update(poll={"id": "1"}),
        update(something_new={"from": PERSON, "chat": CHAT}),
    ],
)
def test_only_a_private_chats_own_person_is_heard(given: dict[str, Any]) -> None:
    assert said(given) == Incoming(Channel.TELEGRAM, "", Event.IGNORED)


@pytest.mark.parametrize("data", [..., "", "а" * 33, "x" * 65, "a\x00", "\ud800", 5, None, ["i1:2"]])
def test_a_press_with_data_that_is_not_ours_is_a_press_on_nothing(data: Any) -> None:
    heard = said(pressed(data=data))
    assert (heard.event, heard.text, heard.press) == (Event.PRESS, "", "987654")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"update_id": "5"},
        {"update_id": True},
        {"update_id": 1.5},
        {"update_id": -1},
        {"update_id": 2**63},
        {"update_id": None},
        {"message": message()["message"]},
    ],
)
def test_without_a_number_it_is_no_update(given: dict[str, Any]) -> None:
    assert number_of(given) is None
    with pytest.raises(NotAnUpdate):
        interpret(given, None)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"null", b"[]", b"5", b'"a"', b"\xff\xfe{\x00}\x00", b'{"update_id": 1', b"[" * 100_000,
     b'{"update_id": ' + b"9" * 5000 + b"}", b"{'update_id': 1}", "{}".encode("utf-16")],
)  # fmt: skip
def test_bytes_that_are_no_update(raw: bytes) -> None:
    with pytest.raises(NotAnUpdate) as caught:
        read(raw, None)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("passed", "age"), [(0, 0), (59, 59), (3600, 3600), (86_400, 86_400), (86_401, 0), (-1, 0), (10**9, 0)]
)
def test_the_age_is_the_providers_own_and_never_more_than_a_day(passed: int, age: float) -> None:
    assert interpret(message(), datetime.fromtimestamp(SENT + passed, UTC))[1].age == age


@pytest.mark.parametrize("date", [..., None, "1", 1.5, True, -5, 0, 10**30])
def test_an_age_that_cannot_be_known_is_none(date: Any) -> None:
    assert interpret(message(date=date), NOW)[1].age == 0.0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
REAL: list[Callable[[], dict[str, Any]]] = [
    message, pressed, lambda: membership("kicked"), lambda: message(text="/start abc"),
    lambda: update(edited_message=message()["message"]),
]  # fmt: skip


@given(JSON)
def test_any_json_is_an_update_or_clearly_none(value: object) -> None:
    _total(value)


@settings(suppress_health_check=[HealthCheck.too_slow])  # nested JSON draws slowly on a busy machine
@given(st.sampled_from(REAL), st.data())
def test_a_real_update_with_anything_in_any_place_never_raises(real: Callable[[], dict[str, Any]], data: Any) -> None:
    value = copy.deepcopy(real())
    for _ in range(data.draw(st.integers(1, 3))):
        _mutate(value, data)
    _total(value)


def _mutate(value: dict[str, Any], data: Any) -> None:
    place = value
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    if data.draw(st.booleans()):
        place[key] = data.draw(JSON)
    elif len(place) > 1:
        del place[key]


def _total(value: object) -> None:
    raw = json.dumps(value).encode()
    try:
        number, heard = read(raw, NOW)
    except NotAnUpdate:
        return
    assert number.isdigit()
    assert 0.0 <= heard.age <= 86_400
    heard.text.encode()
    assert "\x00" not in heard.text
    assert heard.event is Event.IGNORED or heard.sender.isdigit()
    assert heard.text == "" or heard.event not in (Event.IGNORED, Event.BLOCKED, Event.UNBLOCKED)
    assert (heard.press is not None) == (heard.event is Event.PRESS)
