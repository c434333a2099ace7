"""Slow hashes of what people choose and remember: argon2id in a thread, a few at a time, as each takes 64 MiB.

It must never be called on the event loop's own thread, nor take another time for somebody who is not known.
"""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
"""Hashes computed at the same time: 128 MiB at most."""
_LIMIT: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this word")


async def hashed(word: str) -> str:
    """The argon2id hash of a word, with its own salt and parameters in it."""
    async with _turn():
        return await asyncio.to_thread(_hasher().hash, word)


async def matches(kept: str | None, word: str) -> bool:
    """Whether the word is the one that was hashed. With nothing kept the same work is done, and it is not."""
    async with _turn():
        return await asyncio.to_thread(_compare, kept, word)


def _compare(kept: str | None, word: str) -> bool:
    try:
        return _hasher().verify(kept or _nobodys(), word) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def _turn() -> asyncio.Semaphore:
    loop = asyncio.get_running_loop()
    if loop not in _LIMIT:
        _LIMIT.clear()  # the loop of before has ended
        _LIMIT[loop] = asyncio.Semaphore(AT_ONCE)
    return _LIMIT[loop]
