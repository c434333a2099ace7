"""`make bench`: what the service does in a second, what it costs and what it holds, beside floors of the same run.

Prints one table. `--part` chooses parts, `--quick` takes fewer and smaller rounds. Nothing is asserted.
"""

import argparse
import asyncio
import importlib
import sys
import tempfile
from pathlib import Path

import uvloop

from tests.bench.process import pin_driver
from tests.bench.table import Row, printed

PARTS = {
    "exchanges": "tests.bench.exchanges",
    "sms": "tests.bench.texting",
    "memory": "tests.bench.memory",
    "tick": "tests.bench.ticks",
    "claim": "tests.bench.claiming",
    "import": "tests.bench.importing",
    "start": "tests.bench.starting",
    "evaluate": "tests.bench.evaluating",
    "assess": "tests.bench.assessing",
    "console": "tests.bench.console",
}


def main() -> None:
    """Run the chosen parts, one after the other, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--part", default=",".join(PARTS), help="some of " + ",".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="fewer and smaller rounds")
    chosen = parser.parse_args()
    names = chosen.part.split(",")
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}")
    pin_driver()
    rows: list[Row] = []
    for name in names:
        sys.stderr.write(f"{name} …\n")
        rows += _run(name, chosen.quick)
    sys.stdout.write(printed(rows) + "\n")


def _run(name: str, quick: bool) -> list[Row]:
    """One part in a folder of its own, which is gone afterwards."""
    part = importlib.import_module(PARTS[name])
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as root,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop,
    ):
        rows: list[Row] = loop.run(part.measure(Path(root), quick))
        return rows


if __name__ == "__main__":
    main()
