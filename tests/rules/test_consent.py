"""Consent in force: the latest word counts, a withdrawal is for good, the refusal of a wave is its own alone."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.consent import ConsentRecord, in_force, wave_answer
from surveys.rules.vocabulary import Purpose

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
LATER = START + timedelta(days=400)


def record(given_: bool, hour: int, purpose: Purpose = Purpose.CONTACT, **more: object) -> ConsentRecord:
    return ConsentRecord(purpose, given_, START + timedelta(hours=hour), **more)  # type: ignore[arg-type]


def test_without_a_record_nothing_is_in_force() -> None:
    assert not in_force([], Purpose.CONTACT, LATER)


def test_purposes_are_apart() -> None:
    records = [record(True, 0), record(False, 0, Purpose.CALL)]
    assert in_force(records, Purpose.CONTACT, LATER)
    assert not in_force(records, Purpose.CALL, LATER)
    assert not in_force(records, Purpose.EVALUATION, LATER)


def test_a_record_counts_from_its_own_instant_on() -> None:
    records = [record(True, 0), record(False, 5)]
    assert in_force(records, Purpose.CONTACT, START + timedelta(hours=4))
    assert not in_force(records, Purpose.CONTACT, START + timedelta(hours=5))


def test_safety_a_withdrawal_is_undone_by_no_later_message_of_the_person() -> None:
    records = [record(True, 0, by_staff=True), record(False, 1), record(True, 2)]
    assert not in_force(records, Purpose.CONTACT, LATER)


def test_consent_given_anew_with_staff_is_in_force() -> None:
    records = [record(True, 0), record(False, 1), record(True, 2), record(True, 3, by_staff=True)]
    assert in_force(records, Purpose.CONTACT, LATER)
    assert not in_force(records, Purpose.CONTACT, START + timedelta(hours=2))


def test_safety_of_two_records_of_one_instant_the_refusal_counts_in_whatever_order_they_come() -> None:
    both = [record(True, 1, by_staff=True), record(False, 1)]
    assert not in_force(both, Purpose.CONTACT, LATER)
    assert not in_force(both[::-1], Purpose.CONTACT, LATER)


def test_a_refused_wave_is_that_waves_alone_and_no_withdrawal() -> None:
    records = [
        record(True, 0),
        record(True, 0, Purpose.EVALUATION),
        record(False, 1, Purpose.EVALUATION, invitation="i1"),
    ]
    assert in_force(records, Purpose.CONTACT, LATER)
    assert in_force(records, Purpose.EVALUATION, LATER)
    assert wave_answer(records, "i1", LATER) is False
    assert wave_answer(records, "i2", LATER) is None


def test_the_yes_to_a_wave_is_no_consent_to_anything_else() -> None:
    records = [record(True, 1, Purpose.EVALUATION, invitation="i1")]
    assert wave_answer(records, "i1", LATER) is True
    assert not in_force(records, Purpose.EVALUATION, LATER)


records_of_a_person = st.lists(
    st.builds(
        record,
        st.booleans(),
        st.integers(0, 20),
        st.just(Purpose.CONTACT),
        invitation=st.none() | st.just("i1"),
        by_staff=st.just(False),
    ),
    max_size=12,
)


@given(records_of_a_person, st.integers(0, 20))
def test_property_after_a_withdrawal_nothing_the_person_says_brings_consent_back(
    records: list[ConsentRecord], hour: int
) -> None:
    withdrawn = [*records, record(False, hour)]
    for later in range(hour, 22):
        assert not in_force(withdrawn, Purpose.CONTACT, START + timedelta(hours=later))


@given(records_of_a_person, st.randoms())
def test_property_the_order_in_which_records_are_read_does_not_matter(
    records: list[ConsentRecord], shuffler: Random
) -> None:
    mixed = list(records)
    shuffler.shuffle(mixed)
    assert in_force(mixed, Purpose.CONTACT, LATER) is in_force(records, Purpose.CONTACT, LATER)
