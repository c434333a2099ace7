"""Replies to one address are bounded, so that two machines never answer each other for ever."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posle.opening import opened
from posle.serving.restraint import MOST, STRANGERS, WITHIN, Allowance, Restraint
from surveys.records import tasks
from tests.journeys.house import house, until
from tests.records.looked import arrived

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


def test_strangers_share_so_many_a_second() -> None:
    allowance = Allowance(10)
    assert sum(allowance.allows(5.0) for _ in range(50)) == 10
    assert sum(allowance.allows(5.5) for _ in range(50)) == 5
    assert sum(allowance.allows(3600.0) for _ in range(50)) == 10


async def test_a_flood_from_many_strangers_is_answered_so_often_and_delays_no_participant(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await side.enrol(701)
        for each in range(9001, 9101):
            link = f"https://t.me/{side.bot.username}?start=nonsense"
            side.wire.world.add_person(f"Stranger{each}", number=each, link=link)
        await side.serve()
        began = asyncio.get_running_loop().time()
        for each in range(9001, 9101):
            side.follow(each)
        side.follow(701)
        await side.shown(701)

        async def all_taken() -> bool:
            async with opened(side.folder) as (_, database), database.reading() as tx:
                return (await arrived(tx)).get("done", 0) >= 101

        await until(all_taken, side.process)
        passed = asyncio.get_running_loop().time() - began
        answered = {e.chat_id for e in side.wire.world.ledger.accepted if e.chat_id and e.chat_id > 9000}
        assert 1 <= len(answered) <= STRANGERS * (passed + 2)
        async with opened(side.folder) as (_, database), database.reading() as tx:
            kinds = [each.kind for each in await tasks.standing(tx)]
        assert kinds.count("too_many_strangers") <= 1
        assert "send_failed" not in kinds


async def test_a_flood_from_one_stranger_is_answered_so_often_and_stops_nobody_else(tmp_path: Path) -> None:
    async with house(tmp_path) as side:
        await side.enrol(701)
        side.wire.world.add_person("Stranger", number=9, link=f"https://t.me/{side.bot.username}?start=nonsense")
        await side.serve()
        side.follow(9)
        for _ in range(MOST + 10):
            side.type(9, "zdravo")
        said = side.wire.world.ledger.accepted

        async def all_taken() -> bool:
            async with opened(side.folder) as (_, database), database.reading() as tx:
                return (await arrived(tx)).get("done", 0) >= MOST + 11

        await until(all_taken, side.process)
        side.follow(701)
        await side.shown(701)
        assert 1 <= sum(each.chat_id == 9 for each in said) <= MOST
