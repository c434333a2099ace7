"""The protocol as the console keeps it: a new version is proposed by one person and approved by another, whole.

Nobody who is enrolled is ever moved by it: a person goes by the version under which they were. It must never put a
version in force that `read_protocol` refuses, or that changes what is no part of a form.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from surveys.library.configured import APART
from surveys.records import approvals, audit, configured, readiness
from surveys.records.approvals import Approval
from surveys.records.configured import Kept
from surveys.records.database import Tx
from surveys.rules.protocol import Protocol, ProtocolRefused
from surveys.rules.protocol_parts import PartsRefused, Wrong, changed, document_of, parts_of, said
from surveys.rules.roles import Reader
from surveys.steps import by_two
from surveys.steps.by_two import Matter, TakesAnother
from surveys.steps.configured import Kind, protocol_from, read
from surveys.steps.service import Service


class OneAtATime(Exception):
    """Another version waits for a second person; it is approved, rejected or withdrawn first."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `since` is None for what shipped and for what waits; `row` names what was made here, `asked` the
    request where it waits. `holds` where it is in force; `late` where it waits and what it was made from does not hold
    any more."""

    name: str
    protocol: Protocol
    since: datetime | None = None
    row: Kept | None = None
    holds: bool = False
    asked: Approval | None = None
    late: bool = False


async def in_force(tx: Tx, service: Service) -> Protocol:
    """The version that holds, as the database has it in this transaction."""
    return (await read(tx)).protocol_over(service.shipped.protocol)


async def versions(tx: Tx, service: Service) -> list[Version]:
    """Every version that holds or held, the newest first, and what shipped last of all."""
    now_held, came = await in_force(tx, service), service.shipped.protocol
    own = [_version(row, now_held) for row in await _rows(tx) if row.in_force_from is not None]
    found = [each for each in own if each is not None]
    return [*reversed(found), Version(came.version, came, holds=came.version == now_held.version)]


async def waiting(tx: Tx, service: Service, now: datetime) -> Version | None:
    """What waits for a second person."""
    asked = await by_two.waiting(tx, Matter.PROTOCOL, now)
    for row in await _rows(tx):
        if row.in_force_from is None and row.id in asked and (found := _version(row)) is not None:
            return replace(found, asked=asked[row.id], late=not await _would_hold(tx, service, row.id))
    return None


async def _rows(tx: Tx) -> list[Kept]:
    return [each for each in await configured.every(tx) if each.kind == Kind.PROTOCOL]


def _version(row: Kept, held: Protocol | None = None) -> Version | None:
    """None where this program would not follow it."""
    try:
        made = protocol_from(json.loads(row.document)).protocol
    except ProtocolRefused:
        return None
    return Version(made.version, made, row.in_force_from, row, held is not None and made.version == held.version)


async def attested(tx: Tx) -> str | None:
    """The version that the last record of readiness names; None where nothing was recorded."""
    last = await readiness.latest(tx)
    named = json.loads(last.document).get("protocol_version") if last is not None else None
    return None if named is None else str(named)


async def propose(tx: Tx, service: Service, reader: Reader, given: Mapping[str, str], now: datetime) -> str:
    """Make a new version of the one that holds, which waits for another person; its row. PartsRefused, OneAtATime."""
    if await by_two.waiting(tx, Matter.PROTOCOL, now):
        raise OneAtATime
    standing, base = await in_force(tx, service), service.shipped.protocol.version
    made = changed(standing, given, await _next_name(tx, base))
    if said(made) == said(standing):
        raise PartsRefused({parts_of(standing)[0].name: Wrong.SAME})
    document = json.dumps({"base": base, "from": standing.version, "protocol": document_of(made)}, ensure_ascii=False)
    row = await configured.keep(tx, Kind.PROTOCOL, document, reader.account, now, in_force=False)
    await by_two.ask(tx, reader, Matter.PROTOCOL, row, now)
    return row


async def _next_name(tx: Tx, base: str) -> str:
    """After every version that was ever proposed, so that one name never means two protocols."""
    names = [json.loads(row.document)["protocol"]["version"] for row in await _rows(tx)]
    taken = [int(name.removeprefix(base + APART)) for name in names if name.rpartition(APART)[0] == base]
    return f"{base}{APART}{max(taken, default=0) + 1}"


async def approve(tx: Tx, service: Service, reader: Reader, row: str, now: datetime) -> None:
    """Another person has read what changes: it holds from now on. TakesAnother, also where what it was made from holds
    no more."""
    if not await _would_hold(tx, service, row):
        raise TakesAnother
    await by_two.agree(tx, reader, Matter.PROTOCOL, row, now)
    if not await configured.put_in_force(tx, row, reader.account, now):
        raise TakesAnother
    audit.record(tx, reader.account, "protocol.approved", row, now)


async def _would_hold(tx: Tx, service: Service, row: str) -> bool:
    """Whether it is still a change of the version in force, in nothing but its parts, and of a name that is free."""
    documents = {each.id: json.loads(each.document) for each in await _rows(tx)}
    document, standing = documents.get(row), await in_force(tx, service)
    if document is None or (document["from"], document["base"]) != (standing.version, service.shipped.protocol.version):
        return False
    try:
        made = protocol_from(document).protocol
        return changed(standing, said(made), made.version) == made
    except (ProtocolRefused, PartsRefused):
        return False


async def drop(tx: Tx, reader: Reader, row: str, now: datetime) -> None:
    """Nobody can approve it any more: its author withdraws it, anybody else rejects it. TakesAnother where it does not
    wait."""
    found = (await by_two.waiting(tx, Matter.PROTOCOL, now)).get(row)
    if found is None:
        raise TakesAnother
    await approvals.drop(tx, found.id, now)
    if found.asked_by == reader.account:
        audit.record(tx, reader.account, "protocol.withdrawn", row, now)
    else:
        audit.record(tx, reader.account, "protocol.rejected", row, now)
