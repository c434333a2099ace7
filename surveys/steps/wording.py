"""Approval of what is written to people first: all notices and covers of the side, as they are, read by two people.

The approval names the exact words by their hash; where a file was changed since, it holds no more and says so.
"""

import hashlib
import json
from datetime import datetime

from surveys.library import Library
from surveys.records import accounts, audit, readiness
from surveys.records.database import Tx
from surveys.rules.roles import Reader
from surveys.steps import by_two
from surveys.steps.by_two import Matter
from surveys.steps.readiness import DIGEST, NotAttested, amend
from surveys.steps.service import Service


def digest(library: Library) -> str:
    """The hash of every word that can be seen before a consent or a gate: notices, and the covers' words."""
    told = [
        [each.name, each.version, str(each.channel), str(each.kind), sorted(each.words.items())]
        for each in library.notices.values()
    ]
    covers = [
        [cover.instrument.name, sorted(cover.instrument.title.items()),
         *([sorted(item.labels.items()), sorted(item.hints.items())] for item in cover.instrument.items),
         *(sorted(row.labels.items()) for rows in cover.instrument.lists.values() for row in rows)]
        for cover in library.covers
    ]  # fmt: skip
    return hashlib.sha256(json.dumps([told, covers], ensure_ascii=False).encode()).hexdigest()


async def approved(tx: Tx) -> tuple[str, str, str]:
    """Who approved, on which day, and the hash of what; empty where nothing is recorded."""
    last = await readiness.latest(tx)
    document = json.loads(last.document) if last else {}
    by, on = document.get("wording_approved_by", ""), document.get("wording_approved_on", "")
    return by, on, document.get(DIGEST, "")


async def approve(tx: Tx, service: Service, reader: Reader, seen: str, now: datetime) -> bool:
    """The reader has read all of it; whether that was the second person. TakesAnother, NotAttested."""
    if await readiness.latest(tx) is None:
        raise NotAttested
    first = (await by_two.waiting(tx, Matter.WORDING, now)).get(seen)
    if first is None:
        await by_two.ask(tx, reader, Matter.WORDING, seen, now)
        return False
    await by_two.agree(tx, reader, Matter.WORDING, seen, now)
    names = [found.name for each in (first.asked_by, reader.account) if (found := await accounts.get(tx, each))]
    told = {"wording_approved_by": ", ".join(names), "wording_approved_on": service.local(now).date().isoformat()}
    row = await amend(tx, now, **told, **{DIGEST: seen})
    audit.record(tx, reader.account, "wording.approved", row, now)
    return True
