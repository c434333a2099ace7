"""The two forms of the export: what the research form may not hold, and files that are whole or not there."""

import csv
import os
import stat
from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import pytest

from surveys.records import audit, interviews
from surveys.records.evaluators import open_with_evaluator_key, read_evaluators_private
from surveys.steps.enrol import CASE_CODE
from surveys.steps.export import CASE, export
from surveys.steps.purge import purge
from surveys.steps.sheets import Folder, FolderRefused, Sheet, defused
from surveys.steps.withdraw import withdraw
from tests.steps.stage import Stage, given
from tests.steps.test_checkin import begun, finish

TWO = "by:a+by:b"


async def rows(stage: Stage, out: Path, *, research: bool = True) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    await export(stage.service, out, TWO, stage.now, research=research)
    with (out / "answers.csv").open() as answers, (out / "responses.csv").open() as responses:
        return list(csv.DictReader(answers)), list(csv.DictReader(responses))


async def test_the_research_form_holds_no_id_of_ours_and_no_day(stage: Stage, tmp_path: Path) -> None:
    person = await begun(stage)
    await finish(stage)
    answers, responses = await rows(stage, tmp_path / "one")
    again, _ = await rows(stage, tmp_path / "two")
    everything = "".join(file.read_text() for file in (tmp_path / "one").iterdir())
    assert person not in everything
    assert {row["participant"] for row in answers} == {row["participant"] for row in responses}
    assert not {row["participant"] for row in answers} & {row["participant"] for row in again}
    times = [row[key] for row in responses for key in ("due_on", "opened_at", "closed_at") if row[key]]
    times += [day for row in answers for day in row["window"].split("/") if day]
    assert {len(each) for each in times} == {len("2026-12")}
    private = read_evaluators_private(tmp_path / "evaluators" / "evaluators.key")
    assert open_with_evaluator_key(private, b64decode(responses[0][CASE]), CASE_CODE) == given()["case_code"]


async def test_nobody_without_consent_to_the_evaluation_is_in_the_research_form(stage: Stage, tmp_path: Path) -> None:
    await stage.enrol(consent=given()["consent"] | {"evaluation": False})
    gone = await begun(stage)
    async with stage.service.database.writing() as tx:
        await withdraw(tx, stage.service, gone, TWO, stage.now)
    assert await rows(stage, tmp_path / "out") == ([], [])


async def test_the_rows_of_the_side_hold_no_case_code(stage: Stage, tmp_path: Path) -> None:
    await begun(stage)
    _, responses = await rows(stage, tmp_path / "out", research=False)
    assert CASE not in responses[0]


async def test_i15_after_a_purge_counts_stay_and_answers_are_gone(stage: Stage, tmp_path: Path) -> None:
    person = await begun(stage)
    await finish(stage)
    async with stage.service.database.writing() as tx:
        await purge(tx, stage.service, person, TWO, stage.now)
    answers, responses = await rows(stage, tmp_path / "out", research=False)
    assert answers == []
    assert [(row["wave"], row["disposition"], row["answered"]) for row in responses] == [
        ("m3", "complete", "0"), ("m6", "withdrawn", "0"),
    ]  # fmt: skip


async def test_i14_every_export_is_in_the_audit(stage: Stage, tmp_path: Path) -> None:
    await begun(stage)
    await rows(stage, tmp_path / "out", research=False)
    async with stage.service.database.reading() as tx:
        (entry,) = await audit.of_subject(tx, "side")
    assert (entry.actor, entry.action) == (TWO, "answers.exported")
    assert '"responses":2' in entry.detail


async def test_the_files_are_whole_readable_by_their_owner_alone_and_nothing_else_is_left(
    stage: Stage, tmp_path: Path
) -> None:
    await begun(stage)
    before = set(os.listdir(tmp_path))
    await rows(stage, tmp_path / "out")
    assert set(os.listdir(tmp_path)) == {*before, "out"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "out").iterdir()} == {0o600}


async def test_an_export_that_fails_midway_leaves_nothing(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(stage)
    before = set(os.listdir(tmp_path))

    async def broken(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(interviews, "of_invitation", broken)
    with pytest.raises(OSError, match="disk"):
        await export(stage.service, tmp_path / "out", TWO, stage.now + timedelta(days=1))
    assert set(os.listdir(tmp_path)) == before


def test_a_folder_that_is_taken_is_refused(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "old.csv").touch()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for out in (taken, taken / "old.csv", tmp_path / "link", tmp_path / "no" / "such"):
        with pytest.raises(FolderRefused, match="--out"):
            Folder(out).__enter__()
    assert (taken / "old.csv").exists()


def test_an_empty_folder_is_taken_and_one_that_fills_meanwhile_is_not(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with Folder(out) as folder:
        folder.write({"a.csv": Sheet(("one",), [("1",)])})
        (out / "somebody").touch()
        with pytest.raises(FolderRefused):
            folder.publish()
    assert sorted(os.listdir(tmp_path)) == ["out"]
    assert os.listdir(out) == ["somebody"]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"])
def test_a_formula_is_only_text(cell: str) -> None:
    assert defused(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-3", "+4.5", "-1,5", "више од 5 пута", "a=b", ""])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert defused(cell) == cell
