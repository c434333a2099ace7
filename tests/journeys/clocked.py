"""`posle serve` as a process of its own under a clock that a test moves. Only tests start it."""

import asyncio
import gc
import logging
import os
import sys
import time
from datetime import datetime
from pathlib import Path

import uvloop

LOUD = "POSLE_TESTS_LOUD"
"""Set it, and the service and every library say all that they can say."""


class FileClock:
    """A wall clock whose instant stands in a file; it goes on by itself from when the file was written."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def set(self, instant: datetime) -> None:
        """It is now `instant`, for everybody who reads the file."""
        beside = self._file.with_suffix(".new")
        beside.write_text(f"{instant.isoformat()} {time.monotonic()}")
        os.replace(beside, self._file)

    def now(self) -> datetime:
        """The wall clock, aware."""
        instant, since = self._file.read_text().split(" ")
        return datetime.fromtimestamp(
            datetime.fromisoformat(instant).timestamp() + time.monotonic() - float(since),
            datetime.fromisoformat(instant).tzinfo,
        )

    def monotonic(self) -> float:
        """The system's own."""
        return time.monotonic()


def main() -> None:
    """`python -m tests.journeys.clocked DIR CLOCK [ROLE]`."""
    gc.set_threshold(50_000, 20, 50)  # as the command line, before anything large is loaded
    from posle.serving.process import Role, serve  # noqa: PLC0415
    from tests.journeys import faulted  # noqa: PLC0415

    folder, clock = map(Path, sys.argv[1:3])
    faulted.install(clock.parent)
    if os.environ.get(LOUD):
        logging.basicConfig(level=logging.DEBUG)
    role = Role(sys.argv[3]) if len(sys.argv) > 3 else Role.ALL
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(folder, role, clock=FileClock(clock)))


if __name__ == "__main__":
    main()
