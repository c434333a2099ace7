"""The figures of one assessment, worked out and made safe to publish; no words and no drawing.

Only what this module gives may reach a report: every cell has been through the rules of disclosure.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from assessment.block import Block, Bundle
from assessment.centres import Records, programme, told_numbers
from assessment.changes import Changes
from assessment.disclosure import TABLE_FROM
from assessment.everybody import Costs, contacts, endings
from assessment.indicators import about_the_index
from assessment.linked import Mask, Number, told
from assessment.memory import EVERYBODY, Memory, beside_earlier
from assessment.naming import FOLLOWED, OTHER, SIDES, WAVES
from assessment.pairs import Pairs
from assessment.published import Figures, Level, Missing
from assessment.reading import SideData, Wave

NO_COSTS = Costs()
FLAGS = (OTHER, FOLLOWED)


def figures(sides: Mapping[str, SideData], records: Records | None = None) -> Figures:
    """Everything of one report, from the sides' data by name, and what centre records say.

    The men are those of his side. A row of hers that belongs to none of them is left out, so that how many there are
    tells nothing of who takes part on her side.
    """
    return Assessed(sides, records).figures()


class Assessed:
    """One assessment at work. All its numbers go through one pass, beside what the memory's earlier reports told;
    TooLikeAnEarlierReport where one without which there is no report cannot be told."""

    def __init__(
        self, sides: Mapping[str, SideData], records: Records | None = None, costs: Costs = NO_COSTS,
        memory: Memory | None = None,
    ) -> None:  # fmt: skip
        self._costs, self._memory = costs, memory
        self._programme = programme(records) if records is not None else None
        completed = self._programme.completed if self._programme and not self._programme.example else None
        self.cases = sorted(sides["ex-perpetrators"].cases)
        among = frozenset(self.cases)
        self._sides = {side: sides[side].among(among) for side in SIDES}
        self.men = max(len(self.cases), completed or 0)
        rows = {(side, wave): self._sides[side].of(wave) for side in SIDES for wave in WAVES}
        self._due = {row.due for each in rows.values() for row in each.values() if row.due}
        self._by = {
            (side, wave): Block(side, wave, found, self.cases, self.men) for (side, wave), found in rows.items()
        }
        self.blocks = tuple(self._by.values())
        self._changes = tuple(Changes(*(self._by[side, wave] for wave in WAVES)) for side in SIDES)
        self._pairs = tuple(self._pairing(wave, rows[SIDES[1], wave]) for wave in WAVES)
        self._told = self._pass()
        for block in self.blocks:
            block.numbers = self._numbers_of(f"{block.name}/")

    def _pairing(self, wave: str, his: Mapping[str, Wave]) -> Pairs:
        index = np.array([case in his and about_the_index(his[case]) for case in self.cases] + [False])
        return Pairs(self._by[SIDES[0], wave], self._by[SIDES[1], wave], index)

    def _bundles(self) -> Iterator[Bundle]:
        """Every number that is wanted, most wanted first."""
        for kind in (Block.headline, Block.steps, Block.endings, Block.level_bundles):
            for block in self.blocks:
                yield from kind(block)
        yield from (bundle for pair in self._pairs for bundle in pair.bundles())
        for block in self.blocks:
            yield from (block.compared_bundle(flag, there) for flag, there in self._elsewhere(block).items())
        yield from (bundle for change in self._changes for bundle in change.bundles())
        for by in ("centre", "year"):
            for block in self.blocks:
                yield from block.split_bundles(by)

    def _elsewhere(self, block: Block) -> dict[str, Mask]:
        """Whose outcome the other side of the pair tells too, and whose is known in the other wave."""
        pair = next(each for each in self._pairs if each.wave == block.wave)
        change = next(each for each in self._changes if each.side == block.side)
        return {OTHER: pair.of, FOLLOWED: change.both}

    def _across(self) -> tuple[Changes | Pairs, ...]:
        """What tells of two waves, or of both sides."""
        return (*self._changes, *self._pairs)

    def _pass(self) -> dict[str, Mask]:
        """Whom every number counts that may be told, by its name."""
        bundles = list(self._bundles())
        implied = [one for each in (*self.blocks, *self._across()) for one in each.implied()]
        wanted = {one.name: one.whom for bundle in bundles for one in bundle}
        weights = np.ones(len(self.cases) + 1)
        weights[-1] = self.men - len(self.cases)
        safe = beside_earlier(
            bundles,
            lambda some, given: told(some, implied, given, weights),
            lambda names: self._beside({name: wanted[name] for name in names}),
        )
        return {name: wanted[name] for name in safe}

    def _beside(self, counted: Mapping[str, Mask]) -> tuple[list[Number], frozenset[str]]:
        everybody = {f"{side}{EVERYBODY}": self._everybody(side) for side in SIDES}
        return self._memory.beside(self.cases, {**counted, **everybody}) if self._memory else ([], frozenset())

    def _everybody(self, side: str) -> Mask:
        here = self._sides[side].cases
        return np.array([case in here for case in self.cases] + [False])

    def _numbers_of(self, head: str) -> dict[str, int]:
        return {name.removeprefix(head): self._size(whom) for name, whom in self._told.items() if name.startswith(head)}

    def _size(self, whom: Mask) -> int:
        return int(whom[:-1].sum()) + (self.men - len(self.cases) if whom[-1] else 0)

    def counted(self) -> dict[str, Mask]:
        """Whom each published number counts, and everybody of each side: for the evaluator's memory, never a report."""
        return {f"{side}{EVERYBODY}": self._everybody(side) for side in SIDES} | self._told

    def numbers(self) -> dict[str, int]:
        """What is published of centre records, by name, for the memory; an example that was published is not."""
        return told_numbers(self._programme) if self._programme is not None else {}

    def figures(self) -> Figures:
        """The figures."""
        numbers, enough = self._numbers_of(""), self.men >= TABLE_FROM
        sides = (
            self._sides if enough else {side: SideData(()) for side in SIDES}
        )  # of few people nothing at all is said
        return Figures(
            men=self.men if enough else None,
            flows=tuple(block.flow() for block in self.blocks),
            non_violence=tuple(block.non_violence() for block in self.blocks),
            levels=self._levels(),
            changes=tuple(one for each in self._changes for one in each.told(numbers)),
            pairs=tuple(each.told(numbers) for each in self._pairs),
            splits=tuple(one for by in ("centre", "year") for block in self.blocks for one in block.splits(by)),
            missing=tuple(
                Missing(block.side, block.wave, flag, *block.compared(flag)) for block in self.blocks for flag in FLAGS
            ),
            period=self._period(),
            programme=self._programme,
            everybody=tuple(one for side in SIDES for one in endings(sides[side], self._of(side))),
            contacts=tuple(contacts(side, sides[side], self._of(side), self._costs) for side in SIDES),
        )  # fmt: skip

    def _of(self, side: str) -> dict[str, Block]:
        return {wave: self._by[side, wave] for wave in WAVES}

    def _levels(self) -> tuple[Level, ...]:
        """Of each construct, both waves one after the other."""
        both = (zip(*(block.levels() for block in self._of(side).values()), strict=True) for side in SIDES)
        return tuple(level for pairs in both for pair in pairs for level in pair)

    def _period(self) -> tuple[str, str] | None:
        months = sorted(self._due)
        return (months[0], months[-1]) if months and self.men >= TABLE_FROM else None
