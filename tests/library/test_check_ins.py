"""The two shipped check-ins: constructs in their order, and at most twelve items asked of one person."""

from collections.abc import Iterator, Mapping
from itertools import product

from surveys.instruments.compile import compile_form
from surveys.instruments.form import Form
from surveys.instruments.model import Kind
from surveys.library import Library, load_library
from surveys.rules.vocabulary import Side
from tests.library.conftest import LANGUAGES, NOW, items

HARMS = {
    Side.EX_PERPETRATORS: ("insulted", "controlled", "threatened", "physical_force", "against_will"),
    Side.SURVIVORS: ("threatened", "physical_force", "against_will"),
}
CONTACTS = ("", "together", "apart_in_contact", "no_contact", "someone_new")
WAVES = (
    {"wave": "m3", "earlier_missed": "no"},
    {"wave": "m6", "earlier_missed": "no"},
    {"wave": "m6", "earlier_missed": "yes"},
)
ORDER = {
    Side.EX_PERPETRATORS: "contact psychological control threats physical sexual violence_earlier target "
    "use_of_learning responsibility power_relations power_relations behaviour_change help",
    Side.SURVIVORS: "contact psychological control threats physical severity sexual violence_earlier safety "
    "power_relations power_relations behaviour_change safety help",
}


def paths(side: Side) -> Iterator[dict[str, str]]:
    """Everything that decides what is asked: contact, which harms were named, and the wave."""
    contacts = CONTACTS if side is Side.EX_PERPETRATORS else CONTACTS[:-1]
    named = [("",) * len(HARMS[side]), *product(("never", "once"), repeat=len(HARMS[side]))]
    for contact, wave, harms in product(contacts, WAVES, named):
        answers = {"contact_now": contact, **dict(zip(HARMS[side], harms, strict=True))}
        yield {**wave, **{name: value for name, value in answers.items() if value}}


def asked(form: Form, values: Mapping[str, str]) -> list[str]:
    relevant = form.evaluate(values, NOW).relevant
    return [item.name for item in items(form) if item.name in relevant]


def test_the_longest_path_asks_twelve_and_no_path_more(library: Library, form: Form) -> None:
    lengths = [len(asked(form, values)) for values in paths(library.side)]
    assert max(lengths) == 12


def test_what_is_always_asked_is_asked_on_every_path(library: Library, form: Form) -> None:
    always = {
        Side.EX_PERPETRATORS: {"contact_now", *HARMS[Side.EX_PERPETRATORS], "own_change", "wants_help"},
        Side.SURVIVORS: {"contact_now", "insulted", "controlled", *HARMS[Side.SURVIVORS], "afraid_now", "wants_call"},
    }[library.side]
    assert all(always <= set(asked(form, values)) for values in paths(library.side))


def test_power_relations_are_asked_of_every_survivor_and_of_every_man_in_contact(library: Library, form: Form) -> None:
    names = {item.name for item in items(form) if item.construct == "power_relations"}
    for values in paths(library.side):
        if library.side is Side.SURVIVORS or values.get("contact_now") in ("together", "apart_in_contact"):
            assert names & set(asked(form, values)), values


def test_no_path_ends_on_the_worst_and_help_comes_last(library: Library, form: Form) -> None:
    for values in paths(library.side):
        assert asked(form, values)[-1] in ("wants_help", "wants_call")


def test_the_constructs_stand_in_the_order_of_the_field(library: Library, form: Form) -> None:
    assert [item.construct for item in items(form)] == ORDER[library.side].split()


def test_towards_whom_is_asked_exactly_when_any_harm_was_named() -> None:
    form = Form(compile_form(load_library(Side.EX_PERPETRATORS).instruments["check-in"]))
    for values in paths(Side.EX_PERPETRATORS):
        harmed = any(values.get(name) == "once" for name in HARMS[Side.EX_PERPETRATORS])
        assert ("towards_whom" in asked(form, values)) == harmed


def test_the_rest_is_asked_only_at_m6_where_m3_was_missed(library: Library, form: Form) -> None:
    for values in paths(library.side):
        assert ("earlier_harm" in asked(form, values)) == (values["earlier_missed"] == "yes")


def test_one_note_alone_costs_a_press_and_it_stands_before_the_hard_items(form: Form) -> None:
    seen = [item for item in form.instrument.items if item.kind.asked]
    notes = [at for at, item in enumerate(seen) if item.kind is Kind.NOTE]
    assert notes == [1]
    assert seen[2].construct == "psychological"


def test_counting_items_count_and_have_a_window_and_present_ones_have_none(form: Form) -> None:
    for item in items(form):
        if item.counts:
            choices = form.instrument.lists[item.choices or ""]
            assert [(c.low, c.high) for c in choices] == [(0, 0), (1, 1), (2, 5), (6, None)]
            assert item.window == "recall"
            assert all("{window}" in item.labels[language] for language in LANGUAGES)
        elif item.construct in ("contact", "safety", "power_relations", "behaviour_change", "help", "responsibility"):
            assert item.window is None
