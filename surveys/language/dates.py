"""Dates as people write them in Serbia: day first. A date without a year is this year's, and only where it is past."""

import re
from datetime import date, timedelta

from surveys.language.script import fold
from surveys.language.tables import from_tables, tables, written

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NUMERIC = re.compile(r"([0-9]{1,2})\s?[./-]\s?([0-9]{1,2})(?:\s?[./-]\s?([0-9]{4}|[0-9]{2}))?\s?\.?")
_DAY_WORD = re.compile(r"([0-9]{1,2})([a-z]*)")
_YEARS = range(1900, 2101)


def date_of(text: str, today: date) -> date | None:
    """The day that a trimmed NFKC text names; None where it names none, or could name two."""
    for pattern, order in ((_ISO, (3, 2, 1)), (_NUMERIC, (1, 2, 3))):
        found = pattern.fullmatch(text)
        if found:
            day, month, year = (found[group] for group in order)
            return _day(int(day), int(month), year, today)
    return _in_words(fold(text), today)


def _in_words(folded: str, today: date) -> date | None:
    words = [word for word in folded.split() if word not in _words().filler]
    if len(words) == 1 and words[0] in _words().days:
        return today + timedelta(days=_words().days[words[0]])
    if len(words) > 2 and words[0].isdigit() and words[1] in _words().endings:
        words[:2] = [words[0] + words[1]]
    if len(words) not in (2, 3):
        return None
    if words[0] in _words().months:
        words[:2] = [words[1], words[0]]
    number = _DAY_WORD.fullmatch(words[0])
    month = _words().months.get(words[1])
    if not number or not month or number[2] not in _words().endings:
        return None
    return _day(int(number[1]), month, words[2] if len(words) == 3 else None, today)


def _day(day: int, month: int, year: str | None, today: date) -> date | None:
    if year is not None and not year.isdigit():
        return None
    number = today.year if year is None else int(year) + (2000 if len(year) == 2 else 0)
    if number not in _YEARS:
        return None
    try:
        found = date(number, month, day)
    except ValueError:
        return None
    return None if year is None and found > today else found


class _Words:
    """Month names, relative days, ordinal endings and fillers of all tables, folded."""

    def __init__(self) -> None:
        sections = [table["dates"] for table in tables().values() if "dates" in table]
        self.months = {
            fold(name): number
            for section in sections
            for number, names in enumerate(written(section, "months"), 1)
            for name in names.split()
        }
        self.days = {fold(name): days for section in sections for name, days in section.get("days", {}).items()}
        self.endings = {"", *(fold(each) for section in sections for each in written(section, "endings"))}
        self.filler = {fold(each) for section in sections for each in written(section, "filler")}


@from_tables
def _words() -> _Words:
    return _Words()
