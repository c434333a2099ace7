"""What leaves goes by the version of the protocol under which somebody was enrolled: its days, hours and caps."""

from datetime import timedelta
from pathlib import Path

import pytest

from surveys.records import participants
from surveys.records.database import Database
from surveys.rules.calendar import local_day
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import DeliveryKind
from surveys.steps.follow import follow_notice
from tests.steps.her_stage import HerStage, make_her_stage, safe
from tests.steps.stage import ZONE, Stage
from tests.steps.test_own_protocol import approved, kinds


@pytest.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    """Her side before readiness is recorded."""
    return await make_her_stage(database, tmp_path)


async def test_reminders_follow_the_version_under_which_somebody_was_enrolled(stage: Stage) -> None:
    before = await stage.enrol()
    await stage.start(before.token)
    await approved(stage, reminders__after_days="20, 25", first_contact__to_day="0")
    after = await stage.enrol()
    await stage.start(after.token, chat="12")
    await stage.forward(stage.now + timedelta(days=106))
    for who, days in ((before.participant, (4, 11)), (after.participant, (20, 25))):
        (notice,) = await kinds(stage, who)
        assert notice.finished_at is not None, "the notice was sent"
        first = local_day(notice.finished_at, ZONE)
        reminders = await kinds(stage, who, DeliveryKind.REMINDER)
        gaps = [(local_day(each.due_at, ZONE) - first).days for each in reminders]
        assert [abs(gap - day) <= 4 for gap, day in zip(gaps, days, strict=True)] == [True, True], gaps


async def test_i12_a_reminder_more_than_the_protocol_still_knows_is_cancelled_and_the_notice_stays_sent(
    her: HerStage,
) -> None:
    await approved(her, reminders__after_days="7, 14", reminders__maximum="2", caps__per_wave="3")
    await her.ready(protocol_version="1.1")
    person = (await her.enrol(safe_contact=safe(reminders=2))).participant
    first, second = await kinds(her, person, DeliveryKind.REMINDER)
    async with her.service.database.writing() as tx:
        await participants.change(tx, person, her.now, protocol=None)  # as where a kept version cannot be followed
        await follow_notice(tx, her.service, person, str(first.invitation), first.due_at - timedelta(days=4))
    moved, gone = await kinds(her, person, DeliveryKind.REMINDER)
    assert (moved.state, gone.state, gone.reason) == ("planned", "cancelled", Reason.FEWER_AGREED)
    assert first.due_at < moved.due_at < second.due_at, "seven days after a notice that left three days late"


async def test_i19_a_claim_asks_the_cap_of_the_version_under_which_somebody_was_enrolled(stage: Stage) -> None:
    who = await stage.enrol()
    await stage.start(who.token)
    await approved(stage, reminders__default="1", reminders__maximum="1", caps__per_wave="2")
    await stage.forward(stage.now + timedelta(days=125))
    (notice,) = await kinds(stage, who.participant)
    reminders = await kinds(stage, who.participant, DeliveryKind.REMINDER)
    assert [each.state for each in (notice, *reminders)] == ["sent"] * 3, "theirs are three"


async def test_i4_a_claim_asks_the_hours_of_the_version_under_which_somebody_was_enrolled(stage: Stage) -> None:
    await approved(stage, hours__0__to="10:00")
    who = await stage.enrol()
    await stage.start(who.token)
    await approved(stage, hours__0__to="20:00")
    (notice,) = await kinds(stage, who.participant)
    stage.now = notice.due_at.astimezone(ZONE).replace(hour=15)
    await stage.tick()
    (notice,) = await kinds(stage, who.participant)
    assert notice.finished_at is None, "inside the hours in force, outside those that were agreed"
    assert notice.due_at.astimezone(ZONE).hour == 9
