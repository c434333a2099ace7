"""One pass over numbers that hang together: which of them may be shown so that no small group follows from the rest.

Every number counts a group of people, and a group is a set of parts that never overlap. A number is shown only while no
group of one to four people, and no difference between a group and one inside it, is a sum or difference of what is
shown. What is asked for first is shown first.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from assessment.disclosure import SMALLEST

_NOTHING = 1e-7


@dataclass(frozen=True, slots=True)
class Group:
    """A number that might be shown: the parts that it counts."""

    name: str
    parts: frozenset[Hashable]


def shown(groups: Iterable[Group], sizes: Mapping[Hashable, int]) -> dict[str, int]:
    """Of these groups, most wanted first, those that may be shown, by name, with their numbers.

    A part that `sizes` does not know has nobody in it, which is no less a number than five.
    """
    wanted = list(dict.fromkeys(groups))
    places = {part: place for place, part in enumerate(sorted({p for g in wanted for p in g.parts}, key=repr))}
    rows = np.zeros((len(wanted), len(places)))
    for at, group in enumerate(wanted):
        rows[at, [places[part] for part in group.parts]] = 1
    rows, counts = _merged(rows, np.array([sizes.get(part, 0) for part in places], dtype=float))
    risky = _risky(rows, counts)
    return _taken(wanted, rows, rows @ counts, risky)


def _merged(rows: "np.ndarray", counts: "np.ndarray") -> "tuple[np.ndarray, np.ndarray]":
    """Parts that no number tells apart are one."""
    if not rows.size:
        return rows, counts
    _, first, place = np.unique(np.packbits(rows.astype(bool), axis=0), axis=1, return_index=True, return_inverse=True)
    return rows[:, first], np.bincount(place.ravel(), weights=counts, minlength=len(first))


def _risky(rows: "np.ndarray", counts: "np.ndarray") -> "np.ndarray":
    """What nobody may work out: groups of one to four people, and what is left of one without one or two inside it."""
    found, sizes = [row for row in rows if 0 < row @ counts < SMALLEST], rows @ counts
    apart = np.triu(rows @ rows.T == 0, 1)
    for whole, size in zip(rows, sizes, strict=True):
        inside = np.flatnonzero((rows <= whole).all(axis=1))
        found += [whole - rows[at] for at in inside if 0 < size - sizes[at] < SMALLEST]
        left = size - sizes[inside][:, None] - sizes[inside][None, :]
        few = (left > 0) & (left < SMALLEST) & apart[np.ix_(inside, inside)]
        found += [whole - rows[inside[one]] - rows[inside[other]] for one, other in zip(*np.nonzero(few), strict=True)]
    return np.unique(np.array(found), axis=0) if found else np.zeros((0, rows.shape[1]))


def _taken(wanted: list[Group], rows: "np.ndarray", totals: "np.ndarray", risky: "np.ndarray") -> dict[str, int]:
    taken: dict[str, int] = {}
    left, rest = risky.copy(), rows.copy()  # both without what the numbers shown so far tell
    for at, group in enumerate(wanted):
        new = rest[at]
        size = new @ new
        if size < _NOTHING:  # follows from what is shown already
            taken[group.name] = round(totals[at])
            continue
        after = left - np.outer(left @ new, new) / size
        if risky.size and (np.einsum("ij,ij->i", after, after) < _NOTHING).any():
            continue
        taken[group.name], left = round(totals[at]), after
        rest = rest - np.outer(rest @ new, new) / size
    return taken
