"""What non-response does to a cohort, played many times with drawn numbers. The same question gives the same answer.

It knows no person: sizes and chances go in, shares come out.
"""

from dataclasses import dataclass

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from assessment.statistics import LEVEL

COHORTS, SEED, MOST = 2_000, 7, 1_000_000
"""How many cohorts are played, whatever their size, from which seed, and the largest cohort that is."""


@dataclass(frozen=True, slots=True)
class Played:
    """Of all cohorts: the middle 95 % of the shares that are seen, how often the 95 % interval holds the true share of
    the cohort, how often the bounds do, and how often nobody answers (such a cohort holds nothing)."""

    least: float
    most: float
    interval_holds: float
    bounds_hold: float
    empty: float


def play(men: int, truth: float, peaceful: float, violent: float) -> Played:
    """Cohorts of so many men, where non-violent and violent ones answer with these chances."""
    chance = np.random.default_rng(SEED)
    men = min(men, MOST)
    good = chance.binomial(men, truth, COHORTS)
    told_good, told_bad = chance.binomial(good, peaceful), chance.binomial(men - good, violent)
    told = told_good + told_bad
    some, true = told > 0, good / men
    seen = told_good[some] / told[some]
    low, high = proportion_confint(told_good[some], told[some], alpha=LEVEL, method="wilson")
    covered = (low <= true[some]) & (true[some] <= high)
    inside = (told_good / men <= true) & (true <= (men - told_bad) / men)
    least, most = np.quantile(seen, (LEVEL / 2, 1 - LEVEL / 2)) if seen.size else (0.0, 1.0)
    shares = (least, most, covered.sum() / COHORTS, inside.mean(), 1 - some.mean())
    return Played(*(float(each) for each in shares))
