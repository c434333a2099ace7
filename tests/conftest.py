"""What holds for every test: nothing leaves this machine, neither from the test nor from a process that it starts.

Databases, keys and folders of tests are made in memory where there is room: nothing of a test outlives the machine, and
waiting for a disk would be most of its time. TMPDIR, where it is set, goes before.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loopback import loopback_guard

_FOLDER = Path(loopback_guard.__file__).parent
_MEMORY, _ENOUGH = Path("/dev/shm"), 4 << 30


def pytest_configure() -> None:
    """Guard this process, and have its children guard themselves."""
    if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)
    handle, name = tempfile.mkstemp(prefix="loopback-")
    os.close(handle)
    os.environ[loopback_guard.LOG] = name
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_FOLDER), os.environ.get("PYTHONPATH")]))
    loopback_guard.install()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    """Finish what tests left to be collected, here: in the middle of compiling a module Python 3.11 takes it amiss."""
    gc.collect()


def pytest_unconfigure() -> None:
    """Take the count away."""
    Path(os.environ.pop(loopback_guard.LOG)).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _nothing_leaves_this_machine(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that tried to leave, also where the code under test swallowed the refusal."""
    before = loopback_guard.attempts()
    yield
    tried = loopback_guard.attempts() - before
    expected = request.node.get_closest_marker("leaves_the_loopback") is not None
    assert bool(tried) == expected, f"{tried} attempts to leave this machine"
