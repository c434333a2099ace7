"""Everything is asked again in the transaction that claims: what was allowed when it was planned may be so no more."""

from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from surveys.records import consents, deliveries, holds, participants
from surveys.records.consents import NewConsent
from surveys.records.database import Database, Tx
from surveys.records.holds import Scope
from surveys.rules.vocabulary import DeliveryState, Purpose
from surveys.steps.dispatch import claim_ready
from tests.steps.her_stage import HerStage, make_her_stage


@pytest_asyncio.fixture
async def due(database: Database, tmp_path: Path) -> HerStage:
    """Her notice is due now, inside her hours."""
    her = await make_her_stage(database, tmp_path)
    await her.ready()
    person = (await her.enrol()).participant
    async with database.reading() as tx:
        rows = await deliveries.of_participant(tx, person)
    her.now = min(row.due_at for row in rows if row.state is DeliveryState.PLANNED) + timedelta(minutes=1)
    return her


async def leaves(her: HerStage) -> bool:
    return bool((await claim_ready(her.service, her.now))[0])


async def person(tx: Tx) -> str:
    return (await participants.page(tx))[0].id


async def test_what_nothing_stands_against_leaves(due: HerStage) -> None:
    assert await leaves(due)


async def test_safety_hours_are_asked_again_as_a_message_is_claimed(due: HerStage) -> None:
    due.now = due.now.replace(hour=20)
    assert not await leaves(due)


@pytest.mark.parametrize("what", ["consent", "hold"])
async def test_safety_consent_and_holds_are_asked_again_as_a_message_is_claimed(due: HerStage, what: str) -> None:
    async with due.service.database.writing() as tx:
        who = await person(tx)
        if what == "consent":
            await consents.record(tx, NewConsent(who, Purpose.CONTACT, False, "1"), due.now)
        else:
            await holds.place(tx, Scope.PERSON, who, "asked", "by:one", due.now)
    assert not await leaves(due)
