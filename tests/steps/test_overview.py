"""The overview's figures: counted ahead, shown once for everybody, never a number from which a hidden one follows."""

from datetime import timedelta

from surveys.records import snapshots
from surveys.records.snapshots import Snapshot
from surveys.rules.suppression import OTHERS
from surveys.steps import overview
from tests.steps.stage import Stage

OUTCOMES = [
    ["nis", "m3", "complete", 31], ["nis", "m3", "non_contact", 12], ["nis", "m3", "refusal", 2],
    ["subotica", "m3", "complete", 4], ["vranje", "m3", "complete", 6], ["vranje", "m3", "planned", 12],
    ["subotica", "m3", "planned", 4],
]  # fmt: skip


def counted(stage: Stage, **more: object) -> Snapshot:
    return Snapshot(stage.now, {"outcomes": OUTCOMES, "contacts": [], "lateness": [], "took_ms": 1} | more)


async def test_i18_everybody_sees_the_same_numbers_and_sums_are_made_of_them_alone(stage: Stage) -> None:
    (wave,) = overview.shown(counted(stage))
    assert wave.groups["nis"] == {"complete": 30, "non_contact": 10, "refusal": None}
    assert wave.groups["vranje"] == {"complete": 5, "planned": 10}
    assert "subotica" not in wave.groups
    assert wave.together == {"complete": 35, "non_contact": 10, "refusal": None, "planned": 10}
    assert (wave.rate("nis"), wave.rate()) == (75, 78)


async def test_i18_a_worker_sees_their_centre_alone_and_never_the_small_ones_together(stage: Stage) -> None:
    (wave,) = overview.shown(
        counted(stage, outcomes=[*OUTCOMES, ["bor", "m3", "complete", 6], ["bor", "m3", "open", 2]])
    )
    assert OTHERS in wave.groups
    assert overview.visible(wave, "nis", "*") == ["nis"]
    assert overview.visible(wave, "subotica", "*") == []
    assert overview.visible(wave, OTHERS, "*") == []
    assert set(overview.visible(wave, "*", "*")) == set(wave.groups)


async def test_i18_lateness_is_said_in_tenths_of_thirty_at_least(stage: Stage) -> None:
    few = [["nis", "m3", "week", 20], ["nis", "m3", "later", 9]]
    (wave,) = overview.shown(counted(stage, lateness=few))
    assert set(wave.lateness.values()) == {None}
    (wave,) = overview.shown(counted(stage, lateness=[*few, ["bor", "m3", "week", 1]]))
    assert wave.lateness == {"week": 70, "later": 30}


async def test_what_is_counted_slowly_is_counted_by_the_tick_alone_and_once_an_hour(stage: Stage) -> None:
    await stage.enrol()
    first = await overview.latest(stage.service, stage.now)
    assert {row[0] for row in first.document["outcomes"]} == {"kragujevac"}
    async with stage.service.database.writing() as tx:
        await snapshots.keep(tx, overview.NAME, dict(first.document) | {"took_ms": 500, "outcomes": []}, stage.now)
    soon = stage.now + timedelta(minutes=59)
    assert (await overview.latest(stage.service, soon)).document["outcomes"] == []
    await overview.refresh(stage.service, soon)
    assert (await overview.latest(stage.service, soon)).document["took_ms"] == 500
    await overview.refresh(stage.service, stage.now + timedelta(minutes=61))
    assert (await overview.latest(stage.service, soon)).document["outcomes"] != []


async def test_a_count_that_no_tick_made_anew_is_made_on_opening_and_at_once_where_somebody_asks(stage: Stage) -> None:
    await stage.enrol()
    first = await overview.latest(stage.service, stage.now)
    stale = dict(first.document) | {"took_ms": 500, "outcomes": []}
    for later, asked, anew in ((61, False, True), (2, True, True), (0, True, False), (2, False, False)):
        async with stage.service.database.writing() as tx:
            await snapshots.keep(tx, overview.NAME, stale, stage.now)
        soon = stage.now + timedelta(minutes=later)
        if asked:
            await overview.again(stage.service, soon)
        assert bool((await overview.latest(stage.service, soon)).document["outcomes"]) is anew, (later, asked)
        stage.now = soon
