"""Fills an item's text with the person's own facts: the window as dates, the chosen word, the recorded genders.

Wording follows what was recorded about the two people, never the side. Unknown gender shows both forms. Facts are
worded as the text is shown, in the language that is spoken then, which may not be the one that was spoken at the start.
"""

import re
from collections.abc import Mapping
from datetime import date

from surveys.language.catalogue import since_text, window_text
from surveys.language.script import to_latin

_BRACES = re.compile(r"\{([a-z_]+)(?:\|([^{}|]*)\|([^{}|]*))?\}")
_ASIDE = re.compile(r" ?\(\{[a-z_]+\}\)")
_GENDER = {"other": "other_gender", "self": "gender"}


def in_own_words(fact: str, language: str) -> str:
    """The name of a fact as it is said in that language, where languages say it differently."""
    return f"{fact}:{language}"


def in_language(labels: Mapping[str, str], language: str) -> str:
    """The text in that language, else the form's only or first one; empty where there is none."""
    if language in labels:
        return labels[language]
    return next(iter(labels.values()), "")


def fill(text: str, facts: Mapping[str, str], language: str) -> str:
    """Replace `{window}`, `{since}`, `{other_word}` and `{other|her form|his form}`; other braces stay as they are."""
    if "{" not in text:
        return text
    return _BRACES.sub(lambda found: _fact(found, facts, language), text)


def of_everybody(text: str, language: str) -> str:
    """The text as it stands for everybody: what is each person's own is left out in brackets, else three dots."""
    return _BRACES.sub("…", fill(_ASIDE.sub("", text), {}, language))


def _fact(found: re.Match[str], facts: Mapping[str, str], language: str) -> str:
    name, feminine, masculine = found.groups()
    if feminine is not None:
        return _gendered(facts.get(_GENDER.get(name, ""), ""), feminine, masculine)
    if name == "window" and "window_start" in facts:
        return window_text(language, date.fromisoformat(facts["window_start"]), None)
    if name == "since" and "window_start" in facts:
        return since_text(language, date.fromisoformat(facts["window_start"]))
    own = facts.get(in_own_words(name, language))
    if own is not None:
        return own
    if name in facts:
        return to_latin(facts[name]) if language == "sr_Latn" else facts[name]
    return found.group(0)


def _gendered(gender: str, feminine: str, masculine: str) -> str:
    if gender == "female":
        return feminine
    if gender == "male":
        return masculine
    return feminine if feminine == masculine else f"{feminine}/{masculine}"
