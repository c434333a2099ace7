"""Pseudonymous answers leave only where two people agreed, once; on her side only where a setting says so."""

import io
import zipfile

import pytest

from surveys.records import approvals, audit
from surveys.rules.roles import Role
from tests.staff.answered import go_through
from tests.staff.office import Client, Office


async def agreed(office: Office, by: Client) -> int:
    async with office.stage.service.database.reading() as tx:
        (request,) = await approvals.standing(tx, office.stage.now)
    return (await by.post(f"/staff/approvals/{request.id}")).status_code


async def test_safety_pseudonymous_answers_leave_once_where_another_person_agreed(office: Office) -> None:
    person = await go_through(office.stage)
    evaluator, coordinator = await office.client(Role.EVALUATOR), await office.client(Role.COORDINATOR)
    assert (await evaluator.post("/staff/data/file")).status_code == 422
    await evaluator.post("/staff/data/ask")
    assert (await evaluator.post("/staff/data/file")).status_code == 422
    assert await agreed(office, coordinator) == 303
    handed = await evaluator.post("/staff/data/file")
    assert handed.status_code == 200, handed.text
    with zipfile.ZipFile(io.BytesIO(handed.content)) as archive:
        assert "answers.csv" in archive.namelist()
        assert not any(person in archive.read(name).decode() for name in archive.namelist())
    assert (await evaluator.post("/staff/data/file")).status_code == 422
    async with office.stage.service.database.reading() as tx:
        (entry,) = [each for each in await audit.of_subject(tx, "side") if each.action == "answers.exported"]
        assert len(set(entry.actor.split("+"))) == 2


@pytest.mark.parametrize("role", [Role.WORKER, Role.COORDINATOR, Role.ADMINISTRATOR])
async def test_safety_nobody_but_an_evaluator_is_handed_answers(office: Office, role: Role) -> None:
    client = await office.client(role)
    for path in ("/staff/data/ask", "/staff/data/file"):
        assert (await client.post(path)).status_code == 404


async def test_safety_a_worker_of_one_centre_agrees_to_no_export_of_all(office: Office) -> None:
    evaluator, worker = await office.client(Role.EVALUATOR), await office.client()
    await evaluator.post("/staff/data/ask")
    assert await agreed(office, worker) == 404
    assert (await evaluator.post("/staff/data/file")).status_code == 422


async def test_a_coordinator_records_a_withdrawal_but_erases_nobody(office: Office) -> None:
    person = (await office.stage.enrol()).participant
    coordinator, worker = await office.client(Role.COORDINATOR), await office.client()
    form = f"/staff/people/{person}/change/"
    for client, kind, status in ((coordinator, "purge", 404), (coordinator, "withdraw", 200), (worker, "purge", 200)):
        assert (await client.get(form + kind)).status_code == status
    assert (await coordinator.post(form + "purge", sure="yes")).status_code == 404
    assert "change/purge" not in (await coordinator.get(f"/staff/people/{person}")).text
