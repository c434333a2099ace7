"""Numbers that staff of one side typed in the console, held against the other's settings; read, never written."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posle.doctor.numbers import CHECK
from posle.settings import load_settings
from surveys.records import configured
from surveys.records.database import Database
from surveys.records.sealing import Seals
from surveys.steps.configured import Kind
from tests.posle.conftest import Posle
from tests.posle.test_doctor import SHARED, add, of_side, verdicts
from tests.posle.test_settings import ACCOUNT, AUTH


def typed(folder: Path, phone: str) -> None:
    """A centre's number, as the console keeps it."""
    asyncio.run(_type(folder, phone))


async def _type(folder: Path, phone: str) -> None:
    settings = load_settings(folder)
    database = await Database.open(settings.database, Seals.load(settings.keys.file, settings.side.name))
    document = {"name": "nis", "words": {"sr_Cyrl": "Ниш"}, "pilot": False, "phone": phone}
    async with database.writing() as tx:
        await configured.keep(tx, Kind.CENTRE, json.dumps(document), "x", datetime.now(UTC), in_force=True)
    await database.close()


SENDER = f'[sms]\naccount_sid = "{ACCOUNT}"\nauth_token = "{AUTH}"\nsender = "+38118222333"\n'


@pytest.mark.parametrize("sent", [False, True], ids=["told", "sent from"])
def test_safety_a_number_typed_in_the_console_is_none_of_the_other_sides(
    his: Path, hers: Path, posle: Posle, sent: bool
) -> None:
    typed(his, "+38118222333")
    assert verdicts(posle, his, "--against", hers)[1][CHECK] == "ok"
    if sent:
        add(hers, SENDER)
    else:
        of_side(hers, 'phone = "+381 18 222 333"')
    status, found = verdicts(posle, his, "--against", hers)
    assert (status, found[CHECK]) == (1, "wrong")
    assert "222" not in posle("doctor", his, "--against", hers).out


def test_safety_what_one_side_tells_is_not_what_the_other_sends_from(his: Path, hers: Path, posle: Posle) -> None:
    of_side(his, 'phone = "+381 18 222 333"')
    add(hers, SENDER)
    for folders in ((his, hers), (hers, his)):
        status, found = verdicts(posle, folders[0], "--against", folders[1])
        assert (status, found[CHECK]) == (1, "wrong")


def test_a_sender_that_is_a_name_is_no_number(his: Path, hers: Path, posle: Posle) -> None:
    typed(his, "+38118222333")
    add(hers, SHARED["sms sender"][1])
    assert verdicts(posle, his, "--against", hers)[1][CHECK] == "ok"


def test_safety_the_other_sides_database_is_never_opened(his: Path, hers: Path, posle: Posle) -> None:
    (hers / "posle.db").unlink()
    assert verdicts(posle, his, "--against", hers)[1][CHECK] == "ok"
    assert not (hers / "posle.db").exists()
    assert verdicts(posle, hers, "--against", his)[1][CHECK] == "missing"
