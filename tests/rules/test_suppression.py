"""Small counts: none under five is shown, and none can be worked out from what is shown (I18)."""

from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.suppression import LEAST_CELL, LEAST_TOTAL, shown_counts

TABLES = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 60), max_size=8)


def test_i18_a_small_cell_takes_the_next_smallest_with_it() -> None:
    assert shown_counts({"a": 40, "b": 3, "c": 9}) == {"a": 40, "b": None, "c": None}


def test_i18_a_small_table_shows_nothing() -> None:
    assert shown_counts({"a": 5, "b": 4}) == {"a": None, "b": None}


def test_a_table_of_large_cells_is_shown_whole() -> None:
    assert shown_counts({"a": 40, "b": 5}) == {"a": 40, "b": 5}


@given(TABLES)
def test_i18_no_cell_under_five_is_shown(counted: dict[str, int]) -> None:
    assert all(number is None or number >= LEAST_CELL for number in shown_counts(counted).values())
    assert shown_counts(counted).keys() == counted.keys()


@given(TABLES)
def test_i18_what_is_hidden_is_at_least_two_cells_of_at_least_five_together(counted: dict[str, int]) -> None:
    hidden = [name for name, number in shown_counts(counted).items() if number is None]
    if hidden and len(hidden) < len(counted):
        assert len(hidden) >= 2
        assert sum(counted[name] for name in hidden) >= LEAST_CELL


@given(TABLES)
def test_i18_no_table_under_ten_shows_anything(counted: dict[str, int]) -> None:
    if sum(counted.values()) < LEAST_TOTAL:
        assert not any(shown_counts(counted).values())
