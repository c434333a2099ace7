"""Which counts of a table may be shown: none under five, and none from which a hidden one could be worked out. Pure."""

from collections.abc import Mapping

LEAST_CELL, LEAST_TOTAL = 5, 10
"""No cell under five, no table of under ten (instruments.md, Disclosure)."""


def shown_counts(counted: Mapping[str, int]) -> dict[str, int | None]:
    """The counts by name, None where one must not be shown; zero cells of a table are hidden like the others."""
    if sum(counted.values()) < LEAST_TOTAL:
        return dict.fromkeys(counted)
    shown: dict[str, int | None] = {name: number if number >= LEAST_CELL else None for name, number in counted.items()}
    hidden = [name for name, number in shown.items() if number is None]
    rest = sum(counted[name] for name in hidden)
    while hidden and (len(hidden) == 1 or rest < LEAST_CELL):
        smallest = min(
            (name for name in counted if shown[name] is not None), key=lambda name: counted[name], default=None
        )
        if smallest is None:
            break
        shown[smallest] = None
        hidden.append(smallest)
        rest += counted[smallest]
    return shown
