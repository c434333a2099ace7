"""The corpus of typed replies: what share is understood, and that nothing is understood wrongly."""

import pytest

from surveys.language.danger import danger
from surveys.language.reply import Chosen, understand
from tests.language.replies import ASK_AGAIN, Reply, asked, meaning_of, replies

ALL = list(replies())


def _accepted_wrongly(reply: Reply) -> bool:
    """An answer or an order was taken that was not given. (Asking again is never wrong; an alert too many is not.)"""
    got = meaning_of(reply)
    return got not in (reply.meaning, ASK_AGAIN) and not got.startswith("danger:")


def test_at_least_450_replies_of_both_sides_and_all_item_types() -> None:
    assert len(ALL) >= 450
    assert {reply.side for reply in ALL} == {"ex-perpetrators", "survivors"}
    assert {reply.language for reply in ALL} == {"sr_Cyrl", "sr_Latn", "en"}


def test_no_reply_is_ever_accepted_as_what_it_does_not_mean() -> None:
    assert [(reply.item, reply.text, meaning_of(reply)) for reply in ALL if _accepted_wrongly(reply)] == []


def test_at_least_99_percent_are_understood(capsys: pytest.CaptureFixture[str]) -> None:
    missed = [(reply.item, reply.text, reply.meaning) for reply in ALL if meaning_of(reply) != reply.meaning]
    share = 1 - len(missed) / len(ALL)
    with capsys.disabled():
        print(f"\nunderstood {len(ALL) - len(missed)} of {len(ALL)} replies ({share:.1%})")
    assert share >= 0.99, missed


def test_words_of_danger_raise_an_alarm_whatever_is_asked() -> None:
    spoken = [reply for reply in ALL if reply.meaning.startswith("danger:")]
    assert [reply.text for reply in spoken if f"danger:{danger(reply.text)}" != reply.meaning] == []


@pytest.mark.parametrize("reply", [reply for reply in ALL if reply.meaning == ASK_AGAIN], ids=lambda reply: reply.text)
def test_in_doubt_is_asked_again_even_without_commands_and_alarms(reply: Reply) -> None:
    item = asked(reply.item, reply.language)
    meant = understand(reply.text, item.options, counts=item.counts, multiple=item.multiple, language=reply.language)
    assert not isinstance(meant, Chosen)
