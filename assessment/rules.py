"""What the assessment counts, as data: indicators.toml, read once. It knows no person."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_KEYS = ("contact", "towards")


@dataclass(frozen=True, slots=True)
class Construct:
    """One item of one side, and its favourable answers."""

    name: str
    side: str
    item: str
    favourable: frozenset[str]


@cache
def rules() -> dict[str, Any]:
    """The whole file."""
    return tomllib.loads(Path(__file__).with_name("indicators.toml").read_text(encoding="utf-8"))


@cache
def constructs() -> tuple[Construct, ...]:
    """Every construct of the report."""
    rows = rules()["construct"]
    return tuple(Construct(row["name"], row["side"], row["item"], frozenset(row["favourable"])) for row in rows)


@cache
def items_counted() -> tuple[str, ...]:
    """Every item that some figure is made of."""
    found = [*rules()["harm"], *(rules()[key] for key in _KEYS), *(each.item for each in constructs())]
    return tuple(dict.fromkeys(found))
