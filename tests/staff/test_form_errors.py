"""What is wrong in an uploaded questionnaire is said in the reader's language, by sheet and row."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pyxform.errors import ErrorCode

from staff.form_errors import said
from staff.words import Words
from surveys.instruments.compile import _placed, compile_source
from surveys.instruments.workbook import FormRefused, Problem
from tests.staff.office import Office

ROOT = Path(__file__).parents[2]
WORDS = Words("sr_Cyrl", ZoneInfo("Europe/Belgrade"))
_LINES = re.compile(
    r'_refused\([^"]*?(?:"file", |"survey", )?(?:None|number|at), f?"([^"]+)"\)|(?:_Wrong|NotXPath)\(f?"([^"]+)"\)'
)


def lines() -> list[str]:
    """Every line that the compiler says, with its gaps filled by something."""
    found = []
    for name in ("workbook", "rows", "xpath/parse", "xpath/tokens"):
        source = (ROOT / "surveys" / "instruments" / f"{name}.py").read_text()
        found += [first or second for first, second in _LINES.findall(source)]
    found = [each.replace("{column}:", "name:").replace("{why}", "is not supported") for each in found]
    numbers = r"\{MOST\w+\}|\{LONGEST\w*\}|\{given\}|\{place \+ 1\}"
    return [re.sub(numbers, "7", re.sub(r"\{[^}M L]*![^}]*\}|\{[^}]*!r\}", "'x'", each))
            for each in found]  # fmt: skip


@pytest.mark.parametrize("line", lines())
def test_every_line_of_the_compiler_is_said_in_the_readers_words(line: str) -> None:
    told = said(WORDS, Problem("survey", 3, line))
    assert told.own == "", line
    assert told.where == "лист survey, ред 3"


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("pulldata('a', 'b')", "pulldata() се не може употребити."), ("/x/nothing = 1", "Наводи питање којег нема."),
        ("1 +", "тамо где треба да стоји име питања"), ("(1", "недостаје ')'"), ("1 # 2", "од знака 2"),
        ("true(1)", "true() не може да прими овај број вредности: 1."), ("1 2", "Стоји '2', а ту израз"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_read_is_said_in_the_readers_words(expression: str, what: str) -> None:
    head = "| survey |\n|  | type | name | label | relevant |\n"
    form = head + f"|  | text | a | Питање |  |\n|  | text | b | Друго | {expression} |\n"
    with pytest.raises(FormRefused) as refused:
        compile_source("x.md", form.encode())
    (problem,) = refused.value.problems
    told = said(WORDS, problem)
    assert (told.own, told.where) == ("", "лист survey, ред 4")
    assert told.column == "relevant"
    assert what in told.what


AT = "лист survey, ред 5"
_LIST = "| | select_one a | q | П |\n| choices |\n| | list_name | name | label |\n\n| | a | x | И |\n| | a | x | О |\n"
_WIDE = "| | range | q | П | | start=1 end=3 step=9 |\n"
_GROUP = "| | begin group | first | П |\n| | text | q | П |\n| | end group | | |\n"
_TWO = _LIST.replace("| name |", "| name | value |")
_SO = "Питање се наводи овако: ${name}, са тачним именом и без размака унутра."
_HEAD = "| survey |\n| | type | name | label | calculation | parameters |\n\n| | text | first | Прво |\n"


@pytest.mark.parametrize(
    ("rows", "where", "column", "what"),
    [
        ("| | calculate | c | | |\n", AT, "", "Недостаје израз, у колони calculation."),
        ("| | text | meta | Питање |\n", AT, "name", "То име је заузето: изаберите друго."),
        ("| | range | q | П | | start=a end=9 step=1 |\n", AT, "parameters", "start мора бити број."),
        ("| | range | q | П | | foo=1 |\n", AT, "parameters", "'foo' се не користи."),
        ("| | range | q | П | | start=1 end 3 |\n", AT, "parameters", "Пише се овако: start=1 end=10 step=1."),
        ("| | select_one | q | П |\n", AT, "type", "Недостаје име листе."),
        (_WIDE, AT, "parameters", "step не сме бити веће од размака између start и end."),
        ("| | text | q | ${nope} |\n", AT, "label", "Наводи питање којег нема: nope."),
        ("| | text | q | ${nope |\n", AT, "label", _SO),
        (_GROUP, AT, "name", "То име већ има друго питање или група на истом месту."),
        (_TWO, "лист choices", "", "Ово су два имена исте колоне: 'name', 'value'. Једну уклоните."),
        (_LIST, "лист choices, ред 10", "name", "Ова листа већ има одговор тог имена."),
    ],
)  # fmt: skip
def test_what_the_converter_of_xlsforms_refuses_is_said_in_words_with_the_authors_own_row(
    rows: str, where: str, column: str, what: str
) -> None:
    with pytest.raises(FormRefused) as refused:
        compile_source("x.md", (_HEAD + rows).encode())
    told = said(WORDS, refused.value.problems[0])
    assert (told.where, told.column, told.what, told.own) == (where, column, what, "")


NEVER = ("ENTITY_", "INTERNAL_", "HEADER_005", "SURVEY_003", "SURVEY_006", "SURVEY_007", "SURVEY_008", "SURVEY_009",
         "NAMES_010", "NAMES_011", "NAMES_012", "NAMES_014", "NAMES_015")  # fmt: skip
"""Of entities, and of places on a map: both are refused before the converter sees them."""
UNCODED = (
    "[row : 4] Question with no type. {}", "[row : 4] Question or group with no name.",
    "[row : 4] List name not in choices sheet: zz", "[row : 4] Missing calculation.",
    "There should be a choices sheet in this xlsform. Please ensure that the choices sheet has the mandatory columns "
    "'list_name', 'name', and 'label'.", "[row : 4] Choice filter not supported with or_other.",
    "Choice names with spaces cannot be added to multiple choice selects. See [a b] in [x]",
    "[row : 4] Please specify choices for this 'or other' question.", "Survey cannot have an empty id_string",
    "There has been a problem trying to replace ${zz} with the XPath to the survey element named 'zz'. There is no "
    "survey element named 'zz'.", "There are multiple survey elements named 'zz'.",
    "The survey element named 'zz' has no label or hint.",
)  # fmt: skip


@pytest.mark.parametrize("code", [each for each in ErrorCode if not each.name.startswith(NEVER)])
def test_every_line_of_the_converter_about_a_form_that_we_take_is_said_in_the_readers_words(code: ErrorCode) -> None:
    gaps = {"row": "3", "sheet": "survey", "sheet_name": "choices", "column": "relevant", "name": "step", "value": "x"}
    line = code.value.format(**gaps, q="zz", type="group", accepted="start", rejected="foo", missing="'name'")
    assert said(WORDS, _placed({}, " ".join(line.split()))).own == "", line


@pytest.mark.parametrize("line", UNCODED)
def test_what_the_converter_says_without_a_code_is_said_in_the_readers_words(line: str) -> None:
    assert said(WORDS, _placed({}, line)).own == ""


def test_a_line_that_is_not_known_stands_after_a_sentence_of_ours() -> None:
    told = said(WORDS, Problem("survey", 3, "something new."))
    assert (told.where, told.own) == ("лист survey, ред 3", "something new.")
    assert told.what == "Ово није исправно. Програм који чита XLSForm каже:"


async def test_an_upload_that_is_wrong_is_explained_by_sheet_and_row(office: Office) -> None:
    client = await office.client()
    form = "| survey | type | name | label |\n|  | text | a b | Питање |\n|  | geopoint | place | Где |\n"
    answer = await client.http.post(
        "/staff/questionnaires", data={"csrf": await client.csrf()}, files={"file": ("x.md", form.encode())}
    )
    assert answer.status_code == 422
    assert "лист survey, ред" in answer.text
    assert "се не користи" in answer.text
