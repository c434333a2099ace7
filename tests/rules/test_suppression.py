"""Small counts: none under five is shown, and none can be worked out from all that is shown, in any view (I18)."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.suppression import (
    LEAST_CELL,
    LEAST_TOTAL,
    OTHERS,
    STEP,
    shown_groups,
    shown_number,
    shown_parts,
    shown_share,
    summed,
)

MOST = 16
TABLES = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 60), max_size=8)


def test_i18_a_small_part_is_hidden_and_the_others_are_in_steps_of_five() -> None:
    assert shown_parts({"a": 41, "b": 3, "c": 9}) == {"a": 40, "b": None, "c": 10}


def test_i18_a_part_is_hidden_where_it_is_nearly_everybody() -> None:
    assert shown_parts({"a": 40, "b": 3}) == {"a": None, "b": None}
    assert shown_parts({"a": 43}) == {"a": None}


def test_i18_a_small_table_shows_nothing() -> None:
    assert shown_parts({"a": 5, "b": 4}) == {"a": None, "b": None}


def test_i18_small_centres_are_shown_together_and_one_alone_is_not_shown_at_all() -> None:
    large, small = {"x": 20, "y": 30}, {"x": 4, "y": 4}
    assert shown_groups({"a": large, "b": small}) == {"a": {"x": 20, "y": 30}}
    assert shown_groups({"a": large, "b": small, "c": small})[OTHERS] == {"x": 10, "y": 10}


def test_i18_a_sum_is_made_of_what_is_shown_alone() -> None:
    assert summed({"a": {"x": 20, "y": None}, "b": {"x": 5, "y": None}}) == {"x": 25, "y": None}
    assert shown_share(None, 40) is None
    assert shown_share(5, 5) is None
    assert shown_share(30, 40) == 75


@given(TABLES)
def test_i18_no_cell_under_five_is_shown(counted: dict[str, int]) -> None:
    assert all(number is None or number >= LEAST_CELL for number in shown_parts(counted).values())
    assert shown_parts(counted).keys() == counted.keys()


@given(TABLES)
def test_i18_no_table_under_ten_shows_anything(counted: dict[str, int]) -> None:
    if sum(counted.values()) < LEAST_TOTAL:
        assert not any(shown_parts(counted).values())


@given(st.integers(0, 5000))
def test_i18_what_is_shown_stands_for_several_numbers(number: int) -> None:
    shown = shown_number(number)
    assert shown is None or (shown % STEP == 0 and abs(shown - number) <= STEP // 2)


def test_i18_no_hidden_cell_of_two_centres_and_two_outcomes_is_had_by_subtraction_between_all_the_views() -> None:
    """Each centre's own table and all of them together: what is small stands for several numbers in every case."""
    _nothing_small_is_certain(
        ({"a": {"x": a, "y": b}, "b": {"x": c, "y": d}}, (a, b, c, d)) for a, b, c, d in product(range(MOST), repeat=4)
    )


def test_i18_no_hidden_cell_of_four_outcomes_is_had_by_subtraction() -> None:
    _nothing_small_is_certain(
        ({"a": dict(zip("wxyz", cube, strict=True))}, cube) for cube in product(range(MOST), repeat=4)
    )


def _nothing_small_is_certain(cubes: Iterator[tuple[dict[str, dict[str, int]], tuple[int, ...]]]) -> None:
    possible: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for counted, cube in cubes:
        groups = shown_groups(counted)
        possible[f"{groups} {summed(groups)}"].append(cube)
    inside = [each for each in possible.values() if max(map(max, each)) < MOST - 1]
    assert len(inside) > 10
    for each in inside:
        for place in range(4):
            values = {cube[place] for cube in each}
            assert len(values) > 1 or min(values) >= LEAST_CELL, each
