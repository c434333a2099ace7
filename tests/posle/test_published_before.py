"""A side whose questionnaire was published by an older program: what was published is asked, whatever ships now."""

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import update

from surveys.instruments.stored import dump, load
from surveys.library import SHIPPED
from surveys.records.tables import instruments
from surveys.rules.vocabulary import Side
from tests.databases import database, database_url, fresh_url, seals
from tests.posle.conftest import Posle
from tests.steps.stage import Stage, make_stage, shipped
from tests.steps.test_checkin import begun, last

__all__ = ["database", "database_url", "fresh_url", "seals"]

OLD, NEW = "Živimo zajedno ili smo u vezi", "Živimo zajedno ili se viđamo"
FORM = SHIPPED / Side.EX_PERPETRATORS / "check-in.md"


def _published(folder: Path) -> tuple[str, str]:
    with sqlite3.connect(folder / "posle.db") as connection:
        row: tuple[str, str] = connection.execute("SELECT document, digest FROM instruments").fetchone()
    return row


@pytest.fixture
def older(his: Path) -> Path:
    """A folder whose version 1 has other words than the version 1 that ships."""
    with sqlite3.connect(his / "posle.db") as connection:
        document, _ = connection.execute("SELECT document, digest FROM instruments").fetchone()
        assert OLD in document
        connection.execute("UPDATE instruments SET document = ?, digest = 'older'", (document.replace(OLD, NEW),))
    return his


def test_an_upgrade_leaves_what_is_published_alone(older: Path, posle: Posle) -> None:
    before = _published(older)
    assert posle("upgrade", older).status == 0
    assert _published(older) == before
    refused = posle("form", "publish", older, FORM)
    assert refused.status == 1
    assert "new version" in refused.err
    assert _published(older) == before


def test_the_doctor_says_that_other_words_ship_now(his: Path, older: Path, posle: Posle) -> None:
    found = {each["check"]: each for each in json.loads(posle("doctor", older, "--json").out)["checks"]}
    assert found["instruments"]["verdict"] == "missing"
    assert "goes on being asked as it is" in found["instruments"]["advice"]


async def test_the_published_words_are_asked_and_answers_are_understood_in_them(
    database: object, tmp_path: Path
) -> None:
    stage: Stage = await make_stage(database, tmp_path)  # type: ignore[arg-type]
    older = dump(load(shipped()[0].document.replace(OLD, NEW)))
    async with stage.service.database.writing() as tx:
        await tx.run(update(instruments).values(document=older, digest="older"))
    await begun(stage)
    labels = [button.label for row in last(stage).buttons for button in row]
    assert f"1. {NEW}" in labels
    assert f"1. {OLD}" not in labels
    await stage.say(NEW)
    assert "2/" in last(stage).text or "teška" in last(stage).text
