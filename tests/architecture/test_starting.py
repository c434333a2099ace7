"""No command loads what it does not need: every start pays for an import, and every test that starts a process."""

import subprocess
import sys
from typing import Final

READS_SPREADSHEETS: Final = {"pyxform", "openpyxl", "numpy", "pandas"}
DRAWS_AND_COUNTS: Final = {"altair", "vl_convert", "statsmodels", "pyreadstat", "assessment"}
OTHER_DATABASE: Final = {"psycopg", "psycopg_pool", "procrastinate"}
ONLY_SOME_SIDES: Final = {"twilio", "webauthn", "segno", "staff", "jinja2", "alembic", "mako"}
PROVIDERS: Final = {"telegram", "httpx", "aiohttp"}
SERVES: Final = {"uvicorn", "apscheduler"}
READS_RECORDS: Final = {
    "sqlalchemy",
    "aiosqlite",
    "cryptography",
    "argon2",
    "lxml",
    "phonenumbers",
    "holidays",
    "babel",
    "rich",
}
SLOW: Final = READS_SPREADSHEETS | DRAWS_AND_COUNTS | OTHER_DATABASE | ONLY_SOME_SIDES


def _loaded(code: str) -> set[str]:
    """The top-level names that a fresh process has loaded after this."""
    shown = f"import sys; {code}; print(*(name for name, it in sys.modules.items() if it), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stderr.split()}


def test_asking_for_help_loads_nothing_slow() -> None:
    loaded = _loaded("from posle.cli import run; run(['--help'])")
    assert not (SLOW | PROVIDERS | SERVES | READS_RECORDS) & loaded


def test_commands_about_people_load_no_provider_and_nothing_that_they_do_not_use() -> None:
    loaded = _loaded(
        "import posle.enrolling, posle.amending, posle.leaving, posle.upcoming, posle.holding, posle.waiting"
    )
    assert not (SLOW | PROVIDERS | SERVES) & loaded


def test_reading_what_ships_loads_nothing_that_compiles_forms() -> None:
    code = "from surveys.library import load_library; from surveys.rules.vocabulary import Side; "
    code += "from surveys.library.compiled import instrument_of; "
    code += "[instrument_of(each) for side in Side for each in load_library(side).instruments.values()]"
    assert not READS_SPREADSHEETS & _loaded(code)


def test_a_service_on_sqlite_loads_nothing_that_it_does_not_use() -> None:
    assert not SLOW & _loaded("import posle.serving.process, surveys.records.sqlite")
