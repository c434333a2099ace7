"""`posle assess --plan`: how many completers an interval takes, and what it does when some answer less often."""

from dataclasses import dataclass
from pathlib import Path

from assessment.indicators import answered
from assessment.naming import WAVES
from assessment.reading import SideData, read_side
from assessment.simulating import Played, play
from assessment.statistics import chances, completers_needed, seen_under_non_response
from surveys.records.evaluators import read_evaluators_private

USUAL = 0.39
"""Of eligible (ex-)partners in the UK REPROVIDE pilot (serbia.md)."""
RATIOS = (1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What would be seen on average, and its bounds, where people without violence answer `ratio` times as often as the
    others; and what becomes of many cohorts that are played so."""

    ratio: float
    seen: float
    low: float
    high: float
    played: Played


@dataclass(frozen=True, slots=True)
class Planned:
    """How many completers it takes, at which response rate, where that comes from, and what non-response does."""

    completers: int
    response: float
    source: str
    simulated: tuple[Simulated, ...]


class NobodyAsked(ValueError):
    """In these exports too few people were asked to say how many answer; give --response."""


def plan(folder: Path | None, key: Path | None, width: float, response: float | None, expected: float) -> Planned:
    """The plan; the response rate is `response`, else what the export of `folder` shows, else the usual one."""
    rate, source = response or USUAL, "as given" if response is not None else "as in a published pilot"
    if response is None and folder is not None and key is not None:
        rate, source = _rate(read_side(folder, read_evaluators_private(key))), "as seen in the export"
    needed = completers_needed(width, rate, expected)
    return Planned(needed, rate, source, tuple(
        Simulated(
            ratio, *seen_under_non_response(needed, rate, expected, ratio),
            play(needed, expected, *chances(rate, expected, ratio)),
        ) for ratio in RATIOS
    ))  # fmt: skip


def _rate(data: SideData) -> float:
    """Of all waves of the export, in whole percent, as a report would say it."""
    rows = [row for wave in WAVES for row in data.of(wave).values()]
    told = sum(answered(row) for row in rows)
    if len(rows) < 30 or told < 5:
        raise NobodyAsked
    return round(told / len(rows), 2)
