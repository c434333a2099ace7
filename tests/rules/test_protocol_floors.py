"""What safety.md asks of a protocol holds whoever wrote it: a file that ships, a form of the console, a row of it."""

import copy
from typing import Any

import pytest

from surveys.rules.protocol import ProtocolRefused, read_protocol
from surveys.rules.protocol_parts import document_of
from surveys.rules.vocabulary import Side
from tests.rules.given import protocol

HERS, HIS = (document_of(protocol(side)) for side in (Side.SURVIVORS, Side.EX_PERPETRATORS))
BOTH = pytest.mark.parametrize("shipped", [HIS, HERS], ids=["his", "hers"])


def refused(shipped: dict[str, Any], **changes: Any) -> str:
    """The first word of the refusal, where a table has these keys."""
    document = copy.deepcopy(shipped)
    for table, keys in changes.items():
        place = document[table][0] if table == "hours" else document[table]
        place.update(keys)
    with pytest.raises(ProtocolRefused) as refusal:
        read_protocol(document)
    return str(refusal.value).partition(":")[0]


@BOTH
def test_what_ships_is_safe_and_reads_the_same_from_its_document(shipped: dict[str, Any]) -> None:
    assert document_of(read_protocol(shipped)) == shipped


def test_safety_her_first_message_lies_within_21_days_whoever_wrote_the_protocol() -> None:
    changes = {"first_contact": {"to_day": 22}, "safe_contact": {"open_days": 20}}
    assert refused(HERS, **changes) == "first_contact.to_day"


def test_safety_her_first_message_is_drawn_from_two_weeks_at_least() -> None:
    assert refused(HERS, first_contact={"from_day": 8}) == "first_contact.to_day"
    assert refused(HERS, first_contact={"to_day": 13}) == "first_contact.to_day"


def test_safety_her_first_message_is_drawn_where_she_is_entered_late_too() -> None:
    assert refused(HERS, first_contact={"late": "at_once"}) == "first_contact.late"


@BOTH
def test_safety_no_hours_of_a_protocol_reach_into_the_night(shipped: dict[str, Any]) -> None:
    assert refused(shipped, hours={"from": "06:59"}) == "hours[0].from"
    assert refused(shipped, hours={"to": "22:01"}) == "hours[0].to"


def test_safety_a_safe_contact_is_confirmed_within_30_days_of_the_due_date() -> None:
    assert refused(HERS, safe_contact={"valid_days": 31}) == "safe_contact.valid_days"


def test_safety_she_gets_one_reminder_at_most_unless_she_agreed_to_more() -> None:
    changes = {"after_days": [5, 9], "maximum": 2, "default": 2}
    assert refused(HERS, reminders=changes) == "reminders.default"


def test_safety_messages_in_a_chat_go_before_they_are_a_day_old() -> None:
    assert refused(HERS, traces={"delete_after_hours": 23}) == "traces.delete_after_hours"


def test_safety_an_idle_chat_is_cleared_after_three_minutes_at_the_latest() -> None:
    assert refused(HERS, traces={"idle_minutes": 4}) == "traces.idle_minutes"


def test_safety_no_protocol_of_safe_contacts_leaves_traces() -> None:
    document = {name: each for name, each in HERS.items() if name != "traces"}
    with pytest.raises(ProtocolRefused, match=r"^traces: "):
        read_protocol(document)


@BOTH
def test_safety_a_wave_is_closed_after_45_days_at_the_latest(shipped: dict[str, Any]) -> None:
    assert refused(shipped, closing={"after_days": 46}) == "closing.after_days"


@BOTH
def test_safety_the_audit_is_never_kept_for_less_than_answers(shipped: dict[str, Any]) -> None:
    assert refused(shipped, retention={"audit_days": 1825}) == "retention.audit_days"
