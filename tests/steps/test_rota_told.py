"""Whatever way the on-call list changes, coordinators are told of who is gone, and each centre's change is audited."""

import json
from typing import Any

import pytest

from surveys.records import accounts, audit, tasks
from surveys.records.accounts import NewAccount
from surveys.rules.roles import Reader, Role
from surveys.steps import centres_set, rota_change
from surveys.steps.readiness import attest
from surveys.steps.rota_told import CHANGED
from tests.records.looked import chain
from tests.steps.on_call import attested, on_call
from tests.steps.stage import Stage

FIRST, SECOND = on_call("first"), on_call("second", order=2)


async def told(stage: Stage) -> int:
    async with stage.service.database.reading() as tx:
        return len([each for each in await tasks.standing(tx, "*") if each.kind == CHANGED])


async def ready(stage: Stage, rows: list[dict[str, Any]], *, replace: bool = False) -> None:
    async with stage.service.database.writing() as tx:
        given = {"on_call": rows, "wording_approved_by": "A", "wording_approved_on": "2027-01-01"}
        await attest(tx, json.dumps(given), "by:operator", stage.now, replace_rota=replace)


@pytest.mark.parametrize("replace", [False, True])
async def test_safety_a_record_of_readiness_that_takes_somebody_off_the_list_tells_the_coordinators(
    stage: Stage, replace: bool
) -> None:
    await ready(stage, [FIRST])
    await ready(stage, [FIRST, SECOND])
    assert await told(stage) == 1, "whoever is put on is told of alerts"
    await ready(stage, [SECOND], replace=replace)
    assert await told(stage) == 2
    await ready(stage, [SECOND | {"centre": "kragujevac"}], replace=replace)
    assert await told(stage) == 3, "moved away is gone too"
    async with stage.service.database.reading() as tx:
        centres = [json.loads(each.detail)["centre"] for each in await chain(tx) if each.action == "rota.changed"]
    assert centres == ["nis", "nis", "kragujevac", "nis"], "of a row that moved both centres read"


async def test_safety_one_of_two_equal_rows_that_goes_is_said(stage: Stage) -> None:
    await ready(stage, [FIRST, FIRST])
    await ready(stage, [FIRST])
    assert await told(stage) == 1


async def test_safety_a_merge_that_moves_who_is_on_call_tells_the_coordinators(stage: Stage) -> None:
    await attested(stage.service.database, stage.now)
    for login in ("one@example.org", "two@example.org"):
        async with stage.service.database.writing() as tx:
            new = NewAccount(login, "Мира", Role.COORDINATOR, "*", "sr_Cyrl", "operator")
            reader = Reader(await accounts.add(tx, new, stage.now), Role.COORDINATOR, "*")
            await centres_set.merge(tx, stage.service, reader, "nis", "kragujevac", stage.now)
    assert await told(stage) == 1
    async with stage.service.database.reading() as tx:
        record = (await rota_change.listed(tx)).record
        last = (await audit.of_subject(tx, record))[-1]
    assert (last.action, json.loads(last.detail)) == (
        "rota.changed", {"centre": "nis", "into": "kragujevac", "count": 4},
    )  # fmt: skip
