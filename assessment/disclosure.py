"""What may be shown: no cell, and no complement, that is about fewer than five people (instruments.md, "Disclosure").

It must never let a hidden cell be worked out from the others and their total.
"""

from collections.abc import Sequence

HEADLINE_FROM, TABLE_FROM, SMALLEST = 30, 10, 5
_STEP = 5
"""Percent between the edges that a band may have."""


def headline_allowed(of: int) -> bool:
    """A national headline figure: rounded, and of at least thirty people."""
    return of >= HEADLINE_FROM


def share_allowed(count: int, of: int) -> bool:
    """Any other share: of at least ten, with neither it nor its complement about fewer than five."""
    return of >= TABLE_FROM and SMALLEST <= count <= of - SMALLEST


def band(count: int, of: int) -> int | None:
    """In percent: at least so many (positive), or at most so many (negative), where a share would tell a group of
    under five. It is the same for every size such a group may have. None where the share itself may be told."""
    least = (of - SMALLEST + 1) * 100 // of // _STEP * _STEP
    if of - count < SMALLEST:
        return least
    return least - 100 if count < SMALLEST else None  # -10: at most 10


def protected(counts: Sequence[int]) -> tuple[int | None, ...]:
    """The counts of one table whose total is shown; None stands for what is hidden.

    Where one cell is hidden, the smallest of the others is hidden too, until what is hidden together is at least five
    and no single cell can be had by subtraction.
    """
    if sum(counts) < TABLE_FROM:
        return (None,) * len(counts)
    hidden = {place for place, count in enumerate(counts) if count < SMALLEST}
    order = sorted(range(len(counts)), key=lambda place: (counts[place], place))
    while hidden and (len(hidden) == 1 or sum(counts[place] for place in hidden) < SMALLEST):
        rest = [place for place in order if place not in hidden]
        if not rest:
            break
        hidden.add(rest[0])
    return tuple(None if place in hidden else count for place, count in enumerate(counts))
