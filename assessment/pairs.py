"""What pairs say of the same months: how often alike. Only the answers about the index person count."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from assessment.disclosure import SMALLEST, protected
from assessment.indicators import Status, about_the_index, answered, status_of
from assessment.published import Pairing
from assessment.reading import Wave
from assessment.statistics import agreement

PAIRS_FROM = 10
Told = Mapping[str, bool]


def harm_told(rows: Mapping[str, Wave], *, index_only: bool) -> dict[str, bool]:
    """By case, whether there was violence, where that is known (and, of him, about the index person)."""
    found = {}
    for case, row in rows.items():
        status = status_of(row) if answered(row) else Status.UNKNOWN
        if status is not Status.UNKNOWN and not (index_only and not about_the_index(row)):
            found[case] = status is Status.VIOLENT
    return found


def pairing(wave: str, hers: Mapping[str, Wave], his: Mapping[str, Wave]) -> Pairing:
    """Agreement of one wave's pairs; nothing where a cell, or what is left of a side without the pairs, is small."""
    she, he = harm_told(hers, index_only=False), harm_told(his, index_only=True)
    counted = Counter((she[case], he[case]) for case in she.keys() & he.keys())
    both, hers_only, his_only, neither = (
        counted[pair] for pair in ((True, True), (True, False), (False, True), (False, False))
    )
    of = both + hers_only + his_only + neither
    if of < PAIRS_FROM or None in protected([both, hers_only + his_only, neither]):
        return Pairing(wave, None)  # agreement in violence and in peace would tell each of the three
    every = harm_told(his, index_only=False)
    if any(0 < each - part < SMALLEST for side in (she, he, every) for each, part in _nested(side, both, neither, of)):
        return Pairing(wave, None)
    found = agreement(both, hers_only, his_only, neither)
    four = None not in protected([both, hers_only, his_only, neither])
    rows = ((she, both + hers_only, his_only + neither), (he, both + his_only, hers_only + neither))
    apart = all(
        not 0 < each - part < SMALLEST
        for side, harm, peace in rows for each, part in ((_harm(side), harm), (len(side) - _harm(side), peace))
    )  # fmt: skip
    return Pairing(wave, found if four and apart else replace(found, kappa=None))  # kappa tells the fourth


def _harm(told: Told) -> int:
    return sum(told.values())


def _nested(told: Told, both: int, neither: int, of: int) -> tuple[tuple[int, int], ...]:
    """A side's own numbers, each with that of the pairs which lies inside it."""
    return (len(told), of), (_harm(told), both), (len(told) - _harm(told), neither)
