"""A label as it stands for everybody, in a file or in a table."""

import pytest

from surveys.instruments.wording import of_everybody


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("What contact with the person ({other_word})?", "What contact with the person?"),
        ("Since {since}, did {other_word} call?", "Since …, did … call?"),
        ("{other|She|He} called", "She/He called"),
        ("A set {1, 2}", "A set {1, 2}"),
    ],
)
def test_a_label_for_everybody_holds_no_place_of_one_persons_words(text: str, said: str) -> None:
    assert of_everybody(text, "en") == said
