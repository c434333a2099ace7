"""Holds what evaluating a form promises for any answers: it never raises, settles at once, clears the irrelevant."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.instruments.compile import compile_form
from surveys.instruments.form import Form
from surveys.instruments.xpath.functions import FUNCTIONS

TESTS = Path(__file__).parents[1]
SOURCES = sorted((TESTS / "odk" / "forms").glob("*.md"))
SOURCES += sorted((TESTS.parent / "surveys" / "library").glob("*/check-in.md"))
FORMS = {f"{path.parent.name}/{path.stem}": Form(compile_form(path)) for path in SOURCES}
START = datetime(2026, 1, 1, tzinfo=UTC)

MOMENTS = st.integers(0, 3_000).map(lambda days: START + timedelta(days=days))
LIKELY = ["", "yes", "no", "0", "1", "2", "-3", "2.5", "1e308", "-0", "Infinity", "NaN", "2026-02-28", "9999-12-31"]
LIKELY += ["0001-01-01", "2026-13-45", "a b", "never often", "ж" * 300, "'\"", "[(", "\x00", "\ud800"]
VALUES = st.one_of(st.sampled_from(LIKELY), st.text(max_size=20), st.floats().map(repr), st.integers().map(str))


@st.composite
def filled(draw: st.DrawFn) -> tuple[Form, dict[str, str], datetime]:
    """A form, answers that may be anything, and a moment."""
    form = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    names = [item.name for item in form.instrument.items]
    chosen = [choice.name for each in form.instrument.lists.values() for choice in each]
    values = st.one_of(VALUES, st.sampled_from(chosen)) if chosen else VALUES
    return form, draw(st.dictionaries(st.sampled_from([*names, "unknown"]), values, max_size=8)), draw(MOMENTS)


@settings(max_examples=400, deadline=None)
@given(filled())
def test_evaluating_never_raises_and_gives_the_same_again(given_: tuple[Form, dict[str, str], datetime]) -> None:
    form, values, now = given_
    before = dict(values)
    assert form.evaluate(values, now) == form.evaluate(values, now)
    assert values == before


@settings(max_examples=400, deadline=None)
@given(filled())
def test_evaluating_what_was_evaluated_changes_nothing(given_: tuple[Form, dict[str, str], datetime]) -> None:
    form, values, now = given_
    once = form.evaluate(values, now)
    assert form.evaluate(once.values, now) == once


@settings(max_examples=400, deadline=None)
@given(filled())
def test_the_irrelevant_holds_no_value(given_: tuple[Form, dict[str, str], datetime]) -> None:
    form, values, now = given_
    worked = form.evaluate(values, now)
    assert set(worked.values) <= worked.relevant
    assert worked.relevant <= {item.name for item in form.instrument.items}
    assert all(worked.values.values())


@settings(max_examples=400, deadline=None)
@given(filled(), st.data())
def test_a_verdict_and_the_open_choices_never_raise(
    given_: tuple[Form, dict[str, str], datetime], data: st.DataObject
) -> None:
    form, values, now = given_
    item = data.draw(st.sampled_from(form.instrument.items))
    verdict = form.verdict(item.name, data.draw(VALUES), values, now)
    assert verdict.accepted == (verdict.problem is None)
    offered = form.choices(item.name, values, now)
    listed = form.instrument.lists[item.choices] if item.choices else ()
    assert all(choice in listed for choice in offered)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_begins_without_an_answer(name: str) -> None:
    assert FORMS[name].evaluate({}, START).relevant


def test_half_a_character_matches_no_pattern() -> None:
    assert FUNCTIONS["regex"][0](None, "\ud800", "[a-z]+") is False
