"""What the evaluator's machine remembers: two reports that together tell of a few people are refused."""

import hashlib
import json
import stat
from pathlib import Path

import numpy as np
import pytest

from assessment.linked import Mask, Number, told
from assessment.memory import Memory, MemoryDamaged, TooLikeAnEarlierReport, beside_earlier
from posle.assessing import Given, assess
from tests.assessment.synthetic import Person, answers_of, keys, write_export

MEN = 120


@pytest.fixture
def pair(tmp_path: Path) -> tuple[bytes, Path]:
    return keys(tmp_path / "evaluators")


def people(women: range, violent: int = 20) -> list[Person]:
    return [Person(f"C-{n}", "m3", "complete", answers_of(violent=n < violent)) for n in women]


def report(
    tmp_path: Path, pair: tuple[bytes, Path], name: str, men: range, women: range | None, language: str = "en",
    violent: int = 20,
) -> Path:  # fmt: skip
    public, key = pair
    his = write_export(tmp_path / f"his-{name}", people(men, 40), public)
    hers = write_export(tmp_path / f"hers-{name}", people(women, violent), public) if women is not None else None
    return assess(Given(his, hers, key), tmp_path / f"out-{name}", language)


@pytest.mark.parametrize(
    ("men", "women", "violent"),
    [(range(MEN), range(1, 60), 20), (range(MEN), range(63), 20), (range(1, MEN), range(60), 20),
     (range(1, MEN), None, 20), (range(MEN), range(60), 21)],
    ids=["one woman less", "three more", "one man less", "one man less, without her side", "one answer other"],
)  # fmt: skip
def test_i18_a_report_that_tells_of_a_few_beside_an_earlier_one_is_refused(
    tmp_path: Path, pair: tuple[bytes, Path], men: range, women: range | None, violent: int
) -> None:
    report(tmp_path, pair, "first", range(MEN), range(60))
    with pytest.raises(TooLikeAnEarlierReport):
        report(tmp_path, pair, "second", men, women, violent=violent)
    assert not (tmp_path / "out-second").exists()
    assert len((tmp_path / "evaluators" / "evaluators.ledger").read_text().splitlines()) == 1


def test_the_same_people_in_another_language_or_many_more_people_are_let_through(
    tmp_path: Path, pair: tuple[bytes, Path]
) -> None:
    for name, men, women, language in (
        ("a", MEN, 60, "en"), ("b", MEN, 60, "sr_Cyrl"), ("c", MEN, None, "en"), ("d", MEN + 30, 80, "en")
    ):  # fmt: skip
        report(tmp_path, pair, name, range(men), None if women is None else range(women), language, 20)
    place = tmp_path / "evaluators" / "evaluators.ledger"
    assert len(place.read_text().splitlines()) == 4
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert "C-1" not in place.read_text()


def test_a_damaged_memory_is_refused_rather_than_forgotten(tmp_path: Path, pair: tuple[bytes, Path]) -> None:
    report(tmp_path, pair, "first", range(MEN), range(60))
    (tmp_path / "evaluators" / "evaluators.ledger").write_text("nothing\n")
    with pytest.raises(MemoryDamaged):
        report(tmp_path, pair, "second", range(MEN), range(60))


def test_the_manifest_can_be_checked_against_the_files(tmp_path: Path, pair: tuple[bytes, Path]) -> None:
    path = report(tmp_path, pair, "first", range(MEN), range(60))
    told = json.loads((path.parent / "manifest.json").read_text())
    assert told["report.html"] == hashlib.sha256(path.read_bytes()).hexdigest()
    for side, folder in (("ex-perpetrators", "his-first"), ("survivors", "hers-first")):
        assert told["inputs"][side] == {
            name: hashlib.sha256((tmp_path / folder / name).read_bytes()).hexdigest()
            for name in ("answers.csv", "responses.csv")
        }
    assert len(told["key"]) == 16
    assert told["tool"].startswith("posle ")


@pytest.mark.parametrize(
    ("later", "refused"), [((301, 240), True), ((300, 236), True), ((305, 240), False), ((300, 240), False)]
)
def test_i18_centre_records_that_tell_of_a_few_beside_earlier_ones_are_refused(
    tmp_path: Path, pair: tuple[bytes, Path], later: tuple[int, int], refused: bool
) -> None:
    public, key = pair
    his = write_export(tmp_path / "his", people(range(MEN), 40), public)

    def assessed(name: str, admitted: int, completed: int) -> Path:
        centres = tmp_path / f"{name}.csv"
        centres.write_text(f"centre,year,admitted,completed\nnis,2026,{admitted},{completed}\n")
        return assess(Given(his, None, key, centres), tmp_path / f"out-{name}", "en")

    assessed("first", 300, 240)
    if refused:
        with pytest.raises(TooLikeAnEarlierReport):
            assessed("second", *later)
        assert not (tmp_path / "out-second").exists()
    else:
        assert assessed("second", *later).is_file()


def test_i18_what_takes_the_place_of_a_hidden_number_is_held_against_earlier_reports_too(tmp_path: Path) -> None:
    """Told now: a, or b where a is hidden; both differ by four from what was told under their names before."""
    cases = [f"C-{n}" for n in range(40)]

    def of(*people: int) -> Mask:
        return np.isin(np.arange(41), people)

    memory = Memory(tmp_path / "evaluators.key", b"planted")
    memory.remember(cases, {"x/a": of(*range(8), 30, 31), "x/b": of(*range(2, 14))}, "")
    now = {"x/a": of(*range(10)), "x/b": of(*range(12)), "x/c": of(*range(20, 39))}
    bundles = [[Number(name, whom)] for name, whom in now.items()]
    assert told(bundles) == {"x/a", "x/c"}
    given, apart = memory.beside(cases, {name: now[name] for name in ("x/a", "x/c")})
    assert apart == {"x/a"}
    assert told(bundles[1:], given=given) == {"x/b", "x/c"}
    safe = beside_earlier(
        bundles,
        lambda some, before: told(some, given=before),
        lambda names: memory.beside(cases, {name: now[name] for name in names}),
    )
    assert safe == {"x/c"}


def test_a_memory_of_before_centre_records_were_kept_is_read(tmp_path: Path, pair: tuple[bytes, Path]) -> None:
    report(tmp_path, pair, "first", range(MEN), range(60))
    place = tmp_path / "evaluators" / "evaluators.ledger"
    record = json.loads(place.read_text())
    del record["numbers"]
    place.write_text(json.dumps(record) + "\n")
    with pytest.raises(TooLikeAnEarlierReport):
        report(tmp_path, pair, "second", range(MEN), range(1, 60))


def test_men_of_the_centres_records_who_have_no_case_refuse_no_second_language(
    tmp_path: Path, pair: tuple[bytes, Path]
) -> None:
    """Four more completed than have a case: a number of all these men is not remembered as one of the cases alone."""
    public, key = pair
    his = write_export(tmp_path / "his", people(range(MEN), 40), public)
    centres = tmp_path / "centres.csv"
    centres.write_text(f"centre,year,admitted,completed\nnis,2026,{MEN + 50},{MEN + 4}\n")
    for language in ("en", "sr_Cyrl", "sr_Latn"):
        assert assess(Given(his, None, key, centres), tmp_path / f"out-{language}", language).is_file()
