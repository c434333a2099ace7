"""Understanding a reply: closed sets only, in doubt asked again."""

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.language.letters import letter, place
from surveys.language.offered import words
from surveys.language.reply import (
    Chosen,
    Option,
    Reason,
    Unclear,
    understand,
    understand_date,
    understand_number,
)
from surveys.language.script import to_gsm, to_latin
from tests.language.replies import asked

_ITEMS = ("contact", "count", "yes_no", "change", "can_disagree", "fear", "say", "consent")
_LANGUAGES = ("sr_Cyrl", "sr_Latn")
_TODAY = date(2027, 3, 1)
_NEGATIONS = ("ne", "nije", "nisam", "nikako", "nemoj", "не", "није", "not", "neće", "nismo", "ni")
_JOINTS = (" i ", " ili ", ", ", " a možda ", "/", " pa ", " - ", " или ", "; ", " and ", " ")
_TYPED = st.sampled_from(("{}", "{}!", "{}.", " {} ", "{} 🙂", "{}, hvala", "molim {}"))


def _said(item: str, language: str, place_: int, form: int) -> str:
    """One option as a person may type it: label, Latin, ASCII, capitals, number or letter."""
    those = asked(item, language)
    label = those.options[place_ % len(those.options)].label
    mark = letter(place_ % len(those.options), language) if those.counts else str(place_ % len(those.options) + 1)
    return (label, to_latin(label), to_gsm(label), label.upper(), mark + ")")[form]


def _understood(text: str, item: str, language: str) -> Chosen | Unclear:
    those = asked(item, language)
    return understand(text, those.options, counts=those.counts, language=language)


_PICKED = (st.sampled_from(_ITEMS), st.sampled_from(_LANGUAGES), st.integers(0, 4), st.integers(0, 4))


@given(*_PICKED, _TYPED)
def test_an_option_typed_in_any_form_is_that_option(
    item: str, language: str, which: int, form: int, around: str
) -> None:
    options = asked(item, language).options
    meant = _understood(around.format(_said(item, language, which, form)), item, language)
    assert meant == Chosen((options[which % len(options)].name,))


@given(*_PICKED, st.sampled_from(_NEGATIONS), st.booleans())
def test_rule_a_reply_with_a_negation_of_its_own_is_never_an_answer(
    item: str, language: str, which: int, form: int, negation: str, first: bool
) -> None:
    said = _said(item, language, which, form)
    reply = f"{negation} {said}" if first else f"{said} {negation}"
    meant = _understood(reply, item, language)
    if isinstance(meant, Chosen):
        if negation == "ni" and first and item in ("count", "fear"):
            assert meant.names in (("never",), ("not_at_all",))  # "ni jednom" is "nijednom", written apart
            return
        # Else only where the negation is an option's own word: "ne" + "pristajem", or "ne, ne".
        option = next(each for each in asked(item, language).options if each.name in meant.names)
        assert option.name == "no"
        assert item in ("consent", "yes_no")


@given(*_PICKED, st.integers(0, 4), st.integers(0, 4), st.sampled_from(_JOINTS))
def test_rule_a_reply_with_two_options_is_never_an_answer(
    item: str, language: str, one: int, form: int, other: int, other_form: int, joint: str
) -> None:
    count = len(asked(item, language).options)
    if one % count == other % count:
        return
    reply = _said(item, language, one, form) + joint + _said(item, language, other, other_form)
    meant = _understood(reply, item, language)
    assert isinstance(meant, Unclear), (reply, meant)


@given(*_PICKED, st.sampled_from(("?", " ?", "?!", "？", " ❓", "? hvala")))
def test_rule_a_reply_with_a_question_is_never_an_answer(
    item: str, language: str, which: int, form: int, mark: str
) -> None:
    assert _understood(_said(item, language, which, form) + mark, item, language) == Unclear(Reason.QUESTION)


@given(st.text(max_size=600), st.sampled_from(_ITEMS))
def test_any_text_at_all_is_an_offered_option_or_unclear(text: str, item: str) -> None:
    meant = _understood(text, item, "sr_Cyrl")
    assert isinstance(meant, Unclear) or set(meant.names) <= {each.name for each in asked(item, "sr_Cyrl").options}
    assert isinstance(understand_number(text), Decimal | Unclear)
    assert isinstance(understand_date(text, _TODAY), date | Unclear)


@given(st.integers(0, 3000))
def test_a_typed_number_is_the_count_where_options_count(count: int) -> None:
    expected = "never" if count == 0 else "once" if count == 1 else "few" if count <= 5 else "many"
    assert _understood(str(count), "count", "sr_Latn") == Chosen((expected,))


@given(st.integers(0, 200))
def test_a_typed_number_is_the_option_elsewhere_and_nothing_past_the_last(number: int) -> None:
    options = asked("change", "sr_Latn").options
    meant = _understood(f"{number}.", "change", "sr_Latn")
    assert meant == (Chosen((options[number - 1].name,)) if 1 <= number <= 5 else Unclear(Reason.UNKNOWN))


def test_a_count_that_no_option_holds_is_asked_again() -> None:
    options = [Option("few", "Do tri", 1, 3), Option("many", "Više", 5, None)]
    assert isinstance(understand("4", options, counts=True), Unclear)


def test_a_number_that_is_also_a_label_is_in_doubt() -> None:
    options = [Option("zero", "0"), Option("one", "1"), Option("more", "2–5")]
    assert understand("1", options) == Unclear(Reason.SEVERAL)
    assert understand("2-5", options) == Chosen(("more",))


def test_slips_only_where_one_option_is_near_and_the_word_is_long() -> None:
    near = [Option("a", "Povremeno"), Option("b", "Povremena")]
    assert isinstance(understand("povremenx", near), Unclear)
    assert understand("povremno", [Option("a", "Povremeno"), Option("b", "Stalno")]) == Chosen(("a",))
    assert isinstance(understand("nekada", [Option("a", "Nikada"), Option("b", "Stalno")]), Unclear)
    assert isinstance(understand("nepristajem", [Option("yes", "Pristajem"), Option("no", "Ne pristajem")]), Unclear)


def test_several_options_keep_the_order_typed_and_come_once() -> None:
    options = asked("kinds", "sr_Latn").options
    assert understand("3, 1 i 3", options, multiple=True) == Chosen(("children", "weapon"))
    assert isinstance(understand("1, 3", options), Unclear)


def test_a_long_or_empty_text_is_unclear() -> None:
    options = asked("yes_no", "sr_Latn").options
    assert understand("da " * 400, options) == Unclear(Reason.TOO_LONG)
    assert understand("  ", options) == Unclear(Reason.NOTHING)
    assert understand("ne bih rekla", options) == Unclear(Reason.NEGATION)


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("v", "sr_Cyrl", 2), ("в", "sr_Latn", 2), ("c", "sr_Latn", 2), ("ц", "sr_Latn", 2), ("d", "sr_Latn", 3),
        ("д", "sr_Latn", 3), ("d", "sr_Cyrl", None), ("g", "sr_Cyrl", 3), ("B", "sr_Cyrl", None),
        ("В", "sr_Latn", None), ("B", "sr_Latn", 1), ("В", "sr_Cyrl", 2), ("b", None, 1), ("d", None, 3),
        ("е", "sr_Latn", None), ("ab", "sr_Latn", None), ("", None, None),
    ],
)  # fmt: skip
def test_a_letter_is_read_in_the_persons_own_order_or_not_at_all(
    typed: str, language: str | None, expected: int | None
) -> None:
    assert place(typed, 4, language) == expected


def test_options_are_lettered_in_the_order_of_the_script() -> None:
    assert "".join(letter(index, "sr_Cyrl") for index in range(5)) == "абвгд"
    assert "".join(letter(index, "sr_Latn") for index in range(5)) == "abcde"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", "3"), ("3,5", "3.5"), ("3.5", "3.5"), ("-2", "-2"), ("tri", "3"), ("три пута", "3"), ("3.", "3"),
        ("dvadeset pet", "25"), ("nijednom", "0"), ("３", "3"), ("3 🙂", "3"), ("0", "0"),
    ],
)  # fmt: skip
def test_numbers(text: str, expected: str) -> None:
    assert understand_number(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "oko 5",
        "2-3",
        "2–3",
        "dva-tri",
        "2 ili 3",
        "3?",
        "1.200",
        "5%",
        "1/2",
        "½",
        "3 dana",
        "ne 3",
        "pet i po",
        "5+",
    ],
)
def test_no_number_is_guessed(text: str) -> None:
    assert isinstance(understand_number(text), Unclear)


@pytest.mark.parametrize(
    "text",
    [
        "14.2.2027.", "14. 2. 2027", "14/2/2027", "14-2-2027", "2027-02-14", "14. februar 2027", "14. фебруара 2027.",
        "14. februara", "14.2.", "14 feb", "14-og februara", "14.2.27", "February 14, 2027", "14th of February 2027",
        "14. фебруара 2027. године",
    ],
)  # fmt: skip
def test_dates(text: str) -> None:
    assert understand_date(text, _TODAY) == date(2027, 2, 14)


@pytest.mark.parametrize(("text", "day"), [("danas", 1), ("Данас.", 1), ("sutra", 2), ("today", 1)])
def test_days_relative_to_today(text: str, day: int) -> None:
    assert understand_date(text, _TODAY) == date(2027, 3, day)


@pytest.mark.parametrize(
    "text", ["31.2.2027", "14.12.", "februar", "14", "oko 14.2.2027", "14.2. ili 15.2.", "14.2.2027?", "2/14/2027"]
)
def test_no_date_is_guessed(text: str) -> None:
    assert isinstance(understand_date(text, _TODAY), Unclear)


def test_every_negation_of_the_tables_is_folded() -> None:
    assert {"ne", "nije", "necu", "dont"} <= words().negation


@pytest.mark.parametrize("text", ["a" * 500, "1," * 250, "ne " * 166, "2-" * 250, "((" * 250, "da, " * 125, "😀" * 500])
def test_no_text_takes_long(text: str) -> None:
    those = asked("kinds", "sr_Latn")
    started = time.perf_counter()
    understand(text, those.options, multiple=True, language="sr_Latn")
    understand_number(text)
    understand_date(text, _TODAY)
    assert time.perf_counter() - started < 0.25


@pytest.mark.parametrize(
    "text", ["prestajem", "ne prestajem", "pristojem", "prist", "ne, pristajem", "pristajes", "ne. da"]
)
def test_rule_consent_is_never_read_into_a_slip_or_a_part_of_a_word(text: str) -> None:
    assert isinstance(_understood(text, "consent", "sr_Latn"), Unclear)
