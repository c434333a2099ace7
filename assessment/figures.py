"""The figures of one assessment, worked out and made safe to publish; no words and no drawing.

Only what this module gives may reach a report: every cell has been through the rules of disclosure.
"""

from collections.abc import Mapping

from assessment.block import Block
from assessment.centres import Records, programme, told_numbers
from assessment.changes import changed
from assessment.disclosure import TABLE_FROM
from assessment.everybody import Costs, contacts, endings
from assessment.indicators import answered
from assessment.pairs import pairing
from assessment.published import Figures, Level, Missing
from assessment.reading import SideData
from assessment.rules import constructs

WAVES = ("m3", "m6")
SIDES = ("survivors", "ex-perpetrators")


def figures(sides: Mapping[str, SideData], records: Records | None = None) -> Figures:
    """Everything of one report, from the sides' data by name, and what centre records say.

    The men are those of his side. A row of hers that belongs to none of them is left out, so that how many there are
    tells nothing of who takes part on her side.
    """
    return Assessed(sides, records).figures()


NO_COSTS = Costs()


class Assessed:
    """One assessment at work. `blocks` are its linked numbers, for the evaluator's memory."""

    def __init__(self, sides: Mapping[str, SideData], records: Records | None = None, costs: Costs = NO_COSTS) -> None:
        self._costs = costs
        self._programme = programme(records) if records is not None else None
        completed = self._programme.completed if self._programme and not self._programme.example else None
        cases = sides["ex-perpetrators"].cases
        self._sides = {side: sides[side].among(cases) for side in SIDES}
        self._rows = {(side, wave): self._sides[side].of(wave) for side in SIDES for wave in WAVES}
        self.men = max(len(cases), completed or 0)
        self.blocks = tuple(self._block(side, wave) for side in SIDES for wave in WAVES)

    def _block(self, side: str, wave: str) -> Block:
        other, later = SIDES[side == SIDES[0]], WAVES[wave == WAVES[0]]
        followed, there = (
            frozenset(case for case, row in self._rows[key].items() if answered(row))
            for key in ((side, later), (other, wave))
        )
        return Block(side, wave, self._rows[side, wave], self.men, followed, there)

    def who(self) -> dict[str, frozenset[str]]:
        """Whom each published number counts, and everybody of each side: for the evaluator's memory, never a report."""
        found = {f"{side}/everybody": self._sides[side].cases for side in SIDES}
        for block in self.blocks:
            found |= {f"{block.side}/{block.wave}/{name}": block.cases(name) for name in block.numbers}
        return found

    def numbers(self) -> dict[str, int]:
        """What is published of centre records, by name, for the memory; an example that was published is not."""
        return told_numbers(self._programme) if self._programme is not None else {}

    def figures(self) -> Figures:
        """The figures."""
        rows = self._rows
        return Figures(
            men=self.men if self.men >= TABLE_FROM else None,
            flows=tuple(block.flow() for block in self.blocks),
            non_violence=tuple(block.non_violence() for block in self.blocks),
            levels=self._levels(),
            changes=tuple(
                one for each in constructs() for one in changed(each, *(rows[each.side, wave] for wave in WAVES))
            ),
            pairs=tuple(pairing(wave, *(rows[side, wave] for side in SIDES)) for wave in WAVES),
            splits=tuple(one for by in ("centre", "year") for block in self.blocks for one in block.splits(by)),
            missing=tuple(
                Missing(block.side, block.wave, flag, *block.compared(flag))
                for block in self.blocks for flag in ("other", "followed")
            ),
            period=self._period(),
            programme=self._programme,
            everybody=tuple(one for side in SIDES for one in endings(self._sides[side], self._of(side))),
            contacts=tuple(contacts(side, self._sides[side], self._of(side), self._costs) for side in SIDES),
        )  # fmt: skip

    def _of(self, side: str) -> dict[str, Block]:
        return {block.wave: block for block in self.blocks if block.side == side}

    def _levels(self) -> tuple[Level, ...]:
        """Of each construct, both waves one after the other."""
        both = (zip(*(block.levels() for block in self._of(side).values()), strict=True) for side in SIDES)
        return tuple(level for pairs in both for pair in pairs for level in pair)

    def _period(self) -> tuple[str, str] | None:
        months = sorted({row.due for rows in self._rows.values() for row in rows.values() if row.due})
        return (months[0], months[-1]) if months and self.men >= TABLE_FROM else None
