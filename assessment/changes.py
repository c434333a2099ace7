"""The change of the same people from one wave to the next; levels of one wave are the block's."""

from collections.abc import Iterator, Mapping

from assessment.disclosure import SMALLEST, protected
from assessment.indicators import answered, favourable
from assessment.reading import Wave
from assessment.rules import Construct
from assessment.statistics import Change, change


def changed(
    construct: Construct, first: Mapping[str, Wave], second: Mapping[str, Wave]
) -> Iterator[tuple[str, str, Change]]:
    """The same people twice: nothing where a group of it, or who is left of a wave without them, is small."""
    was, now = _said(construct, first), _said(construct, second)
    same = [case for case in was if case in now]
    if not same:
        return
    found = change([was[case] for case in same], [now[case] for case in same])
    alike = found.people - found.better - found.worse
    waves = [sum(answered(each) for each in rows.values()) for rows in (first, second)]
    left = [each - found.people for each in (*waves, len(was), len(now))]
    left += _beside(was, found.worse, found.better) + _beside(now, found.better, found.worse)
    if None not in protected([found.better, found.worse, alike]) and not any(0 < n < SMALLEST for n in left):
        yield construct.side, construct.name, found


def _beside(said: Mapping[str, bool], good: int, bad: int) -> list[int]:
    """What is left of one wave's favourable answers, and of the others, without those of them that changed."""
    return [sum(said.values()) - good, len(said) - sum(said.values()) - bad]


def _said(construct: Construct, rows: Mapping[str, Wave]) -> dict[str, bool]:
    told = ((case, favourable(construct, row)) for case, row in rows.items() if answered(row))
    return {case: said for case, said in told if said is not None}
