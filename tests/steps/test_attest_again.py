"""A record of readiness that is handed in anew beside what the console changed since."""

import json
from typing import Any

import pytest

from surveys.records import audit, readiness, tasks
from surveys.steps.readiness import DIGEST, IN_CONSOLE, ReadinessRefused, amend, attest
from tests.steps.her_stage import attested
from tests.steps.stage import Stage

OTHER = {"centre": "*", "name": "Second", "phone": "+381601234567", "email": "second@example.org", "order": 1}


async def again(stage: Stage, given: dict[str, Any], *, replace_rota: bool = False) -> dict[str, Any]:
    """Hand it in; the record that counts then."""
    async with stage.service.database.writing() as tx:
        await attest(tx, json.dumps(given), "by:one", stage.now, replace_rota=replace_rota)
    return await standing(stage)


async def standing(stage: Stage) -> dict[str, Any]:
    async with stage.service.database.reading() as tx:
        last = await readiness.latest(tx)
    assert last is not None
    found: dict[str, Any] = json.loads(last.document)
    return found


async def changed(stage: Stage, **keys: Any) -> None:
    async with stage.service.database.writing() as tx:
        await amend(tx, stage.now, **keys)


async def test_i10_a_readiness_handed_in_anew_never_undoes_the_consoles_on_call_list_unasked(stage: Stage) -> None:
    given = attested()
    await again(stage, given)
    await again(stage, given | {"on_call": [*given["on_call"], OTHER]})
    await changed(stage, **{"on_call": [OTHER], IN_CONSOLE: True})
    with pytest.raises(ReadinessRefused, match="--replace-rota"):
        await again(stage, given)
    assert (await standing(stage))["on_call"] == [OTHER]
    assert (await again(stage, given | {"on_call": [OTHER]}))[IN_CONSOLE]
    after = await again(stage, given, replace_rota=True)
    assert after["on_call"] == given["on_call"]
    assert IN_CONSOLE not in after


async def test_the_hash_of_what_two_people_read_stays_while_the_same_people_stand_for_it(stage: Stage) -> None:
    given = attested()
    await again(stage, given)
    await changed(stage, **{DIGEST: "abc"})
    assert (await again(stage, given))[DIGEST] == "abc"
    assert DIGEST not in await again(stage, given | {"wording_approved_by": "Somebody Else"})


async def test_safety_whoever_else_is_told_of_alerts_from_now_on_the_coordinators_are_told(stage: Stage) -> None:
    async def told() -> int:
        async with stage.service.database.reading() as tx:
            return sum((each.kind, each.centre) == ("rota_changed", "*") for each in await tasks.standing(tx))

    given = attested()
    await again(stage, given)
    await again(stage, given | {"host_organisation": "Dom"})
    assert await told() == 0
    await again(stage, given | {"on_call": [*given["on_call"], OTHER]})
    assert await told() == 1
    moved = [row | {"centre": "kragujevac" if row == OTHER else row["centre"]} for row in [*given["on_call"], OTHER]]
    await again(stage, given | {"on_call": moved})
    async with stage.service.database.reading() as tx:
        last = (await readiness.latest(tx)).id  # type: ignore[union-attr]
        entries = await audit.of_subject(tx, last)
    audited = [json.loads(each.detail)["centre"] for each in entries if each.action == "rota.changed"]
    assert {"kragujevac", OTHER["centre"]} <= set(audited), "both centres read of it"
