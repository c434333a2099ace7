"""One row of the printed table: a figure, and its ratio to a floor that was measured in the same run."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`floor` is the same figure of the floor, in the same unit; `goal` is written as the design says it."""

    what: str
    value: float
    unit: str
    floor: float | None = None
    goal: str = ""

    def line(self) -> str:
        """One line of Markdown."""
        ratio = f"{self.value / self.floor:.2f}" if self.floor else ""
        floor = _number(self.floor) if self.floor else ""
        return f"| {self.what} | {_number(self.value)} {self.unit} | {floor} | {ratio} | {self.goal} |"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def printed(rows: Iterable[Row]) -> str:
    """The whole table."""
    head = "| what | measured | floor | ratio | goal |\n|---|--:|--:|--:|---|"
    return "\n".join([head, *(row.line() for row in rows)])
