"""An account is closed once somebody else stands where it stood; what cannot be taken is named, with the way there."""

import json

import pytest

from surveys.records import accounts, tasks
from surveys.records.accounts import Account
from surveys.records.tasks import NewTask
from surveys.rules.roles import Role
from surveys.steps.rota_change import listed
from surveys.steps.staff_leaving import HANDED_OVER
from tests.records.looked import chain
from tests.staff.office import Client, Office
from tests.steps.on_call import attested, on_call


async def account(office: Office, role: Role = Role.WORKER, centre: str = "kragujevac") -> Account:
    """An account that was just made."""
    login = f"quick.{len(office.clients)}@example.org"
    await office.client(role, centre)
    async with office.stage.service.database.reading() as tx:
        found = await accounts.find(tx, login)
    assert found is not None
    return found


async def closed(client: Client, leaver: str, **form: str) -> bool:
    answer = await client.post(f"/staff/accounts/{leaver}/close", **form)
    return answer.status_code == 303


async def test_who_takes_the_places_on_the_rota_is_chosen_and_told_and_it_is_audited(office: Office) -> None:
    leaver, heir = await account(office), await account(office)
    keeper, night = await office.client(Role.ADMINISTRATOR), {"days": "mon-sun", "from": "20:00", "to": "08:00"}
    row = on_call("x", "kragujevac", 2, hours=[night]) | {"email": leaver.login.upper()}
    await attested(office.stage.service.database, office.stage.now, [on_call("other"), row])
    page = (await keeper.get(f"/staff/accounts/{leaver.id}/close")).text
    assert "Крагујевац, ред 2, сваког дана 20:00–08:00" in page
    assert f'<option value="{heir.id}">' in page
    assert not await closed(keeper, leaver.id), "somebody must be chosen"
    refused = await keeper.post(f"/staff/accounts/{leaver.id}/close", to=heir.id)
    assert (refused.status_code, 'id="phone-wrong"' in refused.text) == (422, True), "on call without a number"
    assert await closed(keeper, leaver.id, to=heir.id, phone="+381 64 111 2233")
    async with office.stage.service.database.reading() as tx:
        now = (await listed(tx)).rows[1]
        assert {name: now[name] for name in ("centre", "order", "email", "hours")} == {
            "centre": "kragujevac", "order": 2, "email": heir.login, "hours": [night],
        }  # fmt: skip
        assert [each.subject for each in await tasks.standing(tx, "kragujevac")] == [heir.id]
        entries = {each.action: json.loads(each.detail) for each in await chain(tx)}
    assert entries["account.closed"] == {"to": heir.id}
    assert entries["rota.changed"]["centre"] == "kragujevac"


@pytest.mark.parametrize("which", ["another_centre", "another_role", "closed", "nobody", "oneself"])
async def test_safety_only_who_has_the_same_role_at_the_same_centre_takes_the_work(office: Office, which: str) -> None:
    leaver, foreign = await account(office), await account(office, centre="nis")
    keeper = await office.client(Role.ADMINISTRATOR)
    coordinator = await account(office, Role.COORDINATOR)
    gone = await account(office)
    await account(office)  # or the last one would not be closed at all
    assert await closed(keeper, gone.id)
    await attested(
        office.stage.service.database, office.stage.now, [on_call("x", "kragujevac") | {"email": leaver.login}]
    )
    to = {"another_centre": foreign.id, "another_role": coordinator.id, "closed": gone.id, "nobody": "u-none",
          "oneself": leaver.id}[which]  # fmt: skip
    assert not await closed(keeper, leaver.id, to=to, phone="+381641112233")
    async with office.stage.service.database.reading() as tx:
        assert [row["email"] for row in (await listed(tx)).rows] == [leaver.login]
        found = await accounts.get(tx, leaver.id)
        assert found is not None
        assert found.state == "active"
        assert [each for each in await tasks.standing(tx) if each.kind == HANDED_OVER] == []


async def test_where_nobody_can_take_the_rota_the_page_says_so_and_leads_to_each_row(office: Office) -> None:
    leaver, keeper = await account(office), await office.client(Role.ADMINISTRATOR)
    rows = [on_call("other"), on_call("x", "kragujevac", 2) | {"email": leaver.login}]
    await attested(office.stage.service.database, office.stage.now, rows)
    page = (await keeper.get(f"/staff/accounts/{leaver.id}/close")).text
    assert '<a href="/staff/settings/rota?edit=1#form">Дежурства: Крагујевац, ред 2</a>' in page
    assert 'name="to"' not in page
    assert not await closed(keeper, leaver.id)
    shown = (await keeper.get("/staff/settings/rota?edit=1")).text
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    await keeper.post("/staff/settings/rota/1/remove", seen=seen)
    assert await closed(keeper, leaver.id)


async def test_the_last_account_of_a_centre_where_something_waits_is_not_closed(office: Office) -> None:
    leaver, keeper = await account(office), await office.client(Role.ADMINISTRATOR)
    enrolled = await office.stage.enrol()
    async with office.stage.service.database.writing() as tx:
        await tasks.open_one(tx, NewTask("kragujevac", "wants_help", "x", enrolled.participant), office.stage.now)
    answer = await keeper.post(f"/staff/accounts/{leaver.id}/close")
    assert answer.status_code == 422
    assert 'href="/staff/accounts#invite"' in answer.text
    assert enrolled.participant not in answer.text, "an administrator sees no person"
    await office.client()
    assert await closed(keeper, leaver.id), "another worker is there by now"


async def test_who_stands_beside_the_leaver_already_is_not_called_twice(office: Office) -> None:
    leaver, heir = await account(office), await account(office)
    keeper = await office.client(Role.ADMINISTRATOR)
    rows = [on_call("x", "kragujevac", n) | {"email": who.login} for n, who in ((1, leaver), (2, heir))]
    await attested(office.stage.service.database, office.stage.now, rows)
    assert await closed(keeper, leaver.id, to=heir.id), "the list has the number"
    async with office.stage.service.database.reading() as tx:
        assert [(row["email"], row["order"]) for row in (await listed(tx)).rows] == [(heir.login, 2)]
