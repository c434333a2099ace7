"""The on-call list and the helplines as the console keeps them: gaps shown, nothing lost, two calls by two people."""

import json

import pytest

from surveys.records import readiness, tasks
from surveys.rules.roles import Role
from surveys.steps.lines import lines_of
from surveys.steps.rota_change import listed
from tests.records.looked import chain
from tests.staff.office import Office
from tests.steps.on_call import attested, on_call

AT, LINES = "/staff/settings/rota", "/staff/settings/helplines"
NEW = {"centre": "nis", "name": "Ана Илић", "phone": "+381641112233", "email": "ana@example.org", "order": "1"}


async def seen(office: Office) -> str:
    async with office.stage.service.database.reading() as tx:
        return (await listed(tx)).record


async def names(office: Office) -> list[str]:
    async with office.stage.service.database.reading() as tx:
        return [row["name"] for row in (await listed(tx)).rows]


async def test_a_row_is_added_changed_and_taken_off_and_the_rest_of_readiness_stays(office: Office) -> None:
    await attested(office.stage.service.database, office.stage.now, [on_call("first")])
    client = await office.client(Role.COORDINATOR)
    night = {"days_1": "mon-sun", "from_1": "20:00", "to_1": "08:00"}
    assert (await client.post(AT, **NEW, **night, seen=await seen(office))).status_code == 303
    assert await names(office) == ["first", "Ана Илић"]
    shown = (await client.get(f"{AT}?edit=1")).text
    assert 'value="20:00"' in shown
    await client.post(AT, **(NEW | {"name": "Ана Марић"}), place="1", seen=await seen(office))
    assert await names(office) == ["first", "Ана Марић"]
    await client.post(f"{AT}/0/remove", seen=await seen(office))
    assert await names(office) == ["Ана Марић"]
    async with office.stage.service.database.reading() as tx:
        last = await readiness.latest(tx)
    assert last is not None
    assert json.loads(last.document)["host_organisation"] == "Kuća"


@pytest.mark.parametrize("centre", ["*", "nis"])
async def test_safety_the_last_whom_a_centres_alerts_reach_is_neither_taken_off_nor_moved(
    office: Office, centre: str
) -> None:
    async with office.stage.service.database.writing() as tx:
        await readiness.record(tx, json.dumps({"on_call": [on_call("first", centre)]}), office.stage.now)
    client, moved = await office.client(Role.COORDINATOR), NEW | {"centre": "kragujevac"}
    assert (await client.post(f"{AT}/0/remove", seen=await seen(office))).status_code == 422
    assert "не би стизале никоме" in (await client.post(AT, **moved, place="0", seen=await seen(office))).text
    assert await names(office) == ["first"]
    await client.post(AT, **(NEW | {"centre": centre}), seen=await seen(office))
    assert (await client.post(f"{AT}/0/remove", seen=await seen(office))).status_code == 303


async def test_safety_whoever_is_put_on_replaced_or_taken_off_the_on_call_list_the_coordinators_are_told(
    office: Office,
) -> None:
    await attested(office.stage.service.database, office.stage.now, [on_call("first"), on_call("second")])
    client = await office.client(Role.ADMINISTRATOR)
    await client.post(AT, **NEW, seen=await seen(office))
    assert await told(office) == 1, "whoever is put on is told of alerts"
    await client.post(AT, **(NEW | {"centre": "kragujevac"}), place="0", seen=await seen(office))
    await client.post(f"{AT}/0/remove", seen=await seen(office))
    assert await told(office) == 3
    async with office.stage.service.database.reading() as tx:
        details = [each.detail for each in await chain(tx) if each.action == "rota.changed"]
    assert '"centre":"nis"' in details[1]
    assert '"into":"kragujevac"' in details[1]


async def told(office: Office) -> int:
    async with office.stage.service.database.reading() as tx:
        return len([each for each in await tasks.standing(tx) if (each.kind, each.centre) == ("rota_changed", "*")])


async def test_safety_hours_that_nobody_covers_are_shown_on_the_rota(office: Office) -> None:
    day = [{"days": "mon-fri", "from": "08:00", "to": "16:00"}]
    await attested(office.stage.service.database, office.stage.now, [on_call("first", hours=day)])
    client = await office.client(Role.ADMINISTRATOR)
    shown = (await client.get(AT)).text
    assert "петак 16:00 – понедељак 08:00" in shown
    assert "никад нико" in shown, "centres where nobody is listed"
    assert "има сати без дежурног" in (await client.get("/staff/settings")).text


async def test_a_list_that_somebody_else_changed_meanwhile_is_left_alone(office: Office) -> None:
    await attested(office.stage.service.database, office.stage.now, [on_call("first"), on_call("second")])
    client, old = await office.client(Role.COORDINATOR), await seen(office)
    await client.post(f"{AT}/0/remove", seen=old)
    assert (await client.post(f"{AT}/0/remove", seen=old)).status_code == 422
    assert (await client.post(AT, **NEW, place="0", seen=old)).status_code == 422
    assert await names(office) == ["second"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "12"},
        {"phone": "192"},
        {"email": "x@mup.example"},
        {"name": "Полиција"},
        {"email": "nobody"},
        {"order": "0"},
        {"centre": "none"},
        {"name": "a\nb"},
        {"from_1": "25:00"},
    ],
)
async def test_a_row_that_readiness_would_refuse_is_refused_and_what_was_typed_stays(
    office: Office, wrong: dict[str, str]
) -> None:
    await attested(office.stage.service.database, office.stage.now, [on_call("first")])
    client = await office.client(Role.COORDINATOR)
    given = NEW | {"days_1": "mon-fri", "from_1": "08:00", "to_1": "16:00"} | wrong
    shown = await client.post(AT, **given, seen=await seen(office))
    assert shown.status_code == 422
    assert "Проверите поље" in shown.text
    assert 'value="16:00"' in shown.text
    assert await names(office) == ["first"]


async def test_safety_a_helpline_is_verified_by_the_calls_of_two_accounts_and_never_of_one(office: Office) -> None:
    await attested(office.stage.service.database, office.stage.now)
    stage = office.stage
    today = stage.service.local(stage.now).date()
    line = next(each for each in stage.service.library.helplines if each.subject == "suicide")

    async def verified() -> bool:
        async with stage.service.database.reading() as tx:
            found = await lines_of(tx, stage.service.library)
        return next(each for each in found if each.name == line.name).verified(today)

    first, second = await office.client(Role.COORDINATOR), await office.client(Role.ADMINISTRATOR)
    assert (await first.post(f"{LINES}/{line.name}")).status_code == 303
    assert (await first.post(f"{LINES}/{line.name}")).status_code == 422
    assert not await verified()
    assert "Први позив: Мира Јовић" in (await second.get(LINES)).text
    assert (await second.post(f"{LINES}/{line.name}")).status_code == 303
    assert await verified()
    assert (await second.post(f"{LINES}/none")).status_code == 404


async def test_what_is_agreed_to_where_it_can_be_read_is_not_agreed_to_on_todays_page(office: Office) -> None:
    await attested(office.stage.service.database, office.stage.now)
    line = office.stage.service.library.helplines[-1].name
    await (await office.client(Role.COORDINATOR)).post(f"{LINES}/{line}")
    second = await office.client(Role.COORDINATOR)
    shown = (await second.get("/staff/")).text
    assert f'href="{LINES}"' in shown
    assert "/staff/approvals/" not in shown
