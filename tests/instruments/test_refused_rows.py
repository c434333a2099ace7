"""What the survey sheet may not hold is refused once, with its row, and not again for what follows from it."""

import pytest

from surveys.instruments.compile import compile_source
from surveys.instruments.workbook import FormRefused

REASON = "type: begin repeat is not supported; ask for each one in a row of its own"


def refused(*types: str) -> list[str]:
    """Why a form with rows of these types is refused; the first one's row is the second of the file."""
    rows = "\n".join(f"| | {each} | q{number} | Text {number} |" for number, each in enumerate(types))
    with pytest.raises(FormRefused) as why:
        compile_source("form.md", f"| survey |\n| | type | name | label |\n{rows}\n".encode())
    return str(why.value).splitlines()


@pytest.mark.parametrize("types", [
    ("text", "begin repeat", "text", "geopoint", "end repeat"),
    ("text", "begin_repeat", "begin repeat", "text", "end repeat", "end_repeat", "text"),
    ("text", "begin repeat", "begin group", "text"),
])  # fmt: skip
def test_a_repeat_is_refused_once_whatever_stands_in_it(types: tuple[str, ...]) -> None:
    assert refused(*types) == [f"survey row 4: {REASON}"]


def test_each_repeat_and_every_other_bad_row_is_named() -> None:
    told = refused("begin repeat", "text", "end repeat", "geopoint", "begin  repeat", "end repeat", "end repeat")
    assert told == [
        f"survey row 3: {REASON}", "survey row 6: type: 'geopoint' is not supported", f"survey row 7: {REASON}",
        "survey row 9: type: end repeat ends what was not begun",
    ]  # fmt: skip
