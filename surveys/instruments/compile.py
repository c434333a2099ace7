"""XLSForm in, compiled instrument out. What is not supported is refused with sheet, row and reason, as a whole.

pyxform reads the form as ODK does; what it made of names, paths and expressions is what we ask by. It loads a
spreadsheet library and numpy, so it is imported only when a form is really compiled: no start waits for it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from surveys.instruments.binding import BadExpression, bind
from surveys.instruments.columns import Columns, translated, with_latin
from surveys.instruments.model import Choice, Instrument, Item
from surveys.instruments.rows import SurveyRow, read_choices, read_survey
from surveys.instruments.stored import with_digest
from surveys.instruments.workbook import FormRefused, Problem, Row, Sheet, read_workbook

_XF = "{http://www.w3.org/2002/xforms}"
LARGEST = 5 * 1024 * 1024
_THEIRS = re.compile(r"\[row : (?P<row>\d+)\] (?:On the '(?P<sheet>\w+)' sheet, )?(?P<rest>.+)")
"""How pyxform names a row."""
_HEADERS = re.compile(r"Invalid headers provided for sheet: '(?P<sheet>\w+)'\.")
"""How it names a sheet whose first row is wrong."""


def compile_form(path: Path) -> Instrument:
    """The instrument in this file (`.xlsx` or `.md`); FormRefused names what is wrong, row by row."""
    return compile_source(path.name, read_form(path))


def read_form(path: Path) -> bytes:
    """What is in this file; FormRefused where it is too large or cannot be read."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise FormRefused((Problem("file", None, f"is larger than {LARGEST // 2**20} MiB"),))
        return path.read_bytes()
    except OSError:
        raise FormRefused((Problem("file", None, "cannot be read; check its name and that it may be read"),)) from None


def compile_source(name: str, data: bytes) -> Instrument:
    """The same from bytes; `name` says by its ending what they are."""
    sheets = read_workbook(name, data)
    columns = Columns.of(sheets["survey"])
    lists = read_choices(sheets.get("choices"))
    rows = read_survey(sheets["survey"], columns, lists)
    settings = sheets["settings"].rows[0].cells if "settings" in sheets and sheets["settings"].rows else {}
    form = _convert(sheets, Path(name).stem, settings)
    instrument = with_digest(_instrument(form, rows, columns, lists, settings, Path(name).stem))
    _try(instrument, rows)
    return instrument


def _convert(sheets: dict[str, Sheet], stem: str, settings: dict[str, str]) -> str:
    from pyxform.errors import PyXFormError  # noqa: PLC0415 - see above
    from pyxform.xls2xform import convert  # noqa: PLC0415

    own = {"construct", "window", "counts", "not_applicable", "risk", "channels", "sms"}
    tables: dict[str, list[dict[str, Any]]] = {
        name: [
            {key: value for key, value in row.cells.items() if key.partition(":")[0] not in own} for row in sheet.rows
        ]
        for name, sheet in sheets.items()
        if name in ("survey", "choices")
    }
    known = ("form_title", "form_id", "version", "default_language")
    tables["settings"] = [{"form_id": stem, **{key: settings[key] for key in known if key in settings}}]
    try:
        result = convert(xlsform=tables, validate=False, form_name="data")
    except PyXFormError as problem:
        raise FormRefused((_placed(sheets, " ".join(str(problem).split())[:300]),)) from None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as problem:
        reason = f"cannot be read as an XLSForm ({type(problem).__name__}); check the sheets against xlsform.org"
        raise FormRefused((Problem("survey", None, reason),)) from None
    return str(result.xform)


def _placed(sheets: dict[str, Sheet], said: str) -> Problem:
    """Its row is counted without empty rows and after one header; ours is the author's own."""
    found = _THEIRS.fullmatch(said)
    if found is None:
        headed = _HEADERS.match(said)
        return Problem(headed["sheet"] if headed else "survey", None, said)
    sheet, row = found["sheet"] or "survey", int(found["row"]) - 2
    rows = sheets[sheet].rows if sheet in sheets else ()
    return Problem(sheet, rows[row].number if 0 <= row < len(rows) else None, found["rest"])


def _instrument(
    form: str, rows: list[SurveyRow], columns: Columns, lists: dict[str, tuple[Choice, ...]],
    settings: dict[str, str], stem: str,
) -> Instrument:  # fmt: skip
    tree = etree.fromstring(form.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    binds = {each.get("nodeset", ""): each for each in tree.iter(f"{_XF}bind")}
    filters = _filters(tree)
    default = columns.code(settings.get("default_language", "")) if settings.get("default_language") else ""
    languages = columns.languages
    return Instrument(
        name=settings.get("form_id", stem), version=settings.get("version", "1"),
        title=_title(settings, stem, languages),
        languages=languages, default_language=default if default in languages else languages[0],
        items=tuple(_item(row, binds, filters) for row in rows), lists=lists, xform=form, digest="",
    )  # fmt: skip


def _title(settings: dict[str, str], stem: str, languages: tuple[str, ...]) -> Mapping[str, str]:
    """`form_title::Srpski (sr_Latn)` in its language; a bare `form_title`, or the file's name, in the first one."""
    titles = translated(Row(0, settings), "form_title")
    plain = titles.pop("default", "" if titles else stem)
    return with_latin({"default" if "default" in languages else languages[0]: plain} | titles if plain else titles)


def _filters(tree: etree._Element) -> dict[str, str]:
    """Path of a select → the predicate on its choices, as pyxform resolved it."""
    found = {}
    for itemset in tree.iter(f"{_XF}itemset"):
        nodeset, parent = itemset.get("nodeset", ""), itemset.getparent()
        if "[" in nodeset and parent is not None:
            found[parent.get("ref", "")] = nodeset.partition("[")[2].rpartition("]")[0].strip()
    return found


def _item(row: SurveyRow, binds: dict[str, etree._Element], filters: dict[str, str]) -> Item:
    found = binds.get(row.path)

    def said(attribute: str) -> str | None:
        value = found.get(attribute) if found is not None else None
        return value.strip() if value and value.strip() else None

    groups = [(path, binds[path].get("relevant")) for path in row.groups if path in binds]
    return Item(
        name=row.name, kind=row.kind, path=row.path, labels=row.labels, hints=row.hints, choices=row.choices,
        choice_filter=filters.get(row.path), relevant=said("relevant"), constraint=said("constraint"),
        groups=tuple((path, relevant.strip()) for path, relevant in groups if relevant and relevant.strip()),
        constraint_message=row.constraint_message, required=said("required"), required_message=row.required_message,
        calculation=said("calculate"), default=row.default, bounds=row.bounds, construct=row.construct,
        window=row.window, counts=row.counts, not_applicable=row.not_applicable, risks=row.risks, channels=row.channels,
        sms=row.sms,
    )  # fmt: skip


def _try(instrument: Instrument, rows: list[SurveyRow]) -> None:
    """Every expression must compile, and nothing may depend on itself."""
    try:
        bind(instrument)
    except BadExpression as problem:
        number = next((row.number for row in rows if row.name == problem.item), None)
        raise FormRefused((Problem("survey", number, str(problem)),)) from None
