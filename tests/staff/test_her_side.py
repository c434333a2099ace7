"""The survivors' console: who takes a duress alert sees what was agreed on for it, and nobody else does."""

from pathlib import Path

from surveys.records import alerts, approvals, audit, invitations, tasks
from surveys.records.database import Database
from surveys.records.tasks import NewTask
from surveys.rules.roles import MATRIX, Role
from tests.staff.office import opened
from tests.staff.test_matrix import BEHIND, MISSING, SAME, WITH_IDS, sent
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


async def test_i17_on_her_side_too_a_foreign_centres_id_answers_exactly_like_a_missing_one(
    database: Database, tmp_path: Path
) -> None:
    her = await make_her_stage(database, tmp_path)
    await her.ready()
    await her.enrol()
    await Phone(her, await her.noticed()).gate(DURESS)
    async with opened(her) as office:
        async with database.writing() as tx:
            (alert,) = await alerts.standing(tx)
            assert alert.participant is not None
            waves = await invitations.of_participant(tx, alert.participant)
            task = await tasks.open_one(tx, NewTask(alert.centre, "wants_help", "x", alert.participant), her.now)
        mine, foreign = await office.client(centre=alert.centre), await office.client(centre="nis")
        await mine.post(f"/staff/people/{alert.participant}/hold")
        await mine.post(f"/staff/people/{alert.participant}/release")
        async with database.reading() as tx:
            asked = await approvals.standing(tx, her.now)
        ids = {
            "participant": alert.participant, "alert": alert.id, "task": str(task), "invitation": waves[0].id,
            "approval": asked[0].id if asked else "v-none",
        }  # fmt: skip
        for page in WITH_IDS:
            theirs, none = await sent(foreign, page, ids), await sent(foreign, page, MISSING)
            assert (theirs.status_code, theirs.text) == (none.status_code, none.text), page.path
            assert [theirs.headers.get(name) for name in SAME] == [none.headers.get(name) for name in SAME], page.path


async def test_i17_on_her_side_every_role_gets_a_page_exactly_where_the_matrix_says_so_and_no_file(
    database: Database, tmp_path: Path
) -> None:
    her = await make_her_stage(database, tmp_path)
    async with opened(her) as office:
        for role in Role:
            client = await office.client(role)
            for page in BEHIND:
                answer = await sent(client, page, MISSING)
                if page.path == "/staff/me/sessions":  # it ended them all
                    client = await office.client(role)
                assert answer.status_code < 500, (role, page.path)
                assert "content-disposition" not in answer.headers, page.path
                if page.download or (page.may is not None and page.may not in MATRIX[role]):
                    assert answer.status_code == 404, (role, page.path)
