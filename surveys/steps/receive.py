"""Takes an update from a provider: inbox row, conversation and claimed reply in one transaction, before the 200.

Where handling fails, the inbox row alone is committed and tried again; nothing acknowledged is ever lost.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from surveys.records import audit, inbox
from surveys.records.contacts import address_index
from surveys.records.database import Tx
from surveys.records.failures import DatabaseUnavailable
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.steps.alarm import open_task
from surveys.steps.chat import overheard
from surveys.steps.converse import converse
from surveys.steps.ports import Incoming, Outgoing
from surveys.steps.service import SERVICE, Service
from surveys.steps.traces import note_heard

_log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5

Interpret = Callable[[bytes], tuple[str, Incoming]]
"""A provider's bytes → its update id and what it means; raises on bytes that are no update."""
Note = Callable[[Tx], Awaitable[bool]]
"""What is noted of an update in its own transaction, before it is handled; False where it is not to be handled."""


async def _nothing(_: Tx) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Received:
    """What came of one update. `reply` is to be sent once the update has been acknowledged."""

    reply: Outgoing | None = None
    repeated: bool = False
    kept: bool = False
    """Handling failed: the update waits in the inbox."""


async def receive(
    service: Service, provider: str, update: str, said: Incoming, raw: bytes, now: datetime, note: Note = _nothing
) -> Received:
    """Commit and handle one update. Raises DatabaseUnavailable where nothing could be committed: do not acknowledge.

    What `note` writes is committed with it or not at all.
    """
    try:
        heard = await overheard(service, said, now)
        async with service.database.writing() as tx:
            if not await note(tx) or await inbox.put_done(tx, provider, update, now) is None:
                return Received(repeated=True)
            await note_heard(tx, service, said, now)
            return Received(await converse(tx, service, said, now, heard))
    except DatabaseUnavailable:
        raise
    except Exception as failure:  # a poison update must not be lost, nor stop the others
        _log.error("update kept for later: %s", type(failure).__name__)
        async with service.database.writing() as tx:
            return await _keep(service, tx, note, (provider, update), said, raw, type(failure).__name__, now)


async def _keep(
    service: Service,
    tx: Tx,
    note: Note,
    named: tuple[str, str],
    said: Incoming,
    raw: bytes,
    failure: str,
    now: datetime,
) -> Received:
    """Whose it is stands beside it, keyed, so that a purge finds it; its age goes on from when it was said."""
    await note(tx)
    sender = address_index(tx, said.channel, said.sender) if said.sender else None
    seq = await inbox.put(tx, *named, raw, now - timedelta(seconds=said.age), sender, failure)
    await note_heard(tx, service, said, now)
    return Received(repeated=seq is None, kept=seq is not None)


async def retry_inbox(service: Service, interpreters: Mapping[str, Interpret], now: datetime) -> tuple[Outgoing, ...]:
    """Handle what waits in the inbox, oldest first; after the last attempt it is dead and a task is open."""
    async with service.database.reading() as tx:
        waiting = await inbox.unhandled(tx)
    replies = [await _again(service, interpreters, row, now) for row in waiting]
    return tuple(reply for reply in replies if reply is not None)


async def _again(
    service: Service, interpreters: Mapping[str, Interpret], row: inbox.Received, now: datetime
) -> Outgoing | None:
    try:
        _, said = interpreters[row.provider](row.payload)
        waited = max(0.0, (now - row.received_at).total_seconds())
        heard = await overheard(service, said, now)
        async with service.database.writing() as tx:
            if not await inbox.done(tx, row.seq, now):
                return None
            return await converse(tx, service, replace(said, age=max(said.age, waited)), now, heard)
    except DatabaseUnavailable:
        raise
    except Exception as failure:  # the next ones must not wait for this one
        await _failed_again(service, row, type(failure).__name__, now)
        return None


async def _failed_again(service: Service, row: inbox.Received, failure: str, now: datetime) -> None:
    _log.error("update failed again: %s", failure)
    async with service.database.writing() as tx:
        if await inbox.failed(tx, row.seq, failure, MOST_ATTEMPTS, now):
            await _dead(tx, row.seq, now)


async def _dead(tx: Tx, seq: int, now: datetime) -> None:
    await open_task(tx, NewTask(EVERY_CENTRE, "inbox_dead", str(seq)), now)
    audit.record(tx, SERVICE, "inbox.dead", str(seq), now)
