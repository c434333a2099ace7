"""An interview in a survivor's chat, on a running service: what she does, what an onlooker sees, what is left."""

from pathlib import Path

from posle.opening import opened
from surveys.records import alerts, answers, holds
from surveys.rules.vocabulary import DeliveryKind, DeliveryState
from surveys.steps.gate import GATE_SECONDS
from tests.journeys.her_chat import HERS, IDLE, NOBODY, HerChat, Seen, her_chat
from tests.steps.her_stage import CODE, DURESS

EXIT = "Izlaz"


async def through_the_cover(her: HerChat, chat: int, word: str) -> list[Seen]:
    """DA, a word as the first answer, and on to the end; all that left to this chat."""
    after = len(her.side.wire.world.ledger.accepted)
    await her.typed(chat, "DA")
    await her.typed(chat, word)
    while EXIT in [button["text"] for row in her.bubble(chat).keyboard for button in row]:
        await her.pressed(chat)
    return her.transcript(chat, after)


async def emptied(her: HerChat, chat: int, since: int = 0) -> None:
    """Three minutes on, nothing since that message is on the phone."""
    her.side.clock.set(her.side.clock.now() + IDLE)
    await her.became(lambda: not [each for each in her.shown(chat) if each.number > since])


async def test_safety_her_chat_from_the_notice_to_the_end_through_a_kill_leaves_nothing(tmp_path: Path) -> None:
    async with her_chat(tmp_path) as her:
        await her.noticed()
        await her.pressed(HERS, "DA")
        await her.typed(HERS, CODE)
        bubble = her.bubble(HERS)
        assert "dobrovoljno" in bubble.text
        assert (bubble.silent, bubble.protected) == (True, True)
        await her.pressed(HERS, "Pristajem")
        await her.pressed(HERS)
        assert her.bubble(HERS).number == bubble.number
        await her.side.kill()
        assert bubble.shown
        await her.side.serve()
        await emptied(her, HERS)
        before = len(her.side.wire.world.ledger.accepted)
        await her.typed(HERS, "DA")
        await her.typed(HERS, CODE)
        while EXIT in [button["text"] for row in her.bubble(HERS).keyboard for button in row]:
            await her.pressed(HERS)
        assert "192" in her.bubble(HERS).text
        sent = [each for each in her.transcript(HERS, before) if each[0] == "sendMessage"]
        assert len(sent) == 1, "one bubble, edited in place"
        await emptied(her, HERS)
        async with opened(her.side.folder) as (_, database), database.reading() as tx:
            assert len(await answers.of_participant(tx, her.person)) > 8
        await her.side.noticed_nothing_of(CODE, DURESS, f"Planted{HERS}")


async def test_safety_an_onlooker_sees_the_same_of_a_wrong_word_the_duress_word_and_a_stranger(tmp_path: Path) -> None:
    async with her_chat(tmp_path) as her:
        await her.noticed()
        her.waited.clear()
        unknown = await through_the_cover(her, NOBODY, CODE)
        await emptied(her, NOBODY)
        assert await through_the_cover(her, HERS, "muzika i knjige") == unknown
        await emptied(her, HERS)
        assert await through_the_cover(her, HERS, DURESS) == unknown
        await emptied(her, HERS)
        assert min(her.waited) >= GATE_SECONDS - 0.02, "every answer before the gate leaves at its deadline"
        async with opened(her.side.folder) as (_, database), database.reading() as tx:
            assert [each.rule for each in await alerts.standing(tx)] == ["duress"]
            assert [each.reason for each in await holds.standing(tx)] == ["duress"]
        for _ in range(2 * 10):
            await her.forward()
        assert her.shown(HERS) == [], "after the duress word nothing is started, so no reminder came"
        notices = await her.side.notices(HERS)
        assert [(each.kind, each.state) for each in notices if each.state is DeliveryState.SENT] == [
            (DeliveryKind.NOTICE, DeliveryState.SENT)
        ]
