"""What the documents tell people to type works: marked blocks are run, and every command and option named exists."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from posle.cli.app import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md", "SECURITY.md", "CHANGELOG.md", "docs/operations.md", "docs/breach.md", "docs/assessment.md",
    "docs/instruments.md", "locales/README.md",
)  # fmt: skip
_RUN = re.compile(r"<!-- run -->\n```sh\n(.*?)```", re.DOTALL)
_NAMED = re.compile(r"(?:^|[`(]|bin/)posle ((?:[a-z]+ ?)+)([^`\n]*)", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#([\w-]+))?\)")
GROUPS = ("keys", "form", "staff")


def test_the_readmes_marked_commands_work_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "surveys").symlink_to(ROOT / "surveys")
    script = "\n".join(["set -eu", *_RUN.findall((ROOT / "README.md").read_text())])
    environ = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "wrong" not in done.stdout


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_and_option_that_is_named_exists(document: str) -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for words, rest in _NAMED.findall((ROOT / document).read_text()):
        name, *more = words.split()
        assert name in commands, f"{document} names posle {name}"
        command = commands[name]
        if name in GROUPS and more:
            assert more[0] in command.commands, f"{document} names posle {name} {more[0]}"
            command = command.commands[more[0]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z][a-z-]*", rest)) <= known | {"--help"}, f"{document}: posle {words}{rest}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    for path, heading in _LINK.findall((ROOT / document).read_text()):
        target = (ROOT / document).parent / path
        assert target.exists(), path
        if heading:
            titles = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE)
            assert heading in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_command_has_an_example_in_its_help() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        for each in command.commands.values() if name in GROUPS else [command]:
            whole = f"posle {name} {each.name}" if name in GROUPS else f"posle {name}"
            assert re.search(rf"{whole}(?![a-z-])", each.epilog or ""), whole
            assert each.help, name
