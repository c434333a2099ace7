"""Takes an update from a provider: inbox row, conversation and claimed reply in one transaction, before the 200.

Where handling fails, the inbox row alone is committed and tried again; nothing acknowledged is ever lost.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from surveys.records import audit, inbox, tasks
from surveys.records.database import AlreadyThere, DatabaseUnavailable, Tx
from surveys.steps.converse import converse
from surveys.steps.ports import Incoming, Outgoing
from surveys.steps.service import SERVICE, Service

_log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5

Interpret = Callable[[bytes], tuple[str, Incoming]]
"""A provider's bytes → its update id and what it means; raises on bytes that are no update."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came of one update. `reply` is to be sent once the update has been acknowledged."""

    reply: Outgoing | None = None
    repeated: bool = False
    kept: bool = False
    """Handling failed: the update waits in the inbox."""


async def receive(service: Service, provider: str, update: str, said: Incoming, raw: bytes, now: datetime) -> Received:
    """Commit and handle one update. Raises DatabaseUnavailable where nothing could be committed: do not acknowledge."""
    fresh = False
    try:
        async with service.database.writing() as tx:
            await inbox.take(tx, provider, update, now)
            fresh = True
            return Received(await converse(tx, service, said, now))
    except DatabaseUnavailable:
        raise
    except Exception as failure:  # a poison update must not be lost, nor stop the others
        if isinstance(failure, AlreadyThere) and not fresh:
            return Received(repeated=True)
        _log.error("update kept for later: %s", type(failure).__name__)
        return await _keep(service, provider, update, raw, failure, now)


async def _keep(
    service: Service, provider: str, update: str, raw: bytes, failure: Exception, now: datetime
) -> Received:
    try:
        async with service.database.writing() as tx:
            await inbox.keep(tx, provider, update, raw, type(failure).__name__, now)
    except AlreadyThere:
        return Received(repeated=True)
    return Received(kept=True)


async def retry_inbox(service: Service, interpreters: Mapping[str, Interpret], now: datetime) -> tuple[Outgoing, ...]:
    """Handle what waits in the inbox, oldest first; after the last attempt it is dead and a task is open."""
    replies = []
    async with service.database.reading() as tx:
        waiting = await inbox.waiting(tx)
    for row in waiting:
        try:
            async with service.database.writing() as tx:
                _, said = interpreters[row.provider](row.payload)
                aged = _aged(said, (now - row.received_at).total_seconds())
                reply = await converse(tx, service, aged, now)
                await inbox.done(tx, row.seq, now)
            replies += [reply] if reply else []
        except DatabaseUnavailable:
            raise
        except Exception as failure:  # a poison update must not be lost, nor stop the others
            await _failed_again(service, row, type(failure).__name__, now)
    return tuple(replies)


def _aged(said: Incoming, seconds: float) -> Incoming:
    return replace(said, age=said.age + max(0.0, seconds))


async def _failed_again(service: Service, row: inbox.Waiting, failure: str, now: datetime) -> None:
    async with service.database.writing() as tx:
        if await inbox.failed(tx, row.seq, failure, MOST_ATTEMPTS, now):
            await _dead(tx, row.seq, now)


async def _dead(tx: Tx, seq: int, now: datetime) -> None:
    await tasks.open_once(tx, "*", "inbox_dead", str(seq), participant=None, now=now)
    await audit.record(tx, SERVICE, "inbox.dead", str(seq), now)
