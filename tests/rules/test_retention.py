"""The retention clocks: what of a person is to go, counted from when nothing goes on any more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from surveys.library import load_library
from surveys.rules.protocol import ProtocolRefused, read_protocol
from surveys.rules.retention import Clock, Kept, RetentionRule, to_go
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
