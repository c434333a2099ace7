"""One pass over numbers that hang together: which of them may be shown so that no small group follows from the rest.

Every number counts people. A number is shown only while no group of one to four people, and no difference between a
group and one or two inside it, is a sum or difference of what is shown. What is asked for first is shown first.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assessment.disclosure import SMALLEST
from assessment.naming import about

_NOTHING = 1e-4
"""People; the square of what is left of a group of one to four that nobody could work out is larger."""
_AT_ONCE = 4096
"""How many people's columns are multiplied in one go: so many are exact in single precision."""
Mask = np.ndarray
"""For each person of one list, whether the number counts them."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number and whom it counts. Only numbers whose names tell of the same wave of a side can be known to lie inside
    each other."""

    name: str
    whom: Mask


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
    numbers = []
    for group in wanted:
        whom = np.zeros(len(places), dtype=bool)
        whom[[places[part] for part in group.parts]] = True
        numbers.append(Number(group.name, whom))
    taken = told([[each] for each in numbers], weights=np.array([sizes.get(part, 0) for part in places], dtype=float))
    return {each.name: sum(sizes.get(part, 0) for part in each.parts) for each in wanted if each.name in taken}


def told(
    bundles: Sequence[Sequence[Number]], implied: Sequence[Number] = (), given: Sequence[Number] = (),
    weights: "np.ndarray | None" = None,
) -> frozenset[str]:  # fmt: skip
    """The names of the numbers that may be told; those of a bundle all together or not at all.

    `implied` are groups that no number tells, and that nobody may work out where they are small. `given` was told
    before, whatever follows from it. `weights` are how many people stand in each place, where it is not one.
    """
    wanted = [*given, *(each for bundle in bundles for each in bundle)]
    every = [*wanted, *_new(implied, wanted)]
    common = _common([each.whom for each in every], weights)
    telling = np.arange(len(every)) < len(wanted)
    work = _Pass(common, _risky(every, common, telling))
    for at in range(len(given)):
        work.add(at)
    work.forget_what_follows()
    taken, at = set(), len(given)
    for bundle in bundles:
        if work.all_of(range(at, at + len(bundle))):
            taken |= {each.name for each in bundle}
        at += len(bundle)
    return frozenset(taken)


def _new(implied: Sequence[Number], wanted: Sequence[Number]) -> list[Number]:
    """Those that count somebody, each group once, and none that a number counts whose name tells of the same."""
    seen = {(about(each.name), each.whom.tobytes()) for each in wanted}
    found = {(about(each.name), each.whom.tobytes()): each for each in implied if each.whom.any()}
    return [each for key, each in found.items() if key not in seen]


def _common(masks: Sequence[Mask], weights: "np.ndarray | None") -> "np.ndarray":
    """How many people any two numbers count both; a mask that is shorter than others counts nobody further on."""
    found, people = np.zeros((len(masks), len(masks))), max(map(len, masks), default=0)
    for start in range(0, people, _AT_ONCE):
        some = np.zeros((len(masks), min(_AT_ONCE, people - start)), dtype=np.float32)
        for row, mask in zip(some, masks, strict=True):
            part = mask[start : start + _AT_ONCE]
            row[: len(part)] = part
        heavy = np.ones(some.shape[1])
        if weights is not None:
            heavy[: len(weights[start : start + _AT_ONCE])] = weights[start : start + _AT_ONCE]
        found += (some * heavy) @ some.T if (heavy != 1).any() else some @ some.T
    return found


Three = np.ndarray
"""Rows of three places: a whole, and one or two inside it; −1 where there is none."""


def _risky(every: Sequence[Number], common: "np.ndarray", telling: "np.ndarray") -> Three:
    """What nobody may work out: groups of one to four people, and what is left of one without one or two inside it."""
    sizes = np.diag(common).round()
    few = (sizes > 0) & (sizes < SMALLEST)
    inside = (common == sizes[:, None]) & _akin(every) & (sizes[:, None] > 0)  # [part, whole]
    found = [np.array([(at, -1, -1) for at in np.flatnonzero(few)], dtype=int).reshape(-1, 3)]
    left = sizes[None, :] - sizes[:, None]
    pairs = np.argwhere(inside & (left > 0) & (left < SMALLEST))
    found.append(np.column_stack([pairs[:, 1], pairs[:, 0], np.full(len(pairs), -1)]))
    usable = telling & ~few
    for whole in np.flatnonzero(~few):
        parts = np.flatnonzero(inside[:, whole] & usable)
        rest = sizes[whole] - sizes[parts][:, None] - sizes[parts][None, :]
        one, other = np.nonzero(np.triu((rest > 0) & (rest < SMALLEST) & (common[np.ix_(parts, parts)] == 0), 1))
        found.append(np.column_stack([np.full(len(one), whole), parts[one], parts[other]]))
    return _each_once(np.concatenate(found), every)


def _akin(every: Sequence[Number]) -> "np.ndarray":
    of = [about(each.name) for each in every]
    waves = sorted({wave for each in of for wave in each})
    tells = np.array([[not each or wave in each for wave in waves] for each in of], dtype=np.float32)
    return tells @ tells.T > 0 if waves else np.ones((len(every), len(every)), dtype=bool)


def _each_once(risky: Three, every: Sequence[Number]) -> Three:
    """One row for each group of people, by the sum of numbers drawn for them."""
    if not len(risky):
        return risky
    drawn = np.random.default_rng(1).integers(0, 2**62, max(len(each.whom) for each in every), dtype=np.int64)
    sums = np.array([drawn[np.flatnonzero(each.whom)].sum() for each in every] + [0])
    return risky[np.unique(sums[risky[:, 0]] - sums[risky[:, 1]] - sums[risky[:, 2]], return_index=True)[1]]


class _Pass:
    """The numbers told so far. `_left` holds what they leave of any two numbers' common people."""

    def __init__(self, common: "np.ndarray", risky: Three) -> None:
        self._left, self._risky = common.copy(), risky

    def all_of(self, places: Iterable[int]) -> bool:
        """Tell these together; whether they may be, else none of them is."""
        before = self._left
        for at in places:
            self.add(at)
        if (self._rests() < _NOTHING).any():
            self._left = before
            return False
        return True

    def add(self, at: int) -> None:
        """Tell one, whatever follows."""
        size = self._left[at, at]
        if size > _NOTHING:  # else it follows from what is told already
            self._left = self._left - np.outer(self._left[:, at], self._left[at]) / size

    def forget_what_follows(self) -> None:
        """Leave out of the question what the numbers so far tell already."""
        self._risky = self._risky[self._rests() >= _NOTHING]

    def _rests(self) -> "np.ndarray":
        """Of each group that nobody may work out, the square of what is left without what is told."""
        left = np.pad(self._left, (0, 1))
        whole, one, other = self._risky.T
        across = left[whole, one] + left[whole, other] - left[one, other]
        rests: np.ndarray = left[whole, whole] + left[one, one] + left[other, other] - 2 * across
        return rests
