"""Asks once more, on a terminal, before what nothing undoes. A script's standard input is never asked: it was meant."""

import sys

from posle.cli.refusing import Refused


def see_that_it_is_meant(participant: str, what: str) -> None:
    """Refused where somebody at a terminal does not type the same id again; nothing is asked of anything else."""
    if not sys.stdin.isatty():
        return
    sys.stderr.write(f"{participant} will be {what}. Nothing undoes that. Type the id again: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip() != participant:
        raise Refused("that is not the same id; nothing was done")
