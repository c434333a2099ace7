"""What a report may be made of: numbers that have been through the rules of disclosure, and nothing else."""

from dataclasses import dataclass

from assessment.statistics import Agreement, Change, Share


@dataclass(frozen=True, slots=True)
class Cell:
    """One count of a table; `count` None where it is hidden."""

    name: str
    count: int | None


@dataclass(frozen=True, slots=True)
class NonViolence:
    """The indicator at one wave by one side. `share` None where too few answered, or where it would tell a small group:
    then `band` says at least (positive) or at most (negative) how many percent. `low` and `high` are the bounds for
    everybody in question; `in_contact` leaves out who has no contact."""

    side: str
    wave: str
    answered: int | None
    share: Share | None
    band: int | None
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
    """One side's wave: invited, how each ended, the way from the study to an answer, and AAPOR's rates by name. What is
    hidden is None."""

    side: str
    wave: str
    invited: int | None
    ended: tuple[Cell, ...]
    steps: tuple[Cell, ...]
    rates: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """How one side's wave ended for everybody, who withdrew included, in steps of five."""

    side: str
    wave: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Contacts:
    """One side's messages in steps of ten: how many for each answer, and what they cost together in dinars."""

    side: str
    sent: tuple[Cell, ...]
    for_an_answer: float | None
    cost: float | None


@dataclass(frozen=True, slots=True)
class Split:
    """One centre, or one year: how many answered, and the share without violence."""

    side: str
    wave: str
    by: str
    name: str
    answered: int | None
    share: Share | None


@dataclass(frozen=True, slots=True)
class Missing:
    """The indicator among those who also answered `of` (the other side, the other wave), and among the rest."""

    side: str
    wave: str
    of: str
    there: Share | None
    gone: Share | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All of a report."""

    men: int | None
    flows: tuple[Flow, ...]
    non_violence: tuple[NonViolence, ...]
    levels: tuple[Level, ...]
    changes: tuple[tuple[str, str, Change], ...]
    pairs: tuple[Pairing, ...]
    splits: tuple[Split, ...]
    missing: tuple[Missing, ...]
    period: tuple[str, str] | None
    """The first and the last month in which a wave fell due."""
    programme: "Programme | None" = None
    everybody: tuple[Ended, ...] = ()
    contacts: tuple[Contacts, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One centre's records: its stages, hidden ones None."""

    centre: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """What centre records say: stages of all centres and of each; completion, and non-violence while it lasted."""

    total: tuple[Cell, ...]
    rows: tuple[ProgrammeRow, ...]
    completion: Share | None
    during: Share | None
    example: bool

    @property
    def completed(self) -> int | None:
        """How many completed, where that may be said."""
        return next((each.count for each in self.total if each.name == "completed"), None)
