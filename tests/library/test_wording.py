"""What each side says outside its items: dull before the gate, honest in the consent, one segment by SMS."""

import pytest

from surveys.language.commands import Command, command
from surveys.language.dull import undull
from surveys.language.script import Script, fold, script_of, segments, to_latin
from surveys.library import Library, TextMissing, load_library
from surveys.library.wording import NoticeKind, Stage
from surveys.rules.vocabulary import Channel, Side
from surveys.steps.speech import with_phone
from tests.library.conftest import BANNED, LANGUAGES

LINK = "https://ankete.example.rs/p/" + "x" * 32


def test_the_link_of_these_tests_has_sixty_characters() -> None:
    assert len(LINK) == 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_whatever_is_seen_before_consent_or_the_gate_is_dull(library: Library, language: str) -> None:
    texts = {name: text for name, text in library.texts.items() if text.stage is Stage.BEFORE}
    assert len(texts) > 12
    ways = (None, Channel.PAGE, Channel.PHONE)
    said = {(name, way): text.said_on(way, language) for name, text in texts.items() for way in ways}
    assert {place: undull(each) for place, each in said.items() if undull(each)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_every_notice_is_dull(library: Library, language: str) -> None:
    assert [name for name, notice in library.notices.items() if undull(notice.said(language))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_an_sms_notice_with_its_link_is_one_gsm7_segment(library: Library, language: str) -> None:
    notices = [n for n in library.notices.values() if n.channel is Channel.SMS]
    assert len(notices) >= 3
    for notice in notices:
        sent = notice.said(language).replace("{link}", LINK)
        assert sent.isascii(), notice.name
        assert len(sent) <= 160, notice.name
        assert segments(sent) == 1, notice.name


def test_every_side_has_a_default_notice_and_reminder_on_each_channel_it_writes_by(library: Library) -> None:
    for channel in (Channel.TELEGRAM, Channel.SMS):
        for kind in (NoticeKind.NOTICE, NoticeKind.REMINDER):
            assert library.notice(channel, kind).kind is kind


def test_a_notice_that_is_not_approved_is_refused(library: Library) -> None:
    with pytest.raises(TextMissing):
        library.notice(Channel.SMS, NoticeKind.NOTICE, "is_now_a_good_time")
    with pytest.raises(TextMissing):
        library.notice(Channel.PHONE, NoticeKind.NOTICE)


def test_safety_no_survivors_sms_or_telegram_link_notice_carries_more_than_one_link() -> None:
    survivors = load_library(Side.SURVIVORS)
    linked = [n for n in survivors.notices.values() if n.kind in (NoticeKind.NOTICE, NoticeKind.REMINDER)]
    assert all(n.said(language).count("{link}") == 1 for n in linked for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_a_banned_word(library: Library, language: str) -> None:
    for name, text in library.texts.items():
        folded = fold(text.said(language))
        assert [word for word in BANNED if word in folded] == [], name


MUST = {
    "sr_Cyrl": (
        "добровољно",
        "не завис",
        "не чита",
        "закон",
        "дете",
        "нико не прати",
        "није хитна служба",
        "192",
        "194",
        "{phone}",
    ),
    "en": (
        "voluntary",
        "depend",
        "the answers",
        "law",
        "child",
        "nobody watches",
        "not an emergency",
        "192",
        "194",
        "{phone}",
    ),
}
NOT_DELETED = {
    "sr_Cyrl": ("рачун за телефон", "резервне копије", "обавештења", "програми за надзор"),
    "en": ("phone bill", "backups", "notifications", "monitoring programs"),
}


@pytest.mark.parametrize("language", MUST)
def test_safety_the_consent_says_what_it_must(library: Library, language: str) -> None:
    said = [library.texts[name].words[language] for name in ("consent_contact", "consent_wave")]
    said += [library.texts["consent_wave"].page[language], library.texts["consent_wave"].phone[language]]
    for each in said:
        assert [word for word in MUST[language] if word not in each.lower()] == [], each


@pytest.mark.parametrize("language", NOT_DELETED)
def test_safety_she_is_told_what_deletion_cannot_do(language: str) -> None:
    said = load_library(Side.SURVIVORS).texts["consent_contact"].words[language]
    assert [word for word in NOT_DELETED[language] if word not in said] == []


def test_every_text_is_written_in_both_languages_and_the_source_is_all_cyrillic(library: Library) -> None:
    for name, text in library.texts.items():
        assert set(text.words) == {"sr_Cyrl", "en"}, name
        bare = text.said("sr_Cyrl").replace("{phone}", "").replace("{other_word}", "")
        assert script_of(bare) is Script.CYRILLIC, name
        assert script_of(text.said("sr_Latn")) is Script.LATIN, name
        assert text.said("sr_Latn") == to_latin(text.said("sr_Cyrl"))


def test_a_missing_text_or_language_is_said_and_never_replaced(library: Library) -> None:
    with pytest.raises(TextMissing):
        library.text("no_such_text", "sr_Cyrl")
    with pytest.raises(TextMissing):
        library.text("closing", "hu")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wave_consent_fits_a_phone_and_says_what_it_must(library: Library, language: str) -> None:
    said = library.text("consent_wave", language)
    voluntary = {"sr_Cyrl": "добровољно", "sr_Latn": "dobrovoljno", "en": "voluntary"}
    child = {"sr_Cyrl": "дете", "sr_Latn": "dete", "en": "child"}
    law = {"sr_Cyrl": "по закону", "sr_Latn": "po zakonu", "en": "by law"}
    assert len(said) <= 900
    for needed in (voluntary[language], child[language], law[language], "{phone}", "192", "194", "STOP"):
        assert needed in said or (needed == "STOP" and "СТОП" in said)


TYPED = ("СТОП", "STOP", "КАСНИЈЕ", "KASNIJE", "LATER", "Излаз", "Izlaz", "Exit", "Одјави ме", "Sign off", "пишите")
"""What can be typed or pressed, and what nobody can do who is read to over the telephone."""
SPOKEN = ("consent_wave", "consent_declined", "withdrawal", "wrong_number", "closing", "danger", "someone_else_answers")


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_what_is_read_aloud_in_a_call_says_how_to_stop_by_saying_so_and_asks_for_nothing_to_be_typed(
    library: Library, language: str
) -> None:
    read = {name: library.text_on(Channel.PHONE, name, language) for name in SPOKEN}
    assert [(name, word) for name, said in read.items() for word in TYPED if word in said] == []
    stop = {
        "sr_Cyrl": "у сваком часу: само реците",
        "sr_Latn": "u svakom času: samo recite",
        "en": "at any time: just say",
    }
    assert stop[language] in read["consent_wave"]
    assert read["consent_wave"] != library.text("consent_wave", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_the_consent_says_how_to_stop_also_where_no_number_was_supplied(library: Library, language: str) -> None:
    stop = {"sr_Cyrl": "Одустати можете", "sr_Latn": "Odustati možete", "en": "You can stop"}
    assert stop[language] in with_phone(library.text("consent_contact", language), "")


HOURS_OF_THE_DAY = ("вечерас", "јутрос", "ноћас", "tonight", "this evening", "this morning")


def test_no_text_is_right_at_some_hours_only(library: Library) -> None:
    every = [said for text in library.texts.values() for words in (text.words, text.sms, text.page, text.phone)
             for said in words.values()]  # fmt: skip
    assert [said for said in every if any(hour in said.lower() for hour in HOURS_OF_THE_DAY)] == []


def test_the_consent_buttons_say_pristajem_and_ne_pristajem(library: Library) -> None:
    assert library.text("consent_agree", "sr_Cyrl") == "Пристајем"
    assert library.text("consent_decline", "sr_Cyrl") == "Не пристајем"
    assert library.text("consent_agree", "sr_Latn") == "Pristajem"


def test_safety_every_man_is_told_that_others_are_always_invited_and_nobody_will_tell_him() -> None:
    told = load_library(Side.EX_PERPETRATORS).text("consent_contact", "sr_Cyrl")
    assert "позивамо увек, код сваког" in told
    assert "Нико Вам никада неће рећи" in told


def test_safety_the_survivors_acknowledgements_before_the_gate_name_nobody() -> None:
    survivors = load_library(Side.SURVIVORS)
    assert survivors.text("withdrawal", "sr_Latn") == "Odjava je zabeležena. Poruka više neće biti."
    for name in ("withdrawal", "unknown_sender", "wrong_number", "link_invalid"):
        assert "{" not in survivors.text(name, "sr_Cyrl"), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_texts_tell_people_to_type_are_understood(language: str) -> None:
    words = {"sr_Cyrl": ("СТОП", "КАСНИЈЕ"), "sr_Latn": ("STOP", "KASNIJE"), "en": ("STOP", "LATER")}[language]
    said = load_library(Side.EX_PERPETRATORS).text("consent_wave", language)
    assert all(word in said for word in words)
    assert [command(word, language) for word in words] == [Command.WITHDRAW, Command.LEAVE]


def test_the_digest_changes_with_the_words_and_the_script(library: Library) -> None:
    digests = {library.texts["consent_wave"].digest(language) for language in LANGUAGES}
    assert len(digests) == 3
    assert library.text_version("consent_wave") == "2"


def test_the_other_person_has_a_word_for_every_recorded_gender(library: Library) -> None:
    assert library.other_word("female", "sr_Cyrl").startswith("жена")
    assert library.other_word("male", "sr_Latn").startswith("muškarac")
    assert library.other_word(None, "sr_Cyrl") == library.other_word("something else", "sr_Cyrl")
