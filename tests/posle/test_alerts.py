"""`posle alerts`, `acknowledge`, `close`, `drill`, and what the doctor says of who would be told."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from posle.opening import opened
from surveys.records import tasks
from surveys.records.tasks import NewTask
from surveys.steps.escalate import NOT_TOLD
from tests.posle.conftest import Posle
from tests.posle.test_ready import RECORD, WORKER, hand_in

HOST = {"host_phone": "+381112345678", "host_email": "dezurni@example.org"}
PAGING_SID = "AC" + "b2" * 16
PAGING = (
    f'sms_account_sid = "{PAGING_SID}"\nsms_auth_token = "{"e5" * 16}"\nsms_sender = "Podsetnik"\n'
    'sms_api_url = "http://127.0.0.1:9"\n'
)
MAIL = '\n[alerts]\nsmtp_url = "smtp://127.0.0.1:2525"\n'


def drilled(posle: Posle, folder: Path) -> str:
    done = posle("drill", folder, "--centre", "nis", "--json")
    assert (done.status, done.err) == (0, "")
    return str(json.loads(done.out)["alert"])


def listed(posle: Posle, folder: Path, *more: str) -> list[dict[str, Any]]:
    return list(json.loads(posle("alerts", folder, "--json", *more).out))


def verdicts(posle: Posle, folder: Path) -> dict[str, str]:
    checks = json.loads(posle("doctor", folder, "--json").out)["checks"]
    return {each["check"]: f"{each['verdict']} {each.get('advice', '')}" for each in checks}


def test_a_drill_is_listed_taken_and_closed(his: Path, posle: Posle) -> None:
    alert = drilled(posle, his)
    [found] = listed(posle, his)
    assert (found["id"], found["drill"], found["state"], found["centre"]) == (alert, True, "open", "nis")
    assert "(drill)" in posle("alerts", his).out
    assert posle("acknowledge", his, alert, "--by", "Mira").status == 0
    assert posle("close", his, alert, "--by", "Mira", "--informed", "no", "--note", "Proba").status == 0
    assert listed(posle, his) == []
    assert listed(posle, his, "--all")[0]["state"] == "closed"


def test_who_takes_what_a_colleague_took_is_told_so(his: Path, posle: Posle) -> None:
    alert = drilled(posle, his)
    posle("acknowledge", his, alert, "--by", "Mira")
    done = posle("acknowledge", his, alert, "--by", "Petar")
    assert done.status == 1
    assert "took this alert already" in done.err


async def not_told(folder: Path) -> None:
    async with opened(folder) as (_, database), database.writing() as tx:
        await tasks.open_one(tx, NewTask("nis", NOT_TOLD, "a-one"), datetime.now(UTC))


def test_the_doctor_says_that_alerts_do_not_leave_though_a_mail_server_is_named(his: Path, posle: Posle) -> None:
    with (his / "posle.toml").open("a") as file:
        file.write(MAIL)
    assert verdicts(posle, his)["alerts told"].startswith("ok")
    asyncio.run(not_told(his))
    assert verdicts(posle, his)["alerts told"].startswith("wrong 1 task")


def test_the_doctor_says_that_the_side_or_a_centre_is_on_hold(his: Path, posle: Posle) -> None:
    assert verdicts(posle, his)["hold"].startswith("ok")
    posle("hold", his, "--centre", "nis", "--reason", "nobody on call")
    assert "a centre is on hold since" in verdicts(posle, his)["hold"]
    posle("hold", his, "--reason", "wrong texts")
    assert verdicts(posle, his)["hold"].startswith("missing the whole side is on hold")
    assert posle("doctor", his).status == 0, "it keeps something from being sent, and is no error"


def test_safety_on_his_side_closing_asks_whether_the_survivors_service_was_informed(his: Path, posle: Posle) -> None:
    alert = drilled(posle, his)
    posle("acknowledge", his, alert, "--by", "Mira")
    for answer in ((), ("--could-infer", "no"), ("--informed", "yes", "--could-infer", "no")):
        refused = posle("close", his, alert, "--by", "Mira", *answer)
        assert (refused.status, "--informed yes or no" in refused.err) == (1, True)
    assert posle("close", his, alert, "--by", "Mira", "--informed", "yes").status == 0


def test_safety_on_her_side_closing_asks_whether_he_could_infer_the_source(hers: Path, posle: Posle) -> None:
    alert = drilled(posle, hers)
    posle("acknowledge", hers, alert, "--by", "Ana")
    assert "--could-infer yes or no" in posle("close", hers, alert, "--by", "Ana", "--informed", "yes").err
    assert posle("close", hers, alert, "--by", "Ana", "--could-infer", "no").status == 0


def test_safety_what_nobody_took_cannot_be_closed_nor_done_away_with(his: Path, posle: Posle) -> None:
    alert = drilled(posle, his)
    assert "posle acknowledge" in posle("close", his, alert, "--by", "Mira", "--informed", "no").err
    assert posle("done", his, alert, "--by", "Mira").status == 0, "which takes it"
    again = posle("done", his, alert, "--by", "Mira")
    assert (again.status, "posle close" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("acknowledge", "a-none", "--by", "Mira"), "no open alert"),
        (("close", "a-none", "--by", "Mira", "--informed", "no"), "no open alert"),
        (("drill", "--centre", "atlantis"), "no such centre"),
        (("acknowledge", "a-none", "--by", " "), "name"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(
    his: Path, posle: Posle, arguments: tuple[str, ...], word: str
) -> None:
    done = posle(arguments[0], his, *arguments[1:])
    assert done.status == 1
    assert word in done.err
    assert done.err.count("\n") == 1


def test_the_doctor_misses_a_mail_server_a_list_and_a_last_address(his: Path, posle: Posle) -> None:
    found = verdicts(posle, his)
    assert "[alerts] smtp_url" in found["alerts"]
    assert "nobody is on the list" in found["on_call"]
    day = WORKER | {"hours": [{"days": "mon-fri", "from": "08:00", "to": "16:00"}]}
    hand_in(posle, his, RECORD | {"on_call": [day]})
    assert "nobody is on call for belgrade from" in verdicts(posle, his)["on_call"]
    hand_in(posle, his, RECORD)
    assert "host_phone" in verdicts(posle, his)["on_call"]
    hand_in(posle, his, RECORD | HOST)
    file = his / "posle.toml"
    file.write_text(file.read_text() + MAIL)
    found = verdicts(posle, his)
    assert found["on_call"].startswith("ok")
    assert found["alerts"].startswith("ok")
    assert found["alerts_waiting"].startswith("ok")
    assert "[alerts] sms_account_sid" in found["alerts by sms"]
    file.write_text(file.read_text() + PAGING)
    assert verdicts(posle, his)["alerts by sms"].startswith("ok")


@pytest.mark.parametrize(
    ("theirs", "key"), [(PAGING_SID, "sms_account_sid"), ("AC" + "c3" * 16, "sms_sender")], ids=["account", "sender"]
)
def test_safety_staff_are_told_by_no_account_and_no_sender_that_people_see(
    his: Path, posle: Posle, theirs: str, key: str
) -> None:
    file = his / "posle.toml"
    sms = f'[sms]\naccount_sid = "{theirs}"\nauth_token = "{"d4" * 16}"\nsender = "podsetnik"\n'
    file.write_text(file.read_text() + MAIL + PAGING + f'{sms}api_url = "http://127.0.0.1:9"\n')
    done = posle("doctor", his)
    assert done.status == 1
    assert f"[alerts] {key}: must not be [sms]" in done.out
