"""SMS on the survivors' side: a test message keeps every rule that any message to her keeps."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from surveys.records import deliveries
from surveys.records.database import Database
from surveys.records.deliveries import NewDelivery
from surveys.rules.vocabulary import Channel, DeliveryKind
from surveys.steps.number_check import NotConfirmable, open_test
from tests.steps.her_stage import HOURS, HerStage, make_her_stage, safe
from tests.steps.stage import ZONE

IN_HOURS = datetime(2026, 9, 2, 15, 30, tzinfo=ZONE)
LATER = datetime(2026, 9, 2, 17, 30, tzinfo=ZONE)
"""Inside the side's hours, outside hers."""

ELSEWHERE = {"centre": "nis", "name": "Ana", "phone": "+381601112233", "email": "a@example.org", "order": 1}


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def test_a_test_message_goes_inside_her_hours_and_ends_with_them(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol()).participant
    message = await open_test(her.service, person, "by:one", IN_HOURS)
    assert message.until is not None
    assert message.until == IN_HOURS.replace(hour=16, minute=0)


@pytest.mark.parametrize(
    ("at", "ready", "changes"),
    [
        (LATER, {}, {}), (IN_HOURS, {}, {"blackout": ["2026-09-02"]}), (IN_HOURS, None, {}),
        (IN_HOURS, {"on_call": [ELSEWHERE]}, {}),
    ],
    ids=["hours", "blackout", "readiness", "rota"],
)  # fmt: skip
async def test_safety_a_test_message_keeps_her_own_hours_days_readiness_and_rota(
    her: HerStage, at: datetime, ready: dict[str, Any] | None, changes: dict[str, Any]
) -> None:
    if ready is not None:
        await her.ready(**ready)
    person = (await her.enrol(safe_contact=safe(hours=HOURS, **changes))).participant
    with pytest.raises(NotConfirmable):
        await open_test(her.service, person, "by:one", at)


async def test_safety_no_test_message_on_a_day_on_which_a_message_left(her: HerStage) -> None:
    await her.ready()
    person = (await her.enrol()).participant
    async with her.service.database.writing() as tx:
        new = NewDelivery(DeliveryKind.NOTICE, 0, Channel.SMS, IN_HOURS, "notice", person)
        await deliveries.born_claimed(tx, new, IN_HOURS.replace(hour=10))
    with pytest.raises(NotConfirmable):
        await open_test(her.service, person, "by:one", IN_HOURS)
