"""`make bench`: what evaluating a form and understanding a reply cost. Prints a table with ratios to the first row."""

import time
from collections.abc import Callable

from surveys.instruments.engine import Typed, start, step
from surveys.language.commands import command
from tests.instruments.forms import NOW, check_form

ROUNDS = 2000


def cost(work: Callable[[], object]) -> float:
    """Microseconds of CPU for one call, over many."""
    work()
    began = time.process_time()
    for _ in range(ROUNDS):
        work()
    return (time.process_time() - began) / ROUNDS * 1e6


def main() -> None:
    """Print the table."""
    form = check_form()
    state = start(form, "sr_Cyrl", {}, NOW)
    rows = {
        "evaluate a form": cost(lambda: form.evaluate(state.values, NOW)),
        "understand a command": cost(lambda: command("ne šaljite više")),
        "one step of the engine, typed": cost(lambda: step(form, state, Typed("живимо заједно"), NOW)),
    }
    floor = next(iter(rows.values()))
    print("| what | µs of CPU | ratio |\n|---|--:|--:|")
    for name, each in rows.items():
        print(f"| {name} | {each:.1f} | {each / floor:.1f} |")


if __name__ == "__main__":
    main()
