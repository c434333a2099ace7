"""Statistics and disclosure against hand-made cases, an independent computation, and properties."""

from math import comb, isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.disclosure import SMALLEST, protected, share_allowed
from assessment.simulating import play
from assessment.statistics import agreement, bounds, chances, change, completers_needed, share


def wilson(count: int, of: int) -> tuple[float, float]:
    """Wilson's interval, from its formula."""
    z, p = 1.959963984540054, count / of
    middle, half = p + z * z / (2 * of), z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_has_the_wilson_interval(given_: tuple[int, int]) -> None:
    count, of = given_
    found, (low, high) = share(count, of), wilson(count, of)
    assert isclose(found.low, max(0.0, low), abs_tol=1e-9)
    assert isclose(found.high, min(1.0, high), abs_tol=1e-9)


def test_the_bounds_of_the_worked_example() -> None:
    """Of 100 completers, 31 women answer and 25 report none: between 25 and 94 per cent."""
    assert bounds(25, 6, 100) == (0.25, 0.94)


def test_agreement_of_a_table_worked_by_hand() -> None:
    found = agreement(both=20, first_only=5, second_only=10, neither=15)
    assert found.same == 0.7
    assert found.positive == pytest.approx(40 / 55)
    assert found.negative == pytest.approx(30 / 45)
    assert found.kappa == pytest.approx(0.4)  # (0.7 − 0.5) / (1 − 0.5)
    assert agreement(3, 2, 2, 3).kappa is None
    assert agreement(0, 0, 0, 40).kappa is None


def test_change_is_mcnemars_exact_test() -> None:
    found = change(people=31, better=9, worse=2)
    assert (found.better, found.worse) == (9, 2)
    assert found.p == pytest.approx(2 * sum(comb(11, k) for k in range(3)) / 2**11)


def test_how_many_completers_it_takes() -> None:
    needed = completers_needed(0.2, 0.39, 0.8)
    assert share(round(0.8 * round(needed * 0.39)), round(needed * 0.39)).high < 1
    assert completers_needed(0.1, 0.39, 0.8) > 3 * needed
    assert completers_needed(0.2, 1.0, 0.8) < needed


@given(st.lists(st.integers(0, 60), min_size=1, max_size=7))
def test_i18_no_hidden_cell_can_be_had_from_the_others_and_the_total(counts: list[int]) -> None:
    shown = protected(counts)
    hidden = [count for count, cell in zip(counts, shown, strict=True) if cell is None]
    assert all(cell is None or cell == count for count, cell in zip(counts, shown, strict=True))
    assert all(cell is None or cell >= SMALLEST for cell in shown)
    if hidden and len(hidden) < len(counts):
        assert len(hidden) > 1
        assert sum(hidden) >= SMALLEST


@given(st.integers(0, 100), st.integers(0, 100))
def test_i18_no_share_that_speaks_of_everybody_or_nobody_is_shown(count: int, of: int) -> None:
    if share_allowed(count, of):
        assert of >= 10
        assert min(count, of - count) >= SMALLEST


def test_played_cohorts_hold_the_truth_where_answers_are_by_chance_and_lose_it_where_they_are_not() -> None:
    even, skewed = (play(400, 0.8, *chances(0.4, 0.8, ratio)) for ratio in (1.0, 3.0))
    assert even.least < 0.8 < even.most
    assert even.interval_holds > 0.95, "the cohort's own share: closer than a population's"
    assert skewed.least > 0.8
    assert skewed.interval_holds < 0.1
    assert even.bounds_hold == skewed.bounds_hold == 1
    assert play(400, 0.8, 0.4, 0.4) == play(400, 0.8, 0.4, 0.4)


def test_a_played_cohort_that_nobody_answers_holds_nothing() -> None:
    assert play(1, 0.8, 0.0, 0.0).interval_holds == 0
    assert play(1, 0.8, 0.0, 0.0).empty == 1
