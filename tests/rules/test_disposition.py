"""Dispositions: a finished response stays complete, and nobody is counted as more than they gave."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.disposition import Course, Family, family, how_it_ended
from surveys.rules.vocabulary import Disposition, Status

QUIET = Course(Status.ACTIVE)


@pytest.mark.parametrize(
    ("course", "disposition"),
    [
        (Course(Status.ACTIVE, finished=True, began=True, answers=9, sent=1), Disposition.COMPLETE),
        (Course(Status.ACTIVE, began=True, answers=1, sent=1), Disposition.PARTIAL),
        (Course(Status.ACTIVE, began=True, answers=0, sent=1), Disposition.BREAK_OFF),
        (Course(Status.ACTIVE, refused=True, began=True, sent=1), Disposition.REFUSAL),
        (Course(Status.ACTIVE, sent=1), Disposition.EXPIRED),
        (Course(Status.ACTIVE, sent=1, perhaps_sent=1), Disposition.EXPIRED),
        (Course(Status.ACTIVE, perhaps_sent=1), Disposition.UNKNOWN),
        (Course(Status.ACTIVE), Disposition.NON_CONTACT),
        (Course(Status.SUSPENDED), Disposition.NON_CONTACT),
        (Course(Status.ACTIVE, unsafe=True, sent=1), Disposition.UNSAFE_TO_CONTACT),
        (Course(Status.ACTIVE, not_reconfirmed=True), Disposition.NOT_RECONFIRMED),
        (Course(Status.WITHDRAWN, began=True, answers=4, sent=1), Disposition.WITHDRAWN),
        (Course(Status.PURGED, sent=1), Disposition.WITHDRAWN),
        (Course(Status.IN_CUSTODY, sent=1), Disposition.IN_CUSTODY),
        (Course(Status.MOVED_ABROAD), Disposition.MOVED_ABROAD),
        (Course(Status.DECEASED, began=True, answers=2), Disposition.DECEASED),
    ],
)
def test_how_an_invitation_ends(course: Course, disposition: Disposition) -> None:
    assert how_it_ended(course) is disposition


@pytest.mark.parametrize("status", list(Status))
def test_a_finished_response_stays_complete_whatever_becomes_of_the_person(status: Status) -> None:
    assert how_it_ended(replace(QUIET, status=status, finished=True)) is Disposition.COMPLETE


@pytest.mark.parametrize("disposition", list(Disposition))
def test_every_disposition_has_a_family(disposition: Disposition) -> None:
    assert isinstance(family(disposition), Family)


def test_who_refused_broke_off_or_withdrew_is_one_family_apart_from_who_was_never_reached() -> None:
    assert {family(d) for d in (Disposition.REFUSAL, Disposition.BREAK_OFF, Disposition.WITHDRAWN)} == {Family.REFUSAL}
    assert {family(d) for d in (Disposition.NON_CONTACT, Disposition.EXPIRED)} == {Family.NON_CONTACT}
    assert family(Disposition.UNKNOWN) is Family.UNKNOWN


courses = st.builds(
    Course,
    st.sampled_from(Status),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(0, 12),
    st.booleans(),
    st.booleans(),
    st.integers(0, 3),
    st.integers(0, 3),
)


@given(courses)
def test_property_only_who_gave_a_substantive_answer_is_counted_as_partial(course: Course) -> None:
    ending = how_it_ended(course)
    if ending is Disposition.PARTIAL:
        assert course.answers >= 1
        assert not course.finished
    assert (ending is Disposition.COMPLETE) == course.finished
