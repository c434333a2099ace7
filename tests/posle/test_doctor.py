"""`posle doctor` finds what is missing or wrong, and what two sides share; it shows neither a secret nor a person."""

import json
import shutil
from pathlib import Path

import pytest

from surveys.records.evaluators import make_evaluator_keys
from tests.posle.conftest import Posle
from tests.posle.test_settings import ACCOUNT, AUTH, TOKEN

OTHER_TOKEN = "5019283746:BBzQ1w2E3r4T5y6U7i8O9p0AsDfGhJkLzXc"
STAND_IN = 'api_url = "http://127.0.0.1:9"\n'


def verdicts(posle: Posle, *arguments: str | Path) -> tuple[int, dict[str, str]]:
    done = posle("doctor", *arguments, "--json")
    document = json.loads(done.out)
    assert document["ok"] == (done.status == 0)
    assert not [secret for secret in (TOKEN, OTHER_TOKEN, ACCOUNT, AUTH) if secret in done.out + done.err]
    return done.status, {each["check"]: each["verdict"] for each in document["checks"]}


def add(folder: Path, text: str) -> None:
    with (folder / "posle.toml").open("a") as file:
        file.write(text)


def replace(folder: Path, old: str, new: str) -> None:
    text = (folder / "posle.toml").read_text()
    assert old in text
    (folder / "posle.toml").write_text(text.replace(old, new))


def test_a_new_side_lacks_things_but_nothing_is_wrong(his: Path, posle: Posle) -> None:
    status, found = verdicts(posle, his)
    assert status == 0
    for check in ("settings", "file permissions", "key file", "disk space", "tombstone file", "database", "clock"):
        assert found[check] == "ok"
    for check in ("evaluators' key", "readiness", "helplines", "telegram"):
        assert found[check] == "missing"


def test_what_waits_for_somebody_says_where_it_is_written_down(his: Path, posle: Posle) -> None:
    lines = dict(line.split("\tmissing\t") for line in posle("doctor", his).out.splitlines() if "\tmissing\t" in line)
    assert "surveys/library/ex-perpetrators/reviews.toml" in lines["translations"]
    assert "0800 309 309" in lines["helplines"].partition(";")[0]
    assert "192, 194 are shown all the same" in lines["helplines"]
    assert "[side] phone" in lines["phone"]


def test_people_read_a_table(his: Path, posle: Posle) -> None:
    out = posle("doctor", his).out
    assert "readiness\tmissing\tis not recorded; hand it to posle ready" in out


def test_bad_settings_are_named(his: Path, posle: Posle) -> None:
    add(his, f'[telegram]\ntokn = "{TOKEN}"\n')
    status, found = verdicts(posle, his)
    assert (status, found) == (1, {"settings": "wrong"})


@pytest.mark.parametrize("name", ["posle.toml", "side.key", "posle.db"])
def test_what_others_can_read_is_wrong(his: Path, posle: Posle, name: str) -> None:
    (his / name).chmod(0o644)
    status, found = verdicts(posle, his)
    assert status == 1
    assert found["key file" if name == "side.key" else "file permissions"] == "wrong"


def test_a_folder_that_others_can_enter_is_wrong(his: Path, posle: Posle) -> None:
    his.chmod(0o755)
    assert verdicts(posle, his)[1]["file permissions"] == "wrong"


def test_a_missing_key_file_is_wrong(his: Path, posle: Posle) -> None:
    (his / "side.key").unlink()
    assert verdicts(posle, his)[1]["key file"] == "wrong"


def test_the_other_sides_key_file_is_wrong(his: Path, hers: Path, posle: Posle) -> None:
    shutil.copy(hers / "side.key", his / "side.key")
    assert verdicts(posle, his)[1]["key file"] == "wrong"


def test_the_other_sides_database_is_wrong(his: Path, hers: Path, posle: Posle) -> None:
    shutil.copy(hers / "posle.db", his / "posle.db")
    assert verdicts(posle, his)[1]["database"] == "wrong"


def test_a_missing_database_is_wrong_and_not_made(his: Path, posle: Posle) -> None:
    (his / "posle.db").unlink()
    assert verdicts(posle, his)[1]["database"] == "wrong"
    assert not (his / "posle.db").exists()


def test_a_file_that_is_no_database_is_wrong(his: Path, posle: Posle) -> None:
    (his / "posle.db").write_bytes(b"this is no database" * 500)
    assert verdicts(posle, his)[1]["database"] == "wrong"


def test_a_silent_provider_is_not_the_folders_fault(his: Path, posle: Posle) -> None:
    add(his, f'[telegram]\ntoken = "{TOKEN}"\n{STAND_IN}')
    status, found = verdicts(posle, his)
    assert (status, found["telegram"]) == (0, "missing")


SERVICE = "MG" + "0123456789abcdef" * 2
SHARED = {
    "bot token": (f'[telegram]\ntoken = "{TOKEN}"\n', f'[telegram]\ntoken = "{TOKEN}"\n'),
    "sms or mail account": (
        f'[sms]\naccount_sid = "{ACCOUNT}"\nauth_token = "{AUTH}"\nsender = "Anketa"\n',
        f'[sms]\naccount_sid = "{ACCOUNT}"\nauth_token = "{AUTH[::-1]}"\nsender = "Upitnik"\n',
    ),
    "sms sender": (
        f'[sms]\naccount_sid = "{ACCOUNT}"\nauth_token = "{AUTH}"\nsender = "Anketa"\n',
        f'[sms]\naccount_sid = "AC{ACCOUNT[:1:-1]}"\nauth_token = "{AUTH[::-1]}"\nsender = "ANKETA"\n',
    ),
    "messaging service": (
        f'[sms]\naccount_sid = "{ACCOUNT}"\nauth_token = "{AUTH}"\nsender = "Anketa"\n'
        f'messaging_service_sid = "{SERVICE}"\n',
        f'[sms]\naccount_sid = "AC{ACCOUNT[:1:-1]}"\nauth_token = "{AUTH[::-1]}"\nsender = "Upitnik"\n'
        f'messaging_service_sid = "{SERVICE}"\n',
    ),
}


@pytest.mark.parametrize("check", SHARED)
def test_the_sides_share_no_token_account_or_sender(his: Path, hers: Path, posle: Posle, check: str) -> None:
    add(his, SHARED[check][0])
    add(hers, SHARED[check][1])
    status, found = verdicts(posle, his, "--against", hers)
    assert (status, found[check]) == (1, "wrong")
    assert sum(verdict == "wrong" for verdict in found.values()) == 1


def test_safety_what_staff_are_told_by_is_not_what_the_other_side_writes_by(
    his: Path, hers: Path, posle: Posle
) -> None:
    add(his, SHARED["sms sender"][0])
    add(
        hers,
        f'[alerts]\nsms_account_sid = "AC{ACCOUNT[:1:-1]}"\nsms_auth_token = "{AUTH[::-1]}"\nsms_sender = "ANKETA"\n',
    )
    status, found = verdicts(posle, his, "--against", hers)
    assert (status, found["sms sender"]) == (1, "wrong")


def test_the_sides_share_no_key_material(his: Path, hers: Path, posle: Posle) -> None:
    stolen = (his / "side.key").read_text().replace("ex-perpetrators", "survivors")
    (hers / "side.key").write_text(stolen)
    assert verdicts(posle, his, "--against", hers)[1]["key material"] == "wrong"


def test_the_sides_share_no_database(his: Path, hers: Path, posle: Posle) -> None:
    replace(hers, "sqlite:///posle.db", f"sqlite:///{his}/posle.db")
    assert verdicts(posle, his, "--against", hers)[1]["database"] == "wrong"


def test_the_sides_share_no_database_behind_a_link(his: Path, hers: Path, posle: Posle) -> None:
    (hers / "posle.db").unlink()
    (hers / "posle.db").symlink_to(his / "posle.db")
    assert verdicts(posle, his, "--against", hers)[1]["database"] == "wrong"


def test_the_sides_share_no_database_on_one_server(his: Path, hers: Path, posle: Posle) -> None:
    replace(his, "sqlite:///posle.db", "postgresql://his:a@127.0.0.1/surveys")
    replace(hers, "sqlite:///posle.db", "postgresql://hers:b@127.0.0.1:5432/surveys")
    assert verdicts(posle, his, "--against", hers)[1]["database"] == "wrong"


def test_the_sides_share_no_public_address(his: Path, hers: Path, posle: Posle) -> None:
    replace(his, "[side]\n", '[side]\npublic_url = "https://surveys.example.org"\n')
    add(hers, '[staff]\npublic_url = "https://surveys.example.org/staff"\n')
    assert verdicts(posle, his, "--against", hers)[1]["public address"] == "wrong"


def test_the_same_side_twice_is_no_comparison(his: Path, tmp_path: Path, posle: Posle) -> None:
    assert posle("init", tmp_path / "again", "--side", "ex-perpetrators").status == 0
    assert verdicts(posle, his, "--against", tmp_path / "again")[1]["sides"] == "wrong"


def test_the_evaluators_key_is_the_one_thing_to_share(his: Path, hers: Path, tmp_path: Path, posle: Posle) -> None:
    keys = [make_evaluator_keys(tmp_path / name)[0] for name in ("one", "two")]
    for folder in (his, hers):
        replace(folder, "# evaluators_public", "evaluators_public")
        shutil.copy(keys[0], folder / "evaluators.pub")
    assert verdicts(posle, his, "--against", hers)[1]["evaluators' key"] == "ok"
    shutil.copy(keys[1], hers / "evaluators.pub")
    assert verdicts(posle, his, "--against", hers)[1]["evaluators' key"] == "wrong"


def of_side(folder: Path, line: str) -> None:
    replace(folder, "[side]\n", f"[side]\n{line}\n")


def test_safety_her_doctor_misses_the_number_where_a_person_answers(hers: Path, posle: Posle) -> None:
    assert verdicts(posle, hers)[1]["phone"] == "missing"
    of_side(hers, 'phone = "+381 11 1234567"')
    assert verdicts(posle, hers)[1]["phone"] == "ok"


def test_safety_the_sides_do_not_share_the_number_where_a_person_answers(his: Path, hers: Path, posle: Posle) -> None:
    of_side(his, 'phone = "+381 11 1234567"')
    of_side(hers, 'phone = "+38111 1234567"')
    status, found = verdicts(posle, his, "--against", hers)
    assert (status, found["phone"]) == (1, "wrong")


def test_a_number_where_nobody_can_answer_is_refused(hers: Path, posle: Posle) -> None:
    of_side(hers, 'phone = "later"')
    assert verdicts(posle, hers) == (1, {"settings": "wrong"})
