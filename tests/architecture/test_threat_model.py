"""The threat model names only tests that exist, and every rule for survivors and every invariant names one."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODEL = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
RULES = {"S": 7, "C": 30, "L": 13, "D": 10}
"""How many rules there are: of the two sides, contacting, consent and leaving, danger. A new one has its own row."""
_NAMED = re.compile(r"`(test_\w+)`")


def rows() -> list[tuple[str, list[str]]]:
    """What stands in each row of every table, and the tests that hold it."""
    found = (line.strip("|").rpartition("|") for line in MODEL.splitlines() if line.startswith("| "))
    return [(rule.strip(), _NAMED.findall(held)) for rule, _, held in found]


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = set(_NAMED.findall(MODEL))
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)\(", sources))
    assert len(named) > 30
    assert named <= there, sorted(named - there)


def test_every_rule_for_survivors_has_one_row_and_a_test() -> None:
    by_name = [(found[1], held) for rule, held in rows() if (found := re.match(r"([SCLD]\d+) \|", rule))]
    assert [name for name, _ in by_name] == [f"{kind}{number + 1}" for kind in RULES for number in range(RULES[kind])]
    assert [name for name, held in by_name if not held] == []


def test_every_invariant_has_a_row_and_a_test() -> None:
    for number in range(1, 21):
        held = [
            each for rule, tests in rows() for each in tests
            if re.match(rf"I{number}\b", rule) or re.match(rf"test_(safety_)?i{number}_", each)
        ]  # fmt: skip
        assert held, f"I{number}"
