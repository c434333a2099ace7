"""The stamp: a database, its keys and its side belong together or nothing is read."""

from datetime import timedelta

import pytest

from surveys.records import stamps
from surveys.records.database import Database
from surveys.records.failures import AlreadyThere
from surveys.records.keyfile import KeyRing, make_keys
from surveys.records.sealing import Seals
from surveys.records.stamps import StampRefused
from surveys.rules.vocabulary import Side
from tests.records.cast import NOW


async def test_a_database_of_the_other_side_or_with_other_keys_is_refused(database: Database) -> None:
    async with database.writing() as tx:
        with pytest.raises(StampRefused, match="no stamp"):
            await stamps.check(tx)
        made = await stamps.create(tx, NOW, "test")
        await stamps.set_bot(tx, "123")
        assert (await stamps.check(tx)).bot == "123"
    with pytest.raises(AlreadyThere):
        async with database.writing() as tx:
            await stamps.create(tx, NOW + timedelta(1), "again")
    assert made.side is Side.EX_PERPETRATORS
    ring = database.seals.ring
    for seals, says in (
        (Seals(KeyRing(Side.SURVIVORS, ring.keys)), "belongs to the side ex-perpetrators"),
        (Seals(make_keys(Side.EX_PERPETRATORS)), "does not belong to this database"),
    ):
        other = await Database.open(database.url, seals)
        async with other.reading() as tx:
            with pytest.raises(StampRefused, match=says):
                await stamps.check(tx)
        await other.close()
