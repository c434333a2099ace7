"""The four kinds of XPath value and how they turn into each other, as ODK does it: ISO dates count as days since 1970.

Never raises on any text: what is no number is NaN.
"""

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

Nodes = tuple[str, ...]
"""String values of a node set, in document order."""
Value = str | float | bool | Nodes

_NUMBER = re.compile(r"[-+]?((\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?|Infinity)", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_EPOCH = date(1970, 1, 1)
DAY = 86400.0


def to_string(value: Value) -> str:
    """XPath's string(): whole numbers without a point, the first node of a set, `true`, `false`; NaN is empty (ODK)."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return value[0] if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _written(value)


def _written(number: float) -> str:
    if math.isnan(number):
        return ""
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number):
        return str(int(number))
    text = repr(number)
    return format(number, "f").rstrip("0") if "e" in text else text


def to_number(value: Value) -> float:
    """XPath's number(), with an ISO date as its days since 1970 and a date-time with the fraction of the day."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    text = to_string(value).strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    return days_of(text)


def days_of(text: str) -> float:
    """Days since 1970 of an ISO date or date-time; NaN for any other text."""
    try:
        if _DATE.fullmatch(text):
            return float((date.fromisoformat(text) - _EPOCH).days)
        if _DATE.match(text) and "T" in text:
            moment = datetime.fromisoformat(text)
            local = moment.replace(tzinfo=UTC)
            return local.timestamp() / DAY
    except ValueError:
        return math.nan
    return math.nan


def day_text(days: float) -> str:
    """The ISO date of so many whole days since 1970; empty where there is none."""
    try:
        return date.fromordinal(_EPOCH.toordinal() + math.floor(days)).isoformat()
    except (ValueError, OverflowError):
        return ""


def to_boolean(value: Value) -> bool:
    """XPath's boolean(): non-empty text or set, a number that is neither 0 nor NaN."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def equal(left: Value, right: Value) -> bool:
    """XPath's `=`: a set is equal where one of its nodes is; booleans, then numbers, decide how to compare."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    return any(_same(one, other) for one in _each(left) for other in _each(right))


def unequal(left: Value, right: Value) -> bool:
    """XPath's `!=`, which for sets is not the opposite of `=`."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) != to_boolean(right)
    return any(not _same(one, other) for one in _each(left) for other in _each(right))


def _same(one: str | float, other: str | float) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        return to_number(one) == to_number(other)
    return one == other


def _each(value: Value) -> Iterable[str | float]:
    if isinstance(value, tuple):
        return value
    assert not isinstance(value, bool)
    return (value,)
