"""The report: one HTML file that stands alone, for the screen and for print, in one language. Same input, same bytes.

It must never read an export itself: it is given figures that are safe to publish, and puts words beside them.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assessment.charts import intervals
from assessment.published import Figures
from assessment.sentences import Sentences
from assessment.words import Words

_FOLDER = Path(__file__).with_name("templates")
_NOTHING: Mapping[str, str] = MappingProxyType({})


def html(
    found: Figures, language: str, centres: Mapping[str, str] = _NOTHING, unapproved: Collection[str] = (),
    *, invented: bool = False,
) -> str:  # fmt: skip
    """The whole report; `centres` are the centres' names by their codes, `unapproved` the sides whose rows left without
    two people's approval. Where the people are `invented` it says so at the top."""
    words = Words(language, centres)
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["spoken"] = words.name
    return environment.get_template("report.html").render(
        _=words.say_, words=words, found=found, invented=invented,
        unapproved=sorted(unapproved, reverse=True),
        lang=language.replace("_", "-"), chart=_chart(found, words),
        say=Sentences(words), style=Markup((_FOLDER / "report.css").read_text(encoding="utf-8")),  # noqa: S704
    )  # fmt: skip


def _chart(found: Figures, words: Words) -> Markup | None:
    rows = [
        (f"{words.name(each.side)}, {words.name(each.wave)}", each.share.value, each.share.low, each.share.high)
        for each in found.non_violence if each.share is not None
    ]  # fmt: skip
    if not rows:
        return None
    return Markup(intervals(rows, words.say_("Удео без насиља (%), са 95% интервалом")))  # noqa: S704 - our own drawing
