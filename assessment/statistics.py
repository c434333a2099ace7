"""The few statistics of the report, by statsmodels: intervals, agreement, paired change, bounds for who did not answer.

Everything is a share between 0 and 1 with a 95 % interval; nothing here knows what was asked, or of whom.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, with its Wilson interval."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself."""
        return self.count / self.of


def share(count: int, of: int) -> Share:
    """A share of at least one with its 95 % Wilson interval; ValueError where there is nobody."""
    if not 0 <= count <= of or of == 0:
        raise ValueError("a share needs somebody, and no more of them than there are")
    low, high = proportion_confint(count, of, alpha=LEVEL, method="wilson")
    return Share(count, of, float(low), float(high))


def bounds(non_violent: int, violent: int, of: int) -> tuple[float, float]:
    """The share of non-violent people among all `of`, if everybody who is not known were violent, and if nobody were
    (instruments.md, "Indicators")."""
    if non_violent + violent > of or of == 0:
        raise ValueError("bounds need everybody who was to be asked")
    return non_violent / of, (of - violent) / of


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of pairs: how often both say the same, and that there was (positive), or was no (negative), violence. `kappa` is
    None where there are fewer than thirty pairs."""

    pairs: int
    same: float
    positive: float | None
    negative: float | None
    kappa: float | None


KAPPA_FROM = 30


def agreement(both: int, first_only: int, second_only: int, neither: int) -> Agreement:
    """Agreement of two accounts of the same thing, by how many pairs say yes twice, once, or never."""
    pairs, apart = both + first_only + second_only + neither, first_only + second_only
    if pairs == 0:
        raise ValueError("agreement needs pairs")
    kappa, alike = None, pairs in (both, neither)  # where nobody differs in anything, there is nothing to correct for
    if pairs >= KAPPA_FROM and not alike:
        kappa = float(cohens_kappa([[both, first_only], [second_only, neither]]).kappa)
    return Agreement(pairs, (both + neither) / pairs, _dice(both, apart), _dice(neither, apart), kappa)


def _dice(same: int, apart: int) -> float | None:
    return 2 * same / (2 * same + apart) if same + apart else None


@dataclass(frozen=True, slots=True)
class Change:
    """Paired answers of the same people: how many changed which way, McNemar's exact p, and by how much the favourable
    share changed, with its 95 % interval."""

    people: int
    better: int
    worse: int
    p: float
    by: float
    low: float
    high: float


def change(people: int, better: int, worse: int) -> Change:
    """Change between two waves of so many people, by how many said something favourable only then, or only before."""
    if people < 1 or min(better, worse) < 0 or better + worse > people:
        raise ValueError("change needs the same people twice, and no more of them than there are")
    result = mcnemar([[people - better - worse, worse], [better, 0]], exact=True)
    return Change(people, better, worse, float(result.pvalue), (better - worse) / people,
                  *_paired_interval(better, worse, people))  # fmt: skip


def _paired_interval(better: int, worse: int, of: int) -> tuple[float, float]:
    """The adjusted Wald interval of a difference of paired shares (Bonett and Price, 2012)."""
    up, down = (better + 1) / (of + 2), (worse + 1) / (of + 2)
    half = NormalDist().inv_cdf(1 - LEVEL / 2) * sqrt((up + down - (up - down) ** 2) / (of + 2))
    return max(-1.0, up - down - half), min(1.0, up - down + half)


def completers_needed(width: float, response: float, expected: float) -> int:
    """How many completers it takes for a Wilson interval at most so wide, at this response rate and expected share."""
    if not (0 < width < 1 and 0 < response <= 1 and 0 <= expected <= 1):
        raise ValueError("width, response and expected share lie between 0 and 1")
    low, high = 1, 10_000_000
    while low < high:
        middle = (low + high) // 2
        found = share(round(expected * middle), middle)
        low, high = (low, middle) if found.high - found.low <= width else (middle + 1, high)
    return int(-(-low // response))


def chances(response: float, truth: float, ratio: float) -> tuple[float, float]:
    """How probably a non-violent, and a violent person answers, if the first do `ratio` times as often and `response`
    of all do (nobody answers more than always)."""
    violent = min(1.0, response / (truth * ratio + 1 - truth))
    return min(1.0, violent * ratio), violent


def seen_under_non_response(of: int, response: float, truth: float, ratio: float) -> tuple[float, float, float]:
    """The share that would be seen on average, and its bounds among all `of`, where non-violent people answer `ratio`
    times as often as violent ones, at the same response rate in all (nobody answers more than always)."""
    peaceful, violent = chances(response, truth, ratio)
    peace, harm = of * truth * peaceful, of * (1 - truth) * violent
    seen = peace / (peace + harm) if peace + harm else truth
    return seen, peace / of, (of - harm) / of
