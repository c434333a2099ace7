"""The checker of the invariants can fail: each is broken once, on a copy of a side that went through a whole wave."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.invariants import check
from tests.journeys.house import House, house

NOTICE = "kind = 'notice' AND state = 'sent'"
HOUR = 3_600_000_000
BROKEN = {
    "I3: consent was not in force": "UPDATE consents SET given = 0 WHERE purpose = 'contact'",
    "I3: no consent before a message": "UPDATE consents SET at = at + 400 * 24 * 3600000000 WHERE purpose = 'contact'",
    "I4: claimed outside the hours": f"UPDATE deliveries SET claimed_at = claimed_at + 14 * {HOUR} WHERE {NOTICE}",
    "I5: sent to an address": "UPDATE contacts SET verified_at = NULL",
    "I5: sent to an address that was not": "UPDATE contacts SET suspended_at = verified_at",
    "I9: an answer to another wave's": "UPDATE interviews SET invitation ="
    " (SELECT id FROM invitations WHERE state != 'closed' LIMIT 1)",
    "I7: dead without a task": "UPDATE inbox SET state = 'dead'",
    "I9: an answer without the wave's consent": "DELETE FROM consents WHERE invitation IS NOT NULL",
    "I9: an answer after the end": "UPDATE interviews SET ended_at = started_at - 1",
    "I11: sent after": "UPDATE participants SET status = 'withdrawn', changed_at = enrolled_at",
    "I12: unknown without a task": f"UPDATE deliveries SET state = 'unknown' WHERE {NOTICE}",
    "I12: planned for a wave that is over": "UPDATE invitations SET state = 'closed'",
    "I13: a message that may have left was sent again": "UPDATE deliveries SET state = 'planned' WHERE kind = 'notice'",
    "I14: the audit chain does not verify": "UPDATE audit SET action = 'nothing.done' WHERE seq = 3",
    "I20: started under a hold": "INSERT INTO holds (id, scope, target, reason, since, set_by)"
    " VALUES ('h-1', 'side', 'all', 'drill', 0, 'x')",
}


@asynccontextmanager
async def gone_through(root: Path) -> AsyncIterator[House]:
    """One man, one notice, one whole interview."""
    async with house(root) as side:
        await side.enrol(851, completed_on="2026-11-20")
        await side.serve()
        side.follow(851)
        await side.noticed(851)
        await side.answer(851)
        await side.stop()
        yield side


async def test_each_invariant_is_found_broken_where_it_is(tmp_path: Path) -> None:
    async with gone_through(tmp_path) as side:
        ledger = side.wire.world.ledger
        await check(side.folder, ledger, side.wire.simulator.sms.world)
        for words, sql in BROKEN.items():
            copy = tmp_path / "copy"
            shutil.copytree(side.folder, copy)
            with sqlite3.connect(copy / "posle.db") as database:
                assert database.execute(sql).rowcount > 0, words
            with pytest.raises(AssertionError, match=words):
                await check(copy, ledger)
            shutil.rmtree(copy)


async def test_i1_a_message_on_the_wire_that_no_delivery_accounts_for_is_found(tmp_path: Path) -> None:
    async with gone_through(tmp_path) as side:
        ledger = side.wire.world.ledger
        extra = next(each for each in ledger.accepted if each.method == "sendMessage")
        ledger.accept(extra.at, extra.bot, "sendMessage", {"text": "x"}, 99_999, extra.chat_id)
        with pytest.raises(AssertionError, match="I1: 1 messages on the wire"):
            await check(side.folder, ledger)
        ledger.accepted.pop()
