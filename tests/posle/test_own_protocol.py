"""A version of the protocol that was approved in the console, as the command line names and attests it."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posle.settings import load_settings
from surveys.library import load_library
from surveys.records import configured
from surveys.records.database import Database
from surveys.records.sealing import Seals
from surveys.rules.protocol_parts import document_of
from surveys.rules.vocabulary import Side
from surveys.steps.configured import Kind
from tests.posle.conftest import Posle
from tests.posle.test_ready import RECORD, hand_in


def approved(folder: Path, **changes: Any) -> None:
    """As the console keeps it."""
    asyncio.run(_keep(folder, changes))


async def _keep(folder: Path, changes: dict[str, Any]) -> None:
    settings = load_settings(folder)
    database = await Database.open(settings.database, Seals.load(settings.keys.file, settings.side.name))
    made = document_of(load_library(Side.EX_PERPETRATORS).protocol) | changes
    document = {"base": "1", "from": "1", "protocol": made}
    async with database.writing() as tx:
        await configured.keep(tx, Kind.PROTOCOL, json.dumps(document), "x", datetime.now(UTC), in_force=True)
    await database.close()


def checks(posle: Posle, folder: Path) -> dict[str, tuple[str, str]]:
    found = json.loads(posle("doctor", folder, "--json").out)["checks"]
    return {str(each["check"]): (str(each["verdict"]), str(each["advice"])) for each in found}


def test_readiness_names_the_version_of_the_console_and_the_doctor_says_which_holds(his: Path, posle: Posle) -> None:
    assert hand_in(posle, his, RECORD).status == 0
    assert checks(posle, his)["protocol"] == ("ok", "version 1, as shipped")
    approved(his, version="1.1", closing={"after_days": 44})
    found = checks(posle, his)
    assert found["protocol"] == ("ok", "version 1.1, approved in the console")
    assert found["readiness"][0] == "missing"
    assert "than 1.1, which is in force" in found["readiness"][1]
    assert "protocol_version: must be 1.1" in hand_in(posle, his, RECORD).err
    assert hand_in(posle, his, RECORD | {"protocol_version": "1.1"}).status == 0
    assert checks(posle, his)["readiness"][0] == "ok"


def test_safety_a_kept_version_that_this_program_would_not_follow_is_told_and_does_not_hold(
    his: Path, posle: Posle
) -> None:
    approved(his, version="1.1", closing={"after_days": 60})
    verdict, message = checks(posle, his)["protocol"]
    assert (verdict, message) == ("wrong", "this program cannot follow 1.1 of the console; 1 holds instead")
