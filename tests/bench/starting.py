"""What a start costs: seconds until `posle serve` answers, and the processor's seconds of commands that people type.

The floor is an interpreter that does nothing; for `serve` one that imports the web server alone.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.bench.process import Bot, free_port, serve_command
from tests.bench.side import make_side, people
from tests.bench.table import Row

_POSLE = ("-c", "from posle.cli import main; main()")


async def measure(root: Path, quick: bool) -> list[Row]:
    """The median of some starts; commands and services take turns with their floors."""
    # nobody listens where the provider should be: the start must not wait for it
    side = await make_side(root, port=free_port(), api_url=f"http://127.0.0.1:{free_port()}")
    bot = Bot("posle", serve_command(side.folder), side.port, root / "posle.log")
    times, cpu, bare = [], [], []
    for _ in range(3 if quick else 7):
        times.append(await bot.start())
        cpu.append(bot.cpu())
        bot.stop()
        bare.append(_bare())
    seen, used = (median(each) for each in zip(*bare, strict=True))
    return [
        Row("start until it answers", median(times), "s", seen, "≤ 1.5 s"),
        Row("start until it answers: CPU", median(cpu), "s", used),
        *_commands(root, side.folder, 3 if quick else 7),
    ]


def _commands(root: Path, folder: Path, rounds: int) -> list[Row]:
    nothing = [_cpu("-c", "pass") for _ in range(rounds)]
    measured: dict[str, list[float]] = {}
    for number in range(rounds):
        for name, run in _typed(root, folder, number).items():
            measured.setdefault(name, []).append(run())
    return [Row(f"{name}: CPU", median(each), "s", median(nothing)) for name, each in measured.items()]


def _typed(root: Path, folder: Path, number: int) -> dict[str, Callable[[], float]]:
    new = root / f"new-{number}"
    init = (
        *_POSLE,
        "init",
        str(new),
        "--side",
        "ex-perpetrators",
        "--evaluators",
        str(root / "evaluators" / "evaluators.pub"),
    )
    person = next(people(1, datetime.now(UTC).date())) | {
        "channel": "phone", "case_code": f"start-{number}", "phone": f"+38164200000{number}",
    }  # fmt: skip
    return {
        "posle --help": lambda: _cpu(*_POSLE, "--help"),
        "posle init": lambda: _cpu(*init),
        "posle enrol": lambda: _cpu(*_POSLE, "enrol", str(folder), said=json.dumps(person)),
        "posle plan": lambda: _cpu(*_POSLE, "plan", str(folder)),
    }


def _cpu(*arguments: str, said: str = "") -> float:
    """Seconds of the processor, the system's included, of one process."""
    before = _children()
    command: Sequence[str] = (sys.executable, *arguments)
    subprocess.run(command, input=said, text=True, stdout=subprocess.DEVNULL, check=True)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _bare() -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    began = time.perf_counter()
    used = _cpu("-c", "import uvicorn, uvloop, httptools, starlette.applications")
    return time.perf_counter() - began, used
