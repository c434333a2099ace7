"""What is wrong in an uploaded questionnaire is said in the reader's language, by sheet and row."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from staff.form_errors import said
from staff.words import Words
from surveys.instruments.workbook import Problem
from tests.staff.office import Office

ROOT = Path(__file__).parents[2]
WORDS = Words("sr_Cyrl", ZoneInfo("Europe/Belgrade"))
_LINES = re.compile(r'_refused\([^"]*?(?:"file", |"survey", )?(?:None|number|at), f?"([^"]+)"\)|_Wrong\(f?"([^"]+)"\)')


def lines() -> list[str]:
    """Every line that the compiler says, with its gaps filled by something."""
    found = []
    for name in ("workbook", "rows"):
        source = (ROOT / "surveys" / "instruments" / f"{name}.py").read_text()
        found += [first or second for first, second in _LINES.findall(source)]
    found = [each.replace("{column}:", "name:").replace("{why}", "is not supported") for each in found]
    return [re.sub(r"\{MOST\w+\}|\{LONGEST\w+\}", "7", re.sub(r"\{[^}M L]*![^}]*\}|\{[^}]*!r\}", "'x'", each))
            for each in found]  # fmt: skip


@pytest.mark.parametrize("line", lines())
def test_every_line_of_the_compiler_is_said_in_the_readers_words(line: str) -> None:
    told = said(WORDS, Problem("survey", 3, line))
    assert told.own == "", line
    assert told.where == "лист survey, ред 3"


async def test_an_upload_that_is_wrong_is_explained_by_sheet_and_row(office: Office) -> None:
    client = await office.client()
    form = "| survey | type | name | label |\n|  | text | a b | Питање |\n|  | geopoint | place | Где |\n"
    answer = await client.http.post(
        "/staff/questionnaires", data={"csrf": await client.csrf()}, files={"file": ("x.md", form.encode())}
    )
    assert answer.status_code == 422
    assert "лист survey, ред" in answer.text
    assert "се не користи" in answer.text
