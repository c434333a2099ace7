"""The headless demo: a small cohort is played through six months by real processes over real HTTP."""

import csv
import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from posle.cli.demo import demo
from posle.demo.cohort import ADMITTED, FINISH, SCALE, make_cohort
from posle.demo.once import FIRST, once
from posle.demo.summary import FILE, lines


def test_the_cohort_keeps_the_articles_proportions_and_has_more_than_400_completers() -> None:
    cohort = make_cohort(1, FIRST)
    assert {name: number / SCALE for name, number in cohort.started.items()} == ADMITTED
    assert all(cohort.completed[name] == round(number * FINISH) for name, number in cohort.started.items())
    assert sum(cohort.completed.values()) >= 400
    assert len(cohort.men) >= 400
    assert make_cohort(1, FIRST) == cohort != make_cohort(2, FIRST)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Six months, played by the first worker that asks; the others wait for it."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    base = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    out = base / "demo-played"
    with (base / "demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (out / FILE).exists():
            out.mkdir(exist_ok=True)
            figures = await once(out, seed=3, tell=lambda _: None, scale=1)
            assert json.loads((out / FILE).read_text()) == figures
    return out, cast(dict[str, Any], json.loads((out / FILE).read_text()))


@pytest.mark.asyncio(loop_scope="module")
async def test_six_months_are_played_and_every_wave_has_a_disposition(played: tuple[Path, dict[str, Any]]) -> None:
    _, figures = played
    for wave in ("m3", "m6"):
        ends = figures["waves"][wave]["dispositions"]
        assert sum(ends.values()) == figures["consented"]
        assert set(ends) <= {"complete", "partial", "break_off", "refusal", "withdrawn", "expired", "non_contact"}
        assert ends["complete"] > figures["consented"] / 3
    assert any("started" in line for line in lines(figures))


@pytest.mark.asyncio(loop_scope="module")
async def test_men_answer_by_both_channels_and_women_by_link_and_in_calls(played: tuple[Path, dict[str, Any]]) -> None:
    out, _ = played
    assert {"telegram", "page"} <= _modes(out / "ex-perpetrators")
    assert {"page", "phone"} <= _modes(out / "survivors")


def _modes(folder: Path) -> set[str]:
    with (folder / "responses.csv").open() as file:
        return {row["mode"] for row in csv.DictReader(file) if row["disposition"] == "complete"}


def test_about_one_man_in_ten_is_reached_by_sms_and_his_number_is_his_own() -> None:
    men = make_cohort(1, FIRST).men
    numbers = [man.given["phone"] for man in men if man.given["channel"] == "sms"]
    assert 0.06 < len(numbers) / len(men) < 0.14
    assert len(set(numbers)) == len(numbers)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_export_holds_every_complete_response(played: tuple[Path, dict[str, Any]]) -> None:
    out, figures = played
    with (out / "ex-perpetrators" / "responses.csv").open() as file:
        rows = list(csv.DictReader(file))
    complete = [row for row in rows if row["disposition"] == "complete"]
    assert len(complete) == sum(figures["waves"][wave]["dispositions"]["complete"] for wave in ("m3", "m6"))
    with (out / "ex-perpetrators" / "answers.csv").open() as file:
        keys = [(row["participant"], row["wave"], row["item"]) for row in csv.DictReader(file)]
    assert len(keys) == len(set(keys)) > 100


@pytest.mark.asyncio(loop_scope="module")
async def test_both_sides_end_in_one_report_in_each_script(played: tuple[Path, dict[str, Any]]) -> None:
    out, _ = played
    with (out / "survivors" / "responses.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["wave"] for row in rows} == {"m3", "m6"}
    assert any(row["disposition"] == "complete" for row in rows)
    texts = [(out / f"assessment-{each}" / "report.html").read_text() for each in ("sr_Cyrl", "sr_Latn", "en")]
    assert len(set(texts)) == 3


def test_a_run_that_is_ended_early_leaves_the_folder_of_before_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ended(out: Path, _: int, tell: Callable[[str], None]) -> None:
        tell("2026-10 …")
        (out / FILE).write_text("half")
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("posle.demo.once.once", ended)
    (tmp_path / "demo-output").mkdir()
    (tmp_path / "demo-output" / "kept").touch()
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        demo(once=True)
    assert [each.name for each in (tmp_path / "demo-output").iterdir()] == ["kept"]
    assert [each.name for each in tmp_path.iterdir()] == ["demo-output"]


@pytest.mark.asyncio(loop_scope="module")
async def test_its_reports_say_that_the_people_are_invented(played: tuple[Path, dict[str, Any]]) -> None:
    out, _ = played
    for language, said in (("sr_Cyrl", "измишљени"), ("sr_Latn", "izmišljeni"), ("en", "invented")):
        assert said in (out / f"assessment-{language}" / "report.html").read_text()
