"""Pages from templates: escaped always, in the reader's language, with only the links that their role may follow."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from staff import days
from staff.asked import Asked, Shown
from staff.next_steps import next_step
from surveys.language.catalogue import mark
from surveys.rules.roles import May
from surveys.rules.vocabulary import Side

FOLDER = Path(__file__).with_name("templates")
NAVIGATION: Sequence[tuple[str, str, May]] = (
    ("/staff/", mark("Данас"), May.SEE_TODAY),
    ("/staff/people", mark("Људи"), May.SEE_PEOPLE),
    ("/staff/responses", mark("Одговори"), May.SEE_RESPONSES),
    ("/staff/overview", mark("Преглед"), May.SEE_OVERVIEW),
    ("/staff/data", mark("Подаци"), May.STUDY),
    ("/staff/questionnaires", mark("Упитници"), May.SEE_QUESTIONNAIRES),
    ("/staff/settings", mark("Поставке"), May.CONFIGURE),
    ("/staff/audit", mark("Дневник"), May.SEE_AUDIT),
    ("/staff/accounts", mark("Налози"), May.KEEP_ACCOUNTS),
)
_TODAYS = ("/staff/alerts/", "/staff/tasks/", "/staff/approvals/", "/staff/holds/")
"""What is met on the way from today's page; one's own account and the confirmation are of no page."""
LANGUAGES = (("sr_Cyrl", "ћирилица"), ("sr_Latn", "latinica"), ("en", "English"))


_TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
"""Compiled once. A name that a template does not know is an error, never an empty place."""


class Renderer:
    """Fills the templates; `downloads` says whether pages may offer any."""

    def __init__(self, downloads: bool) -> None:
        self._downloads = downloads

    def page(self, asked: Asked, shown: Shown, csrf: str, back_to: str = "") -> str:
        """One whole page of HTML. `back_to` is where Back and reload lead that come to what answered a form."""
        who = asked.who if asked.who and asked.who.session.stage == "full" else None
        links = [(path, name) for path, name, may in NAVIGATION if who and who.reader.may(may)]
        return _TEMPLATES.get_template(shown.template).render(
            {
                **asked.words.helpers(), "csrf": csrf, "who": who, "navigation": links, "languages": LANGUAGES,
                "private": asked.service.side is Side.SURVIVORS, "now": asked.now, "May": May,
                "here": _here(asked.address), "day_pattern": days.PATTERN, "clock_pattern": days.CLOCK_PATTERN,
                "narrow": False, "next_step": next_step(asked.words),
                "downloads": self._downloads, "back_to": back_to, **shown.values,
            }
        )  # fmt: skip


def _here(address: str) -> str | None:
    """Which entry of the navigation the address belongs to."""
    inside = [path for path, _, _ in NAVIGATION if address == path or address.startswith(f"{path}/")]
    return max(inside, key=len, default="/staff/" if address.startswith(_TODAYS) else None)
