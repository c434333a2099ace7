"""Commands: in every script and spelling, never inside another meaning."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.language.commands import Command, asked_language, command, withdraws_unasked
from surveys.language.danger import Danger, danger
from surveys.language.script import to_latin

_WITHDRAWALS = ("stop", "odjava", "prekini", "kraj", "ne šaljite više", "skinite me sa liste", "obrišite moj broj")
_AROUND = st.sampled_from(("{}", "{}!", "molim vas {}", "{}, hvala", "🙏 {} 🙏", "  {}...", "Dobar dan, {}", '"{}"'))
_NEGATIONS = st.sampled_from(("ne", "nemoj", "nemojte", "nije", "neću", "не", "not", "ne želim", "nikako"))


@given(st.sampled_from(_WITHDRAWALS), _AROUND, st.sampled_from(("sr_Cyrl", "sr_Latn", "en", None)), st.booleans())
def test_rule_withdrawal_is_understood_in_every_language_and_spelling(
    words: str, around: str, language: str | None, upper: bool
) -> None:
    said = around.format(words.upper() if upper else words)
    assert command(said, language) is Command.WITHDRAW


@given(st.sampled_from(("stop", "odjava", "kraj", "prekini", "dalje", "nazad", "kasnije", "izlaz")), _NEGATIONS)
def test_rule_a_negated_command_is_no_command(word: str, negation: str) -> None:
    assert command(f"{negation} {word}") is None


@pytest.mark.parametrize(
    "text",
    ["ne stop", "nemoj prekinuti", "nije kraj", "ne želim kraj", "stop?", "Rekao je: stop", "posle toga je bolje",
     "na kraju smo se dogovorili da nastavimo", "neću da se odjavim", "ne želim da prekinem", "STOP " * 200],
)  # fmt: skip
def test_words_inside_another_meaning_are_no_command(text: str) -> None:
    assert command(text) is None


def test_a_withdrawal_said_with_another_command_is_a_withdrawal() -> None:
    assert command("Ko je ovo? Ne šaljite više poruke!") is Command.WITHDRAW
    assert command("Dosta. STOP") is Command.WITHDRAW
    assert command("Dalje. Nazad.") is None


def test_the_bare_word_posle_means_later() -> None:
    assert command("posle") is command("ПОСЛЕ!") is Command.LEAVE


@pytest.mark.parametrize(
    ("text", "language"),
    [("ћирилица", "sr_Cyrl"), ("cirilica", "sr_Cyrl"), ("латиница", "sr_Latn"), ("English please", "en"),
     ("srpski", "sr_Latn"), ("српски", "sr_Cyrl")],
)  # fmt: skip
def test_the_language_asked_for(text: str, language: str) -> None:
    assert command(text) is Command.LANGUAGE
    assert asked_language(text) == language


def test_only_a_language_command_asks_for_a_language() -> None:
    assert asked_language("stop") is None
    assert asked_language("volim engleski čaj") is None


@given(st.text(max_size=700))
def test_any_text_is_read_without_fault(text: str) -> None:
    assert command(text) in {None, *Command}
    assert danger(text) in {None, *Danger}


@given(
    st.sampled_from(("ne živi mi se", "ubiću se", "hoću da umrem", "ubiću je", "preti mi nožem")), st.text(max_size=40)
)
def test_rule_words_of_danger_alarm_inside_any_text_and_script(words: str, other: str) -> None:
    assert danger(f"{other} . {words} . {other}") is not None
    assert danger(words.upper()) is danger(to_latin(words))


@pytest.mark.parametrize("text", ["umirem od smeha", "ubi me dosada", "ubiću se od posla", "mrtav umoran"])
def test_idioms_do_not_alarm_but_danger_beside_them_does(text: str) -> None:
    assert danger(text) is None
    assert danger(f"{text}, a ne živi mi se") is Danger.SUICIDE


def test_negated_and_quoted_danger_still_alarms() -> None:
    assert danger("neću da se ubijem") is Danger.SUICIDE
    assert danger("rekao je „ubiću te“") is Danger.THREAT


def test_danger_far_into_a_long_text_is_found() -> None:
    assert danger("sve je u redu. " * 200 + "ne živi mi se") is Danger.SUICIDE


@pytest.mark.parametrize(
    "text", ["stop " * 100, "ne " * 166, "a" * 500, "." * 500, "ubi " * 1024, "ne želim da " * 341]
)
def test_no_text_takes_long(text: str) -> None:
    command("x"), danger("x")
    started = time.perf_counter()
    command(text)
    danger(text)
    assert time.perf_counter() - started < 0.25


@pytest.mark.parametrize(
    "text", ["pusti me", "Obriši me", "обриши ме", "prestani!", "ostavi me", "neću više", "delete me"]
)
def test_safety_what_may_quote_somebody_is_no_withdrawal_where_nobody_may_ask_again(text: str) -> None:
    assert not withdraws_unasked(text)
    assert command(text) is Command.WITHDRAW


@pytest.mark.parametrize("text", ["STOP", "odjava", "КРАЈ", "ne zovite me", "ne šaljite više", "ostavite me na miru"])
def test_safety_a_clear_withdrawal_counts_where_nobody_may_ask_again(text: str) -> None:
    assert withdraws_unasked(text)
