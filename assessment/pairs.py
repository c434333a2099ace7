"""What pairs say of the same months: how often alike. Only the answers about the index person count.

It works nothing out but from numbers that went through the pass with all others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assessment.block import Block, Bundle
from assessment.disclosure import protected
from assessment.linked import Mask, Number
from assessment.naming import PAIRS
from assessment.published import Pairing
from assessment.statistics import agreement

PAIRS_FROM = 10
PLAIN = ("of", "both", "neither", "differ")
FOURTH = ("hers_only", "his_only", "hers", "his", "peace_hers", "peace_his")
"""What agreement tells, one from another; and what kappa tells beside it."""


class Pairs:
    """One wave of both sides; `index` is about whom he speaks: the index person, or nobody."""

    def __init__(self, hers: Block, his: Block, index: Mask) -> None:
        self.wave = hers.wave
        known = hers.known & his.known & index
        self._groups = {
            "of": known, "both": known & hers.harm & his.harm, "neither": known & hers.good & his.good,
            "differ": known & (hers.harm ^ his.harm), "hers_only": known & hers.harm & his.good,
            "his_only": known & hers.good & his.harm, "hers": known & hers.harm, "his": known & his.harm,
            "peace_hers": known & hers.good, "peace_his": known & his.good,
        }  # fmt: skip

    @property
    def of(self) -> Mask:
        """The men of the pairs."""
        men: Mask = self._groups["of"]
        return men

    def _sizes(self) -> dict[str, int]:
        return {name: int(whom.sum()) for name, whom in self._groups.items()}

    def bundles(self) -> Iterator[Bundle]:
        """What agreement would tell, and then kappa; where their own tables allow it."""
        sizes = self._sizes()
        if sizes["of"] < PAIRS_FROM or None in protected([sizes[name] for name in PLAIN[1:]]):
            return  # agreement in violence and in peace would tell each of the three
        yield self._bundle(PLAIN)
        if None not in protected([sizes[name] for name in ("both", "hers_only", "his_only", "neither")]):
            yield self._bundle((*PLAIN, *FOURTH))

    def _bundle(self, names: Sequence[str]) -> Bundle:
        return [self._number(name, self._groups[name]) for name in names]

    def implied(self) -> Iterator[Number]:
        """Who differs, and what each side says of the pairs: nobody may work out a few."""
        for name, whom in self._groups.items():
            yield self._number(f"hidden:{name}", whom)

    def _number(self, name: str, whom: Mask) -> Number:
        return Number(self._name(name), whom)

    def _name(self, what: str) -> str:
        return f"{PAIRS}/{self.wave}/{what}"

    def told(self, numbers: Mapping[str, int]) -> Pairing:
        """What may be shown, from the numbers that the pass let through."""
        if any(self._name(name) not in numbers for name in PLAIN):
            return Pairing(self.wave, None)
        sizes = self._sizes()
        found = agreement(sizes["both"], sizes["hers_only"], sizes["his_only"], sizes["neither"])
        fourth = self._name(FOURTH[0]) in numbers
        return Pairing(self.wave, found if fourth else replace(found, kappa=None))
