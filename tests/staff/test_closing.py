"""An account that is still needed is not closed: what it is needed for is named, with the way to where that changes."""

from surveys.records import accounts, tasks
from surveys.records.tasks import NewTask
from surveys.rules.roles import Role
from tests.staff.office import Client, Office
from tests.steps.on_call import attested, on_call


async def worker(office: Office) -> str:
    """The id of Kragujevac's only worker."""
    await office.client()
    async with office.stage.service.database.reading() as tx:
        return next(each.id for each in await accounts.everyone(tx) if each.role is Role.WORKER)


async def closed(client: Client, account: str) -> bool:
    answer = await client.post(f"/staff/accounts/{account}/close")
    return answer.status_code == 303


async def test_an_account_on_the_rota_is_not_closed_and_each_row_is_named_with_the_way_there(office: Office) -> None:
    account, keeper = await worker(office), await office.client(Role.ADMINISTRATOR)
    async with office.stage.service.database.reading() as tx:
        found = await accounts.get(tx, account)
    assert found is not None
    rows = [on_call("other"), on_call("x", "kragujevac", 2) | {"email": found.login}]
    await attested(office.stage.service.database, office.stage.now, rows)
    answer = await keeper.post(f"/staff/accounts/{account}/close")
    assert answer.status_code == 422
    assert '<a href="/staff/settings/rota?edit=1#form">Крагујевац, ред 2</a>' in answer.text
    shown = (await keeper.get("/staff/settings/rota?edit=1")).text
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    await keeper.post("/staff/settings/rota/1/remove", seen=seen)
    assert await closed(keeper, account)


async def test_the_last_account_of_a_centre_where_something_waits_is_not_closed_and_the_counts_are_said(
    office: Office,
) -> None:
    account, keeper = await worker(office), await office.client(Role.ADMINISTRATOR)
    enrolled = await office.stage.enrol()
    async with office.stage.service.database.writing() as tx:
        await tasks.open_one(tx, NewTask("kragujevac", "wants_help", "x", enrolled.participant), office.stage.now)
    answer = await keeper.post(f"/staff/accounts/{account}/close")
    assert answer.status_code == 422
    assert "задатака: 1" in answer.text
    assert 'href="#invite"' in answer.text
    assert enrolled.participant not in answer.text, "an administrator sees no person"
    await office.client()
    assert await closed(keeper, account), "another worker is there by now"
