"""Numbers as staff type them: every usual way of writing a mobile one, and each other kind refused for its reason."""

import pytest

from surveys.steps.enrolment import EnrolmentRefused, read_number


@pytest.mark.parametrize(
    "typed", ["064 123 4567", "064/123-45-67", "0641234567", "+381641234567", "+381 64 1234567", "00381641234567"]
)
def test_a_mobile_number_is_read_as_it_is_usually_written(typed: str) -> None:
    assert read_number(typed) == "+381641234567"


REFUSED = {
    "011 2345678": "landline", "0900 123456": "premium", "0800 123456": "free line",
    "192": "short number", "194": "short number", "0641": "no such number", "jedan": "not a telephone number",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "reason"), REFUSED.items(), ids=REFUSED)
def test_any_other_is_refused_with_its_own_reason(typed: str, reason: str) -> None:
    with pytest.raises(EnrolmentRefused, match=reason):
        read_number(typed)
