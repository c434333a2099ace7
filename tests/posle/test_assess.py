"""`posle assess` and `assess --plan` as they are typed."""

import json
import re
from pathlib import Path

import pytest

from assessment.safety_page import HEADINGS
from surveys.steps.safety_report import ALERTS, DELETIONS, ERASURES, HOLDS, SUMMARY
from tests.assessment.synthetic import cohort, keys, write_export
from tests.posle.conftest import Posle


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """The options that name both exports and the key."""
    public, key = keys(tmp_path / "evaluators")
    people = cohort(300, 3)
    his, hers = (write_export(tmp_path / n, rows, public) for n, rows in (("his", people.his), ("hers", people.hers)))
    return ["--ex", str(his), "--survivors", str(hers), "--key", str(key)]


def test_a_report_is_written_with_centre_records_beside_it(posle: Posle, given: list[str], tmp_path: Path) -> None:
    centres = tmp_path / "centres.csv"
    centres.write_text(
        "centre,year,started,assessed,admitted,completed,dropped_out,followed_during,non_violent_during\n"
        "nis,2026,600,500,400,300,60,360,300\nbelgrade,2026,300,250,200,150,30,180,150\n"
    )
    done = posle("assess", *given, "--centres", str(centres), "--out", str(tmp_path / "out"), "--language", "en",
               "--by", "Ana", "--json")  # fmt: skip
    assert done.status == 0, done.err
    text = Path(json.loads(done.out)["report"]).read_text()
    assert "450 men completed the programme" in text
    assert "75% of those admitted completed; the target is 80%" in text
    assert "83% of those followed were without violence" in text
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["approved_by"] == ["Ana"]
    assert re.fullmatch(r"[0-9a-f]{64}", manifest["inputs"]["centres"])


def test_the_articles_figures_are_a_worked_example(posle: Posle, given: list[str], tmp_path: Path) -> None:
    done = posle("assess", *given, "--centres", "article-2012", "--out", str(tmp_path / "out"), "--language", "en")
    assert done.status == 0, done.err
    text = (tmp_path / "out" / "report.html").read_text()
    assert "An example: the article" in text
    assert '<tr><th scope="row">Kragujevac</th><td>25</td><td>–</td><td>17</td>' in text
    assert "There are 300 men in the study" in text


@pytest.mark.parametrize(
    ("rows", "said"),
    [("nis,2026,10,12", "more than"), ("nis,2026,x,1", "numbers only"), ("nis,2026,9,8\nnis,2026,9,8", "twice")],
)
def test_centre_records_that_cannot_be_are_refused(
    posle: Posle, given: list[str], tmp_path: Path, rows: str, said: str
) -> None:
    centres = tmp_path / "centres.csv"
    centres.write_text(f"centre,year,started,completed\n{rows}\n")
    done = posle("assess", *given, "--centres", str(centres), "--out", str(tmp_path / "out"))
    assert done.status == 1
    assert said in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("missing", ["--ex", "--key", "--out"])
def test_what_an_assessment_needs_is_named(posle: Posle, given: list[str], tmp_path: Path, missing: str) -> None:
    options = [*given, "--out", str(tmp_path / "out")]
    at = options.index(missing)
    done = posle("assess", *options[:at], *options[at + 2 :])
    assert (done.status, done.err.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("option", "value"),
    [("--width", "0"), ("--width", "2"), ("--response", "0"), ("--response", "1.2"), ("--expected", "-1")],
)
def test_a_plan_with_a_number_that_cannot_be_is_refused_by_the_options_name(
    posle: Posle, option: str, value: str
) -> None:
    done = posle("assess", "--plan", f"{option}={value}")
    assert (done.status, done.err.count("\n")) == (1, 1)
    assert option in done.err


def test_a_plan_takes_the_response_rate_that_the_export_shows(posle: Posle, given: list[str]) -> None:
    plain = json.loads(posle("assess", "--plan", "--json").out)
    seen = json.loads(posle("assess", "--plan", "--json", *given).out)
    assert plain["response"] == 0.39
    assert seen["source"] == "as seen in the export"
    assert 0.3 < seen["response"] < 0.5
    even, skewed = seen["simulated"][0], seen["simulated"][2]
    assert even["seen"] == pytest.approx(0.8)
    assert skewed["seen"] > 0.85, "who answers is better off than the truth"
    assert skewed["low"] < 0.8 < skewed["high"]


def test_a_safety_report_of_a_new_side_is_empty_and_its_chain_intact(posle: Posle, hers: Path, tmp_path: Path) -> None:
    done = posle("safety", hers, "--out", tmp_path / "safety", "--by", "Ana", "--json")
    assert done.status == 0, done.err
    assert json.loads(done.out) == {"messages": 0, "holds": 0, "alerts": 0, "erasures": 0, "audit_intact": True}
    page = (tmp_path / "safety" / "safety.html").read_text()
    assert "Извештај о безбедности" in page
    assert "Није било узбуна." in page
    words = re.sub(r"<style>.*?</style>|<[^>]+>|SMS|messages\.csv", "", page, flags=re.DOTALL)
    assert not re.findall(r"[a-zčćžšđ]+", words, re.IGNORECASE), "a code stands where a word should"
    assert posle("safety", hers, "--out", tmp_path / "safety").status == 1, "nothing is written over"


def test_every_column_of_the_safety_page_has_a_word() -> None:
    for columns in (HOLDS, ALERTS, ERASURES, DELETIONS, SUMMARY):
        assert set(columns) <= HEADINGS.keys()


def test_a_research_export_needs_no_two_people_and_the_plain_one_does(posle: Posle, his: Path, tmp_path: Path) -> None:
    assert posle("export", his, "--out", tmp_path / "plain", "--by", "Ana").status == 1
    assert posle("export", his, "--out", tmp_path / "plain").status == 1
    assert not (tmp_path / "plain").exists()
    done = posle("export", his, "--research", "--out", tmp_path / "rows", "--language", "en", "--by", "Ana")
    assert done.status == 0, done.err
    manifest = json.loads((tmp_path / "rows" / "manifest.json").read_text())
    assert [each[:3] for each in manifest["approved_by"]] == ["by:"]
    assert manifest["approved_by_two"] is False
    assert "without two people's approval" in done.err
    two = posle("export", his, "--research", "--out", tmp_path / "two", "--by", "Ana", "--by", "Mira")
    assert two.err == ""
    assert json.loads((tmp_path / "two" / "manifest.json").read_text())["approved_by_two"] is True


def test_safety_where_two_people_are_set_no_row_leaves_by_one(posle: Posle, his: Path, tmp_path: Path) -> None:
    text = (his / "posle.toml").read_text()
    (his / "posle.toml").write_text(text.replace("# two_people = true", "two_people = true"))
    for names in ((), ("--by", "Ana"), ("--by", "Ana", "--by", "Ана")):
        done = posle("export", his, "--research", "--out", tmp_path / "rows", *names)
        assert (done.status, done.err.count("\n")) == (1, 1)
        assert not (tmp_path / "rows").exists()
    two = posle("export", his, "--research", "--out", tmp_path / "rows", "--by", "Ana", "--by", "Mira")
    assert (two.status, two.err) == (0, "")


def test_a_report_says_whose_rows_left_without_two_peoples_approval(
    posle: Posle, given: list[str], tmp_path: Path
) -> None:
    ex = Path(given[1])
    for both, said in ((False, True), (True, False)):
        (ex / "manifest.json").write_text(json.dumps({"approved_by_two": both}))
        out = tmp_path / f"out-{both}"
        assert posle("assess", *given, "--out", str(out), "--language", "en").status == 0
        assert ("were not approved by two people: men" in (out / "report.html").read_text()) is said
