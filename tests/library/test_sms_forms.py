"""Everything that may go out by SMS, as it goes: plain letters, within two parts, complete in what it must say."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from surveys.instruments import engine
from surveys.instruments.asking import Ask, ask
from surveys.instruments.compile import compile_form
from surveys.instruments.form import Form
from surveys.instruments.model import Kind
from surveys.language.dull import undull
from surveys.language.script import Script, script_of
from surveys.language.sms import MOST_SEGMENTS, cost, segments, sms_form
from surveys.library import Library, load_library
from surveys.library.wording import NoticeKind, Stage
from surveys.rules.calendar import Holidays
from surveys.rules.vocabulary import Channel, Side, SmsScript
from surveys.steps.notice import sms_notice
from surveys.steps.show import Shown
from surveys.steps.sms_cost import TOKEN
from surveys.steps.sms_text import plain, question_text
from surveys.steps.speech import words_for
from surveys.steps.turn import Standing, consent_screen
from tests.library.conftest import LANGUAGES, NOW

PHONE = "+381 34 123 4567"
LONGEST_WINDOW = "2026-09-30"
NOT_BY_SMS = ("consent_contact", "helplines_intro", "start_greeting", "start_again")
"""Read aloud by staff, or part of another text, or an answer to a Telegram link."""

PLAIN_IN_CYRILLIC = ("contact_now", "before_hard_items", "against_will", "stopped_self", "decisions")
"""What two segments of Cyrillic cannot hold in plain words: these go in plain letters whatever was chosen."""

Words = Callable[[str, str], str]


@pytest.fixture(scope="module")
def his() -> Library:
    """His side's library, with every helpline open and verified, which is the most that a message can hold."""
    library = load_library(Side.EX_PERPETRATORS)
    lines = tuple(replace(each, verified_on=date(2027, 2, 1), verified_by=("A", "B")) for each in library.helplines)
    return replace(library, helplines=lines)


@pytest.fixture(scope="module")
def words(his: Library) -> Words:
    afternoon = datetime(2027, 2, 18, 15, tzinfo=UTC)
    return words_for(his, PHONE, afternoon, Holidays(), Channel.SMS)


def _asked(library: Library, language: str, start: str = LONGEST_WINDOW) -> list[Ask]:
    form = Form(compile_form(library.instruments["check-in"]))
    facts = {"other_word": library.other_word("female", language), "window_start": start}
    state = engine.start(form, language, facts, NOW)
    items = [item.name for item in form.instrument.items if item.kind.asked]
    return [shown for name in items if (shown := ask(form, replace(state, at=name), NOW))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_his_side_goes_by_sms_in_two_parts(his: Library, words: Words, language: str) -> None:
    for name in his.texts.keys() - set(NOT_BY_SMS):
        said = words(name, language)
        assert said.isascii(), name
        assert segments(said) <= MOST_SEGMENTS, (name, len(said))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_consent_with_its_two_answers_is_two_parts_and_says_what_it_must(words: Words, language: str) -> None:
    said = plain(consent_screen(Standing(language, words, NOW)).shown or Shown(""))
    assert segments(said) <= MOST_SEGMENTS, len(said)
    english = language == "en"
    needed = (
        ("Voluntary", "by law", "child", "reports on you")
        if english
        else ("Dobrovoljno", "zakon", "dete", "izvestavaju")
    )
    for each in (*needed, PHONE, "192", "194", "STOP", "\n1. ", "\n2. "):
        assert each in said, each


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_the_end_and_words_of_danger_bring_every_open_line_by_sms_too(words: Words, language: str) -> None:
    for name in ("closing", "danger"):
        said = words(name, language).replace(" ", "")
        assert [number for number in ("192", "194", "0800309309", "0800300303") if number not in said] == [], name
    assert words("danger", language).index("309309") < words("danger", language).index("192")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_his_goes_by_sms_with_its_hint_in_two_parts(his: Library, language: str) -> None:
    for asked in _asked(his, language):
        said = question_text(asked, language)
        assert said is not None, asked.item
        assert segments(said) <= MOST_SEGMENTS, (asked.item, len(said))
        unclear = question_text(asked, language, "Nismo sigurni da smo razumeli. Izaberite jedan od odgovora.")
        assert unclear is not None
        assert segments(unclear) <= MOST_SEGMENTS, asked.item
        if asked.kind is not Kind.NOTE:
            assert "1/" in said or "/" in said.split(" ")[0], asked.item


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_and_words_on_danger_stand_before_a_question_whatever_they_cost(his: Library, language: str) -> None:
    for asked in _asked(his, language):
        said = question_text(asked, language, first="Ovo mora da se procita. " * 10)
        assert said is not None
        assert said.startswith("Ovo mora")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_one_completed_interview_costs(
    his: Library, words: Words, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = sorted((segments(question_text(each, language) or "") for each in _asked(his, language)), reverse=True)
    consent = plain(consent_screen(Standing(language, words, NOW)).shown or Shown(""))
    about, _ = cost([consent, words("closing", language)])
    total = 1 + about + sum(asked[:13])  # the notice, consent and end; at most twelve questions and one note
    with capsys.disabled():
        print(f"\n{language}: at most {total} SMS parts out for one completed interview by SMS")
    assert total <= 31


@pytest.mark.parametrize("place", [1, 12])
def test_in_plain_letters_shorter_words_are_taken_where_they_save_a_segment_and_the_hint_stays(
    his: Library, place: int
) -> None:
    asked = {each.item: replace(each, position=place) for each in _asked(his, "sr_Latn")}
    said = {item: question_text(each, "sr_Latn") or "" for item, each in asked.items()}
    for item in ("responsibility", "can_disagree"):
        assert segments(said[item]) == 1, item
        hint = asked[item].hint
        assert hint is None or sms_form(hint) in said[item]
    assert "Na primer: vikanje" in said["insulted"], "what costs the same stays whole"
    assert segments(said["responsibility"].replace("Okolnosti", "Okolnosti, na primer alkohol ili novac")) == 2


SCRIPTS = (
    ("sr_Cyrl", SmsScript.CYRILLIC), ("sr_Cyrl", SmsScript.LATIN), ("sr_Cyrl", SmsScript.ASCII),
    ("sr_Latn", SmsScript.LATIN), ("sr_Latn", SmsScript.ASCII), ("en", SmsScript.ASCII),
)  # fmt: skip


def test_every_notice_is_one_segment_and_every_item_two_in_every_script(
    his: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for language, script in SCRIPTS:
        notices = [
            segments(sms_notice(each, language, script, f"https://ankete.example.org/p/{TOKEN}"))
            for each in his.notices.values() if each.channel is Channel.SMS
        ]  # fmt: skip
        items = [segments(question_text(each, language, script=script) or "") for each in _asked(his, language)]
        assert max(notices) == 1
        assert max(items) <= MOST_SEGMENTS
        assert min(items) >= 1, "no item goes to the page for its letters' sake"
        answered = sum(sorted(items, reverse=True)[:13])
        rows.append(f"{language:8} {script:9} {max(notices):6} {max(items):9} {answered:14}")
    with capsys.disabled():
        print("\nlanguage script    notice item(most) completed(most)\n" + "\n".join(rows))


def test_whole_letters_are_whole_and_a_notice_that_would_not_fit_is_plain(his: Library) -> None:
    talk = next(each for each in his.notices.values() if each.kind is NoticeKind.CHAT_NOTICE and "sms" in each.name)
    said = {script: sms_notice(talk, "sr_Cyrl", script, "") for script in SmsScript}
    assert script_of(said[SmsScript.CYRILLIC]) is Script.CYRILLIC
    assert "Početak" in said[SmsScript.LATIN]
    assert said[SmsScript.ASCII].isascii()
    long = "https://a-much-longer-host.example.org/p/"
    linked = his.notice(Channel.SMS, NoticeKind.NOTICE)
    assert sms_notice(linked, "sr_Cyrl", SmsScript.CYRILLIC, long + TOKEN).isascii()
    asked = [question_text(each, "sr_Cyrl", script=SmsScript.CYRILLIC) or "" for each in _asked(his, "sr_Cyrl")]
    assert [script_of(each) for each in asked].count(Script.CYRILLIC) == len(asked) - len(PLAIN_IN_CYRILLIC)


@pytest.mark.parametrize("start", ["2026-09-30", "2026-12-28", "2027-01-02"])
@pytest.mark.parametrize("place", [1, 12])
def test_every_question_but_those_named_goes_in_cyrillic_on_any_day_and_place(
    his: Library, start: str, place: int
) -> None:
    said = {
        each.item: question_text(replace(each, position=place), "sr_Cyrl", script=SmsScript.CYRILLIC) or ""
        for each in _asked(his, "sr_Cyrl", start)
    }
    harms = {"insulted", "controlled", "threatened", "physical_force"}  # among the first six of twelve
    wrong = [item for item, text in said.items() if text.isascii() != (item in PLAIN_IN_CYRILLIC)]
    assert set(wrong) <= (harms if place > 9 else set())
    assert all(script_of(text) is Script.CYRILLIC for item, text in said.items() if not text.isascii())


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_the_shorter_words_are_as_dull_and_as_plain_as_the_whole(library: Library, language: str) -> None:
    for name, text in library.texts.items():
        said = text.said_by_sms(language)
        assert said.isascii(), name
        if text.stage is Stage.BEFORE:
            assert undull(said) == (), name
        assert said.count("{phone}") == text.said(language).count("{phone}") or name == "consent_contact", name


def test_safety_a_survivors_acknowledgements_are_one_part() -> None:
    hers = load_library(Side.SURVIVORS)
    for name in ("withdrawal", "wrong_number", "unknown_sender", "link_invalid"):
        assert all(segments(hers.text_on(Channel.SMS, name, language)) == 1 for language in LANGUAGES), name


def test_a_consent_by_sms_keeps_the_digest_of_the_words_that_were_sent(his: Library) -> None:
    assert his.texts["consent_wave"].digest("en", Channel.SMS) != his.texts["consent_wave"].digest("en")
    assert his.texts["consent_wave"].digest("sr_Cyrl", Channel.SMS) == his.texts["consent_wave"].digest(
        "sr_Latn", Channel.SMS
    )
