"""Reads the survey and choices sheets row by row: types, groups, our own columns. What is not supported is refused.

A refused form names every bad row at once, so that an author mends them in one go.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from surveys.instruments.columns import Columns, translated, with_latin
from surveys.instruments.model import Choice, Kind, Risk, Text
from surveys.instruments.workbook import FormRefused, Problem, Row, Sheet
from surveys.language.commands import Command, command
from surveys.rules.vocabulary import Channel, Urgency

Lists = dict[str, tuple[Choice, ...]]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_COLUMNS = {
    "type", "name", "label", "hint", "relevant", "constraint", "constraint_message", "required", "required_message",
    "calculation", "default", "choice_filter", "parameters", "appearance", "read_only", "readonly", "note", "construct",
    "window", "counts", "not_applicable", "risk", "channels", "guidance_hint",
    "sms",
}  # fmt: skip
_GROUPS = {"begin group", "begin_group"}
_ENDS = {"end group", "end_group"}
_REPEAT = re.compile(r"(?P<edge>begin|end)[ _](?P<what>repeat|loop)")
_SPECIALS = {"start", "end", "today", "deviceid", "phonenumber", "username", "email", "audit"}
_YES = {"yes", "true", "1"}
OTHER = "other"
_OTHER_LABEL = {"sr_Cyrl": "Друго", "en": "Other"}
_OTHER_QUESTION = {"sr_Cyrl": "Наведите шта.", "en": "Please say what."}
COUNTED = ("low", "high")


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One question as its author wrote it; expressions are taken from the compiled XForm."""

    number: int
    name: str
    kind: Kind
    path: str
    groups: tuple[str, ...] = ()
    labels: Text = field(default_factory=dict)
    hints: Text = field(default_factory=dict)
    constraint_message: Text = field(default_factory=dict)
    required_message: Text = field(default_factory=dict)
    choices: str | None = None
    default: str | None = None
    bounds: tuple[str, str, str] | None = None
    construct: str | None = None
    window: str | None = None
    counts: bool = False
    not_applicable: bool = False
    risks: tuple[Risk, ...] = ()
    channels: frozenset[Channel] = frozenset(Channel)
    sms: Text = field(default_factory=dict)


class _Wrong(ValueError):
    """What is wrong with one row; the message is the reason."""


def read_choices(sheet: Sheet | None) -> Lists:
    """Choice lists by name, in the order of the sheet."""
    lists: dict[str, list[Choice]] = {}
    problems = []
    for row in sheet.rows if sheet else ():
        try:
            name = row.cells.get("list_name") or row.cells.get("list name") or ""
            lists.setdefault(_named(name, "list_name"), []).append(_choice(row))
        except _Wrong as wrong:
            problems.append(Problem("choices", row.number, str(wrong)))
    if problems:
        raise FormRefused(tuple(problems))
    return {name: tuple(choices) for name, choices in lists.items()}


def _choice(row: Row) -> Choice:
    name = row.cells.get("name") or row.cells.get("value") or ""
    if not name or name.split() != [name]:
        raise _Wrong("name: a choice needs a name without spaces")
    labels, sms = translated(row, "label"), translated(row, "sms")
    for text in (*labels.values(), *sms.values()):
        if command(text) in (Command.WITHDRAW, Command.LEAVE):
            raise _Wrong("label: means leaving when somebody types it; word this choice differently")
    low, high = (_count(row, column) for column in COUNTED)
    extra = {
        key: text for key, text in row.cells.items()
        if ":" not in key and key not in ("list_name", "list name", "name", "value", "label", "sms", *COUNTED)
    }  # fmt: skip
    return Choice(name, labels, low, high, extra, sms)


def _count(row: Row, column: str) -> int | None:
    text = row.cells.get(column)
    if text is None:
        return None
    if not text.isdecimal():
        raise _Wrong(f"{column}: must be a whole number")
    return int(text)


def read_survey(sheet: Sheet, columns: Columns, lists: Lists) -> list[SurveyRow]:
    """Every question in order, with its path; FormRefused with all that is wrong."""
    _refuse_columns(sheet)
    rows: list[SurveyRow] = []
    problems: list[Problem] = []
    around: list[str] = ["data"]
    for row in _outside_repeats(sheet.rows, problems):
        try:
            _read_row(row, around, rows, columns, lists)
        except _Wrong as wrong:
            problems.append(Problem("survey", row.number, str(wrong)))
    if len(around) > 1:
        problems.append(Problem("survey", None, f"the group {around[-1]} has no end group row"))
    problems += _twice(rows)
    if not problems and not any(row.kind.asked for row in rows):
        problems.append(Problem("survey", None, "asks nothing; add a question"))
    if problems:
        raise FormRefused(tuple(problems))
    return rows


def _outside_repeats(sheet: Iterable[Row], problems: list[Problem]) -> Iterator[Row]:
    """Each repeat is one problem, whatever stands in it."""
    depth = 0
    for row in sheet:
        found = _REPEAT.fullmatch(" ".join(row.cells.get("type", "").split()))
        if found is None:
            if not depth:
                yield row
        elif found["edge"] == "begin":
            if not depth:
                reason = f"type: begin {found['what']} is not supported; ask for each one in a row of its own"
                problems.append(Problem("survey", row.number, reason))
            depth += 1
        elif not depth:
            problems.append(Problem("survey", row.number, f"type: end {found['what']} ends what was not begun"))
        else:
            depth -= 1


def _refuse_columns(sheet: Sheet) -> None:
    known = [header for header in sheet.headers if header.partition(":")[0].strip() in _COLUMNS]
    odd = [header for header in sheet.headers if header and header not in known]
    if odd:
        raise FormRefused(tuple(Problem("survey", 1, f"the column {each[:40]!r} is not supported") for each in odd))
    if "type" not in sheet.headers:
        raise FormRefused((Problem("survey", 1, "the column type is missing"),))


def _twice(rows: list[SurveyRow]) -> list[Problem]:
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        if row.name in seen:
            found.append(Problem("survey", row.number, f"name: is the name of row {seen[row.name]} already"))
        seen.setdefault(row.name, row.number)
    return found


def _read_row(row: Row, around: list[str], rows: list[SurveyRow], columns: Columns, lists: Lists) -> None:
    kind, _, rest = " ".join(row.cells.get("type", "").split()).partition(" ")
    whole = f"{kind} {rest}".strip()
    if not whole:
        raise _Wrong("type: is missing")
    if whole in _GROUPS:
        around.append(_named(row.cells.get("name", ""), "name"))
    elif whole in _ENDS:
        if len(around) == 1:
            raise _Wrong("type: ends a group that was not begun")
        around.pop()
    else:
        rows += _question(row, kind, rest, around, columns, lists)


def _question(row: Row, kind: str, rest: str, around: list[str], columns: Columns, lists: Lists) -> list[SurveyRow]:
    item, name = _kind(kind, rest), _named(row.cells.get("name", ""), "name")
    _refuse_extras(row, item)
    chosen, _, other = rest.partition(" ")
    read = SurveyRow(
        number=row.number, name=name, kind=item, path="/" + "/".join([*around, name]), groups=_paths(around),
        labels=_labels(row, item, columns), hints=translated(row, "hint"),
        constraint_message=translated(row, "constraint_message"),
        required_message=translated(row, "required_message"),
        choices=_list_of(item, chosen, lists), default=_default(row, item), bounds=_bounds(row, item),
        construct=row.cells.get("construct"), window=row.cells.get("window"), counts=_flag(row, "counts"),
        not_applicable=_flag(row, "not_applicable"), risks=_risks(row, chosen, lists), channels=_channels(row),
        sms=translated(row, "sms"),
    )  # fmt: skip
    if other and other != "or_other":
        raise _Wrong(f"type: {other[:40]!r} is not supported after the list's name")
    return [read, _other(read, lists)] if other else [read]


def _other(row: SurveyRow, lists: Lists) -> SurveyRow:
    """`or_other` adds a choice and, where it is chosen, a text that asks which; ODK does the same."""
    assert row.choices is not None
    if all(choice.name != OTHER for choice in lists[row.choices]):
        lists[row.choices] = (*lists[row.choices], Choice(OTHER, _in_all(row.labels, _OTHER_LABEL)))
    return SurveyRow(
        number=row.number, name=f"{row.name}_other", kind=Kind.TEXT, path=f"{row.path}_other", groups=row.groups,
        labels=_in_all(row.labels, _OTHER_QUESTION), construct=row.construct, window=row.window, channels=row.channels,
    )  # fmt: skip


def _in_all(like: Text, words: dict[str, str]) -> dict[str, str]:
    known = with_latin(dict(words))
    return {language: known.get(language, words["en"]) for language in like}


def _named(name: str, column: str) -> str:
    if not _NAME.fullmatch(name):
        raise _Wrong(f"{column}: needs a name of letters, digits and _, beginning with a letter")
    return name


def _kind(kind: str, rest: str) -> Kind:
    kind = {"int": "integer", "string": "text", "select1": "select_one", "select": "select_multiple"}.get(kind, kind)
    try:
        item = Kind(kind)
    except ValueError:
        why = "is metadata that is never collected here" if kind in _SPECIALS else "is not supported"
        raise _Wrong(f"type: {kind[:40]!r} {why}") from None
    if rest and item not in (Kind.SELECT_ONE, Kind.SELECT_MULTIPLE):
        raise _Wrong(f"type: {rest[:40]!r} is not supported after {kind}")
    return item


def _refuse_extras(row: Row, item: Kind) -> None:
    if row.cells.get("appearance"):
        raise _Wrong("appearance: is not supported; a chat has one look")
    if row.cells.get("readonly", row.cells.get("read_only", "")).lower() in _YES and item is not Kind.NOTE:
        raise _Wrong("readonly: is not supported; use a note or a calculate")
    if row.cells.get("parameters") and item is not Kind.RANGE:
        raise _Wrong("parameters: are supported for range only")


def _labels(row: Row, item: Kind, columns: Columns) -> dict[str, str]:
    labels = translated(row, "label")
    if not item.asked:
        return labels
    lacking = [language for language in columns.languages if language not in labels]
    if lacking:
        raise _Wrong(f"label: is missing in {', '.join(lacking)}")
    return labels


def _list_of(item: Kind, chosen: str, lists: Lists) -> str | None:
    if item not in (Kind.SELECT_ONE, Kind.SELECT_MULTIPLE):
        return None
    if chosen not in lists:
        raise _Wrong(f"type: the list {chosen[:40]!r} is not on the choices sheet")
    return chosen


def _default(row: Row, item: Kind) -> str | None:
    default: str | None = row.cells.get("default")
    if default and (re.search(r"\$\{|\w\(", default) or item is Kind.CALCULATE):
        raise _Wrong("default: only a fixed value is supported; use a calculate for the rest")
    return default


def _bounds(row: Row, item: Kind) -> tuple[str, str, str] | None:
    if item is not Kind.RANGE:
        return None
    given = dict(re.findall(r"(start|end|step)\s*=\s*(-?\d{1,6}(?:\.\d{1,6})?)", row.cells.get("parameters", "")))
    start, end, step = given.get("start", "1"), given.get("end", "10"), given.get("step", "1")
    if float(step) == 0 or float(start) == float(end):
        raise _Wrong("parameters: need start, end and a step that is not 0")
    return start, end, step


def _flag(row: Row, column: str) -> bool:
    value = row.cells.get(column, "").lower()
    if value not in _YES | {"", "no", "false", "0"}:
        raise _Wrong(f"{column}: must be yes, no or empty")
    return value in _YES


def _risks(row: Row, chosen: str, lists: Lists) -> tuple[Risk, ...]:
    found = []
    for part in filter(None, (each.strip() for each in row.cells.get("risk", "").split(";"))):
        urgency, colon, names = part.partition(":")
        try:
            risk = Risk(Urgency(urgency.strip()), tuple(names.split()))
        except ValueError:
            raise _Wrong(f"risk: must begin with one of {', '.join(Urgency)}, then : and choice names") from None
        known = {choice.name for choice in lists.get(chosen, ())}
        if not colon or not risk.choices or not known.issuperset(risk.choices):
            raise _Wrong("risk: names a choice that this question does not offer")
        found.append(risk)
    return tuple(found)


def _channels(row: Row) -> frozenset[Channel]:
    names = row.cells.get("channels", "").split()
    try:
        return frozenset(Channel(name) for name in names) or frozenset(Channel)
    except ValueError:
        raise _Wrong(f"channels: must be some of {', '.join(Channel)}") from None


def _paths(around: list[str]) -> tuple[str, ...]:
    return tuple("/" + "/".join(around[: depth + 1]) for depth in range(1, len(around)))
