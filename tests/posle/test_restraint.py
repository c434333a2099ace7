"""Replies to one address are bounded, so that two machines never answer each other for ever."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posle.serving.restraint import MOST, WITHIN, Restraint
from tests.journeys.house import house, until

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_so_many_an_hour_and_then_again() -> None:
    restraint = Restraint(3)
    assert [restraint.allows("11", NOW + timedelta(minutes=each)) for each in range(4)] == [True, True, True, False]
    assert restraint.allows("12", NOW)
    assert restraint.allows("11", NOW + WITHIN)


def test_it_keeps_no_address_and_forgets_after_an_hour() -> None:
    restraint = Restraint()
    for each in range(1002):
        restraint.allows(f"+38164{each:07}", NOW)
    assert "+38164" not in repr(vars(restraint))
    restraint.allows("x", NOW + 2 * WITHIN)
    restraint.allows("y", NOW + 2 * WITHIN)
    assert len(vars(restraint)["_sent"]) <= 2


async def test_a_flood_from_one_stranger_is_answered_so_often_and_stops_nobody_else(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await side.enrol(701)
        side.wire.world.add_person("Stranger", number=9, link=f"https://t.me/{side.bot.username}?start=nonsense")
        await side.serve()
        side.follow(9)
        for _ in range(MOST + 10):
            side.type(9, "zdravo")
        said = side.wire.world.ledger.accepted

        async def enough() -> bool:
            return sum(each.chat_id == 9 for each in said) >= MOST

        await until(enough, side.process)
        side.follow(701)
        await side.shown(701)
        await asyncio.sleep(0.3)
        assert sum(each.chat_id == 9 for each in said) == MOST
