"""The figures of one assessment, worked out and made safe to publish; no words and no drawing.

Only what this module gives may reach a report: every cell has been through the rules of disclosure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from assessment.disclosure import TABLE_FROM, headline_allowed, protected, share_allowed
from assessment.indicators import Construct, Status, about_the_index, answered, constructs, favourable, status_of
from assessment.reading import SideData, Wave
from assessment.statistics import Agreement, Change, Share, agreement, bounds, change, share

WAVES = ("m3", "m6")
SIDES = ("survivors", "ex-perpetrators")
PAIRS_FROM = 10
KNOWN = (Status.NON_VIOLENT, Status.VIOLENT, Status.NO_CONTACT)
"""What an answer tells; how many told nothing is not among a wave's groups."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One count of a table; `count` None where it is hidden."""

    name: str
    count: int | None


@dataclass(frozen=True, slots=True)
class NonViolence:
    """The indicator at one wave by one side. `share` None where too few answered; `low` and `high` are the bounds for
    everybody who was to be asked; `in_contact` leaves out who has no contact."""

    side: str
    wave: str
    answered: int | None
    share: Share | None
    in_contact: Share | None
    low: float | None
    high: float | None
    groups: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A construct at one wave: the share of favourable answers, or None where too few answered."""

    construct: str
    side: str
    wave: str
    share: Share | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """Agreement of pairs at one wave; None where there are too few, or a cell would identify."""

    wave: str
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class Flow:
    """One side's waves: invited, and how each ended. Hidden cells are None."""

    side: str
    wave: str
    invited: int | None
    ended: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """All of a report."""

    men: int | None
    flows: tuple[Flow, ...]
    non_violence: tuple[NonViolence, ...]
    levels: tuple[Level, ...]
    changes: tuple[tuple[str, str, Change], ...]
    pairs: tuple[Pairing, ...]
    centres: tuple[tuple[str, str, tuple[Cell, ...]], ...]


def figures(sides: Mapping[str, SideData]) -> Figures:
    """Everything of one report, from the sides' data by name. A side that is missing is simply not there."""
    men = len(sides["ex-perpetrators"].cases | sides["survivors"].cases)
    return Figures(
        men=men if men >= TABLE_FROM else None,
        flows=tuple(_flow(side, wave, sides[side]) for side in SIDES for wave in WAVES),
        non_violence=tuple(_non_violence(side, wave, sides[side], men) for side in SIDES for wave in WAVES),
        levels=tuple(_level(each, wave, sides[each.side]) for each in constructs() for wave in WAVES),
        changes=tuple(_changes(sides)),
        pairs=tuple(_pairs(wave, sides) for wave in WAVES),
        centres=tuple((side, wave, _by_centre(sides[side].of(wave).values())) for side in SIDES for wave in WAVES),
    )


def _flow(side: str, wave: str, data: SideData) -> Flow:
    rows = list(data.of(wave).values())
    ended = Counter(each.disposition for each in rows)
    names = sorted(ended)
    return Flow(side, wave, len(rows) if len(rows) >= TABLE_FROM else None, _cells(names, [ended[n] for n in names]))


def _cells(names: Iterable[str], counts: list[int]) -> tuple[Cell, ...]:
    return tuple(Cell(name, count) for name, count in zip(names, protected(counts), strict=True))


def _together(names: Iterable[str], counts: list[int]) -> tuple[Cell, ...]:
    """Cells whose sums are shown elsewhere too: all of them, or none."""
    whole = None not in protected(counts)
    return tuple(Cell(name, count if whole else None) for name, count in zip(names, counts, strict=True))


def _non_violence(side: str, wave: str, data: SideData, men: int) -> NonViolence:
    rows = data.of(wave).values()
    found = Counter(status_of(each) for each in rows if answered(each))
    peace, harm, apart = found[Status.NON_VIOLENT], found[Status.VIOLENT], found[Status.NO_CONTACT]
    known, asked = peace + harm + apart, max(men, len(rows))
    shown = headline_allowed(known)
    low, high = bounds(peace + apart, harm, asked) if shown and headline_allowed(asked) else (None, None)
    groups = _together([each.value for each in KNOWN], [peace, harm, apart])
    seen = all(each.count is not None for each in groups)  # else who has no contact is had by subtraction
    together = share(peace, peace + harm) if seen and headline_allowed(peace + harm) else None
    return NonViolence(
        side, wave, known if known >= TABLE_FROM else None, share(peace + apart, known) if shown else None,
        together, low, high, groups,
    )  # fmt: skip


def _level(construct: Construct, wave: str, data: SideData) -> Level:
    said = [each for each in (favourable(construct, row) for row in data.of(wave).values()) if each is not None]
    good, of = sum(said), len(said)
    return Level(construct.name, construct.side, wave, share(good, of) if share_allowed(good, of) else None)


def _changes(sides: Mapping[str, SideData]) -> Iterable[tuple[str, str, Change]]:
    for construct in constructs():
        first, second = (sides[construct.side].of(wave) for wave in WAVES)
        said = [
            (favourable(construct, first[case]), favourable(construct, second[case]))
            for case in first
            if case in second
        ]
        both = [(was, now) for was, now in said if was is not None and now is not None]
        if both:
            found = change([was for was, _ in both], [now for _, now in both])
            same = found.people - found.better - found.worse
            if None not in protected([found.better, found.worse, same]):
                yield construct.side, construct.name, found


def _pairs(wave: str, sides: Mapping[str, SideData]) -> Pairing:
    hers, his = (sides[side].of(wave) for side in SIDES)
    told = [(_harm(hers[case]), _harm(his[case])) for case in hers if case in his and about_the_index(his[case])]
    counted = Counter(each for each in told if None not in each)
    both, hers_only, his_only, neither = (
        counted[pair] for pair in ((True, True), (True, False), (False, True), (False, False))
    )
    of = both + hers_only + his_only + neither
    if of < PAIRS_FROM or None in protected([both, hers_only + his_only, neither]):
        return Pairing(wave, None)  # agreement in violence and in peace would tell each of the three
    found = agreement(both, hers_only, his_only, neither)
    four = None not in protected([both, hers_only, his_only, neither])
    return Pairing(wave, found if four else replace(found, kappa=None))  # kappa tells the fourth


def _harm(wave: Wave) -> bool | None:
    status = status_of(wave) if answered(wave) else Status.UNKNOWN
    return None if status is Status.UNKNOWN else status is Status.VIOLENT


def _by_centre(rows: Iterable[Wave]) -> tuple[Cell, ...]:
    """How many answered, by centre."""
    counts = Counter(each.centre for each in rows if answered(each))
    names = sorted(counts)
    return _cells(names, [counts[name] for name in names])
