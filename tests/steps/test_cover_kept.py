"""What is answered in the everyday survey is stored nowhere, in clear or sealed; words of danger are heard there."""

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from surveys.records import alerts
from surveys.records.database import Database
from surveys.records.sealing import Seals
from surveys.records.tables import metadata
from surveys.rules.vocabulary import Urgency
from surveys.steps.page_said import Do, View
from tests.steps.her_stage import HerStage, Phone, make_her_stage
from tests.steps.test_chat import HERS, NOBODY, noticed

PLANTED = "zlatnikljuc7"


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is sealed from now on, as it is sealed all the same."""
    seen: list[str] = []
    seal = Seals.seal

    def overheard(self: Seals, *arguments: Any) -> bytes:
        seen.append(str(arguments))
        return seal(self, *arguments)

    monkeypatch.setattr(Seals, "seal", overheard)
    return seen


async def in_clear(her: HerStage) -> str:
    """Every row of every table."""
    async with her.service.database.reading() as tx:
        return " ".join([str(await tx.rows(select(table))) for table in metadata.sorted_tables])


async def alarms(her: HerStage) -> list[tuple[str, Urgency, bool]]:
    async with her.service.database.reading() as tx:
        return [(each.rule, each.urgency, each.call_consented) for each in await alerts.standing(tx)]


async def test_safety_what_is_answered_in_the_cover_is_stored_nowhere(her: HerStage, sealed: list[str]) -> None:
    await her.ready()
    await her.enrol()
    phone = Phone(her, await her.noticed())
    for each in (phone, Phone(her, "x" * 22)):
        await each.do(Do.START)
        await each.do(Do.NEXT, text=f"{PLANTED} first")
    await phone.do(Do.NEXT, "c0", text=f"{PLANTED} second")
    assert phone.screen.view is View.COVER
    assert PLANTED not in await in_clear(her)
    assert [each for each in sealed if PLANTED in each] == []
    assert sealed, "what is sealed is overheard"


async def test_safety_what_is_answered_in_the_chats_cover_is_stored_nowhere(her: HerStage, sealed: list[str]) -> None:
    await noticed(her)
    for chat in (HERS, NOBODY):
        await her.say("DA", chat)
        assert await her.say(PLANTED, chat) is not None
    assert await her.say(PLANTED, HERS) is not None
    assert PLANTED not in await in_clear(her)
    assert [each for each in sealed if PLANTED in each] == []
    assert sealed, "what is sealed is overheard"


async def test_safety_words_of_danger_in_the_cover_raise_an_urgent_alert_that_consents_to_no_call(
    her: HerStage,
) -> None:
    await her.ready()
    await her.enrol()
    phone = Phone(her, await her.noticed())
    await phone.do(Do.START)
    wrong = await phone.do(Do.NEXT, text="ubiću se večeras")
    assert wrong.view is View.COVER
    assert await alarms(her) == [("words", Urgency.URGENT, False)]
