"""Who serves a side: one process that does everything, or several that share the work, and the first knows it is
alone."""

import asyncio
import sys
from contextlib import AsyncExitStack

import pytest

from surveys.records.database import Database
from surveys.records.presence import ServedAlready, present
from tests.journeys.house import until


async def test_i2_a_second_process_that_does_everything_is_kept_out_until_the_first_has_ended(
    database: Database,
) -> None:
    async with present(database, only=True) as first:
        assert first.alone
        await first.settle()
        with pytest.raises(ServedAlready):
            async with present(database, only=True, patience=0.2):
                pass
    async with present(database, only=True) as again:
        assert again.alone


async def test_several_share_the_work_and_only_the_first_is_alone(database: Database) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(present(database, only=False))
        assert first.alone
        second = asyncio.create_task(stack.enter_async_context(present(database, only=False)))
        await asyncio.sleep(0.3)
        assert not second.done(), "it must wait until the first has looked at what was abandoned"
        await first.settle()
        assert not (await second).alone


async def test_a_killed_process_holds_nothing(database: Database) -> None:
    code = (
        "import asyncio, sys; from surveys.records.database import Database; from tests.databases import any_seals\n"
        "from surveys.records.presence import present\n"
        "async def go():\n"
        "    async with present(await Database.open(sys.argv[1], any_seals()), only=True):\n"
        "        print(1, flush=True); await asyncio.sleep(60)\n"
        "asyncio.run(go())"
    )
    arguments = (sys.executable, "-c", code, database.url)
    other = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
    assert other.stdout is not None
    await other.stdout.readline()
    with pytest.raises(ServedAlready):
        async with present(database, only=True, patience=0.0):
            pass
    other.kill()
    await other.wait()
    async with present(database, only=True) as after:
        assert after.alone


async def test_the_lock_is_taken_again_when_the_server_was_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.dialect == "sqlite":
        return  # a file's lock cannot be lost
    from surveys.records import postgresql_presence  # noqa: PLC0415

    monkeypatch.setattr(postgresql_presence, "LOOKED_AT", 0.05)
    async with present(database, only=True) as first:
        await first.settle()
        async with database.writing() as tx:
            await tx.link.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                (postgresql_presence.ONLY,),
            )

        async def held() -> bool:
            try:
                async with present(database, only=True, patience=0.0):
                    return False
            except ServedAlready:
                return True

        await until(held)


def test_no_two_locks_of_ours_have_one_number() -> None:
    from surveys.records import audit, migrations, postgresql, postgresql_presence  # noqa: PLC0415

    numbers = (
        audit.AUDIT_LOCK, migrations.MIGRATION_LOCK, postgresql.WRITERS_LOCK, postgresql_presence.ONLY,
        postgresql_presence.PRESENT,
    )  # fmt: skip
    assert len(set(numbers)) == len(numbers)
