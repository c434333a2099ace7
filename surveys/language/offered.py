"""The offered options, made ready for comparison with what was typed. Comparison is exact but for script, case,
diacritics and the words that a table calls the same; starts and slips are accepted only where one option alone fits.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from surveys.language.script import fold
from surveys.language.tables import from_tables, phrases, tables, written

_RANGE = re.compile(r"(?<=[0-9])\s?[-–—−]\s?(?=[0-9])")
_HEAD = re.compile(r"[,(;:/]")
_SHORTEST_START = 4
_LOOSE_NEGATIVE = "n"
"""Negatives begin with it in Serbian and English alike, whether a table lists the word or not."""
_SHORTEST_SLIP = 6
_LONGEST_SLIP = 60


@dataclass(frozen=True, slots=True)
class Option:
    """One offered answer. `low`..`high` (both included, high None = open) is the count it stands for."""

    name: str
    label: str
    low: int | None = None
    high: int | None = None

    def holds(self, count: int) -> bool:
        """Whether that count falls under this option."""
        return self.low is not None and self.low <= count and (self.high is None or count <= self.high)


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words of all tables that replies need."""

    same: dict[str, str]
    negation: frozenset[str]
    little: frozenset[str]
    around: tuple[tuple[str, ...], ...]
    yes: frozenset[str]
    no: frozenset[str]
    agree: frozenset[str]
    disagree: frozenset[str]
    joining: frozenset[str]
    degrees: frozenset[str]
    none: frozenset[str]
    never: frozenset[str]
    declined: frozenset[str]
    after: frozenset[str]


@dataclass(frozen=True, slots=True)
class Offered:
    """The options' labels in comparable form. `heads` are labels up to their first comma, where that is safe."""

    literals: tuple[str, ...]
    labels: tuple[str, ...]
    heads: tuple[str, ...]
    yes: int | None
    no: int | None
    consent: bool


def literal(text: str) -> str:
    """As typed but for form, case and space: what tells "5+" from "5"."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(" .!")


def comparable(text: str) -> str:
    """Folded, ranges of digits kept apart from lists ("2-5" is "2 do 5"), each word in the table's chosen form."""
    same = words().same
    return " ".join(same.get(word, word) for word in fold(_RANGE.sub(" do ", text)).split())


@partial(from_tables, kept=512)
def offered(options: tuple[Option, ...]) -> Offered:
    """The same options come again and again: their comparable forms are kept."""
    labels = tuple(comparable(option.label) for option in options)
    yes, no = _pair(options, labels)
    return Offered(
        literals=tuple(literal(option.label) for option in options),
        labels=labels,
        heads=tuple(_head(option.label, label) for option, label in zip(options, labels, strict=True)),
        yes=yes,
        no=no,
        consent=yes is not None and labels[yes] in words().agree,
    )


def excluding(labels: Iterable[str]) -> list[int]:
    """Places of the labels that exclude every other: "ništa od toga"."""
    return [place for place, label in enumerate(labels) if comparable(label).partition(" ")[0] in words().none]


def measures(labels: Iterable[str]) -> bool:
    """Whether one of the labels is, all of it, how much of something: "malo", "quite"."""
    return any(comparable(label) in words().degrees for label in labels)


def _pair(options: Sequence[Option], labels: Sequence[str]) -> tuple[int | None, int | None]:
    """Places of the one yes and the one no, by name or label; (None, None) where they are not such a pair."""
    known = words()
    yes = [i for i, o in enumerate(options) if o.name == "yes" or labels[i] in known.yes or labels[i] in known.agree]
    no = [i for i, o in enumerate(options) if o.name == "no" or labels[i] in known.no or labels[i] in known.disagree]
    if len(yes) == len(no) == 1 and yes != no:
        return yes[0], no[0]
    return None, None


def _head(label: str, whole: str) -> str:
    """The label's first part, unless what follows limits it ("nismo u vezi, ali imamo kontakt")."""
    head = comparable(_HEAD.split(label, maxsplit=1)[0])
    rest = set(whole[len(head) :].split())
    return "" if not head or rest & words().negation else head


def starting(form: Offered, typed: str) -> set[int]:
    """Options whose label begins with what was typed; empty where the beginning says too little.

    A yes or a no is never taken from part of a word.
    """
    known = words()
    parts = typed.split()
    if not parts or parts[-1] in known.little or all(part in known.little | known.negation for part in parts):
        return set()
    found = {i for i, label in enumerate(form.labels) if label.startswith(typed)}
    if form.yes is not None and not all(f"{form.labels[i]} ".startswith(f"{typed} ") for i in found):
        return set()
    return found if all(_enough(form.labels[i], typed) for i in found) else set()


def _enough(label: str, typed: str) -> bool:
    """Whole words, or four letters and more; nothing left unsaid that negates, limits or counts."""
    rest = label[len(typed) :]
    last = typed.rsplit(maxsplit=1)[-1]
    if rest and not rest.startswith(" ") and (len(last) < _SHORTEST_START or last[-1].isdigit()):
        return False
    return not (set(rest.split()) & words().negation) and not any(c.isdigit() for c in rest)


def slipped(form: Offered, typed: str) -> set[int]:
    """The option that is one slip away, where no other is within two, and every word begins alike.

    Never a yes or a no: "prestajem" (I stop) is one letter away from "pristajem" (I agree).
    """
    if form.yes is not None or not _SHORTEST_SLIP <= len(typed) <= _LONGEST_SLIP or any(c.isdigit() for c in typed):
        return set()
    distances = [_distance(typed, label) for label in form.labels]
    near = {i for i, distance in enumerate(distances) if distance <= 1}
    if len(near) != 1 or sum(distance <= 2 for distance in distances) != 1:
        return set()
    label = form.labels[next(iter(near))]
    alike = [word[0] for word in typed.split()] == [word[0] for word in label.split()] and typed[:2] == label[:2]
    return near if alike and _same_negations(typed.split(), label.split()) else set()


def run_together(form: Offered, typed: str) -> set[int]:
    """The option that is the same but for spaces ("neznam", "ni malo"); never a yes or a no."""
    if form.yes is not None or len(typed) < _SHORTEST_SLIP:
        return set()
    packed = typed.replace(" ", "")
    return {i for i, label in enumerate(form.labels) if label.replace(" ", "") == packed}


def _same_negations(typed: list[str], label: list[str]) -> bool:
    """Whether both negate with the same words; a long one may have slipped ("nijedmom")."""
    negation = words().negation
    beside = list(zip(typed, label, strict=True))
    if any(one[:2] != other[:2] for one, other in beside if _LOOSE_NEGATIVE in (one[0], other[0])):
        return False  # "nekakav" is one letter away from "nikakav"
    pairs = [(one, other) for one, other in beside if {one, other} & negation]
    return all(one == other or (_slip_of(one, other) and one not in negation) for one, other in pairs)


def _slip_of(one: str, other: str) -> bool:
    return len(other) > _SHORTEST_SLIP and one[:2] == other[:2] and _distance(one, other) <= 1


def _distance(one: str, two: str) -> int:
    """Letters changed, missing, added or swapped with a neighbour; 3 stands for "more than two"."""
    if abs(len(one) - len(two)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > 2:
            return 3
    return min(row[-1], 3)


@from_tables
def words() -> Words:
    """All tables' words for replies, folded once."""
    same: dict[str, str] = {}
    for line in _all("same", "words"):
        first, *others = [fold(word) for word in line.split()]
        same.update({other: first for other in others if other != first})

    def told(*path: str) -> frozenset[str]:
        return frozenset(" ".join(same.get(word, word) for word in phrase.split()) for phrase in phrases(_all(*path)))

    polite = {phrase for phrase in told("around", "words") | told("answers", "around") if len(phrase) > 1}
    return Words(
        same=same,
        negation=told("negation", "words"),
        little=told("little", "words"),
        around=tuple(sorted((tuple(phrase.split()) for phrase in polite - {"samo", "just"}), key=len, reverse=True)),
        yes=told("answers", "yes"),
        no=told("answers", "no"),
        agree=told("answers", "agree"),
        disagree=told("answers", "disagree"),
        joining=told("several", "joining"),
        degrees=told("degrees", "words"),
        none=told("several", "none"),
        never=told("answers", "never"),
        declined=told("answers", "declined"),
        after=told("answers", "after"),
    )


def _all(*path: str) -> Iterable[str]:
    return [line for table in tables().values() for line in written(table, *path)]


def without_politeness(typed: str) -> str:
    """What is left when polite words are taken off both ends; may be empty."""
    parts = tuple(typed.split())
    changed = True
    while changed and parts:
        changed = False
        for phrase in words().around:
            if parts[: len(phrase)] == phrase:
                parts, changed = parts[len(phrase) :], True
            elif parts[-len(phrase) :] == phrase:
                parts, changed = parts[: -len(phrase)], True
    return " ".join(parts)


def stated(typed: str) -> str:
    """Without the verb that makes a sentence of an answer: "isto je"."""
    before, _, last = typed.rpartition(" ")
    return before if last in words().after else typed
