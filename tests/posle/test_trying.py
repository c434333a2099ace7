"""`posle form try --json` is a protocol that scripts rely on; the terminal shows the same to people."""

import json
from pathlib import Path
from typing import Any

import pytest

from surveys.rules.vocabulary import Side
from tests.instruments.forms import CHECK
from tests.posle.conftest import Posle

KEYS = {"accepted", "error", "item", "text", "choices", "answers", "done", "ended"}
SHIPPED = Path(__file__).parents[2] / "surveys" / "library"


@pytest.fixture
def form(tmp_path: Path) -> Path:
    (tmp_path / "small.md").write_text(CHECK, encoding="utf-8")
    return tmp_path / "small.md"


def play(posle: Posle, form: Path, *said: Any, language: str = "en") -> list[dict[str, Any]]:
    given = "".join(json.dumps(each) + "\n" for each in said)
    done = posle("form", "try", form, "--json", "--language", language, "--today", "2027-02-14", given=given)
    assert (done.status, done.err) == (0, "")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert all(set(line) == KEYS for line in lines)
    return lines


def test_the_first_line_is_the_first_item(posle: Posle, form: Path) -> None:
    assert play(posle, form) == [
        {
            "accepted": True,
            "error": None,
            "item": "contact",
            "text": "Are you in contact?",
            "choices": [
                {"name": "together", "label": "We live together"},
                {"name": "apart", "label": "We see each other"},
                {"name": "none", "label": "No contact"},
            ],
            "answers": {},
            "done": False,
            "ended": None,
        }
    ]


def test_a_whole_interview_ends_complete_with_its_answers(posle: Posle, form: Path) -> None:
    said = ["apart", "few", "", "3", "talk work", "2027-01-02", "1,5"]
    *_, last = play(posle, form, *said)
    assert last["done"]
    assert last["ended"] == "complete"
    assert (last["item"], last["text"], last["choices"]) == (None, "", [])
    assert last["answers"] == {
        "contact": "apart",
        "pushed": "few",
        "days": "3",
        "help": "talk work",
        "since": "2027-01-02",
        "hours": "1.5",
    }


def test_going_back_keeps_every_answer_until_another_is_given(posle: Posle, form: Path) -> None:
    lines = play(posle, form, "apart", "few", "nazad", "nazad", "none", language="sr_Latn")
    assert [line["item"] for line in lines[:5]] == ["contact", "pushed", lines[2]["item"], "pushed", "contact"]
    assert lines[3]["answers"] == lines[4]["answers"] == {"contact": "apart", "pushed": "few"}
    assert lines[5]["answers"]["contact"] == "none"


def test_nothing_is_read_after_the_end(posle: Posle, form: Path) -> None:
    lines = play(posle, form, "stop", "apart", "apart")
    assert [(line["done"], line["ended"]) for line in lines] == [(False, None), (True, "withdrawn")]
    assert lines[1]["answers"] == {}


@pytest.mark.parametrize(("said", "ended"), [("STOP", "withdrawn"), ("ОДЈАВА", "withdrawn"), ("kasnije", "left")])
def test_withdrawing_and_leaving_end_it(posle: Posle, form: Path, said: str, ended: str) -> None:
    last = play(posle, form, "apart", said, language="sr_Latn")[-1]
    assert (last["done"], last["ended"], last["answers"]) == (True, ended, {"contact": "apart"})


def test_an_empty_text_on_a_required_item_is_refused(posle: Posle, form: Path) -> None:
    refused = play(posle, form, "")[1]
    assert (refused["accepted"], refused["item"]) == (False, "contact")
    assert refused["error"]


def test_skipping_moves_on_and_leaves_no_answer(posle: Posle, form: Path) -> None:
    moved = play(posle, form, "skip")[1]
    assert (moved["accepted"], moved["item"], moved["answers"]) == (True, "pushed", {})


def test_a_constraint_that_fails_asks_again(posle: Posle, form: Path) -> None:
    again = play(posle, form, "none", "", "93")[-1]
    assert (again["accepted"], again["item"]) == (False, "days")
    assert again["error"]


@pytest.mark.parametrize("line", ["not json", "3", "null", '["a"]', '{"a": 1}', "", '"' + "x" * 70_000 + '"'])
def test_a_line_that_is_no_json_text_is_answered_and_changes_nothing(posle: Posle, form: Path, line: str) -> None:
    done = posle("form", "try", form, "--json", given=f'{line}\n"apart"\n')
    lines = [json.loads(each) for each in done.out.splitlines()]
    assert [each["accepted"] for each in lines] == [True, False, True]
    assert (lines[1]["item"], lines[2]["item"]) == ("contact", "pushed")


def test_half_a_sign_does_no_harm(posle: Posle, form: Path) -> None:
    done = posle("form", "try", form, "--json", given=b'"\\ud83d"\n"apart"\n')
    assert done.status == 0
    assert json.loads(done.out.splitlines()[-1])["item"] == "pushed"


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("language", ["sr_Cyrl", "sr_Latn", "en"])
def test_the_shipped_check_ins_can_be_played(posle: Posle, side: Side, language: str) -> None:
    lines = play(posle, SHIPPED / side / "check-in.md", *[""] * 40, language=language)
    assert all("{" not in line["text"] for line in lines)


def test_the_terminal_asks_and_shows_what_was_answered(posle: Posle, form: Path) -> None:
    done = posle("form", "try", form, "--language", "en", given="xyz\n1\nstop\n")
    assert done.status == 0
    assert "Are you in contact?" in done.out
    assert "1. We live together" in done.out
    assert "withdrawn" in done.out
    assert "contact\ttogether" in done.out


def test_checking_and_showing_a_form(posle: Posle, form: Path) -> None:
    assert "small, version 1: " in posle("form", "check", form).out
    summary = json.loads(posle("form", "check", form, "--json").out)
    assert (summary["name"], summary["version"]) == ("small", "1")
    shown = json.loads(posle("form", "show", form, "--json").out)
    assert shown["items"][0]["label"]["en"] == "Are you in contact?"
    assert "pushed" in posle("form", "show", form).out


def test_what_each_question_takes_by_sms_and_in_which_letters_it_goes(posle: Posle) -> None:
    shown = json.loads(
        posle(
            "form", "show", SHIPPED / Side.EX_PERPETRATORS / "check-in.md", "--sms", "--language", "sr_Cyrl", "--json"
        ).out
    )
    found = {(row["item"], row["sms_script"]): (row["segments"], row["letters"]) for row in shown}
    assert found["insulted", "cyrillic"] == (2, "cyrillic")
    assert found["against_will", "cyrillic"] == (2, "ascii")
    assert all(taken <= 2 for taken, _ in found.values())
    assert (
        "insulted\tcyrillic\t2\tcyrillic"
        in posle("form", "show", SHIPPED / Side.EX_PERPETRATORS / "check-in.md", "--sms", "--language", "sr_Cyrl").out
    )
