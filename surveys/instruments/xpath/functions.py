"""ODK's functions, each as ODK's own engine answers. Every one is total: any values in, a value out."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import re2

from surveys.instruments.xpath.values import Value, day_text, days_of, to_boolean, to_number, to_string

if TYPE_CHECKING:
    from surveys.instruments.xpath.parse import Moment

Arity = tuple[int, int | None]
Function = Callable[..., Value]
LONGEST_PATTERN = 500
HALF = 0.5
MANY: None = None


def _if(_: "Moment", condition: Any, yes: Any, no: Any) -> Value:
    chosen: Value = yes() if to_boolean(condition()) else no()
    return chosen


_if.lazy = True  # type: ignore[attr-defined]


def _strings(values: tuple[Value, ...]) -> list[str]:
    return [text for value in values for text in (value if isinstance(value, tuple) else (to_string(value),))]


def _words(value: Value) -> list[str]:
    return to_string(value).split()


def _selected_at(value: Value, place: Value) -> str:
    words, index = _words(value), to_number(place)
    return words[int(index)] if math.isfinite(index) and 0 <= int(index) < len(words) else ""


def _substr(text: str, start: float, end: float) -> str:
    if math.isnan(start) or math.isnan(end):
        return ""
    bound = len(text)
    first = int(max(-bound, min(bound, start)))
    last = int(max(-bound, min(bound, end)))
    return text[first:last]


def _regex(value: Value, pattern: Value) -> bool:
    text = to_string(pattern)
    if len(text) > LONGEST_PATTERN:
        return False
    try:
        return re2.search(text, to_string(value)) is not None
    except (re2.error, UnicodeEncodeError):  # the latter for half a character, which no pattern matches
        return False


def _round(number: float, digits: float) -> float:
    """Half away from zero after shifting the binary number, so 1.005 at two digits is 1, as in ODK."""
    if not math.isfinite(number) or math.isnan(digits):
        return math.nan if math.isnan(digits) else number
    try:
        shift = math.pow(10.0, digits)
        shifted = abs(number) * shift
        whole = math.floor(shifted)
        return math.copysign((whole + (shifted - whole >= HALF)) / shift, number)
    except (OverflowError, ValueError, ZeroDivisionError):
        return math.nan


def _whole(number: float, work: Callable[[float], int]) -> float:
    return float(work(number)) if math.isfinite(number) else number


def _power(base: float, exponent: float) -> float:
    if math.isnan(base) or math.isnan(exponent):
        return math.nan
    try:
        result = base**exponent
        return result if isinstance(result, float) else math.nan
    except ZeroDivisionError:
        return math.inf
    except OverflowError:
        return math.inf


def _log(work: Callable[[float], float], value: Value) -> float:
    return -math.inf if to_number(value) == 0 else _safely(work, value)


def _safely(work: Callable[[float], float], value: Value) -> float:
    try:
        return work(to_number(value))
    except (ValueError, OverflowError):
        return math.nan


def _least(values: tuple[Value, ...], pick: Callable[[list[float]], float]) -> float:
    numbers = [to_number(text) for text in _strings(values)]
    return math.nan if not numbers or any(math.isnan(each) for each in numbers) else pick(numbers)


def _sum(value: Value) -> float:
    return sum((to_number(text) for text in _strings((value,))), 0.0)


def _checklist(values: tuple[Value, ...]) -> bool:
    least, most, *answers = values
    return _within(sum(to_boolean_text(each) for each in answers), least, most)


def _weighted(values: tuple[Value, ...]) -> bool:
    least, most, *pairs = values
    total = sum(to_number(pairs[at + 1]) for at in range(0, len(pairs) - 1, 2) if to_boolean_text(pairs[at]))
    return _within(total, least, most)


def _within(total: float, least: Value, most: Value) -> bool:
    low, high = to_number(least), to_number(most)
    return (low < 0 or total >= low) and (high < 0 or total <= high)


def to_boolean_text(value: Value) -> bool:
    """ODK's checklists and boolean-from-string: only `1` and `true` are true."""
    if isinstance(value, bool):
        return value
    return to_string(value) in ("1", "true")


def _date(value: Value) -> str:
    text = to_string(value)
    if not math.isnan(days_of(text)):
        return text[:10] if "T" not in text else text
    days = to_number(value)
    return day_text(days) if math.isfinite(days) else ""


def _moment(value: Value) -> datetime | None:
    text = to_string(value)
    try:
        if "T" in text:
            return datetime.fromisoformat(text)
        day = date.fromisoformat(text if not math.isnan(days_of(text)) else day_text(to_number(value)))
        return datetime.combine(day, time())
    except (ValueError, OverflowError):
        return None


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _format_date(value: Value, pattern: Value) -> str:
    moment = _moment(value)
    if moment is None:
        return ""
    codes = {
        "%Y": f"{moment.year:04}", "%y": f"{moment.year % 100:02}", "%m": f"{moment.month:02}", "%n": str(moment.month),
        "%b": _MONTHS[moment.month - 1], "%d": f"{moment.day:02}", "%e": str(moment.day), "%a": _DAYS[moment.weekday()],
        "%H": f"{moment.hour:02}", "%h": str(moment.hour), "%M": f"{moment.minute:02}", "%S": f"{moment.second:02}",
        "%3": f"{moment.microsecond // 1000:03}", "%%": "%",
    }  # fmt: skip
    text, out, place = to_string(pattern), [], 0
    while place < len(text):
        code = text[place : place + 2]
        out.append(codes.get(code, text[place]))
        place += 2 if code in codes else 1
    return "".join(out)


def _text(work: Callable[..., Value]) -> Function:
    return lambda _, *values: work(*(to_string(value) for value in values))


def _number(work: Callable[..., Value]) -> Function:
    return lambda _, *values: work(*(to_number(value) for value in values))


def _before(text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark in text else ""


def _translate(text: str, source: str, target: str) -> str:
    table = {ord(sign): target[at] if at < len(target) else None for at, sign in reversed(list(enumerate(source)))}
    return text.translate(table)


FUNCTIONS: Mapping[str, tuple[Function, Arity]] = {
    "if": (_if, (3, 3)),
    "coalesce": (lambda _, one, other: one if to_string(one) != "" else other, (2, 2)),
    "once": (lambda _, own, value: own if to_string(own) != "" else value, (1, 1)),
    "selected": (lambda _, value, name: to_string(name).strip() in _words(value), (2, 2)),
    "selected-at": (lambda _, value, place: _selected_at(value, place), (2, 2)),
    "count-selected": (lambda _, value: float(len(_words(value))), (1, 1)),
    "concat": (lambda _, *values: "".join(_strings(values)), (0, MANY)),
    "join": (lambda _, mark, *values: to_string(mark).join(_strings(values)), (1, MANY)),
    "substr": (
        lambda _, text, start, end=math.inf: _substr(to_string(text), to_number(start), to_number(end)), (2, 3),
    ),
    "string-length": (_text(lambda text: float(len(text))), (1, 1)),
    "normalize-space": (_text(lambda text: " ".join(text.split())), (1, 1)),
    "contains": (_text(lambda text, part: part in text), (2, 2)),
    "starts-with": (_text(lambda text, part: text.startswith(part)), (2, 2)),
    "ends-with": (_text(lambda text, part: text.endswith(part)), (2, 2)),
    "substring-before": (_text(_before), (2, 2)),
    "substring-after": (_text(lambda text, mark: text.partition(mark)[2]), (2, 2)),
    "translate": (_text(_translate), (3, 3)),
    "regex": (lambda _, value, pattern: _regex(value, pattern), (2, 2)),
    "number": (lambda _, value: to_number(value), (1, 1)),
    "string": (lambda _, value: to_string(value), (1, 1)),
    "boolean": (lambda _, value: to_boolean(value), (1, 1)),
    "boolean-from-string": (lambda _, value: to_boolean_text(value), (1, 1)),
    "not": (lambda _, value: not to_boolean(value), (1, 1)),
    "true": (lambda _: True, (0, 0)),
    "false": (lambda _: False, (0, 0)),
    "int": (_number(lambda number: _whole(number, math.trunc)), (1, 1)),
    "floor": (_number(lambda number: _whole(number, math.floor)), (1, 1)),
    "ceiling": (_number(lambda number: _whole(number, math.ceil)), (1, 1)),
    "round": (_number(lambda number, digits=0.0: _round(number, digits)), (1, 2)),
    "pow": (_number(_power), (2, 2)),
    "sqrt": (lambda _, value: _safely(math.sqrt, value), (1, 1)),
    "abs": (_number(abs), (1, 1)),
    "exp": (lambda _, value: _safely(math.exp, value), (1, 1)),
    "log": (lambda _, value: _log(math.log, value), (1, 1)),
    "log10": (lambda _, value: _log(math.log10, value), (1, 1)),
    "pi": (lambda _: math.pi, (0, 0)),
    "min": (lambda _, *values: _least(values, min), (1, MANY)),
    "max": (lambda _, *values: _least(values, max), (1, MANY)),
    "sum": (lambda _, value: _sum(value), (1, 1)),
    "count": (lambda _, value: float(len(value)) if isinstance(value, tuple) else math.nan, (1, 1)),
    "count-non-empty": (
        lambda _, value: float(sum(text != "" for text in value)) if isinstance(value, tuple) else math.nan, (1, 1),
    ),
    "checklist": (lambda _, *values: _checklist(values), (3, MANY)),
    "weighted-checklist": (lambda _, *values: _weighted(values), (4, MANY)),
    "today": (lambda moment: moment.now.date().isoformat(), (0, 0)),
    "now": (lambda moment: moment.now.isoformat(timespec="milliseconds"), (0, 0)),
    "date": (lambda _, value: _date(value), (1, 1)),
    "decimal-date-time": (lambda _, value: to_number(value), (1, 1)),
    "format-date": (lambda _, value, pattern: _format_date(value, pattern), (2, 2)),
    "format-date-time": (lambda _, value, pattern: _format_date(value, pattern), (2, 2)),
}  # fmt: skip
