"""The other side of the demo: staff confirm whom they reach, and go on where somebody left."""

from pathlib import Path

from posle.demo.hers import confirm
from surveys.records.database import Database
from surveys.steps.safe_contact import current
from surveys.steps.withdraw import withdraw
from tests.databases import any_seals, fresh_sqlite
from tests.steps.her_stage import make_her_stage


async def test_who_withdrew_is_left_out_where_staff_confirm_everybodys_safe_contact(tmp_path: Path) -> None:
    database = await Database.open(fresh_sqlite(tmp_path), any_seals())
    her = await make_her_stage(database, tmp_path)
    await her.ready()
    gone, there = [(await her.enrol(phone=f"+38164123450{n}")).participant for n in (1, 2)]
    async with database.writing() as tx:
        await withdraw(tx, her.service, gone, "by:one", her.now)
    her.now = her.now.replace(day=20)
    await confirm(her.service, [gone, there], her.now)
    async with database.reading() as tx:
        found = await current(tx, there)
    assert found is not None
    assert found.confirmed_on == "2026-09-20"
    await database.close()
