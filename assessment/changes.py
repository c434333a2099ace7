"""The change of the same people from one wave to the next; levels of one wave are the block's.

It works nothing out but from numbers that went through the pass with all others.
"""

from collections.abc import Iterator, Mapping

from assessment.block import Block, Bundle
from assessment.disclosure import protected
from assessment.linked import Mask, Number
from assessment.naming import CHANGE
from assessment.statistics import Change, change

COUNTED = ("people", "better", "worse")


class Changes:
    """One side's two waves, `first` and `second`, of the same cases."""

    def __init__(self, first: Block, second: Block) -> None:
        self.side, self.constructs = first.side, first.constructs
        self._blocks = (first, second)

    @property
    def both(self) -> Mask:
        """Whose outcome is known in both waves."""
        first, second = (block.known for block in self._blocks)
        both: Mask = first & second
        return both

    def bundles(self) -> Iterator[Bundle]:
        """For each construct: how many said something twice, and changed which way; where its own table allows it."""
        for each in self.constructs:
            _, better, worse, alike = self._groups(each.name)
            if None not in protected([int(whom.sum()) for whom in (better, worse, alike)]):
                yield [self._number(each.name, what, whom)
                       for what, whom in zip((*COUNTED, "alike"), self._groups(each.name), strict=True)]  # fmt: skip

    def implied(self) -> Iterator[Number]:
        """Who did not change, and who said something in one of the two waves alone: nobody may work out a few."""
        for each in self.constructs:
            people, better, worse, alike = self._groups(each.name)
            groups = {"alike": alike, "better": better, "worse": worse}
            groups |= {f"once:{block.wave}": block.told(each.name) & ~people for block in self._blocks}
            for what, whom in groups.items():
                yield self._number(each.name, f"hidden:{what}", whom)

    def _groups(self, construct: str) -> tuple[Mask, Mask, Mask, Mask]:
        first, second = self._blocks
        people = first.told(construct) & second.told(construct)
        was, now = first.favourable(construct), second.favourable(construct)
        better, worse = people & ~was & now, people & was & ~now
        return people, better, worse, people & ~better & ~worse

    def _number(self, construct: str, what: str, whom: Mask) -> Number:
        return Number(self._name(construct, what), whom)

    def _name(self, construct: str, what: str) -> str:
        return f"{self.side}/{CHANGE}/{what}:{construct}"

    def told(self, numbers: Mapping[str, int]) -> Iterator[tuple[str, str, Change]]:
        """What may be shown, from the numbers that the pass let through."""
        for each in self.constructs:
            found = [numbers.get(self._name(each.name, what)) for what in COUNTED]
            people, better, worse = found
            if people is not None and better is not None and worse is not None:
                yield self.side, each.name, change(people, better, worse)
