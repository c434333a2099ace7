"""Each decision in docs/adr has a number of its own, which its heading says too."""

import re
from pathlib import Path

DECISIONS = sorted((Path(__file__).parents[2] / "docs" / "adr").glob("*.md"))


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [each.name[:4] for each in DECISIONS]
    assert len(numbers) == len(set(numbers)), sorted(numbers)
    for each in DECISIONS:
        heading = each.read_text(encoding="utf-8").split("\n", 1)[0]
        assert re.match(rf"# {each.name[:4]} \S", heading), heading
