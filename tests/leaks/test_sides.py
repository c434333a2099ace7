"""One pair, enrolled on both sides with the same code, centre and day: no value in one database stands in the other."""

import re
import sqlite3
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from surveys.records.database import Database
from surveys.rules.chance import SeededChance
from surveys.rules.vocabulary import Side
from tests.databases import any_seals, fresh_sqlite
from tests.leaks.test_noninterference import answering
from tests.steps.her_stage import make_her_stage, safe
from tests.steps.stage import make_stage

COMPLETED, COUNTS = "2026-09-01", 100_000
Values = dict[object, set[str]]


async def opened(root: Path, side: Side, seed: int) -> tuple[Database, Path]:
    root.mkdir()  # noqa: ASYNC240 - a folder of the test's own
    url = fresh_sqlite(root)
    return await Database.open(url, any_seals(side), SeededChance(seed)), Path(url.removeprefix("sqlite:///"))


def values(file: Path) -> Values:
    """Every value of every row, with the columns in which it stands."""
    found: Values = defaultdict(set)
    with sqlite3.connect(file) as records:
        tables = [name for (name,) in records.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if f"{table}.*" in listed():
                continue
            cursor = records.execute(f'SELECT * FROM "{table}"')
            names = [each[0] for each in cursor.description]
            for row in cursor:
                for name, value in zip(names, row, strict=True):
                    if value is not None:
                        found[value].add(f"{table}.{name}")
    return found


def listed() -> set[str]:
    """The columns that the threat model says may hold the same on both sides; `instruments.*` is a whole table."""
    text = (Path(__file__).parents[2] / "docs" / "threat-model.md").read_text(encoding="utf-8")
    _, _, section = text.partition("## What both sides' databases may hold alike\n")
    return set(re.findall(r"`(\w+\.[\w*]+)`", section.partition("\n## ")[0]))


def alike(his: Path, hers: Path) -> list[str]:
    """Where a value stands on both sides in a column that is not listed. Counters and yes or no are no values."""
    allowed, ours, theirs = listed(), values(his), values(hers)
    return sorted(
        column
        for value in ours.keys() & theirs.keys() if not (isinstance(value, int) and value < COUNTS)
        for column in ours[value] | theirs[value]
        if column not in allowed
    )  # fmt: skip


async def his_life(root: Path) -> Path:
    """A man through his whole first wave; his side's database."""
    database, file = await opened(root, Side.EX_PERPETRATORS, 1)
    his = await make_stage(database, root)
    await his.start((await his.enrol(completed_on=COMPLETED, phone="+381641111111")).token)
    while not any(each.buttons for each in his.ledger):
        await his.forward(his.now + timedelta(days=1))
    await his.press("DA")
    await his.press("Pristajem")
    while his.ledger[-1].buttons:
        await his.press_data(his.ledger[-1].buttons[0][0].data, his.ledger[-1])
    await database.close()
    return file


async def her_life(root: Path) -> Path:
    """A woman with the same case code, centre and day, months later, through hers."""
    database, file = await opened(root, Side.SURVIVORS, 2)
    her = await make_her_stage(database, root)
    her.now += timedelta(days=75, seconds=7, microseconds=333)
    await her.ready()
    await her.enrol(completed_on=COMPLETED, safe_contact=safe(confirmed_on="2026-11-15"))
    await her.noticed()
    await answering(her)
    await database.close()
    return file


async def test_i16_no_value_is_equal_across_the_two_databases_but_those_listed(tmp_path: Path) -> None:
    his, hers = await his_life(tmp_path / "his"), await her_life(tmp_path / "hers")
    assert len(listed()) > 10
    assert alike(his, hers) == []
    with sqlite3.connect(his) as records:
        (participant,) = records.execute("SELECT id FROM participants").fetchone()
    with sqlite3.connect(hers) as records:  # what is planted is found: the check can fail
        records.execute("UPDATE tasks SET subject = ?", (participant,))
    assert "tasks.subject" in alike(his, hers)
