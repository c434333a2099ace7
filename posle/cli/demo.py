"""`posle demo`: the whole system with stand-ins, for a first look or a headless run."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

OUT = Path("demo-output")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", epilog="Example: posle demo --once --seed 7")(demo)


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the phones are served.")] = 8765,
    once: Annotated[bool, typer.Option("--once", help="Play six months headless, then exit.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="The same seed plays the same people.")] = 1,
) -> None:
    """The whole system with stand-in providers and made-up people: phones in the browser, and a clock to move.

    With --once: six months for more than 400 completers under a simulated clock; writes demo-output/ and exits.
    """
    if once:
        _once(seed)
    else:
        _live(port, seed)


def _once(seed: int) -> None:
    """What was there stays until the new run is done: whoever ends it early finds no half of it."""
    import shutil
    import signal
    import sys
    import tempfile

    from posle.demo.once import once
    from posle.demo.summary import lines

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="posle-demo-output-") as scratch:
        made = Path(scratch) / OUT.name
        made.mkdir()
        figures = asyncio.run(once(made, seed, lambda line: print(line, flush=True)))
        shutil.rmtree(OUT, ignore_errors=True)
        shutil.move(made, OUT)
    print("\n".join(lines(figures)))
    print(f"Written to {OUT}/: flow.json, the rows of ex-perpetrators/ and survivors/, and assessment-…/report.html")


def _live(port: int, seed: int) -> None:
    from posle.demo.live import live

    print("Starting both sides, the stand-in providers and the phones …", flush=True)
    asyncio.run(live(port, seed, lambda line: print(line, flush=True)))
