"""What waits for staff: listed, acknowledged, closed; audited, and never with a person's words."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from posle.enrolling import enrol
from posle.opening import opened
from posle.waiting import AskedAtClosing, NothingWaits, settle, waiting
from surveys.records import alerts, audit, tasks
from surveys.records.alerts import NewAlert
from surveys.records.tasks import NewTask
from surveys.rules.vocabulary import Urgency
from tests.posle.test_people import NOW, PERSON, everybody, folder, telegram

__all__ = ["folder", "telegram"]


async def opened_both(folder: Path) -> tuple[str, str]:
    await enrol(folder, PERSON, NOW)
    (person,) = await everybody(folder)
    async with opened(folder) as (_, database), database.writing() as tx:
        alert = await alerts.open_one(
            tx, NewAlert(person.id, "nis", "answer", Urgency.URGENT, True, escalate_at=NOW), NOW
        )
        task = await tasks.open_one(tx, NewTask("nis", "wants_help", person.id, person.id), NOW)
    assert alert
    assert task
    return alert, task


async def test_alerts_stand_before_tasks_and_say_that_they_are_late(folder: Path) -> None:
    alert, task = await opened_both(folder)
    first, second = await waiting(folder, None, NOW)
    assert (first["id"], first["late"], first["call_consented"], second["id"]) == (alert, True, True, task)
    assert await waiting(folder, "kragujevac", NOW) == []


async def test_an_alert_is_acknowledged_and_a_task_is_closed(folder: Path) -> None:
    alert, task = await opened_both(folder)
    assert await settle(folder, [alert, task], "Мира", NOW) == ["alert.acknowledged", "task.closed"]
    async with opened(folder) as (_, database), database.reading() as tx:
        done = [(each.action, each.actor) for each in await audit.of_subject(tx, alert)]
        assert await audit.verify(tx) is None
    assert [action for action, _ in done] == ["alert.acknowledged"]
    assert "Мира" not in json.dumps(done, ensure_ascii=False)


async def test_safety_no_alert_is_closed_past_its_question(folder: Path) -> None:
    alert, task = await opened_both(folder)
    await settle(folder, [alert], "Мира", NOW)
    with pytest.raises(AskedAtClosing):
        await settle(folder, [task, alert], "Мира", NOW)
    assert [each["what"] for each in await waiting(folder, None, NOW)] == ["alert (acknowledged)", "task"]


async def test_an_unknown_id_settles_nothing_at_all(folder: Path) -> None:
    alert, _ = await opened_both(folder)
    with pytest.raises(NothingWaits):
        await settle(folder, [alert, "k-unknown"], "Мира", NOW)
    assert (await waiting(folder, None, NOW))[0]["what"] == "alert (open)"


async def test_every_task_is_listed_the_oldest_first_however_many_there_are(folder: Path) -> None:
    await enrol(folder, PERSON, NOW)
    async with opened(folder) as (_, database), database.writing() as tx:
        for number in range(520):
            about = NewTask("nis", "wants_help", f"about-{number}")
            await tasks.open_one(tx, about, NOW - timedelta(minutes=number))
    listed = await waiting(folder, None, NOW)
    assert len(listed) == 520
    assert [each["since"] for each in listed] == sorted(each["since"] for each in listed)
