"""I14: every change has its audit row, of ids and codes only; the chain shows what was changed, taken out or put in."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete, insert, select, update

from surveys.records import audit
from surveys.records.audit import NotACode
from surveys.records.database import Database
from surveys.records.tables import audit as table
from tests.records.looked import chain

from .cast import NOW


async def _write(database: Database, count: int, start: int = 0) -> None:
    async with database.writing() as tx:
        for number in range(start, start + count):
            audit.record(tx, "system", "deliver", f"d-{number}", NOW, wave="m3", count=number, urgent=False)


async def _broken_at(database: Database) -> int | None:
    async with database.reading() as tx:
        return await audit.verify(tx)


async def test_i14_many_entries_of_many_transactions_form_one_chain(database: Database) -> None:
    assert await _broken_at(database) is None
    await asyncio.gather(*(_write(database, 5, start * 5) for start in range(20)))
    assert await _broken_at(database) is None
    async with database.reading() as tx:
        entries = await chain(tx)
    assert [entry.seq for entry in entries] == list(range(1, 101))
    assert {entry.subject for entry in entries} == {f"d-{number}" for number in range(100)}


async def test_i14_two_processes_write_one_chain(database: Database) -> None:
    other = await Database.open(database.url, database.seals)
    await asyncio.gather(*(_write(db, 2) for _ in range(15) for db in (database, other)))
    await other.close()
    assert await _broken_at(database) is None


async def test_i14_a_transaction_that_fails_leaves_no_entry(database: Database) -> None:
    async def fail() -> None:
        async with database.writing() as tx:
            audit.record(tx, "system", "deliver", "d-1", NOW)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    await _write(database, 1)
    async with database.reading() as tx:
        assert len(await chain(tx)) == 1
    assert await _broken_at(database) is None


_CHANGES = {
    "actor": "somebody",
    "action": "read",
    "subject": "d-999",
    "detail": '{"wave":"m6"}',
    "at": NOW.replace(year=2020),
    "mac": bytes(32),
    "previous": bytes(32),
}


@pytest.mark.parametrize("column", _CHANGES)
async def test_i14_a_changed_entry_is_found(database: Database, column: str) -> None:
    await _write(database, 6)
    async with database.writing() as tx:
        await tx.run(update(table).where(table.c.seq == 4).values({column: bindparam("new")}), new=_CHANGES[column])
    assert await _broken_at(database) == 4


async def test_i14_an_entry_taken_out_is_found(database: Database) -> None:
    await _write(database, 6)
    async with database.writing() as tx:
        await tx.run(delete(table).where(table.c.seq == 3))
    assert await _broken_at(database) == 3


async def test_i14_an_entry_put_in_is_found(database: Database) -> None:
    await _write(database, 3)
    async with database.writing() as tx:
        last = await tx.row(select(table).where(table.c.seq == 3))
        assert last
        forged = dict(zip(table.columns.keys(), last, strict=True)) | {"seq": 4, "previous": last[7]}
        await tx.run(insert(table), **forged)
    assert await _broken_at(database) == 4


async def test_i14_a_chain_longer_than_a_page_verifies(database: Database) -> None:
    await _write(database, 2500)
    assert await _broken_at(database) is None


async def test_i14_entries_of_one_subject_are_found(database: Database) -> None:
    await _write(database, 3)
    async with database.reading() as tx:
        [entry] = await audit.of_subject(tx, "d-1")
    assert (entry.action, entry.detail) == ("deliver", '{"count":1,"urgent":false,"wave":"m3"}')


class _Tx:
    entries: list[object]

    def __init__(self) -> None:
        self.entries = []


@given(st.text().filter(lambda text: not text or any(sign.isspace() for sign in text) or len(text) > 80))
def test_i14_what_is_no_code_never_reaches_the_audit(text: str) -> None:
    tx = _Tx()
    with pytest.raises(NotACode) as refused:
        audit.record(tx, "system", "deliver", "d-1", NOW, word=text)  # type: ignore[arg-type]
    assert not tx.entries
    assert len(text) < 5 or text not in str(refused.value)
