"""The safety report as a page that stands alone, for the ethics board: what its files say, and no more."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from surveys.language.catalogue import mark, say
from surveys.steps.sheets import Sheet

_FOLDER = Path(__file__).with_name("templates")
_TABLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "holds.csv": (mark("Заустављања"), mark("Није било заустављања.")),
        "alerts.csv": (mark("Узбуне и колико се чекало"), mark("Није било узбуна.")),
        "erasures.csv": (mark("Одустанци и брисања, упоређени са записима"), mark("Нико није одустао нити је брисан.")),
        "deletions.csv": (
            mark("Поруке које треба да нестану са телефона и код пружаоца"), mark("Нема порука које треба да нестану."),
        ),
    }
)  # fmt: skip


def safety_page(sheets: Mapping[str, Sheet], language: str) -> str:
    """The page; codes stand as they stand in the files."""
    environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
    tables = [
        (say(language, title), say(language, none), sheets[name].headings, list(sheets[name].rows))
        for name, (title, none) in _TABLES.items()
    ]
    return environment.get_template("safety.html").render(
        summary=list(sheets["summary.csv"].rows), rules=_rules(list(sheets["messages.csv"].rows)), tables=tables,
        lang=language.replace("_", "-"), _=lambda message, **values: say(language, message, **values),
        style=Markup((_FOLDER / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )  # fmt: skip


def _rules(messages: Sequence[Sequence[object]]) -> list[tuple[str, str, str, str, int]]:
    """How many messages of each kind and state, by the rule that allowed them or the reason against them."""
    counted = Counter((str(row[2]), str(row[3]), str(row[4]), str(row[5] or row[9] or "")) for row in messages)
    return [(*what, number) for what, number in sorted(counted.items())]
