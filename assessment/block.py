"""One side's one wave: who was asked, how it ended, what was told, by centre and year; each number made safe.

All numbers of a block hang together and go through one pass (`linked`). Nothing here knows a word of the report.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

from assessment.disclosure import SMALLEST, TABLE_FROM, band, headline_allowed, protected, share_allowed
from assessment.indicators import Status, answered, favourable, status_of
from assessment.linked import Group, shown
from assessment.published import Cell, Flow, Level, NonViolence, Split
from assessment.reading import Wave
from assessment.rules import constructs
from assessment.statistics import Share, bounds, share
from surveys.rules.disposition import Family, family
from surveys.rules.vocabulary import Disposition

DISPOSITIONS = (*(each.value for each in Disposition), "planned", "open")
"""Everything that a wave may be, so that a table never shows by its rows what did not occur."""
KNOWN = (Status.NON_VIOLENT, Status.VIOLENT, Status.NO_CONTACT)
GOOD = (Status.NON_VIOLENT, Status.NO_CONTACT)
"""What an answer tells; how many told nothing is not among a wave's groups."""
STEPS = ("study", "eligible", "safe", "consented", "asked", "answered")
_INELIGIBLE = ("deceased", "in_custody", "moved_abroad")
_UNSAFE = ("unsafe_to_contact", "not_reconfirmed")
_NEVER_ASKED = ("non_contact", "planned")
_REFUSED = tuple(each.value for each in Disposition if family(each) is Family.REFUSAL)
_RATES = (("RR1", "is:complete"), ("RR2", "answered"), ("REF1", "refused"))
"""AAPOR's names, and the group that is divided by everybody in the study."""
_BY = ("centre", "year")


@dataclass(frozen=True, slots=True)
class Part:
    """What people have in common who are alike in every table of the block. `followed` and `other` say whether the same
    person answered the other wave, and the other side this one."""

    invited: bool
    disposition: str = ""
    centre: str = ""
    year: str = ""
    status: Status | None = None
    followed: bool = False
    other: bool = False
    told: tuple[bool | None, ...] = ()
    """For each construct of the side, whether the answer was favourable."""

    @property
    def known(self) -> bool:
        """Whether the indicator is known."""
        return self.status in KNOWN

    def of(self, by: str) -> str:
        """Its centre, or its year."""
        return self.centre if by == "centre" else self.year


class Block:
    """`men` is everybody that the bounds are for; `rows` are this wave's, by case."""

    def __init__(
        self, side: str, wave: str, rows: Mapping[str, Wave], men: int,
        followed: Collection[str] = (), other: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.side, self.wave, self._men = side, wave, men
        self._constructs = tuple(each for each in constructs() if each.side == side)
        self.people: dict[Part, list[str]] = defaultdict(list)
        for case, row in rows.items():
            status = status_of(row) if answered(row) else None
            told = tuple(favourable(each, row) for each in self._constructs) if status is not None else ()
            part = Part(True, row.disposition, row.centre, row.due[:4], status, case in followed, case in other, told)
            self.people[part].append(case)

    @cached_property
    def _sizes(self) -> dict[Hashable, int]:
        sizes: dict[Hashable, int] = {part: len(cases) for part, cases in self.people.items()}
        return sizes | {Part(False): max(0, self._men - sum(sizes.values()))}

    def _parts(self, wanted: Callable[[Part], bool]) -> frozenset[Part]:
        return frozenset(part for part in self._all if wanted(part))

    def _count(self, wanted: Callable[[Part], bool]) -> int:
        return sum(self._sizes[part] for part in self._parts(wanted))

    @cached_property
    def _all(self) -> tuple[Part, ...]:
        return (*self.people, Part(False))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Every count of the block that may be shown, by the name of its group."""
        return shown(self._groups(), self._sizes)

    def cases(self, group: str) -> frozenset[str]:
        """Whom a number counts, for the evaluator's memory alone."""
        parts = self._by_name[group]
        return frozenset(case for part in parts for case in self.people.get(part, ()))  # type: ignore[call-overload]

    @cached_property
    def _by_name(self) -> dict[str, frozenset[Hashable]]:
        return {each.name: each.parts for each in self._groups()}

    @cached_property
    def _wanted(self) -> dict[str, Callable[[Part], bool]]:
        """Which numbers, most wanted first."""
        wanted: dict[str, Callable[[Part], bool]] = {"men": lambda _: True}
        headline = headline_allowed(self._count(lambda p: p.known))
        if headline:
            wanted["known"] = lambda p: p.known
            wanted["good"] = lambda p: p.status in GOOD
            wanted["peace"] = lambda p: p.status is Status.NON_VIOLENT
        wanted["study"] = lambda p: p.invited
        wanted["answered"] = lambda p: p.status is not None
        wanted["refused"] = lambda p: p.disposition in _REFUSED
        wanted["asked"] = lambda p: _asked(p) and p.disposition not in _NEVER_ASKED
        wanted["safe"] = _asked
        wanted["eligible"] = lambda p: p.invited and p.disposition not in _INELIGIBLE
        wanted["known"] = lambda p: p.known
        return wanted

    def _groups(self) -> list[Group]:
        groups = [Group(name, self._parts(wanted)) for name, wanted in self._wanted.items()]
        groups += [Group(f"is:{name}", self._parts(lambda p, n=name: p.disposition == n)) for name in self._kept()]  # type: ignore[misc]
        groups += self._level_groups()
        for by in _BY:
            groups += self._split_groups(by)
        for flag in ("followed", "other"):
            groups += self._flag_groups(flag)
        return groups

    def _level_groups(self) -> list[Group]:
        """For each construct: who said anything, and who something favourable, where the share may be told."""
        groups = []
        for at, each in enumerate(self._constructs):
            said = self._parts(lambda p, at=at: bool(p.told) and p.told[at] is not None)  # type: ignore[misc]
            good = frozenset(part for part in said if part.told[at])
            if share_allowed(*(sum(self._sizes[part] for part in parts) for parts in (good, said))):
                groups += [Group(f"said:{each.name}", said), Group(f"favourable:{each.name}", good)]
        return groups

    def _kept(self) -> list[str]:
        """The endings that their own table may show."""
        counts = [self._count(lambda p, n=name: p.disposition == n) for name in DISPOSITIONS]  # type: ignore[misc]
        safe = protected(counts)
        return [name for _, name in sorted(zip(counts, DISPOSITIONS, strict=True), reverse=True)
                if safe[DISPOSITIONS.index(name)] is not None]  # fmt: skip

    def _values(self, by: str) -> list[str]:
        return sorted({part.of(by) for part in self.people if part.of(by)})

    def _split_groups(self, by: str) -> list[Group]:
        """By centre or year: how many answered, are known and tell no violence, where all three tables allow it."""
        values, groups = self._values(by), []
        tables = {
            "answered": lambda p: p.status is not None,
            "good": lambda p: p.status in GOOD,
            "violent": lambda p: p.status is Status.VIOLENT,
        }
        kept = {
            name: dict(zip(values, protected([self._count(lambda p, v=v, t=t: t(p) and p.of(by) == v)  # type: ignore[misc]
                                              for v in values]), strict=True))
            for name, t in tables.items()
        }  # fmt: skip
        groups += [
            Group(f"answered:{by}:{value}", self._parts(lambda p, v=value: p.status is not None and p.of(by) == v))  # type: ignore[misc]
            for value in values
            if kept["answered"][value] is not None
        ]
        for value in values:
            if None not in (kept["good"][value], kept["violent"][value]):
                for name, t in (("known", lambda p: p.known), ("good", tables["good"])):
                    groups.append(Group(f"{name}:{by}:{value}", self._parts(
                        lambda p, v=value, t=t: t(p) and p.of(by) == v)))  # type: ignore[misc]  # fmt: skip
        return groups

    def _flag_groups(self, flag: str) -> list[Group]:
        groups = []
        for value in (True, False):
            for name, t in (("known", lambda p: p.known), ("good", lambda p: p.status in GOOD)):
                groups.append(Group(f"{name}:{flag}:{value}", self._parts(
                    lambda p, v=value, t=t: t(p) and getattr(p, flag) is v)))  # type: ignore[misc]  # fmt: skip
        return groups

    def flow(self) -> Flow:
        """Who was asked, and how each wave ended."""
        get = self.numbers.get
        ended = tuple(Cell(name, get(f"is:{name}")) for name in DISPOSITIONS)
        steps = tuple(Cell(name, _enough(get("safe" if name == "consented" else name))) for name in STEPS)
        study = _enough(get("study"))
        rates = tuple((name, self._rate(get(group), study)) for name, group in _RATES)
        return Flow(self.side, self.wave, study, ended, steps, rates)

    def _rate(self, count: int | None, study: int | None) -> float | None:
        shown_ = count is not None and study is not None and share_allowed(count, study)
        return count / study if shown_ and count is not None and study is not None else None

    def non_violence(self) -> NonViolence:
        """The indicator."""
        peace, harm, apart = (self._count(lambda p, s=s: p.status is s) for s in KNOWN)  # type: ignore[misc]
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
        asked = max(self._men, sum(map(len, self.people.values())))
        low, high = bounds(good, harm, asked) if headline_allowed(asked) else (None, None)
        return NonViolence(self.side, self.wave, told, share(good, known), None, together, low, high, groups)

    def splits(self, by: str) -> tuple[Split, ...]:
        """By centre or year: how many answered, and the indicator."""
        return tuple(
            Split(self.side, self.wave, by, value, self.numbers.get(f"answered:{by}:{value}"),
                  self._share(f"{by}:{value}")) for value in self._values(by)
        )  # fmt: skip

    def levels(self) -> tuple[Level, ...]:
        """The share of favourable answers for each construct, with its denominator."""
        return tuple(Level(each.name, self.side, self.wave, self._level(each.name)) for each in self._constructs)

    def _level(self, name: str) -> Share | None:
        good, said = self.numbers.get(f"favourable:{name}"), self.numbers.get(f"said:{name}")
        return share(good, said) if good is not None and said is not None and share_allowed(good, said) else None

    def compared(self, flag: str) -> tuple[Share | None, Share | None]:
        """The indicator of those who also answered elsewhere, and of those who did not: both, or neither."""
        one, other = self._share(f"{flag}:True"), self._share(f"{flag}:False")
        return (one, other) if one and other else (None, None)

    def _share(self, name: str) -> Share | None:
        good, of = self.numbers.get(f"good:{name}"), self.numbers.get(f"known:{name}")
        return share(good, of) if good is not None and of is not None and share_allowed(good, of) else None


def _asked(part: Part) -> bool:
    return part.invited and part.disposition not in (*_INELIGIBLE, *_UNSAFE)


def _enough(count: int | None) -> int | None:
    return count if count is not None and count >= TABLE_FROM else None


def _hidden(statuses: Collection[Status]) -> tuple[Cell, ...]:
    return tuple(Cell(each.value, None) for each in statuses)
