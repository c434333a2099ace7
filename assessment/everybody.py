"""What a side's export says of everybody on it: how their waves ended, who withdrew included, and how often they were
written to.

These numbers come rounded, and count people who are in no row. It must never show one beside which a number of the
study would leave a rest of surely one to four.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assessment.block import DISPOSITIONS, Block
from assessment.disclosure import SMALLEST, TABLE_FROM
from assessment.published import Cell, Contacts, Ended
from assessment.reading import SideData

ENDINGS_HALF, STEP = 2, 10
"""By how much an ending may be off (exports round to five), and to what messages are rounded here."""
KINDS = ("notice", "reminder")


@dataclass(frozen=True, slots=True)
class Costs:
    """What a message costs, in dinars; None where nobody said it."""

    message: float | None = None


def endings(data: SideData, blocks: Mapping[str, Block]) -> tuple[Ended, ...]:
    """By wave, everybody's endings in steps of five."""
    return tuple(
        Ended(block.side, wave, tuple(Cell(name, _ending(data, block, wave, name)) for name in DISPOSITIONS))
        for wave, block in blocks.items()
    )


def _ending(data: SideData, block: Block, wave: str, name: str) -> int | None:
    number, inside = data.endings.get((wave, name)), block.numbers.get(f"is:{name}")
    return number if number and not _tells_of_few(number, ENDINGS_HALF, inside) else None


def contacts(side: str, data: SideData, blocks: Mapping[str, Block], costs: Costs) -> Contacts:
    """Notices and reminders in steps of ten, how many that is for one answer, and what they cost."""
    asked = [block.numbers.get("asked") for block in blocks.values()]
    known = sum(each for each in asked if each is not None) if None not in asked else None
    sent = {kind: _sent(data.contacts.get(kind), known if kind == KINDS[0] else None) for kind in KINDS}
    cells = tuple(Cell(kind, sent[kind]) for kind in KINDS)
    shown = [each for each in sent.values() if each]
    told = [block.numbers.get("answered") for block in blocks.values()]
    answers = sum(each for each in told if each is not None) if None not in told else 0
    total = sum(shown)
    return Contacts(
        side, cells, total / answers if total and answers >= TABLE_FROM else None,
        total * costs.message if total and costs.message is not None else None,
    )  # fmt: skip


def _sent(number: int | None, inside: int | None) -> int | None:
    if not number or number < TABLE_FROM:
        return None
    about = (number + STEP // 2) // STEP * STEP
    return None if _tells_of_few(about, STEP // 2, inside) else about


def _tells_of_few(number: int, half: int, inside: int | None) -> bool:
    """Whether who is in the number and not in `inside` is surely somebody, and perhaps under five."""
    return inside is not None and 0 < number - half - inside < SMALLEST
