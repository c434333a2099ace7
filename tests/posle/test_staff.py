"""`posle staff`: inviting, listing and closing accounts of the console."""

import json
from pathlib import Path

import pytest

from tests.posle.conftest import Posle

MIRA = ("--email", "mira@example.org", "--name", "Мира Јовић", "--centre", "nis")


@pytest.fixture
def folder(his: Path) -> Path:
    """A side with a console."""
    file = his / "posle.toml"
    file.write_text(file.read_text() + '\n[staff]\npublic_url = "https://staff.example.org"\n')
    return his


def test_an_invitation_is_a_link_on_the_staffs_own_host(folder: Path, posle: Posle) -> None:
    done = posle("staff", "add", folder, *MIRA, "--json")
    assert (done.status, done.err) == (0, "")
    assert json.loads(done.out)["link"].startswith("https://staff.example.org/staff/invitation/")


def test_who_is_invited_already_gets_a_new_link(folder: Path, posle: Posle) -> None:
    first, second = (posle("staff", "add", folder, *MIRA, "--json") for _ in range(2))
    assert (first.status, second.status) == (0, 0)
    assert first.out != second.out
    assert len(json.loads(posle("staff", "list", folder, "--json").out)) == 1


def test_accounts_are_listed_and_closed_but_never_removed(folder: Path, posle: Posle) -> None:
    posle("staff", "add", folder, *MIRA)
    assert posle("staff", "close", folder, "--email", "MIRA@example.org").status == 0
    listed = json.loads(posle("staff", "list", folder, "--json").out)
    assert [(each["name"], each["role"], each["state"]) for each in listed] == [("Мира Јовић", "worker", "closed")]
    assert "closed" in posle("staff", "list", folder).out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--email", "mira", "--name", "Mira", "--centre", "nis"), "e-mail"),
        (("--email", "m@example.org", "--name", "Mira", "--centre", "atlantis"), "centre"),
        (("--email", "m@example.org", "--name", "Mira"), "centre"),
        (("--email", "m@example.org", "--name", "Mira", "--centre", "nis", "--language", "de"), "language"),
    ],
)
def test_a_bad_account_is_refused_in_one_line(
    folder: Path, posle: Posle, arguments: tuple[str, ...], word: str
) -> None:
    done = posle("staff", "add", folder, *arguments)
    assert done.status == 1
    assert word in done.err
    assert done.err.count("\n") == 1


def test_without_a_console_nobody_is_invited(his: Path, posle: Posle) -> None:
    done = posle("staff", "add", his, *MIRA)
    assert done.status == 1
    assert "[staff] public_url" in done.err


def test_closing_an_unknown_account_is_refused(folder: Path, posle: Posle) -> None:
    assert posle("staff", "close", folder, "--email", "nobody@example.org").status == 1
