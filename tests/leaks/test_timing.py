"""Whoever sees when everybody is written to learns nothing of who belongs to whom: 500 pairs over a year."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from statistics import mean, stdev

from surveys.library import load_library
from surveys.rules.calendar import Holidays
from surveys.rules.chance import SeededChance
from surveys.rules.hours import SafeHours, read_hours
from surveys.rules.protocol import Protocol
from surveys.rules.schedule import Planning, plan_waves
from surveys.rules.vocabulary import Side
from tests.rules.given import BELGRADE, at

PAIRS, A_DAY = 500, 10
OWN_HOURS = (
    {"days": "mon-fri", "from": "09:00", "to": "16:00"}, {"days": "tue,thu", "from": "10:00", "to": "12:00"},
    {"days": "mon-sun", "from": "17:00", "to": "20:00"}, {"days": "wed", "from": "08:00", "to": "14:00"},
)  # fmt: skip
Pair = tuple[datetime, datetime]
"""When his first message is planned, and hers."""


@cache
def shipped(side: Side) -> Protocol:
    return load_library(side).protocol


def planned(side: Side, completed: date, chance: SeededChance, hours: Mapping[str, str] | None = None) -> datetime:
    """When the m3 notice of one person is planned, by the shipped protocol."""
    protocol = shipped(side)
    spans = (read_hours(hours),) if hours else protocol.hours
    planning = Planning(protocol, SafeHours(spans, BELGRADE, Holidays()))
    wave = replace(protocol, waves=(protocol.wave("m3"),))
    (plan,) = plan_waves(replace(planning, protocol=wave), completed, at(completed, 12), chance)
    assert plan.opens_at is not None
    return plan.opens_at


def pairs() -> dict[date, list[Pair]]:
    """By completion date: ten men a day, each with a woman whose side draws from a source of its own."""
    his, hers, which = SeededChance(1), SeededChance(2), Random(3)
    by_day: dict[date, list[Pair]] = defaultdict(list)
    for number in range(PAIRS):
        day = date(2026, 9, 1) + timedelta(days=7 * (number // A_DAY))
        own = which.choice(OWN_HOURS)
        by_day[day].append((planned(Side.EX_PERPETRATORS, day, his), planned(Side.SURVIVORS, day, hers, own)))
    return by_day


def near(his: datetime, hers: datetime) -> float:
    return -abs((his - hers).total_seconds())


def same_hour(his: datetime, hers: datetime) -> float:
    """By the time of day alone."""
    return -abs((his.hour * 60 + his.minute) - (hers.hour * 60 + hers.minute))


def soon_after(his: datetime, hers: datetime) -> float:
    """She is asked after him, as soon as can be."""
    return near(his, hers) if hers > his else near(his, hers) - 1e9


def separation(several: Sequence[Pair], score: Callable[[datetime, datetime], float]) -> float:
    """How often a true pair looks closer than a wrong one of the same due date (the area under the ROC curve)."""
    won = [
        0.5 + 0.5 * ((score(his, hers) > score(his, other)) - (score(his, hers) < score(his, other)))
        for place, (his, hers) in enumerate(several)
        for rival, (_, other) in enumerate(several)
        if rival != place
    ]
    return mean(won)


def test_safety_times_of_sending_match_nobody_with_anybody() -> None:
    days = list(pairs().values())
    assert sum(len(each) for each in days) == PAIRS
    for score in (near, same_hour, soon_after):
        areas = [separation(each, score) for each in days]
        middle, half = mean(areas), 1.96 * stdev(areas) / len(areas) ** 0.5
        assert 0.45 <= middle <= 0.55, f"{score.__name__}: {middle:.3f} ± {half:.3f}"


def test_a_side_that_followed_the_other_would_be_found() -> None:
    """The same measure on a plan that leaks: hers two days after his, give or take one."""
    drawn = Random(4)
    leaking = [
        [(his, his + timedelta(days=2, hours=drawn.uniform(-24, 24))) for his, _ in several]
        for several in pairs().values()
    ]
    assert mean(separation(each, near) for each in leaking) > 0.6
