"""A private page's link cannot be guessed."""

from base64 import urlsafe_b64decode

from surveys.records.ids import short_token
from surveys.rules.chance import SystemChance


def test_safety_a_link_has_128_random_bits() -> None:
    tokens = {short_token(SystemChance()) for _ in range(100)}
    assert len(tokens) == 100
    assert {len(urlsafe_b64decode(each + "==")) * 8 for each in tokens} == {128}
