"""One side's one wave: who was asked, how it ended, what was told, by centre and year; each number made safe.

Whom its numbers count goes through one pass with everything else that a report tells (`linked`); only what comes back
is shown. Nothing here knows a word of the report.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np

from assessment.disclosure import SMALLEST, TABLE_FROM, band, headline_allowed, protected, share_allowed
from assessment.indicators import Status, answered, favourable, status_of
from assessment.linked import Mask, Number
from assessment.naming import MEN, wave_name
from assessment.published import Cell, Flow, Level, NonViolence, Split
from assessment.reading import Wave
from assessment.rules import constructs
from assessment.statistics import Share, bounds, share
from surveys.rules.disposition import Family, family
from surveys.rules.vocabulary import Disposition

DISPOSITIONS = (*(each.value for each in Disposition), "planned", "open")
"""Everything that a wave may be, so that a table never shows by its rows what did not occur."""
KNOWN = (Status.NON_VIOLENT, Status.VIOLENT, Status.NO_CONTACT)
"""What an answer tells; how many told nothing is not among a wave's groups."""
STEPS = ("study", "eligible", "safe", "consented", "asked", "answered")
_INELIGIBLE = ("deceased", "in_custody", "moved_abroad")
_UNSAFE = ("unsafe_to_contact", "not_reconfirmed")
_NEVER_ASKED = ("non_contact", "planned")
_REFUSED = tuple(each.value for each in Disposition if family(each) is Family.REFUSAL)
_RATES = (("RR1", "is:complete"), ("RR2", "answered"), ("REF1", "refused"))
"""AAPOR's names, and the group that is divided by everybody in the study."""
_BY = ("centre", "year")
Bundle = list[Number]
T = TypeVar("T")


class Block:
    """`men` is everybody that the bounds are for; `rows` are this wave's, by case; `cases` are all men of the study.

    Masks have a place for each case, and one more for those without a code whom only centre records know.
    """

    def __init__(
        self, side: str, wave: str, rows: Mapping[str, Wave], cases: Sequence[str], men: int
    ) -> None:  # fmt: skip
        self.side, self.wave, self._men = side, wave, men
        self.constructs = tuple(each for each in constructs() if each.side == side)
        self.numbers: Mapping[str, int] = {}
        """Every count of the block that may be shown, by its name; there once the pass is through."""
        here = [(place, rows[case]) for place, case in enumerate(cases) if case in rows]
        told = [(place, row) for place, row in here if answered(row)]
        self._length = len(cases) + 1
        self._study, self.answered = (self._mask(place for place, _ in some) for some in (here, told))
        self._ended = self._sorted((place, row.disposition) for place, row in here)
        self._places = {
            "centre": self._sorted((place, row.centre) for place, row in here if row.centre),
            "year": self._sorted((place, row.due[:4]) for place, row in here if row.due),
        }
        self.status = self._sorted((place, status_of(row)) for place, row in told)
        self.said = {each.name: self._sorted((place, favourable(each, row)) for place, row in told)
                     for each in self.constructs}  # fmt: skip

    def _mask(self, places: Iterable[int]) -> Mask:
        mask = np.zeros(self._length, dtype=bool)
        mask[list(places)] = True
        return mask

    def _sorted(self, each: Iterable[tuple[int, T]]) -> dict[T, Mask]:
        """By what is said, who says so."""
        found: dict[T, list[int]] = {}
        for place, what in each:
            found.setdefault(what, []).append(place)
        return {what: self._mask(places) for what, places in found.items()}

    def nobody(self) -> Mask:
        """A mask that counts nobody."""
        return np.zeros(self._length, dtype=bool)

    def ended(self, *names: str) -> Mask:
        """Whose wave ended in one of these ways."""
        return self._any(self._ended, names)

    def _any(self, sorted_: Mapping[T, Mask], wanted: Iterable[T]) -> Mask:
        found = self.nobody()
        for each in wanted:
            if each in sorted_:
                found |= sorted_[each]
        return found

    @cached_property
    def known(self) -> Mask:
        """Whose outcome is known."""
        return self._any(self.status, KNOWN)

    @cached_property
    def harm(self) -> Mask:
        """Who tells of violence."""
        return self._any(self.status, (Status.VIOLENT,))

    @cached_property
    def good(self) -> Mask:
        """Whose outcome is known, and without violence."""
        good: Mask = self.known & ~self.harm
        return good

    def number(self, name: str, whom: Mask) -> Number:
        """A number of this block."""
        return Number(f"{self.name}/{name}", whom)

    @property
    def name(self) -> str:
        """What names the block."""
        return wave_name(self.side, self.wave)

    def headline(self) -> Iterator[Bundle]:
        """Everybody; and the indicator, where it may be told."""
        yield [self.number(MEN, ~self.nobody())]
        if headline_allowed(int(self.known.sum())):
            peace = self._any(self.status, (Status.NON_VIOLENT,))
            yield self._told_of("", self.known, self.good)
            yield [self.number("peace", peace), self.number("apart", self.good & ~peace)]

    def _told_of(self, place: str, known: Mask, good: Mask) -> Bundle:
        """The indicator of some: its two numbers, and the third that follows from them."""
        whom = {"known": known, "good": good, "harm": known & ~good}
        return [self.number(f"{name}{place}", some) for name, some in whom.items()]

    def steps(self) -> Iterator[Bundle]:
        """From the study to an answer."""
        gone, unsafe = self.ended(*_INELIGIBLE), self.ended(*_UNSAFE)
        safe = self._study & ~gone & ~unsafe
        yield [self.number("study", self._study)]
        yield [self.number("answered", self.answered)]
        yield [self.number("refused", self.ended(*_REFUSED))]
        yield [self.number("asked", safe & ~self.ended(*_NEVER_ASKED))]
        yield [self.number("safe", safe)]
        yield [self.number("eligible", self._study & ~gone)]
        yield [self.number("known", self.known)]

    def endings(self) -> Iterator[Bundle]:
        """The endings that their own table may show."""
        counts = [int(self.ended(name).sum()) for name in DISPOSITIONS]
        for _, name, cell in sorted(zip(counts, DISPOSITIONS, protected(counts), strict=True), reverse=True):
            if cell is not None:
                yield [self.number(f"is:{name}", self.ended(name))]

    def level_bundles(self) -> Iterator[Bundle]:
        """For each construct: who said anything, and who something favourable, where the share may be told."""
        for each in self.constructs:
            said, good = self.told(each.name), self.favourable(each.name)
            if share_allowed(int(good.sum()), int(said.sum())):
                yield [self.number(f"said:{each.name}", said), self.number(f"favourable:{each.name}", good),
                       self.number(f"against:{each.name}", said & ~good)]  # fmt: skip

    def told(self, construct: str) -> Mask:
        """Who said anything."""
        return self._any(self.said[construct], (True, False))

    def favourable(self, construct: str) -> Mask:
        """Who said something favourable."""
        return self._any(self.said[construct], (True,))

    def _telling(self) -> dict[str, Mask]:
        return {"answered": self.answered, "good": self.good, "harm": self.harm}

    def split_bundles(self, by: str) -> Iterator[Bundle]:
        """By centre or year: how many answered, are known and tell no violence, where all three tables allow it."""
        places = sorted(self._places[by].items())
        kept = [protected([int((whom & here).sum()) for _, here in places]) for whom in self._telling().values()]
        for (name, here), answers, _, _ in zip(places, *kept, strict=True):
            if answers is not None:
                yield [self.number(f"answered:{by}:{name}", self.answered & here)]
        for (name, here), _, good, harm in zip(places, *kept, strict=True):
            if None not in (good, harm):
                yield self._told_of(f":{by}:{name}", self.known & here, self.good & here)

    def compared_bundle(self, flag: str, there: Mask) -> Bundle:
        """Whose outcome is known elsewhere too, and whose is not, with the indicator of both."""
        return [
            each for value, some in ((True, there), (False, ~there))
            for each in self._told_of(f":{flag}:{value}", self.known & some, self.good & some)
        ]  # fmt: skip

    def implied(self) -> Iterator[Number]:
        """Whom no number tells, and whom nobody may work out where they are few."""
        groups = {f"is:{name}": whom for name, whom in self._ended.items()}
        groups |= {"harm": self.harm, "unknown": self.answered & ~self.known, "silent": self._study & ~self.answered}
        groups |= {f"against:{each.name}": self.told(each.name) & ~self.favourable(each.name)
                   for each in self.constructs}  # fmt: skip
        groups |= {f"{by}:{name}:{what}": here & whom for by in _BY for name, here in self._places[by].items()
                   for what, whom in self._telling().items()}  # fmt: skip
        for name, whom in groups.items():
            yield self.number(f"hidden:{name}", whom)

    def flow(self) -> Flow:
        """Who was asked, and how each wave ended."""
        get = self.numbers.get
        ended = tuple(Cell(name, get(f"is:{name}")) for name in DISPOSITIONS)
        steps = tuple(Cell(name, _enough(get("safe" if name == "consented" else name))) for name in STEPS)
        study = _enough(get("study"))
        rates = tuple((name, self._rate(get(group), study)) for name, group in _RATES)
        return Flow(self.side, self.wave, study, ended, steps, rates)

    def _rate(self, count: int | None, study: int | None) -> float | None:
        shown = count is not None and study is not None and share_allowed(count, study)
        return count / study if shown and count is not None and study is not None else None

    def non_violence(self) -> NonViolence:
        """The indicator."""
        peace, harm, apart = (int(self._any(self.status, (each,)).sum()) for each in KNOWN)
        known, good = peace + harm + apart, peace + apart
        told = _enough(self.numbers.get("known"))
        if not headline_allowed(known):
            return NonViolence(self.side, self.wave, told, None, None, None, None, None, _hidden(KNOWN))
        edge = band(good, known)
        if edge is not None or told is None or "good" not in self.numbers:
            return NonViolence(self.side, self.wave, told, None, edge, None, None, None, _hidden(KNOWN))
        groups = _hidden(KNOWN)
        if "peace" in self.numbers and min(peace, harm, apart) >= SMALLEST:
            groups = tuple(Cell(s.value, n) for s, n in zip(KNOWN, (peace, harm, apart), strict=True))
        together = share(peace, peace + harm) if groups[0].count and headline_allowed(peace + harm) else None
        asked = max(self._men, int(self._study.sum()))
        low, high = bounds(good, harm, asked) if headline_allowed(asked) else (None, None)
        return NonViolence(self.side, self.wave, told, share(good, known), None, together, low, high, groups)

    def splits(self, by: str) -> tuple[Split, ...]:
        """By centre or year: how many answered, and the indicator."""
        return tuple(
            Split(self.side, self.wave, by, value, self.numbers.get(f"answered:{by}:{value}"),
                  self._share(f"{by}:{value}")) for value in sorted(self._places[by])
        )  # fmt: skip

    def levels(self) -> tuple[Level, ...]:
        """The share of favourable answers for each construct, with its denominator."""
        return tuple(Level(each.name, self.side, self.wave, self._level(each.name)) for each in self.constructs)

    def _level(self, name: str) -> Share | None:
        good, said = self.numbers.get(f"favourable:{name}"), self.numbers.get(f"said:{name}")
        return share(good, said) if good is not None and said is not None and share_allowed(good, said) else None

    def compared(self, flag: str) -> tuple[Share | None, Share | None]:
        """The indicator of those whose outcome is known elsewhere too, and of the others: both, or neither."""
        one, other = self._share(f"{flag}:True"), self._share(f"{flag}:False")
        return (one, other) if one and other else (None, None)

    def _share(self, name: str) -> Share | None:
        good, of = self.numbers.get(f"good:{name}"), self.numbers.get(f"known:{name}")
        return share(good, of) if good is not None and of is not None and share_allowed(good, of) else None


def _enough(count: int | None) -> int | None:
    return count if count is not None and count >= TABLE_FROM else None


def _hidden(statuses: Collection[Status]) -> tuple[Cell, ...]:
    return tuple(Cell(each.value, None) for each in statuses)
