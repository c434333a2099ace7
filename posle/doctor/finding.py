"""What `posle doctor` says of one thing: is it in order, and what to do. It holds no secret and nothing of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`missing` can wait until the side goes live; `wrong` must be mended."""

    OK = "ok"
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. `advice` is empty where all is well."""

    check: str
    verdict: Verdict
    advice: str = ""


def ok(check: str) -> Finding:
    """Nothing to do."""
    return Finding(check, Verdict.OK)


def missing(check: str, advice: str) -> Finding:
    """Not there yet."""
    return Finding(check, Verdict.MISSING, advice)


def wrong(check: str, advice: str) -> Finding:
    """To be mended."""
    return Finding(check, Verdict.WRONG, advice)


def anything_wrong(findings: Iterable[Finding]) -> bool:
    """Whether the doctor's exit status is 1."""
    return any(each.verdict is Verdict.WRONG for each in findings)
