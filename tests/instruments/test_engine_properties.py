"""Properties of the engine on any sequence of inputs: total, replayable, and never an answer on another item."""

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.instruments.engine import BACK, DONE, ONWARD, REFUSE, SKIP, Pressed, Said, Typed, resume, start, step
from surveys.instruments.hearing import NOT_APPLICABLE
from surveys.instruments.state import Ending, State, from_json, to_json
from tests.instruments.forms import NOW, check_form

FORM = check_form()
REPLIES = [
    "1", "2", "3", "9", "живимо заједно", "nemamo kontakt", "ниједном", "2-5", "oko pet", "", "neću", "preskoči",
    "nazad", "STOP", "kasnije", "latinica", "English", "14.2.2027", "2,5", "да", "не знам?", "umirem od smeha",
    "\x00", "🙂",
]  # fmt: skip
CODES = [SKIP, REFUSE, BACK, DONE, ONWARD, NOT_APPLICABLE, "together", "none", "once", "talk", "work", "forged"]
said = st.one_of(
    st.sampled_from(REPLIES).map(Typed),
    st.text(max_size=40).map(Typed),
    st.builds(Pressed, st.integers(-1, 12), st.sampled_from(CODES)),
)


def play(inputs: list[Said]) -> list[State]:
    states = [start(FORM, "sr_Cyrl", {}, NOW)]
    for each in inputs:
        state = states[-1]
        if state.ended is Ending.LEFT:
            state = resume(FORM, state, NOW)
        states.append(step(FORM, state, each, NOW).state)
    return states


@settings(max_examples=150, deadline=None)
@given(st.lists(said, max_size=25))
def test_replay_gives_the_same_states_and_storage_loses_nothing(inputs: list[Said]) -> None:
    states = play(inputs)
    assert states == play(inputs)
    assert all(from_json(to_json(state)) == state for state in states)


@settings(max_examples=150, deadline=None)
@given(st.lists(said, max_size=25), said)
def test_a_step_changes_only_the_item_asked_and_what_depends_on_it(inputs: list[Said], last: Said) -> None:
    before = play(inputs)[-1]
    result = step(FORM, before, last, NOW)
    stored = {change.item for change in result.changes if change.value is not None or change.missing}
    assert stored <= {before.at}
    for item, value in before.values.items():
        if item != before.at and item in result.state.values:
            assert result.state.values[item] == value


@settings(max_examples=150, deadline=None)
@given(st.lists(said, max_size=25))
def test_an_irrelevant_item_never_keeps_an_answer(inputs: list[Said]) -> None:
    for state in play(inputs):
        worked = FORM.evaluate(state.values, NOW)
        assert set(state.values) <= worked.relevant


@settings(max_examples=150, deadline=None)
@given(st.lists(said, max_size=25))
def test_no_item_has_both_a_value_and_a_missing_code(inputs: list[Said]) -> None:
    for state in play(inputs):
        assert not set(state.values) & set(state.missing)
