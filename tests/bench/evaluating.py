"""What evaluating a form and understanding a reply cost, beside writing the same answers as JSON and reading them."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from surveys.instruments.asking import ask
from surveys.instruments.compile import compile_form, compile_source
from surveys.instruments.engine import SKIP, Pressed, Typed, start, step
from surveys.instruments.form import Form
from surveys.instruments.state import State, from_json, to_json
from surveys.language.commands import command
from surveys.library import load_library
from surveys.rules.vocabulary import Side
from tests.bench.side import form_of
from tests.bench.table import Row

_NOW = datetime(2027, 2, 14, 12, tzinfo=UTC)


async def measure(root: Path, quick: bool) -> list[Row]:
    """Microseconds of CPU for one of each."""
    rounds = 500 if quick else 3000
    small = Form(compile_source("check-in.md", form_of().encode()))
    shipped = Form(compile_form(load_library(Side.EX_PERPETRATORS).instruments["check-in"]))
    return [
        Row("understanding a command", _cost(lambda: command("ne šaljite više"), rounds), "µs"),
        *_of("ten items", small, rounds),
        *_of("the shipped check-in", shipped, rounds),
    ]


def _of(name: str, form: Form, rounds: int) -> list[Row]:
    state = _half_way(form)
    floor = _cost(lambda: from_json(to_json(state)), rounds)
    pressed = Pressed(state.turn, SKIP)
    return [
        Row(f"{name}: evaluate", _cost(lambda: form.evaluate(state.values, _NOW), rounds), "µs", floor),
        Row(f"{name}: press", _cost(lambda: step(form, state, pressed, _NOW), rounds), "µs", floor),
        Row(f"{name}: typed answer", _cost(lambda: step(form, state, Typed("1"), _NOW), rounds), "µs", floor),
        Row(f"{name}: the question", _cost(lambda: ask(form, state, _NOW), rounds), "µs", floor),
    ]


def _half_way(form: Form) -> State:
    """Every question answered by its first choice, or skipped, up to the middle."""
    state = start(form, "sr_Latn", {}, _NOW)
    for _ in range(len(form.instrument.items) // 2):
        following = step(form, state, Typed("1"), _NOW).state
        state = following if following.turn > state.turn else step(form, state, Pressed(state.turn, SKIP), _NOW).state
    return state


def _cost(work: Callable[[], object], rounds: int) -> float:
    work()
    began = time.process_time()
    for _ in range(rounds):
        work()
    return (time.process_time() - began) / rounds * 1e6
