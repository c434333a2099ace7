"""Whole reports of people whose truth is known: figures, one script, nobody to be found, nothing half written."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from assessment.figures import figures
from assessment.published import NonViolence
from assessment.reading import ExportRefused, SideData, Wave, read_side
from posle.assessing import Given, assess
from surveys.records.evaluators import EvaluatorKeyRefused, read_evaluators_private
from surveys.steps.sheets import FolderRefused
from tests.assessment.synthetic import Cohort, Person, answers_of, cohort, keys, write_export

CYRILLIC, LATIN = re.compile(r"[а-яђјљњћџ]", re.IGNORECASE), re.compile(r"[a-zčćžšđ]", re.IGNORECASE)
TRUTH = 0.7


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path, Path, float]:
    """400 pairs: his export, hers, the key, and the truth."""
    public, private = keys(tmp_path / "evaluators")
    people = cohort(400, 3)
    his, hers = (write_export(tmp_path / n, rows, public) for n, rows in (("his", people.his), ("hers", people.hers)))
    return his, hers, private, people.truth


def test_the_figures_are_those_of_the_people(made: tuple[Path, Path, Path, float]) -> None:
    his, hers, key, truth = made
    private = read_evaluators_private(key)
    found = figures({"ex-perpetrators": read_side(his, private), "survivors": read_side(hers, private)})
    assert found.men == 400
    row = next(each for each in found.non_violence if (each.side, each.wave) == ("survivors", "m3"))
    rows = [each for each in cohort(400, 3).hers if each.answers]
    peaceful = sum(each.answers["threatened"] == "never" for each in rows)
    assert row.share is not None
    assert (row.share.count, row.share.of) == (peaceful, len(rows))
    assert row.low is not None
    assert row.high is not None
    assert row.low <= truth <= row.high
    pair = next(each.agreement for each in found.pairs if each.wave == "m3")
    assert pair is not None
    assert pair.kappa is None, "only he says so: nobody; kappa would tell that hidden cell"


def _told(counts: dict[str, int]) -> SideData:
    """So many people who are together without violence, with it, and apart, at m3."""
    said = {"peace": answers_of(violent=False), "harm": answers_of(violent=True),
            "apart": answers_of(violent=False, apart=True)}  # fmt: skip
    each = [said[name] for name, count in counts.items() for _ in range(count)]
    return SideData(tuple(Wave(f"C-{n}", "nis", "m3", "complete", one) for n, one in enumerate(each)))


@pytest.mark.parametrize(("apart", "shown"), [(3, False), (12, True)])
def test_i18_groups_and_the_share_in_contact_are_shown_all_or_none(apart: int, shown: bool) -> None:
    data = _told({"peace": 40, "harm": 20, "apart": apart})
    row = next(each for each in figures({"ex-perpetrators": data, "survivors": data}).non_violence if each.wave == "m3")
    assert [each.count is not None for each in row.groups] == [shown] * 3
    assert (row.in_contact is not None) is shown


def _one(case: str, said: bool | None) -> Wave:
    """A wave of somebody who says that there was violence, that there was none, or nothing."""
    if said is None:
        return Wave(case, "nis", "m3", "expired", {})
    return Wave(case, "nis", "m3", "complete", answers_of(violent=said))


@pytest.mark.parametrize(
    ("both", "hers_only", "his_only", "neither", "alone", "pair", "kappa"),
    [(10, 10, 10, 30, 0, True, True), (20, 10, 3, 30, 10, True, False), (3, 10, 10, 30, 10, False, False),
     (20, 2, 2, 30, 10, False, False), (30, 10, 10, 2, 10, False, False), (20, 10, 3, 30, 0, False, False),
     (10, 10, 10, 30, 2, False, False)],
)  # fmt: skip
def test_i18_pairs_are_told_where_no_cell_and_no_rest_beside_each_sides_own_figures_is_small(
    both: int, hers_only: int, his_only: int, neither: int, alone: int, pair: bool, kappa: bool
) -> None:
    """`alone` is how many of each side, violent and not, say so while the other says nothing; of twenty more neither
    says anything, so that each side's own figures are told."""
    counts: dict[tuple[bool | None, bool | None], int] = {
        (True, True): both, (True, False): hers_only, (False, True): his_only, (False, False): neither,
        (True, None): alone, (False, None): alone, (None, True): alone, (None, False): alone, (None, None): 20,
    }  # fmt: skip
    pairs = [said for said, count in counts.items() for _ in range(count)]
    hers, his = (
        SideData(tuple(_one(f"C-{n}", each[place]) for n, each in enumerate(pairs))) for place in (0, 1)
    )  # fmt: skip
    found = figures({"survivors": hers, "ex-perpetrators": his}).pairs[0].agreement
    assert (found is not None) is pair
    assert (found is not None and found.kappa is not None) is kappa


@pytest.mark.parametrize("language", ["sr_Cyrl", "sr_Latn", "en"])
def test_a_report_is_one_file_in_one_script_and_the_same_every_time(
    made: tuple[Path, Path, Path, float], tmp_path: Path, language: str
) -> None:
    his, hers, key, _ = made
    texts = {assess(Given(his, hers, key), tmp_path / f"{n}-{language}", language).read_text() for n in "ab"}
    assert len(texts) == 1
    text = texts.pop()
    assert f'lang="{language.replace("_", "-")}"' in text
    assert "http" not in re.sub(r'xmlns(:xlink)?="[^"]*"', "", text)
    assert not re.search(r"C-3-\d|r-\d{5}", text), "an id or a case code is in the report"
    letters = r"AAPOR|RR[12]|REF1|\((I|P|R|NC|O|UO)\)"
    words = re.sub(rf"<style>.*?</style>|<[^>]+>|\bp\b|nis|{letters}", "", text, flags=re.DOTALL)
    if language != "en":
        wrong = LATIN if language == "sr_Cyrl" else CYRILLIC
        assert not wrong.findall(words)


def test_i18_nothing_is_shown_of_few_people(tmp_path: Path) -> None:
    public, key = keys(tmp_path / "evaluators")
    few = [Person(f"C-{n}", "m3", "complete", answers_of(violent=n == 0)) for n in range(9)]
    his, hers = (write_export(tmp_path / name, few, public) for name in ("his", "hers"))
    text = assess(Given(his, hers, key), tmp_path / "out", "en").read_text()
    assert not re.search(r"<td>\d", text)


def test_i18_a_side_without_export_is_simply_not_there(made: tuple[Path, Path, Path, float], tmp_path: Path) -> None:
    assert assess(Given(made[0], None, made[2]), tmp_path / "alone", "en").is_file()
    assert figures({"ex-perpetrators": SideData(()), "survivors": SideData(())}).men is None


def test_another_key_a_plain_export_and_a_taken_folder_are_refused(
    made: tuple[Path, Path, Path, float], tmp_path: Path
) -> None:
    his, hers, key, _ = made
    _, other = keys(tmp_path / "others")
    with pytest.raises(ExportRefused, match="other evaluators"):
        assess(Given(his, hers, other), tmp_path / "out", "en")
    with pytest.raises(EvaluatorKeyRefused):
        assess(Given(his, hers, tmp_path / "nothing"), tmp_path / "out", "en")
    with pytest.raises(ExportRefused, match="missing"):
        assess(Given(tmp_path / "nowhere", hers, key), tmp_path / "out", "en")
    assert not (tmp_path / "out").exists()
    with pytest.raises(FolderRefused, match="not empty"):
        assess(Given(his, hers, key), tmp_path, "en")
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "responses.csv").write_text("participant,wave,course,due_on,disposition\np-1,m3,1,2027-02-01,complete\n")
    with pytest.raises(ExportRefused, match="no research export"):
        assess(Given(plain, hers, key), tmp_path / "out", "en")


def test_the_manifest_names_the_report_by_its_digest(made: tuple[Path, Path, Path, float], tmp_path: Path) -> None:
    report = assess(Given(made[0], made[1], made[2]), tmp_path / "out", "en")
    assert set(json.loads((report.parent / "manifest.json").read_text())) == {
        "report.html", "language", "inputs", "key", "tool", "purpose", "approved_by",
    }  # fmt: skip


def _figures_of(people: Cohort) -> NonViolence:
    """What a report of this cohort says of m3 by survivors."""
    sides = {name: SideData(tuple(Wave(each.case, each.centre, each.wave, each.disposition, each.answers, "2027-02")
                                  for each in rows))
             for name, rows in (("survivors", people.hers), ("ex-perpetrators", people.his))}  # fmt: skip
    return next(each for each in figures(sides).non_violence if (each.side, each.wave) == ("survivors", "m3"))


@pytest.mark.parametrize(("cohorts", "men"), [(20, 400), pytest.param(500, 2000, marks=pytest.mark.soak)])
def test_a_reports_bounds_hold_the_truth_where_drop_out_depends_on_the_outcome(cohorts: int, men: int) -> None:
    inside = flattered = 0
    for seed in range(cohorts):
        people = cohort(men, seed)
        row = _figures_of(people)
        assert row.share is not None
        assert row.low is not None
        assert row.high is not None
        inside += row.low <= people.truth <= row.high
        flattered += row.share.value > people.truth
    print(f"{inside} of {cohorts} cohorts of {men} pairs: the truth lies within the report's bounds")
    assert inside == cohorts
    assert flattered > cohorts * 0.8, "who answers is better off than the truth, which is why the bounds are there"


@pytest.mark.parametrize(("cohorts", "men"), [(60, 400), pytest.param(500, 2000, marks=pytest.mark.soak)])
def test_a_reports_intervals_cover_the_truth_at_their_nominal_rate_where_drop_out_is_by_chance(
    cohorts: int, men: int
) -> None:
    """Wilson's intervals cover 95 % but for chance: three standard errors of so many cohorts are let through."""
    covered = 0
    for seed in range(cohorts):
        row = _figures_of(cohort(men, seed, peace=TRUTH, violent_answer=0.45))
        assert row.share is not None
        covered += row.share.low <= TRUTH <= row.share.high
    print(f"{covered} of {cohorts} intervals of reports on {men} pairs cover the truth")
    assert covered / cohorts > 0.95 - 3 * (0.95 * 0.05 / cohorts) ** 0.5


def test_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    public, key = keys(tmp_path / "evaluators")
    people, chance = cohort(200, 9), random.Random(1)
    texts = []
    for name in "ab":
        his, hers = (write_export(tmp_path / f"{n}-{name}", rows, public)
                     for n, rows in (("his", people.his), ("hers", people.hers)))  # fmt: skip
        texts.append(assess(Given(his, hers, key), tmp_path / f"out-{name}", "en").read_bytes())
        chance.shuffle(people.his)
        chance.shuffle(people.hers)
    assert texts[0] == texts[1]


def test_i18_no_planted_word_of_an_export_is_in_a_report_or_a_files_name(tmp_path: Path) -> None:
    """Case codes, ids, free text and unknown items that somebody put into an export stay on the evaluator's machine."""
    public, key = keys(tmp_path / "evaluators")
    people = cohort(300, 4)
    told = [
        replace(each, answers={**each.answers, "note": "KANARINAC-77"} if each.answers else {}) for each in people.hers
    ]
    hers, his = write_export(tmp_path / "hers", told, public), write_export(tmp_path / "his", people.his, public)
    out = assess(Given(his, hers, key), tmp_path / "out", "en").parent
    everything = "".join(file.name + file.read_text() for file in out.iterdir())
    assert not re.search(r"KANARINAC|C-4-\d|r-\d{5}", everything)
