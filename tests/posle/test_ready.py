"""`posle ready` takes a whole record of readiness or nothing, and keeps it sealed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.posle.conftest import Posle

WORKER = {"centre": "*", "name": "Jelena Stanković", "phone": "+381641234567", "email": "j@example.org", "order": 1}
RECORD: dict[str, Any] = {
    "protocol_version": "1",
    "on_call": [WORKER],
    "helplines_verified_on": "2026-01-10",
    "dpia_reference": "DPIA-7",
    "ethics_reference": "ETH-3",
    "wording_approved_by": "Jelena Stanković",
    "wording_approved_on": "2026-01-11",
    "host_organisation": "Savetovalište",
    "sides_disjoint_attested_by": "Jelena Stanković",
    "recorded_by": "Jelena Stanković",
    "recorded_on": "2026-01-12",
}


def hand_in(posle: Posle, folder: Path, record: Any) -> Any:
    return posle("ready", folder, given=json.dumps(record, ensure_ascii=False))


def readiness(posle: Posle, folder: Path) -> str:
    checks = json.loads(posle("doctor", folder, "--json").out)["checks"]
    return next(str(each["verdict"]) for each in checks if each["check"] == "readiness")


def test_a_whole_record_is_kept_sealed_and_the_doctor_knows_it(his: Path, posle: Posle) -> None:
    done = hand_in(posle, his, RECORD)
    assert (done.status, done.err) == (0, "")
    assert readiness(posle, his) == "ok"
    raw = b"".join(path.read_bytes() for path in his.glob("posle.db*"))
    for value in ("Jelena", "641234567", "DPIA-7"):
        assert value.encode() not in raw


def test_hours_may_be_limited_and_a_landline_may_be_called(his: Path, posle: Posle) -> None:
    hours = [{"days": "mon-fri", "from": "08:00", "to": "16:00"}]
    worker = WORKER | {"centre": "nis", "hours": hours, "phone": "+381112345678"}
    assert hand_in(posle, his, RECORD | {"on_call": [WORKER, worker]}).status == 0


def test_a_night_may_be_on_call_and_the_host_organisation_be_reachable(his: Path, posle: Posle) -> None:
    night = WORKER | {"hours": [{"days": "mon-sun", "from": "20:00", "to": "08:00"}]}
    host = {"host_phone": "+381112345678", "host_email": "dezurni@example.org"}
    assert hand_in(posle, his, RECORD | host | {"on_call": [WORKER, night]}).status == 0


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown key": ({"extra": 1}, "'extra': is no key that is known"),
    "another protocol": ({"protocol_version": "0"}, "protocol_version: must be 1"),
    "nobody on call": ({"on_call": []}, "on_call: must list at least one person"),
    "no list": ({"on_call": WORKER}, "on_call: must list"),
    "no worker": ({"on_call": ["Jelena"]}, "on_call[0]: must hold"),
    "unknown centre": ({"on_call": [WORKER | {"centre": "atlantis"}]}, "on_call[0].centre: must be * or one of"),
    "no number": ({"on_call": [WORKER | {"phone": "abc"}]}, "on_call[0].phone: is not a telephone number"),
    "no mail": ({"on_call": [WORKER | {"email": "j@"}]}, "on_call[0].email: must be"),
    "no order": ({"on_call": [WORKER | {"order": True}]}, "on_call[0].order: must be 1"),
    "unknown key of a worker": ({"on_call": [WORKER | {"age": 3}]}, "on_call[0].'age': is no key"),
    "hours that are none": ({"on_call": [WORKER | {"hours": [{"days": "mon", "from": "9", "to": "23:30"}]}]}, "hours"),
    "no mail of the host": ({"host_email": "a b@c"}, "host_email: must be an e-mail address"),
    "no number of the host": ({"host_phone": "abc"}, "host_phone: is not a telephone number"),
    "a policeman": ({"on_call": [WORKER | {"name": "Полицијска управа"}]}, "on_call[0].name: is an authority's"),
    "a policeman's mail": ({"on_call": [WORKER | {"email": "a@mup.example"}]}, "on_call[0].email: is an authority's"),
    "an emergency number": ({"on_call": [WORKER | {"phone": "192"}]}, "on_call[0].phone: is an emergency line"),
    "police as host": ({"host_organisation": "MUP"}, "host_organisation: is an authority's"),
    "the ministry's line": ({"host_phone": "0800 100 600"}, "host_phone: is an emergency line"),
    "a prosecutor": ({"host_email": "pisarnica@nis.jt.rs"}, "host_email: is an authority's"),
    "hours as text": ({"on_call": [WORKER | {"hours": "always"}]}, "on_call[0].hours: must list rows"),
    "no date": ({"recorded_on": "12. 1. 2026"}, "recorded_on: must be a date"),
    "a date ahead": ({"wording_approved_on": "2999-01-01"}, "wording_approved_on: must be a date"),
    "empty text": ({"dpia_reference": " "}, "dpia_reference: is missing"),
    "a number as text": ({"host_organisation": 7}, "host_organisation: is missing"),
    "endless text": ({"ethics_reference": "x" * 201}, "ethics_reference: must be one line"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_wrong_record_is_refused_by_its_key_and_kept_nowhere(his: Path, posle: Posle, kind: str) -> None:
    change, expected = BAD[kind]
    done = hand_in(posle, his, RECORD | change)
    assert (done.status, done.out) == (1, "")
    assert expected in done.err
    assert "Jelena" not in done.err
    assert readiness(posle, his) == "missing"


@pytest.mark.parametrize("key", RECORD)
def test_no_key_may_be_left_out(his: Path, posle: Posle, key: str) -> None:
    done = hand_in(posle, his, {name: value for name, value in RECORD.items() if name != key})
    assert done.status == 1
    assert key in done.err
