"""How each side's page looks: a man with a link of his own must not know a survivor's by its look, words or cookie."""

from collections.abc import Callable
from dataclasses import dataclass

from surveys.instruments import phrases


@dataclass(frozen=True, slots=True)
class Skin:
    """`styles` are files of templates/, `title` and `begin` the first screen's words, `cookie` the cookie's name."""

    styles: tuple[str, ...]
    title: Callable[[str], str]
    begin: Callable[[str], str]
    cookie: str


PLAIN = Skin(("page.css",), phrases.questionnaire, phrases.begin, "s")
SURVEY = Skin(("page.css", "survey.css"), phrases.survey, phrases.to_the_questions, "anketa")
"""Where an everyday survey stands before the questions."""
