"""Which counts may be shown: none under five, none whose rest is under five, and only in steps of five. Pure.

Everybody is counted in exactly one cell that is shown or hidden; every sum and share is made of shown cells alone, so
that no subtraction between rows, tables or readers gives a hidden one (instruments.md, Disclosure).
"""

from collections import Counter
from collections.abc import Mapping

LEAST_CELL, LEAST_TOTAL, STEP = 5, 10, 5
OTHERS = "others"
"""Centres that are too small to stand by themselves, together."""

Parts = Mapping[str, int | None]


def shown_number(number: int) -> int | None:
    """A number by itself, to the nearest five; None where it is under five."""
    return (number + STEP // 2) // STEP * STEP if number >= LEAST_CELL else None


def shown_parts(counted: Mapping[str, int]) -> dict[str, int | None]:
    """The parts of one whole: each as `shown_number`, none of a whole under ten, none whose rest is under five."""
    whole = sum(counted.values())
    return {
        name: shown_number(number) if whole >= LEAST_TOTAL and whole - number >= LEAST_CELL else None
        for name, number in counted.items()
    }


def shown_groups(counted: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int | None]]:
    """Every group (a centre) of which any part may be shown; all others together as `others`, where there are any."""
    shown: dict[str, dict[str, int | None]] = {}
    rest: Counter[str] = Counter()
    small = 0
    for group, parts in counted.items():
        own = shown_parts(parts)
        if any(number is not None for number in own.values()):
            shown[group] = own
        else:
            rest.update(parts)
            small += 1
    return shown | ({OTHERS: shown_parts(rest)} if small > 1 else {})


def summed(groups: Mapping[str, Parts]) -> dict[str, int | None]:
    """The groups together, made of what is shown and of nothing else."""
    together: dict[str, int | None] = {}
    for parts in groups.values():
        for name, number in parts.items():
            together[name] = (together.get(name) or 0) + number if number else together.get(name)
    return together


def shown_share(top: int | None, bottom: int) -> int | None:
    """A percentage of shown numbers; None where one is hidden."""
    return None if not top or bottom < LEAST_TOTAL else round(100 * top / bottom)
