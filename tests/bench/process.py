"""A service under measurement as a real process on a processor of its own: started, watched, ended by its own id."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from posle.demo.house import free_port

_ROOT = Path(__file__).parents[2]
PATIENCE = 60.0

__all__ = ["Bot", "free_port", "pin_driver"]


class DidNotStart(Exception):
    """The service ended, or did not listen in time; its log says why."""


class Bot:
    """One service process. CPU in seconds and memory in MiB, its children included."""

    def __init__(self, name: str, command: list[str], port: int, log: Path) -> None:
        self.name, self.port = name, port
        self._command, self._log = command, log
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> float:
        """Seconds from the start of the process until it takes connections."""
        began = time.perf_counter()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs meanwhile
                [sys.executable, *self._command], stdout=log, stderr=log, cwd=_ROOT
            )
        pin(self._process.pid, -1)
        while not await self._listens():
            if self._process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise DidNotStart(f"{self.name}: {self._log.read_text()[-2000:]}")
            await asyncio.sleep(0.005)
        return time.perf_counter() - began

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

    def _all(self) -> list[psutil.Process]:
        assert self._process is not None
        own = psutil.Process(self._process.pid)
        return [own, *own.children(recursive=True)]

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def cpu(self) -> float:
        """Seconds of processor time used so far."""
        return sum(sum(each.cpu_times()[:2]) for each in self._all())

    def memory(self) -> float:
        """Resident MiB."""
        return float(sum(each.memory_info().rss for each in self._all())) / 2**20

    def stop(self) -> None:
        """End it, politely, then by force."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(15)


def serve_command(folder: Path, role: str = "all") -> list[str]:
    """`posle serve` for this folder."""
    return ["-c", "from posle.cli import main; main()", "serve", str(folder), "--role", role]


def pin(pid: int, place: int) -> None:
    """Keep a process on one of the processors we may use, where there are several."""
    processors = sorted(os.sched_getaffinity(0)) if pid == 0 else sorted(_MAY_USE)
    if len(_MAY_USE) > 1:
        psutil.Process(pid or None).cpu_affinity([processors[place]])


_MAY_USE = frozenset(os.sched_getaffinity(0))


def pin_driver() -> None:
    """The driver and the stand-in on the first processor; services have the last."""
    pin(0, 0)
