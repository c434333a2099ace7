"""An interview in a survivor's chat, on both databases: its gate, its bubble, and what an onlooker can tell apart."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from surveys.language.dull import undull
from surveys.language.script import Script, script_of
from surveys.records import alerts, answers, holds, invitations, participants, tasks, traces
from surveys.records.database import Database
from surveys.records.trace_tables import chat_sessions, ephemeral_messages
from surveys.rules.vocabulary import Channel, Disposition, Status, Urgency
from surveys.steps.chat import end_idle
from surveys.steps.gate import GATE_SECONDS
from surveys.steps.ports import Event, Incoming, Outgoing
from surveys.steps.traces import sweep
from tests.steps.her_stage import CODE, DURESS, HerStage, make_her_stage, safe
from tests.steps.test_traces import Provider

HERS, NOBODY = "31", "99"
EXIT, NUMBERS = "Izlaz", "Brojevi"


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def noticed(her: HerStage, language: str = "sr_Latn", **changes: Any) -> str:
    """Somebody who asked for an interview in the chat, and whose notice has just arrived."""
    await her.ready()
    contact = safe(**({"interview": "chat"} | changes))
    person = await her.enrol(channel="telegram", phone=None, safe_contact=contact, language=language)
    await her.start(person.token, HERS)
    assert await her.forward_until(60)
    return str(person.participant)


def labels(message: Outgoing) -> list[str]:
    return [button.label for row in message.buttons for button in row]


def seen(message: Outgoing | None) -> tuple[Any, ...] | None:
    """What somebody sees who holds the phone, and when."""
    if message is None:
        return None
    shown = message.text, labels(message), message.edit is not None, message.press is not None, message.toast
    return (*shown, message.silent, message.pause, message.lasts)


async def through_the_cover(her: HerStage, chat: str, word: str) -> list[tuple[Any, ...] | None]:
    """All that follows DA and a word, to the end of the everyday survey."""
    shown = [await her.say("DA", chat), await her.say(word, chat)]
    for step in range(20):
        last = shown[-1]
        if last is None or not last.buttons:
            break
        shown.append(await her.press(labels(last)[0], chat) if step % 2 else await her.say("ne znam", chat))
    provider = Provider()
    await sweep(her.service, provider.wipe, lambda: her.now)
    her.now += timedelta(minutes=3)
    await sweep(her.service, provider.wipe, lambda: her.now)
    async with her.service.database.reading() as tx:
        assert traces.chat_index(tx, chat) not in await left(her)
    return [*(seen(each) for each in shown), (len(provider.of(chat)),)]


async def left(her: HerStage) -> list[bytes]:
    async with her.service.database.reading() as tx:
        return [row[0] for row in await tx.rows(select(ephemeral_messages.c.chat))]


async def sessions(her: HerStage) -> int:
    async with her.service.database.reading() as tx:
        return len(await tx.rows(select(chat_sessions.c.tag)))


async def emptied(her: HerStage) -> Provider:
    """Everything that is to go now has gone."""
    provider = Provider()
    await end_idle(her.service, her.now)
    await sweep(her.service, provider.wipe, lambda: her.now)
    return provider


async def opened(her: HerStage) -> Outgoing:
    """Through the gate, to the consent text."""
    await her.say("DA", HERS)
    shown = await her.say(CODE, HERS)
    assert shown is not None
    assert "dobrovoljno" in shown.text
    return shown


async def asked(her: HerStage) -> Outgoing:
    """Through the gate, to the first question."""
    await opened(her)
    shown = await her.press("Pristajem", HERS)
    assert shown is not None
    return shown


async def answered(her: HerStage) -> Outgoing:
    """To the end, by the first answer of each question; the last bubble."""
    shown = await asked(her)
    for _ in range(40):
        if EXIT not in labels(shown):
            return shown
        pressed = await her.press(labels(shown)[0], HERS)
        assert pressed is not None
        shown = pressed
    raise AssertionError("the questions have no end")


async def test_safety_one_silent_bubble_edited_in_place_and_nothing_left_at_the_end(her: HerStage) -> None:
    person = await noticed(her)
    notice = her.ledger[-1]
    assert labels(notice) == ["DA", "KASNIJE"]
    assert "/p/" not in notice.text
    first = await her.press("DA", HERS, notice)
    assert first is not None
    assert first.silent
    bubble, before = first.delivery, len(her.ledger)
    await her.say(CODE, HERS)
    shown = await her.press("Pristajem", HERS)
    while shown is not None and EXIT in labels(shown):
        assert NUMBERS in labels(shown)
        shown = await her.press(labels(shown)[0], HERS)
    assert shown is not None
    assert "192" in shown.text
    since = her.ledger[before:]
    assert {each.edit for each in since} == {bubble}
    assert all(each.silent for each in since)
    gone = (await emptied(her)).of(HERS)
    assert {notice.delivery} <= gone
    assert bubble not in gone, "the last words are there to be read"
    her.now += timedelta(minutes=3)
    assert (await emptied(her)).of(HERS) == {bubble}
    assert await left(her) == []
    async with her.service.database.reading() as tx:
        [wave, *_] = await invitations.of_participant(tx, person)
        assert wave.disposition is Disposition.COMPLETE
        assert {each.mode for each in await answers.of_participant(tx, person)} == {Channel.TELEGRAM}


async def test_safety_wrong_word_duress_word_and_unknown_sender_are_alike_in_the_chat(her: HerStage) -> None:
    await noticed(her)
    await emptied(her)
    her.now += timedelta(hours=21)
    await emptied(her)
    unknown = await through_the_cover(her, NOBODY, CODE)
    assert await through_the_cover(her, HERS, "muzika i knjige") == unknown
    assert await through_the_cover(her, HERS, DURESS) == unknown
    assert all(each[6] == GATE_SECONDS for each in unknown[:-1] if each)
    async with her.service.database.reading() as tx:
        assert [(each.rule, each.urgency, each.call_consented) for each in await alerts.standing(tx)] == [
            ("duress", Urgency.URGENT, False)
        ]
        assert [each.reason for each in await holds.standing(tx)] == ["duress"]


@pytest.mark.parametrize("changes", [{"interview": "page"}, {"do_not_contact": False, "interview": "page"}])
async def test_safety_her_code_word_opens_nothing_in_a_chat_that_she_did_not_choose(
    her: HerStage, changes: dict[str, Any]
) -> None:
    await noticed(her, **changes)
    await her.say("DA", HERS)
    shown = await her.say(CODE, HERS)
    await her.say("DA", NOBODY)
    assert seen(shown) == seen(await her.say(CODE, NOBODY))


async def test_safety_no_item_is_shown_in_the_chat_before_the_code_word(her: HerStage) -> None:
    await noticed(her)
    for word in (CODE, "zdravo"):
        shown = await her.say(word, HERS)
        assert shown is not None
        assert shown.text == her.service.library.text("unknown_sender", "sr_Latn")
    await her.say("DA", HERS)
    await her.say("nešto", HERS)
    shown = await her.say(CODE, HERS)
    assert shown is not None
    assert "dobrovoljno" not in shown.text, "the word counts as the first answer alone"


async def test_safety_an_idle_bubble_goes_after_three_minutes_and_only_the_code_word_resumes(her: HerStage) -> None:
    await noticed(her)
    await asked(her)
    place = await her.press(labels(her.ledger[-1])[0], HERS)
    assert place is not None
    her.now += timedelta(minutes=2)
    await emptied(her)
    assert await sessions(her) == 1
    her.now += timedelta(minutes=1)
    gone = await emptied(her)
    assert place.edit in gone.of(HERS)
    assert await left(her) == []
    assert await sessions(her) == 0
    assert (await her.press_data(place.buttons[0][0].data, place, HERS)).text == ""  # type: ignore[union-attr]
    again = await her.say(CODE, HERS)
    assert again is not None
    assert again.text == her.service.library.text("unknown_sender", "sr_Latn")
    await her.say("DA", HERS)
    resumed = await her.say(CODE, HERS)
    assert resumed is not None
    assert resumed.text == place.text


async def test_safety_an_idle_bubble_is_over_whether_a_tick_saw_that_or_not(her: HerStage) -> None:
    await noticed(her)
    shown = await asked(her)
    her.now += timedelta(minutes=4)
    again = await her.say(CODE, HERS)
    assert again is not None
    assert again.text == her.service.library.text("unknown_sender", "sr_Latn")
    pressed = await her.press(labels(shown)[0], HERS, shown)
    assert pressed is None or pressed.text == ""


async def test_safety_a_clock_that_was_set_back_leaves_no_bubble_standing(her: HerStage) -> None:
    await noticed(her)
    await asked(her)
    her.now -= timedelta(days=1)
    await emptied(her)
    assert await sessions(her) == 0
    assert await left(her) == []


@pytest.mark.parametrize("word", ["IZLAZ", "kasnije", "ДОСТА"])
async def test_safety_leaving_takes_everything_out_of_the_chat_at_once_and_says_nothing(
    her: HerStage, word: str
) -> None:
    person = await noticed(her)
    await asked(her)
    assert await her.say(word, HERS) is None
    await emptied(her)
    assert await left(her) == []
    async with her.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.ACTIVE


async def test_safety_the_exit_button_leaves_from_the_cover_and_from_behind_the_gate(her: HerStage) -> None:
    await noticed(her)
    for behind in (False, True):
        await (asked(her) if behind else her.say("DA", HERS))
        out = await her.press(EXIT, HERS)
        assert out is not None
        assert (out.text, out.toast) == ("", "")
        await emptied(her)
        assert await left(her) == []


@pytest.mark.parametrize("word", ["STOP", "одјава", "prekini"])
async def test_safety_a_withdrawal_word_in_the_chats_cover_is_heard_and_answered_alike(
    her: HerStage, word: str
) -> None:
    person = await noticed(her)
    shown = []
    for chat in (HERS, NOBODY):
        await her.say("DA", chat)
        shown.append(seen(await her.say(word, chat)))
    assert shown[0] == shown[1]
    async with her.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN
        assert "withdrew_do_not_contact" in [each.kind for each in await tasks.standing(tx)]
    her.now += timedelta(minutes=3)
    await emptied(her)
    assert await left(her) == []


async def test_safety_a_withdrawal_behind_the_gate_says_the_same_and_leaves_nothing(her: HerStage) -> None:
    person = await noticed(her)
    await asked(her)
    shown = await her.say("STOP", HERS)
    assert shown is not None
    assert shown.text == her.service.library.text("withdrawal", "sr_Latn")
    async with her.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN
    her.now += timedelta(minutes=3)
    await emptied(her)
    assert await left(her) == []


async def test_typed_answers_are_taken_and_go_at_once(her: HerStage) -> None:
    person = await noticed(her)
    await asked(her)
    for _ in range(3):
        assert await her.say("1", HERS) is not None
    async with her.service.database.reading() as tx:
        assert await answers.of_participant(tx, person)
    gone = (await emptied(her)).of(HERS)
    assert len(gone) >= 5


async def test_safety_the_lines_are_in_reach_at_every_question_in_the_chat(her: HerStage) -> None:
    await noticed(her)
    await opened(her)
    at_consent = await her.press(NUMBERS, HERS)
    assert at_consent is not None
    assert "192" in at_consent.text
    await her.press("Pristajem", HERS)
    question = her.ledger[-1].text
    shown = await her.press(NUMBERS, HERS)
    assert shown is not None
    assert "192" in shown.text
    assert question.split("\n\n")[-1].strip()[:30] in shown.text
    assert EXIT in labels(shown)


async def test_behind_the_gate_every_button_speaks_her_language_whatever_the_cover_spoke(her: HerStage) -> None:
    await noticed(her, language="sr_Cyrl")
    await her.say("DA", HERS)
    asked = await her.say(CODE, HERS)
    assert asked is not None
    assert {script_of(label) for label in labels(asked)} == {Script.CYRILLIC}


async def test_a_stranger_who_puts_it_off_reads_what_she_would(her: HerStage) -> None:
    await noticed(her)
    later = await her.say("KASNIJE", HERS)
    assert seen(later) == seen(await her.say("KASNIJE", NOBODY))
    assert later is not None
    assert later.text == her.service.library.text("left", "sr_Latn")


async def test_what_is_no_text_goes_on_with_the_cover(her: HerStage) -> None:
    await noticed(her)
    shown = []
    for chat in (HERS, NOBODY):
        await her.say("DA", chat)
        shown.append(seen(await her.send_in(Incoming(Channel.TELEGRAM, chat, Event.OTHER, message="5000"))))
    assert shown[0] == shown[1] is not None


@pytest.mark.parametrize("word", ["pusti me", "obriši me", "neću više", "prestani", "STOP"])
async def test_safety_words_outside_a_session_are_answered_alike_for_a_known_and_an_unknown_sender(
    her: HerStage, word: str
) -> None:
    await noticed(her)
    known, unknown = seen(await her.say(word, HERS)), seen(await her.say(word, NOBODY))
    assert known == unknown is not None


@pytest.mark.parametrize("language", ["sr_Cyrl", "sr_Latn", "en"])
async def test_safety_every_line_button_and_payload_of_the_chat_before_the_gate_is_dull(
    her: HerStage, language: str
) -> None:
    await noticed(her, language)
    await her.say("pomoc", HERS)
    await through_the_cover(her, HERS, "nije to ta rec")
    await her.say("ko je to", HERS)
    await her.say("STOP", HERS)
    said = [each for each in her.ledger if each.address == HERS]
    assert len(said) > 8
    for each in said:
        payloads = " ".join(f"{button.data} {button.url}" for row in each.buttons for button in row)
        assert undull(" ".join([each.text, *labels(each), each.toast or "", payloads])) == ()


async def test_her_own_link_is_greeted_alike_before_her_wave_and_in_it(her: HerStage) -> None:
    await her.ready()
    early = await her.enrol(channel="telegram", phone=None)
    before = await her.start(early.token, HERS)
    late = await her.enrol(channel="telegram", phone=None, case_code="KG-LATE", completed_on="2026-05-20")
    during = await her.start(late.token, "32")
    assert before is not None
    assert during is not None
    assert seen(before) == seen(during)
    assert "Kada bude spremna" in during.text
