"""How long a message stands in a chat: never a day; what cannot be deleted is tried again and then told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.library import SHIPPED
from surveys.library.reading import read_data
from surveys.rules.protocol import ProtocolRefused, read_protocol
from surveys.rules.traces import ALARMING, DAY, DELETABLE, Failed, TracesRule, after_failure, next_try

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
RULE = TracesRule(timedelta(hours=20), timedelta(minutes=3))


def test_safety_a_message_goes_before_it_is_a_day_old() -> None:
    assert RULE.due(NOW) - NOW < DAY


@pytest.mark.parametrize("hours", [0, 23, 24])
def test_safety_a_protocol_that_lets_messages_stand_for_a_day_is_refused(hours: int) -> None:
    data = read_data(SHIPPED / "survivors" / "protocol.toml")
    data.pop("recall")
    data["traces"]["delete_after_hours"] = hours
    with pytest.raises(ProtocolRefused, match="delete_after_hours"):
        read_protocol(data)


def test_safety_what_cannot_be_deleted_is_tried_again_then_told_and_given_up_only_where_it_is_hopeless() -> None:
    assert after_failure(NOW, 1, NOW) is Failed.RETRY
    assert after_failure(NOW, ALARMING, NOW) is Failed.TASK
    assert after_failure(NOW, 1, NOW + DAY) is Failed.TASK
    assert after_failure(NOW, 1, NOW + DELETABLE) is Failed.GIVE_UP
    assert after_failure(NOW, 1, NOW, refused_for_good=True) is Failed.GIVE_UP


@given(st.integers(0, 10_000))
def test_the_next_try_is_never_long_in_coming(tries: int) -> None:
    assert timedelta(seconds=5) <= next_try(tries, NOW) - NOW <= timedelta(minutes=30)
