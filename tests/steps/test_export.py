"""The export: every answer once, missing kinds apart, nothing half written."""

import csv
from datetime import timedelta
from pathlib import Path

from surveys.steps.expire import expire
from surveys.steps.export import ANSWERS, PROTOCOL, RESPONSES, export
from tests.steps.stage import Stage
from tests.steps.test_checkin import begun, finish, last


async def exported(stage: Stage, folder: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    await export(stage.service, folder, "by:a+by:b", stage.now)
    with (folder / "answers.csv").open() as answers, (folder / "responses.csv").open() as responses:
        return list(csv.DictReader(answers)), list(csv.DictReader(responses))


async def test_every_answer_stands_once_with_item_wave_window_and_version(stage: Stage, tmp_path: Path) -> None:
    person = await begun(stage)
    await finish(stage)
    answers, responses = await exported(stage, tmp_path / "out")
    assert tuple(answers[0]) == ANSWERS
    assert tuple(responses[0]) == (*RESPONSES, PROTOCOL)
    keys = [(row["participant"], row["wave"], row["item"]) for row in answers]
    assert len(keys) == len(set(keys))
    by_item = {row["item"]: row for row in answers}
    assert by_item["contact_now"]["value"] == "together"
    assert by_item["physical_force"]["construct"] == "physical"
    day = stage.service.local(stage.now).date().isoformat()
    assert by_item["physical_force"]["window"] == f"2026-09-01/{day}"
    assert by_item["contact_now"]["window"] == ""
    assert {row["participant"] for row in answers} == {person}
    assert {(row["wave"], row["disposition"]) for row in responses} == {("m3", "complete"), ("m6", "planned")}


async def test_skipped_refused_not_reached_and_not_applicable_are_told_apart(stage: Stage, tmp_path: Path) -> None:
    await begun(stage)
    await stage.press("Preskoči")
    await stage.press("Dalje")
    await stage.press("Ne želim da odgovorim")
    await stage.press_data(last(stage).buttons[0][0].data, last(stage))
    answers, _ = await exported(stage, tmp_path / "out")
    missing = {row["item"]: row["missing"] for row in answers}
    assert missing["contact_now"] == "skipped"
    assert missing["insulted"] == "refused"
    assert missing["controlled"] == ""
    assert missing["own_change"] == "not_reached"
    assert missing["earlier_harm"] == "not_applicable"


async def test_a_partial_response_is_kept_when_its_wave_is_over(stage: Stage, tmp_path: Path) -> None:
    await begun(stage)
    await stage.press_data(last(stage).buttons[0][0].data, last(stage))
    stage.now += timedelta(days=50)
    assert await expire(stage.service, stage.now) == 1
    assert await expire(stage.service, stage.now) == 0
    answers, responses = await exported(stage, tmp_path / "out")
    assert [row["disposition"] for row in responses if row["wave"] == "m3"] == ["partial"]
    assert {row["item"]: row["value"] for row in answers}["contact_now"] == "together"
