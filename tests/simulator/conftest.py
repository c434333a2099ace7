"""A stand-in on a free port, a real client of the Bot API, and Debian's Chromium where there is one."""

import shutil
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
import telegram
from playwright.async_api import Browser, async_playwright

from simulator.server import TOKEN, Running, start

TOGETHER = pytest.mark.asyncio(loop_scope="module")
"""Tests of a module share an event loop, so that they can share a browser."""
BEGAN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_said: list[str] = []


@pytest_asyncio.fixture(loop_scope="module")
async def phones() -> AsyncIterator[Running]:
    """A stand-in whose clock stands still."""
    running = await start(name="Anketa")
    running.clock.set(BEGAN, stopped=True)
    yield running
    await running.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def bot(phones: Running) -> AsyncIterator[telegram.Bot]:
    """The library's own client, as it comes."""
    async with telegram.Bot(TOKEN, base_url=f"{phones.url}/bot") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def ana(phones: Running) -> int:
    """Somebody who pressed Start, and whose Start was taken."""
    person = await phones.control.create("Ана", link="https://t.me/upitnik0001_bot?start=abc")
    await phones.control.start(person)
    phones.api.updates(phones.world.bot()).pending.clear()
    return person


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A browser; where there is none, that is said once, in one line."""
    if CHROMIUM is None:
        if not _said:
            _said.append("NOT RUN: the browser tests need Debian's Chromium (apt-get install chromium)")
            sys.__stderr__.write(f"\n{_said[0]}\n") if sys.__stderr__ else None
        pytest.skip(_said[0])
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        await browser.close()
