"""The retention clocks at work, on both databases: what goes, what stays, and that no copy of it is left behind."""

from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import delete, select

from surveys.records import (
    alerts,
    answers,
    audit,
    contacts,
    holds,
    invitations,
    participants,
    safe_contacts,
    tasks,
    ticks,
)
from surveys.records.alerts import NewAlert
from surveys.records.database import Database
from surveys.records.holds import Scope
from surveys.records.tables import links
from surveys.records.tasks import NewTask
from surveys.rules.vocabulary import Channel, Disposition, Status, Urgency
from surveys.steps import retain
from surveys.steps.export import export
from surveys.steps.page_said import Do
from surveys.steps.purge import purge
from surveys.steps.retain import LetGo, retain_nightly
from surveys.steps.withdraw import ERASED, withdraw
from tests.records.looked import chain
from tests.steps.her_stage import CODE, PHONE, HerStage, Phone, make_her_stage, safe
from tests.steps.stage import Stage

DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def over(her: HerStage, *, answered: bool = True, **changes: object) -> str:
    """Somebody whose waves are over, from now on."""
    participant = str((await her.enrol(**changes)).participant)
    how = Disposition.COMPLETE if answered else Disposition.NON_CONTACT
    async with her.service.database.writing() as tx:
        for each in await invitations.of_participant(tx, participant):
            await invitations.close(tx, each.id, how, her.now, None)
    return participant


async def let_go(her: HerStage) -> LetGo:
    return await retain.retain(her.service, "service", her.now)


async def status(her: HerStage, participant: str) -> Status:
    async with her.service.database.reading() as tx:
        return (await participants.get(tx, participant)).status


async def reachable(her: HerStage, participant: str) -> bool:
    async with her.service.database.reading() as tx:
        known = await contacts.of_participant(tx, participant), await safe_contacts.history(tx, participant)
        return any(known)


def planted(folder: Path, *words: str) -> list[str]:
    """Those of the words that stand in any file of the side's."""
    kept = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    return [word for word in words if word.encode() in kept]


async def test_safety_contact_details_go_once_every_wave_is_over_for_so_long(her: HerStage) -> None:
    participant = await over(her, born_on="1990-02-03")
    her.now += 89 * DAY
    assert await let_go(her) == LetGo()
    assert await reachable(her, participant)
    her.now += DAY
    assert (await let_go(her)).contacts == 1
    assert not await reachable(her, participant)
    async with her.service.database.reading() as tx:
        private = await participants.private(tx, participant)
        assert (private.born_on, private.completed_on) == (None, None)
        assert await contacts.current(tx, participant, Channel.SMS) is None
        assert await contacts.find(tx, Channel.SMS, PHONE) == []
    assert await status(her, participant) is Status.ACTIVE
    assert await let_go(her) == LetGo(), "once"


async def test_safety_nobody_with_an_open_wave_or_alert_loses_anything(her: HerStage) -> None:
    await her.ready()
    participant = str((await her.enrol()).participant)
    phone = Phone(her, await her.noticed())
    await phone.gate(safe()["duress_word"])
    async with her.service.database.writing() as tx:
        for each in await invitations.of_participant(tx, participant):
            await invitations.close(tx, each.id, Disposition.NON_CONTACT, her.now, None)
    her.now += 4000 * DAY
    assert (await let_go(her)).purged == 0
    assert await reachable(her, participant)


async def test_safety_the_clocks_count_from_when_the_last_alert_was_closed(her: HerStage) -> None:
    participant = await over(her)
    async with her.service.database.writing() as tx:
        alert = await alerts.open_one(tx, NewAlert(participant, "nis", "duress", Urgency.URGENT, False), her.now)
        assert alert is not None
    her.now += 200 * DAY
    async with her.service.database.writing() as tx:
        await alerts.acknowledge(tx, alert, "by:one", her.now)
        assert await alerts.close(tx, alert, "by:one", her.now)
    assert await let_go(her) == LetGo(), "her plan is needed in the days after an alert most of all"
    assert await reachable(her, participant)
    her.now += 90 * DAY
    assert (await let_go(her)).contacts == 1


@pytest.mark.parametrize("link", [True, False])
async def test_safety_who_never_pressed_start_keeps_nothing_past_the_clock_either(stage: Stage, link: bool) -> None:
    participant = str((await stage.enrol(born_on="1990-02-03", other_word="bivša supruga")).participant)
    async with stage.service.database.writing() as tx:
        for each in await invitations.of_participant(tx, participant):
            await invitations.close(tx, each.id, Disposition.COMPLETE, stage.now, None)
        assert await tx.rows(select(links.c.id))
        if not link:
            await tx.run(delete(links))
        assert await contacts.of_participant(tx, participant) == []
    stage.now += 90 * DAY
    assert (await retain.retain(stage.service, "service", stage.now)).contacts == 1
    async with stage.service.database.reading() as tx:
        private = await participants.private(tx, participant)
        assert (private.born_on, private.completed_on, private.other_word) == (None, None, None)
        assert await tx.rows(select(links.c.id)) == []
    assert await retain.retain(stage.service, "service", stage.now) == LetGo(), "once"


async def test_i15_an_enrolment_without_an_answer_is_purged_whole_and_left_in_no_copy(
    her: HerStage, tmp_path: Path
) -> None:
    participant = await over(her, answered=False, safe_contact=safe(duress_plan="zovite Slavojku"))
    her.now += 180 * DAY
    before = her.service.tombstones.read()
    assert (await let_go(her)).purged == 1
    assert await status(her, participant) is Status.PURGED
    assert len(her.service.tombstones.read()) == len(before) + 1
    assert planted(tmp_path, "Slavojku", PHONE, CODE) == []


async def test_i15_what_a_purge_took_is_in_no_export(her: HerStage, tmp_path: Path) -> None:
    await her.ready()
    participant = str((await her.enrol()).participant)
    phone = Phone(her, await her.noticed())
    await phone.gate(CODE)
    await phone.do(Do.AGREE)
    await phone.do(Do.NEXT, "c0")
    async with her.service.database.reading() as tx:
        assert await answers.of_participant(tx, participant)
    her.now += 60 * DAY
    async with her.service.database.writing() as tx:
        for each in await invitations.of_participant(tx, participant):
            await invitations.close(tx, each.id, Disposition.PARTIAL, her.now, None)
    her.now += 1826 * DAY
    assert (await let_go(her)).purged == 1
    out = tmp_path / "out"
    await export(her.service, out, "by:a+by:b", her.now)
    assert participant not in (out / "answers.csv").read_text()


async def test_i11_who_withdrew_is_recognised_after_contact_details_are_gone(her: HerStage) -> None:
    participant = await over(her)
    async with her.service.database.writing() as tx:
        await withdraw(tx, her.service, participant, "by:one", her.now)
    her.now += 90 * DAY
    assert (await let_go(her)).contacts == 1
    assert not await reachable(her, participant)
    async with her.service.database.reading() as tx:
        [found] = await contacts.find(tx, Channel.SMS, PHONE)
    assert (found.participant, found.status) == (participant, Status.WITHDRAWN)


async def test_notes_of_what_was_closed_go_and_the_audit_keeps_its_chain(her: HerStage) -> None:
    participant = str((await her.enrol()).participant)
    async with her.service.database.writing() as tx:
        task = await tasks.open_one(
            tx, NewTask("nis", "late", participant, participant, note="ponesite kljuc"), her.now
        )
        assert task
        await tasks.close(tx, task, "by:one", her.now)
    her.now += 366 * DAY
    assert (await let_go(her)).notes == 1
    async with her.service.database.writing() as tx:
        audit.record(tx, "service", "side.made", "side", her.now)
    her.now += 3653 * DAY
    await let_go(her)
    async with her.service.database.reading() as tx:
        assert await audit.verify(tx) is None
        entries = await chain(tx)
        assert (await audit.verify_some(tx, 0))[0] is None
    assert entries[0].seq > 1
    assert any(each.action == audit.FORGOTTEN for each in entries)


async def test_safety_a_clock_that_is_far_ahead_erases_nobody(her: HerStage) -> None:
    participant = await over(her)
    await retain_nightly(her.service, her.now)
    her.now += 3000 * DAY
    await retain_nightly(her.service, her.now)
    assert await status(her, participant) is Status.ACTIVE


async def test_safety_nothing_goes_by_itself_while_the_side_is_on_hold(her: HerStage) -> None:
    participant = await over(her)
    her.now = (her.now + 89 * DAY).replace(hour=1)
    await retain_nightly(her.service, her.now)
    async with her.service.database.writing() as tx:
        await holds.place(tx, Scope.SIDE, holds.WHOLE_SIDE, "clock_stepped", "service", her.now)
    her.now += 2 * DAY
    await retain_nightly(her.service, her.now)
    assert await reachable(her, participant)
    async with her.service.database.writing() as tx:
        await holds.release(tx, Scope.SIDE, holds.WHOLE_SIDE, "by:a+by:b", her.now)
    await retain_nightly(her.service, her.now)
    assert not await reachable(her, participant)


async def test_safety_a_clock_that_stays_far_ahead_erases_nobody_night_after_night(her: HerStage) -> None:
    participant = await over(her)
    await retain_nightly(her.service, her.now)
    for jump in (29, 80, 3000):
        her.now += jump * DAY
        for _ in range(3):
            her.now = (her.now + DAY).replace(hour=1)
            await retain_nightly(her.service, her.now)
    assert await reachable(her, participant)


async def test_a_look_by_a_clock_that_was_ahead_does_not_stand_in_the_way_once_it_is_right(her: HerStage) -> None:
    participant = await over(her)
    right = her.now
    await retain_nightly(her.service, right + 3000 * DAY)
    await retain_nightly(her.service, right)
    async with her.service.database.reading() as tx:
        assert await ticks.latest(tx) == right, "no start afterwards is taken for trouble"
        assert await ticks.last(tx, retain.REACHED) == right
    assert await reachable(her, participant)


async def test_what_an_outage_delayed_goes_at_once_by_hand(her: HerStage) -> None:
    participant = await over(her)
    await retain_nightly(her.service, her.now)
    her.now += 95 * DAY
    await retain_nightly(her.service, her.now)
    assert await reachable(her, participant)
    assert (await let_go(her)).contacts == 1


async def test_once_a_night_and_by_day_only_where_a_night_was_missed(her: HerStage) -> None:
    participant = await over(her)
    her.now = her.now.replace(hour=10) + 89 * DAY
    await retain_nightly(her.service, her.now)
    her.now += DAY + timedelta(hours=2)
    await retain_nightly(her.service, her.now)
    assert await reachable(her, participant), "not by day"
    her.now = (her.now + DAY).replace(hour=1)
    await retain_nightly(her.service, her.now)
    assert not await reachable(her, participant)


async def test_i15_a_scrub_that_was_cut_short_is_made_good_by_the_next_look(her: HerStage) -> None:
    participant = await over(her, answered=False)
    her.now += 180 * DAY
    async with her.service.database.writing() as tx:
        await purge(tx, her.service, participant, "service", her.now)
    async with her.service.database.reading() as tx:
        assert await ticks.runs(tx, ERASED) == 1
    await let_go(her)
    async with her.service.database.reading() as tx:
        assert await ticks.runs(tx, ERASED) == 0
