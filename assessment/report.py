"""The report: one HTML file that stands alone, for the screen and for print, in one language. Same input, same bytes.

It must never read an export itself: it is given figures that are safe to publish, and puts words beside them.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assessment.charts import intervals
from assessment.figures import Figures, NonViolence
from assessment.words import Words

_FOLDER = Path(__file__).with_name("templates")


def html(found: Figures, language: str) -> str:
    """The whole report."""
    words = Words(language)
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("report.html").render(
        _=words.say_, words=words, found=found, lang=language.replace("_", "-"), chart=_chart(found, words),
        sentence=lambda row: _sentence(row, words), style=Markup((_FOLDER / "report.css").read_text(encoding="utf-8")),  # noqa: S704
    )  # fmt: skip


def _chart(found: Figures, words: Words) -> Markup | None:
    rows = [
        (f"{words.name(each.side)}, {words.name(each.wave)}", each.share.value, each.share.low, each.share.high)
        for each in found.non_violence if each.share is not None
    ]  # fmt: skip
    if not rows:
        return None
    return Markup(intervals(rows, words.say_("Удео без насиља (%), са 95% интервалом")))  # noqa: S704 - our own drawing


def _sentence(row: NonViolence, words: Words) -> str:
    """What one row of the indicator means, in plain words."""
    if row.share is None:
        return words.say_("Мање од 30 одговора: удео се не објављује.")
    said = words.say_(
        "Од {of} особа које су одговориле, насиља није било код {share} (95% интервал од {low} до {high}).",
        of=words.count(row.share.of), share=words.percent(row.share.value), low=words.percent(row.share.low),
        high=words.percent(row.share.high),
    )  # fmt: skip
    if row.low is None:
        return said
    return said + " " + words.say_(
        "Да су одговорили сви, удео би био између {low} и {high}.", low=words.percent(row.low),
        high=words.percent(row.high),
    )  # fmt: skip
