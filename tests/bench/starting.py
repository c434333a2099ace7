"""How long `posle serve` takes until it answers, beside a bare interpreter that imports the web server alone."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tests.bench.process import Bot, free_port, serve_command
from tests.bench.side import make_side
from tests.bench.table import Row


async def measure(root: Path, quick: bool) -> list[Row]:
    """Seconds; the median of some starts."""
    # nobody listens where the provider should be: the start must not wait for it
    side = await make_side(root, port=free_port(), api_url=f"http://127.0.0.1:{free_port()}")
    bot = Bot("posle", serve_command(side.folder), side.port, root / "posle.log")
    times, bare = [], []
    for _ in range(3 if quick else 7):
        times.append(await bot.start())
        bot.stop()
        bare.append(_bare())
    return [Row("start until it answers", median(times), "s", median(bare), "≤ 1.5 s")]


def _bare() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import uvicorn, uvloop, httptools, starlette.applications"], check=True)
    return time.perf_counter() - began
