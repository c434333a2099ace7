"""Days and times of day as people here write them, such as 24.11.2026. and 16:30; a browser's own fields show another
country's, AM and PM among them.
"""

import re
from datetime import date

_LOCAL = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})\.?")
PATTERN = r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\.?|\d{4}-\d{2}-\d{2}"
"""For the browser's own check of a field."""
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
CLOCK_PATTERN = r"\d{1,2}([:.]\d{2})?"


def iso(text: str) -> str:
    """The day as the core reads it; what is no day goes on as it stands, to be refused at its field."""
    day = read_day(text)
    return day.isoformat() if day else text.strip()


def written(day: date) -> str:
    """As people here type it."""
    return f"{day.day}. {day.month}. {day.year}."


def read_day(text: str) -> date | None:
    """The day, or None where it is none."""
    local = _LOCAL.fullmatch(text.strip())
    try:
        if local:
            return date(int(local[3]), int(local[2]), int(local[1]))
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def clock(text: str) -> str:
    """A time of day as the core reads it, 9 and 9.00 as 09:00; what is none goes on as it stands, to be refused."""
    found = _CLOCK.fullmatch(text.strip())
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else text.strip()
