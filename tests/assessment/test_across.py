"""Disclosure across waves, sides and reports: changes and pairs hang together with every other number, and with those
that an earlier report told."""

import random
import tempfile
from pathlib import Path

import numpy as np
import pytest

from assessment.disclosure import SMALLEST
from assessment.figures import Assessed, figures
from assessment.linked import Number, told
from assessment.memory import Memory, TooLikeAnEarlierReport
from assessment.naming import about
from assessment.reading import SideData, Wave
from tests.assessment.synthetic import answers_of
from tests.assessment.test_linked import _cohort, _wave, refuse_small_groups, told_of

YES, NO = "much_safer", "less_safe"


def _women(better: int, worse: int, stay_good: int, stay_bad: int, *, once: dict[str, int]) -> SideData:
    """Women who answered both waves, changed so or not; and some who said something in one wave alone."""
    said = [(NO, YES)] * better + [(YES, NO)] * worse + [(YES, YES)] * stay_good + [(NO, NO)] * stay_bad
    said += [(YES, "")] * once.get("good m3", 0) + [(NO, "")] * once.get("bad m3", 0) + [("", YES)] * once.get("m6", 0)
    rows = [
        Wave(f"C-{n:03}", "nis", wave, "complete" if answer else "expired",
             answers_of(violent=n % 2 == 0) | {"safer": answer} if answer else {}, "2027-02")
        for n, pair in enumerate(said) for wave, answer in zip(("m3", "m6"), pair, strict=True)
    ]  # fmt: skip
    return SideData(tuple(rows))


def _his(men: int) -> SideData:
    return SideData(tuple(Wave(f"C-{n:03}", "nis", wave, "expired", {}, "2027-02")
                          for n in range(men) for wave in ("m3", "m6")))  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "once", "shown"),
    [((10, 8, 20, 20), {"good m3": 12, "bad m3": 12, "m6": 12}, True), ((10, 8, 20, 20), {"good m3": 3}, False),
     ((10, 8, 20, 20), {"good m3": 12, "m6": 4}, False), ((30, 8, 40, 2), {"good m3": 12}, False),
     ((10, 30, 3, 30), {"bad m3": 12}, False), ((30, 3, 30, 30), {"good m3": 12}, False)],
    ids=["every rest is five or more", "three said it at m3 alone", "four at m6 alone", "two stayed unfavourable",
         "three stayed favourable", "three got worse"],
)  # fmt: skip
def test_i18_a_change_is_told_only_where_no_few_follow_from_it_and_the_figures_of_both_waves(
    numbers: tuple[int, int, int, int], once: dict[str, int], shown: bool
) -> None:
    hers = _women(*numbers, once=once)
    found = figures({"survivors": hers, "ex-perpetrators": _his(len(hers.cases) + 20)})
    changes = [change for _, construct, change in found.changes if construct == "safety"]
    assert bool(changes) is shown
    if shown:
        assert (changes[0].people, changes[0].better, changes[0].worse) == (58, 10, 8)


def test_i18_a_number_about_both_waves_is_hidden_where_one_of_each_wave_would_tell_a_few_with_it() -> None:
    """Whoever answered m6, less who is known at m3 and answered m6 too: three women."""
    hers = _women(20, 10, 20, 20, once={"good m3": 40, "m6": 3})
    assessed = Assessed({"survivors": hers, "ex-perpetrators": _his(len(hers.cases) + 20)})
    m3, m6 = (block.numbers for block in assessed.blocks if block.side == "survivors")
    assert m6["answered"] == 73
    assert "known:followed:True" not in m3


@pytest.mark.parametrize(
    ("name", "waves"),
    [("survivors/m3/known", {"survivors/m3"}), ("survivors/m3/men", set()), ("survivors/everybody", set()),
     ("survivors/change/better:safety", {"survivors/m3", "survivors/m6"}),
     ("pairs/m6/of", {"survivors/m6", "ex-perpetrators/m6"}),
     ("survivors/m3/good:followed:False", {"survivors/m3", "survivors/m6"}),
     ("survivors/m3/good:other:True", {"survivors/m3", "ex-perpetrators/m3"})],
)  # fmt: skip
def test_the_name_of_a_number_says_which_waves_it_tells_of(name: str, waves: set[str]) -> None:
    assert about(name) == waves


def test_i18_what_was_told_before_counts_though_it_is_not_told_again() -> None:
    people = random.Random(1)
    whole, part = ([people.random() < 0.5 for _ in range(100)] for _ in "ab")
    masks = {"whole": np.array(whole), "part": np.array(whole) & np.array(part)}
    masks["almost"] = masks["part"].copy()
    masks["almost"][masks["part"].nonzero()[0][:3]] = False
    numbers = {name: Number(name, mask) for name, mask in masks.items()}
    assert told([[numbers["whole"]], [numbers["almost"]]]) == {"whole", "almost"}
    assert told([[numbers["whole"]], [numbers["almost"]]], given=[numbers["part"]]) == {"whole"}


def _grown(seed: int, men: int, more: int) -> dict[str, SideData]:
    """The same people some months on: more of them, and some who had said nothing have answered meanwhile."""
    before, after, chance = _cohort(seed, men), _cohort(seed + 1, men + more), random.Random(seed)
    rows = {}
    for who, data in before.items():
        rows[who] = [
            _wave(chance, each.case, each.centre, each.wave, each.due, each.case.endswith("3"), 0.3)
            if each.disposition == "expired" and chance.random() < 0.2 else each for each in data.waves
        ]  # fmt: skip
        known = sides_cases(before)
        rows[who] += [each for each in after[who].waves if each.case not in known]
    return {who: SideData(tuple(each)) for who, each in rows.items()}


def sides_cases(sides: dict[str, SideData]) -> frozenset[str]:
    """Every case of both sides."""
    return frozenset().union(*(each.cases for each in sides.values()))


@pytest.mark.parametrize(
    ("seed", "men", "more"),
    [(0, 30, 0), (26, 45, 22), (1, 90, 40), (2, 120, 80), (3, 160, 0), (4, 60, 120), (7585, 196, 87)],
)
def test_i18_no_group_of_under_five_follows_from_a_report_and_the_one_before(seed: int, men: int, more: int) -> None:
    """Every sum and difference of up to three numbers of either report that tells of one wave."""
    before, after = _cohort(seed, men), _grown(seed, men, more)
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(Path(folder) / "evaluators.key", b"x" * 32)
        first = Assessed(before, memory=memory)
        memory.remember(first.cases, first.counted(), "")
        try:
            second = Assessed(after, memory=memory)
        except TooLikeAnEarlierReport:
            return
    old, new = told_of(before, first.figures()), told_of(after, second.figures())
    refuse_small_groups({wave: old.get(wave, set()) | new.get(wave, set()) for wave in old.keys() | new.keys()})


def test_i18_a_lesser_number_that_an_earlier_report_would_tell_a_few_with_is_hidden_and_the_report_is_made(
    tmp_path: Path,
) -> None:
    """Twelve refused before, and fourteen now: these two are not told, everybody else's growth is."""

    def people(refused: int, answered: int, expired: int) -> dict[str, SideData]:
        rows = [Wave(f"C-{n:03}", "nis", "m3", "complete", answers_of(violent=n % 2 == 0), "2027-02")
                for n in range(answered)]  # fmt: skip
        rows += [Wave(f"R-{n:03}", "nis", "m3", "refusal", {}, "2027-02") for n in range(refused)]
        rows += [Wave(f"E-{n:03}", "nis", "m3", "expired", {}, "2027-02") for n in range(expired)]
        return {"survivors": SideData(tuple(rows)), "ex-perpetrators": SideData(tuple(rows))}

    memory = Memory(tmp_path / "evaluators.key", b"x" * 32)
    first = Assessed(people(12, 60, 8), memory=memory)
    assert first.blocks[0].numbers["is:refusal"] == 12
    memory.remember(first.cases, first.counted(), "")
    second = Assessed(people(14, 80, 13), memory=memory)
    assert "is:refusal" not in second.blocks[0].numbers
    assert "refused" not in second.blocks[0].numbers
    assert second.blocks[0].numbers["good"] == 40
    assert Assessed(people(12 + SMALLEST, 80, 13), memory=memory).blocks[0].numbers["is:refusal"] == 17
