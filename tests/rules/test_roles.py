"""The matrix of roles: what is not named is forbidden, and nobody sees more than they need."""

import pytest

from surveys.rules.roles import EVERY_CENTRE, MATRIX, May, Reader, Role, centre_fits


def test_every_role_has_its_row_and_every_permission_somebody() -> None:
    assert set(MATRIX) == set(Role)
    assert set(May) == {what for row in MATRIX.values() for what in row}


def test_a_coordinator_an_evaluator_and_an_administrator_read_no_answers_and_no_addresses() -> None:
    for role in (Role.COORDINATOR, Role.EVALUATOR, Role.ADMINISTRATOR):
        assert not MATRIX[role] & {May.SEE_RESPONSES, May.REVEAL, May.INTERVIEW, May.ENROL}


def test_an_evaluator_and_an_administrator_see_no_person_at_all() -> None:
    for role in (Role.EVALUATOR, Role.ADMINISTRATOR):
        assert not MATRIX[role] & {May.SEE_PEOPLE, May.CHANGE_PEOPLE, May.TAKE_ALERTS, May.SEE_TODAY}


@pytest.mark.parametrize("role", Role)
def test_i17_a_reader_sees_their_own_centre_only(role: Role) -> None:
    here = Reader("u-1", role, "nis")
    assert here.sees("nis")
    assert not here.sees("beograd")
    assert Reader("u-1", role, EVERY_CENTRE).sees("beograd")
    assert all(here.may(what) is (what in MATRIX[role]) for what in May)


def test_a_worker_has_one_centre_and_the_others_the_whole_side() -> None:
    assert centre_fits(Role.WORKER, "nis")
    assert not centre_fits(Role.WORKER, EVERY_CENTRE)
    assert centre_fits(Role.ADMINISTRATOR, EVERY_CENTRE)
    assert not centre_fits(Role.COORDINATOR, "nis")
