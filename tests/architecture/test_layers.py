"""The layers are a contract that is run, not prose; and the house has the rooms of the design, no more."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.tree import CODE, ROOT, files, modules, parsed, text

TOP_LEVEL = {
    ".ci", ".gitignore", "CHANGELOG.md", "Makefile", "README.md", "SECURITY.md", "assessment", "bot", "docs",
    "locales", "posle",
    "pyproject.toml", "requirements.txt", "scheduler", "simulator", "staff", "surveys", "tests", "web",
}  # fmt: skip
VAGUE = ("util", "helper", "manager", "common", "misc", "handler2", "base")


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_package_of_the_code_is_under_contract() -> None:
    contracts = tomllib.loads(text(Path("pyproject.toml")))["tool"]["importlinter"]
    assert set(contracts["root_packages"]) == set(CODE)


def test_the_top_level_is_what_the_design_says() -> None:
    assert {path.parts[0] for path in files()} == TOP_LEVEL


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in modules(*CODE) if any(path.stem.rstrip("s") == word for word in VAGUE)] == []


def test_every_package_has_its_marker_file() -> None:
    folders = {path.parent for path in modules()} - {Path()}
    assert [folder for folder in folders if not (ROOT / folder / "__init__.py").is_file()] == []


def test_the_tests_mirror_the_code() -> None:
    rooms = {path.parts[1] for path in modules("tests") if len(path.parts) > 2}
    core = {"instruments", "language", "library", "records", "rules", "steps"}
    assert core | {"bot", "locales", "posle", "scheduler", "simulator"} <= rooms


def test_every_module_opens_by_saying_what_it_is() -> None:
    silent = [path for path in modules() if text(path).strip() and not ast.get_docstring(parsed(path))]
    assert silent == []
