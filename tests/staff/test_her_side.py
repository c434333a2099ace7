"""The survivors' console: who takes a duress alert sees what was agreed on for it, and nobody else does."""

from pathlib import Path

from surveys.records import alerts, audit
from surveys.records.database import Database
from surveys.rules.roles import Role
from tests.staff.office import opened
from tests.steps.her_stage import DURESS, Phone, make_her_stage


async def test_safety_a_duress_alert_shows_her_plan_and_do_not_call_to_her_own_centre_alone(
    database: Database, tmp_path: Path
) -> None:
    her = await make_her_stage(database, tmp_path)
    await her.ready()
    await her.enrol()
    await Phone(her, await her.noticed()).gate(DURESS)
    async with database.reading() as tx:
        (alert,) = await alerts.standing(tx)
    async with opened(her) as office:
        own, foreign = await office.client(), await office.client(centre="nis")
        coordinator = await office.client(Role.EVALUATOR)
        shown = await own.get(f"/staff/alerts/{alert.id}")
        assert "Немојте звати ни писати" in shown.text
        assert "Pozovite sestru." in shown.text
        for other in (foreign, coordinator):
            assert "sestru" not in (await other.get(f"/staff/alerts/{alert.id}")).text
    async with database.reading() as tx:
        assert "duress_plan.read" in {each.action for each in await audit.of_subject(tx, alert.id)}
