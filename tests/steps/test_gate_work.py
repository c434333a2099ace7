"""The gate costs the same work whoever stands before it: slow hashes are counted, on the page and in the chat.

What is left of the difference, a few statements in the database, is swallowed by the deadline at which answers leave.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_asyncio

from surveys.records import passwords
from surveys.records.database import Database, Tx
from surveys.records.failures import DatabaseUnavailable
from surveys.rules.vocabulary import Channel
from surveys.steps.chat import overheard
from surveys.steps.page_said import Do
from surveys.steps.ports import Event, Incoming
from tests.steps import test_chat
from tests.steps.her_stage import CODE, DURESS, HerStage, Phone, make_her_stage
from tests.steps.test_chat import HERS, NOBODY

TWO = 2
"""The code word's hash and the duress word's."""


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many slow hashes were computed since it was asked last; each is computed all the same."""
    counted: list[bool] = []
    real = passwords._compare

    def compare(kept: str | None, word: str) -> bool:
        counted.append(True)
        return real(kept, word)

    def taken() -> int:
        number = len(counted)
        counted.clear()
        return number

    monkeypatch.setattr(passwords, "_compare", compare)
    return taken


async def test_safety_the_gate_of_the_page_costs_everybody_two_slow_hashes(
    her: HerStage, hashes: Callable[[], int]
) -> None:
    await her.ready()
    await her.enrol()
    phone = Phone(her, await her.noticed())
    other, unknown = Phone(her, phone.token), Phone(her, "x" * 22)
    for visitor, word in ((phone, "nesto"), (other, CODE), (unknown, CODE), (unknown, "STOP"), (phone, CODE)):
        await visitor.do(Do.START)
        assert hashes() == 0
        await visitor.do(Do.NEXT, text=word)
        assert hashes() == TWO, word
    for _ in range(10):
        await phone.gate("pogresna")
    hashes()
    await phone.gate(CODE)
    assert hashes() == TWO, "where the code word opens nothing any more"
    await phone.gate(DURESS)
    assert hashes() == TWO


async def test_safety_every_answer_of_the_cover_costs_the_same_as_its_first(
    her: HerStage, hashes: Callable[[], int]
) -> None:
    phone = Phone(her, "x" * 22)
    await phone.gate("nesto")
    hashes()
    for _ in range(3):
        await phone.do(Do.NEXT, text="nesto")
        assert hashes() == TWO


async def test_safety_the_gate_in_the_chat_costs_everybody_two_slow_hashes(
    her: HerStage, hashes: Callable[[], int]
) -> None:
    await test_chat.noticed(her)
    for chat in (HERS, NOBODY):
        await her.say("DA", chat)
        hashes()
        for word in ("nesto", CODE, DURESS):
            said = Incoming(Channel.TELEGRAM, chat, Event.TEXT, word)
            await overheard(her.service, said, her.now)
            assert hashes() == TWO, (chat, word)


async def test_safety_a_known_and_an_unknown_link_fail_alike_where_nothing_can_be_written(
    her: HerStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await her.ready()
    await her.enrol()
    known, unknown = Phone(her, await her.noticed()), Phone(her, "x" * 22)
    for visitor in (known, unknown):
        await visitor.do(Do.START)

    async def full(*_: object, **__: object) -> int:
        raise DatabaseUnavailable

    monkeypatch.setattr(Tx, "run", full)
    monkeypatch.setattr(Tx, "many", full)
    for visitor in (known, unknown):
        for said in ("nesto", CODE, DURESS, "STOP"):
            with pytest.raises(DatabaseUnavailable):
                await visitor.do(Do.NEXT, text=said)
        with pytest.raises(DatabaseUnavailable):
            await visitor.do(Do.START)
