"""The command line: what operators type. It parses, calls one function, prints; no traceback, no value."""

import gc
import sys
from collections.abc import Sequence

from posle.cli.refusing import refuse


def main() -> None:
    """The `posle` command."""
    gc.set_threshold(50_000, 20, 50)  # what is imported stays: looking for garbage in it was a sixth of every start
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Exit status for these arguments: 0 done, 1 refused (one line on standard error), 2 wrong use."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        from posle.cli.app import app

        status = app(list(arguments), prog_name="posle", standalone_mode=False)
        sys.stdout.flush()
    except Exception as error:
        return refuse(error)
    return status if isinstance(status, int) else 0
