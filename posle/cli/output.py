"""How results are printed: one JSON document for programs, plain lines and tables for people."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any


def print_json(value: Any) -> None:
    """One JSON document on one line; instants and dates are ISO, enumerations their values."""
    print(as_json(value), flush=True)


def as_json(value: Any) -> str:
    """The same as text."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(type(value).__name__)


def warn(lines: Iterable[str]) -> None:
    """What was done all the same and that somebody should look at, a line each, on standard error."""
    for line in lines:
        print(f"posle: warning: {line}", file=sys.stderr, flush=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people; plain text where the output is no terminal."""
    lines = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for line in [list(columns), *lines]:
            print("\t".join(line))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns, box=None)
    for line in lines:
        table.add_row(*(escape(cell) for cell in line))
    Console().print(table)
