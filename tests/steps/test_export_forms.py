"""The two forms of the export: what the research form may not hold, and files that are whole or not there."""

import csv
import os
import stat
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given as given_texts
from hypothesis import strategies as st

from surveys.instruments.model import Item, Kind
from surveys.records import audit, interviews
from surveys.records.evaluators import (
    ExportOpener,
    make_evaluator_keys,
    read_evaluators_private,
    read_evaluators_public,
    seal_for_evaluators,
)
from surveys.rules.vocabulary import Channel
from surveys.steps.enrol import CASE_CODE
from surveys.steps.export import CASE, EvaluatorsKeyMissing, export, for_research
from surveys.steps.purge import purge
from surveys.steps.responses import Entry
from surveys.steps.sheets import Folder, FolderRefused, Sheet, defused, undefused
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
    opener = ExportOpener(read_evaluators_private(tmp_path / "evaluators" / "evaluators.key"))
    assert opener.open(b64decode(responses[0][CASE]), CASE_CODE) == given()["case_code"]


async def test_safety_two_research_exports_have_no_sealed_code_in_common(stage: Stage, tmp_path: Path) -> None:
    """Else who holds two exports follows a person from one to the other without any key."""
    await begun(stage)
    (_, one), (_, two) = await rows(stage, tmp_path / "one"), await rows(stage, tmp_path / "two")
    codes = [{b64decode(row[CASE]) for row in each} for each in (one, two)]
    assert codes[0]
    assert not codes[0] & codes[1]
    parts = [{code[at : at + 16] for code in each for at in range(9, len(code) - 16)} for each in codes]
    assert not parts[0] & parts[1], "nor any part of one but the name of the evaluators' key"


async def test_safety_without_the_evaluators_key_there_is_no_research_form(stage: Stage, tmp_path: Path) -> None:
    await begun(stage)
    service = replace(stage.service, evaluators_public=None)
    with pytest.raises(EvaluatorsKeyMissing):
        await export(service, tmp_path / "out", TWO, stage.now, research=True)
    assert not (tmp_path / "out").exists()


def test_a_code_that_was_sealed_once_as_in_older_exports_is_opened_too(tmp_path: Path) -> None:
    public, private = make_evaluator_keys(tmp_path)
    opener = ExportOpener(read_evaluators_private(private))
    assert opener.open(seal_for_evaluators(read_evaluators_public(public), "KG-1", CASE_CODE), CASE_CODE) == "KG-1"


def test_safety_a_day_leaves_as_its_month_and_what_was_known_or_written_freely_does_not_leave() -> None:
    def entry(kind: Kind, value: str | None) -> Entry:
        return Entry(Item(kind.value, kind, f"/data/{kind}"), value, None, None, Channel.PAGE)

    given_ = [entry(Kind.DATE, "2026-12-24"), entry(Kind.DATE, None), entry(Kind.INTEGER, "3")]
    secret = [entry(kind, "x") for kind in (Kind.TEXT, Kind.HIDDEN, Kind.CALCULATE)]
    assert [each.value for each in for_research([*given_, *secret])] == ["2026-12", None, "3"]


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


@given_texts(st.text(alphabet="'=+-@ 1,.a\t", max_size=6))
def test_what_was_defused_reads_as_it_was(cell: str) -> None:
    assert undefused(defused(cell)) == cell


@pytest.mark.parametrize("cell", ["-3", "+4.5", "-1,5", "више од 5 пута", "a=b", ""])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert defused(cell) == cell
