"""What is enrolled all the same but should be looked at is said in a line; what is of a wrong kind is not "missing"."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from posle.enrolling import ON_HOLD
from surveys.records.evaluators import make_evaluator_keys
from surveys.rules.reasons import Reason
from tests.posle.conftest import Posle
from tests.posle.test_ready import RECORD, hand_in

SMS = '[sms]\naccount_sid = "AC{0}"\nauth_token = "{0}"\nsender = "+381600000001"\napi_url = "http://127.0.0.1:9"\n'


def person(**changed: Any) -> dict[str, Any]:
    consent = {"contact": True, "evaluation": True, "call": True, "recorded_by": "M. J.", "version": "1"}
    days_ago = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    return {
        "case_code": "k-7f3a91", "centre": "nis", "completed_on": days_ago, "channel": "sms", "phone": "+381641234567",
        "language": "sr_Latn", "consent": consent,
    } | changed  # fmt: skip


@pytest.fixture
def keyed(tmp_path: Path, posle: Posle) -> Path:
    """A side that can enrol; it has neither a bot nor an account for SMS."""
    public, _ = make_evaluator_keys(tmp_path / "evaluators")
    made = posle("init", tmp_path / "side", "--side", "ex-perpetrators", "--evaluators", public)
    assert made.status == 0, made.err
    return tmp_path / "side"


def test_enrolling_by_sms_without_an_account_for_it_is_said(keyed: Path, posle: Posle) -> None:
    done = posle("enrol", keyed, given=json.dumps(person()))
    told = json.loads(done.out)
    assert (done.status, done.err.count("\n"), len(told["warnings"])) == (0, 1, 1)
    assert "[sms]" in done.err
    assert "641234567" not in done.err + done.out
    planned = json.loads(posle("plan", keyed, "--json").out)
    assert {each["waits_for"] for each in planned} == {Reason.NO_PAGE}, "and the plan promises nothing"


def test_nothing_is_said_where_the_account_is_there(keyed: Path, posle: Posle) -> None:
    with (keyed / "posle.toml").open("a") as file:
        file.write(SMS.format("a1" * 16))
    done = posle("enrol", keyed, given=json.dumps(person()))
    assert (done.status, done.err, set(json.loads(done.out))) == (0, "", {"participant", "tasks"})


def test_a_completion_to_come_is_taken_and_said_without_the_date(keyed: Path, posle: Posle) -> None:
    coming = (datetime.now(UTC) + timedelta(days=40)).date().isoformat()
    done = posle("enrol", keyed, given=json.dumps(person(channel="phone", completed_on=coming)))
    (line,) = json.loads(done.out)["warnings"]
    assert done.status == 0
    assert line.startswith("completed_on lies in the future")
    assert coming not in done.err + line


def test_an_import_names_the_row_of_what_it_warns_of(keyed: Path, posle: Posle, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "case_code,centre,completed_on,channel,phone,language,consent_contact,consent_evaluation,consent_call,"
        "consent_recorded_by,consent_version\nk-1,nis,2026-01-15,sms,+381641234567,sr_Latn,da,da,ne,M. J.,1\n",
        encoding="utf-8",
    )
    done = posle("import", keyed, file)
    assert done.status == 0
    assert done.err.startswith("posle: warning: row 2: [sms] is missing")


def test_a_safe_contact_or_consent_of_a_wrong_kind_is_not_called_missing(
    hers: Path, posle: Posle, tmp_path: Path
) -> None:
    public, _ = make_evaluator_keys(tmp_path / "evaluators")
    (hers / "evaluators.pub").write_bytes(public.read_bytes())
    for value in ("mon-fri 9-16", ["mon-fri"], 7, True):
        for key in ("safe_contact", "consent"):
            done = posle("enrol", hers, given=json.dumps(person(safe_contact={}) | {key: value}))
            assert done.status == 1
            assert done.err.startswith(f"posle: {key}: must be an object in braces")
    assert "is missing" in posle("enrol", hers, given=json.dumps(person())).err


def test_answers_deleted_later_on_are_not_said_to_be_nothing(keyed: Path, posle: Posle) -> None:
    who = json.loads(posle("enrol", keyed, given=json.dumps(person(channel="phone"))).out)["participant"]
    assert "is withdrawn" in posle("withdraw", keyed, who, "--yes").out
    assert "nothing changed" in posle("withdraw", keyed, who, "--yes").out
    assert "earlier answers are deleted" in posle("withdraw", keyed, who, "--yes", "--delete-answers").out


def test_the_doctor_says_while_rows_of_real_people_can_leave_by_one_person(keyed: Path, posle: Posle) -> None:
    def said() -> str:
        checks = json.loads(posle("doctor", keyed, "--json").out)["checks"]
        return next(f"{each['verdict']} {each.get('advice') or ''}" for each in checks if each["check"] == "export")

    posle("enrol", keyed, given=json.dumps(person(channel="phone")))
    assert said().startswith("ok"), "nobody is real before readiness"
    assert hand_in(posle, keyed, RECORD).status == 0
    assert said().startswith("missing row data can leave by one person")
    text = (keyed / "posle.toml").read_text()
    (keyed / "posle.toml").write_text(text.replace("# two_people = true", "two_people = true"))
    assert said().startswith("ok")


def test_who_begins_on_hold_is_said_to_be_by_enrol_and_by_import(keyed: Path, posle: Posle) -> None:
    assert "warnings" not in json.loads(posle("enrol", keyed, given=json.dumps(person(channel="phone"))).out)
    other = person(channel="phone", centre="belgrade", phone="+381641234568")
    done = posle("enrol", keyed, given=json.dumps(other))
    assert json.loads(done.out)["warnings"] == [ON_HOLD]
    assert done.status == 0
    assert (
        posle("enrol", keyed, given=json.dumps(person(channel="phone", case_code="k-2", phone="+381641234569"))).err
        == ""
    )
    head = "case_code,centre,completed_on,channel,phone,language,consent_contact,consent_evaluation,consent_call,"
    row = f"k-2,belgrade,{other['completed_on']},phone,+381641234570,sr_Latn,da,da,da,M. J.,1"
    (keyed / "people.csv").write_text(f"{head}consent_recorded_by,consent_version\n{row}\n")
    done = posle("import", keyed, keyed / "people.csv")
    assert (done.status, done.err) == (0, f"posle: warning: row 2: {ON_HOLD}\n")
