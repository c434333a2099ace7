"""The retention clocks: what of a person is to go, counted from when nothing goes on any more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.library import load_library
from surveys.rules.protocol import ProtocolRefused, read_protocol
from surveys.rules.retention import AT_MOST, Clock, Kept, RetentionRule, reached, to_go
from surveys.rules.vocabulary import Side, Status
from tests.rules.test_protocol import GOOD

OVER, DAY = datetime(2027, 3, 1, tzinfo=UTC), timedelta(days=1)
RULE = RetentionRule(90 * DAY, 180 * DAY, 1800 * DAY, 365 * DAY, 3650 * DAY)


def kept(**changes: Any) -> Kept:
    plain: dict[str, Any] = {"status": Status.ACTIVE, "over_at": OVER, "answered": True, "reachable": True}
    return Kept(**(plain | changes))


@pytest.mark.parametrize(("days", "what"), [(89, None), (90, Clock.CONTACT), (1799, Clock.CONTACT), (1800, Clock.ALL)])
def test_contact_details_go_first_and_answers_later(days: int, what: Clock | None) -> None:
    assert to_go(RULE, kept(), OVER + days * DAY) is what


def test_what_is_gone_already_is_not_to_go_again() -> None:
    assert to_go(RULE, kept(reachable=False), OVER + 90 * DAY) is None


def test_an_enrolment_that_never_brought_an_answer_goes_as_a_whole_sooner() -> None:
    assert to_go(RULE, kept(answered=False), OVER + 180 * DAY) is Clock.ALL


def test_i11_a_withdrawal_is_remembered_as_long_as_answers_are() -> None:
    withdrew = kept(answered=False, status=Status.WITHDRAWN)
    assert to_go(RULE, withdrew, OVER + 180 * DAY) is Clock.CONTACT
    assert to_go(RULE, withdrew, OVER + 1800 * DAY) is Clock.ALL


def test_safety_nothing_goes_while_a_wave_or_an_alert_is_open() -> None:
    assert to_go(RULE, kept(over_at=None), OVER + 9999 * DAY) is None


@pytest.mark.parametrize("side", list(Side))
def test_both_sides_name_their_clocks(side: Side) -> None:
    rule = load_library(side).protocol.retention
    assert rule is not None
    assert rule.contact < rule.answers <= rule.audit


def test_a_protocol_whose_audit_goes_before_its_answers_is_refused() -> None:
    days = {"contact_days": 1, "unanswered_days": 1, "answers_days": 10, "alerts_days": 1, "audit_days": 9}
    with pytest.raises(ProtocolRefused, match="audit_days"):
        read_protocol(GOOD | {"retention": days})


_GAPS = st.tuples(st.floats(20, 49), st.one_of(st.just(0.0), st.floats(48, 100_000)))
"""Hours that truly passed until a look, and how much further the clock stood by then, for good."""


@given(st.lists(_GAPS, max_size=40))
def test_safety_however_far_ahead_a_clock_is_nothing_goes_over_two_days_sooner_for_each_jump(
    looks: list[tuple[float, float]],
) -> None:
    by = last = true = OVER
    jumps = 0
    for passed, ahead in looks:
        now = last + timedelta(hours=passed + ahead)
        true, jumps = true + timedelta(hours=passed), jumps + (ahead > 0)
        by, last = reached(by, last, now), now
        assert by <= min(now, true + jumps * AT_MOST)
        if not jumps:
            assert by == now, "a clock that is right is late for nothing"


def test_a_clock_that_was_set_back_takes_the_time_that_was_reached_back_with_it() -> None:
    assert reached(OVER, OVER + DAY, OVER - DAY) == OVER - DAY
    assert reached(OVER, OVER + DAY, OVER + DAY / 2) == OVER
