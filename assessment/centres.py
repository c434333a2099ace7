"""Centre records: who started, completed and dropped out, and who was without violence during the programme.

They come from the centres, per man or per centre and year, never from a follow-up; drop-outs are counted here and
followed nowhere. What may be shown of them goes through the same rules as every other number.
"""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from assessment.disclosure import TABLE_FROM, share_allowed
from assessment.linked import Group, shown
from assessment.published import Cell, Programme, ProgrammeRow
from assessment.statistics import share

STAGES = ("started", "assessed", "admitted", "completed", "dropped_out")
DURING = ("followed_during", "non_violent_during")
EXAMPLE = "article-2012"
_YES, _NO = ("1", "yes", "da", "да"), ("0", "no", "ne", "не")
Counts = Mapping[str, int | None]


class CentresRefused(ValueError):
    """The file of centre records cannot be used; the message says which line and why."""


@dataclass(frozen=True, slots=True)
class Records:
    """By centre and year, how many there are of each; None where the centre does not say. `public` figures were
    published before, and are shown as they were."""

    rows: Mapping[tuple[str, str], Counts]
    public: bool = False

    def total(self, name: str) -> int | None:
        """Of all centres together; None unless every centre says it."""
        every = [row.get(name) for row in self.rows.values()]
        return None if None in every or not every else sum(each for each in every if each is not None)


def read_centres(file: Path) -> Records:
    """The records of a CSV file, or the article's where its name is `article-2012`; CentresRefused otherwise."""
    if str(file) == EXAMPLE:
        return _article()
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            headings = reader.fieldnames or []
            if not {"centre", "year"} <= set(headings) or not set(headings) & set(STAGES):
                raise CentresRefused(f"--centres: needs the columns centre, year and some of {', '.join(STAGES)}")
            rows = dict(_men(reader) if "man" in headings else _tables(reader))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise CentresRefused("--centres: the file is missing or cannot be read") from None
    for (centre, year), counts in rows.items():
        _in_order(f"{centre} {year}", counts)
    return Records(rows)


def _tables(reader: "csv.DictReader[str]") -> Iterator[tuple[tuple[str, str], Counts]]:
    seen = set()
    for number, row in enumerate(reader, 2):
        place = (row["centre"] or "", row["year"] or "")
        if place in seen:
            raise CentresRefused(f"--centres: line {number}: this centre and year stand there twice")
        seen.add(place)
        yield place, {name: _number(row.get(name), number) for name in (*STAGES, *DURING)}


def _number(text: str | None, line: int) -> int | None:
    if not (text or "").strip():
        return None
    if not str(text).strip().isdecimal():
        raise CentresRefused(f"--centres: line {line}: numbers only, or nothing where the centre does not say")
    return int(str(text))


def _men(reader: "csv.DictReader[str]") -> Iterator[tuple[tuple[str, str], Counts]]:
    """One row a man: yes or no for each stage; nothing where it is not known."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys((*STAGES, *DURING), 0))
    for number, row in enumerate(reader, 2):
        counts = found[row["centre"] or "", row["year"] or ""]
        for name in STAGES:
            counts[name] += _yes(row.get(name), number) or 0
        peaceful = _yes(row.get(DURING[1]), number)
        counts[DURING[0]] += peaceful is not None
        counts[DURING[1]] += peaceful or 0
    yield from found.items()


def _yes(text: str | None, line: int) -> int | None:
    said = (text or "").strip().lower()
    if said and said not in (*_YES, *_NO):
        raise CentresRefused(f"--centres: line {line}: say yes or no, or nothing where it is not known")
    return None if not said else int(said in _YES)


def _in_order(where: str, counts: Counts) -> None:
    """Each stage is of those in the stage before."""
    given = [(name, counts[name] or 0) for name in STAGES[:4] if counts.get(name) is not None]
    for (name, many), (later, fewer) in pairwise(given):
        if fewer > many:
            raise CentresRefused(f"--centres: {where}: {later} is more than {name}")
    entered = next((counts[n] for n in ("admitted", "assessed", "started") if counts.get(n) is not None), None)
    if entered is not None and (counts.get("completed") or 0) + (counts.get("dropped_out") or 0) > entered:
        raise CentresRefused(f"--centres: {where}: more completed and dropped out than were there")
    if (counts.get(DURING[1]) or 0) > (counts.get(DURING[0]) or 0):
        raise CentresRefused(f"--centres: {where}: non_violent_during is more than followed_during")


def _article() -> Records:
    """The 2012 article's figures: each centre reports another thing, so they are never added up."""
    text = files("surveys.library").joinpath("article-2012.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    names = {"treated": "started", "admitted_to_group": "admitted", "assessed": "assessed", "qualified": "admitted",
             "contacted": "started"}  # fmt: skip
    rows = {
        (centre, str(told["year"])): {names[key]: number for key, number in said.items() if key in names}
        for centre, said in told["centre"].items()
    }
    return Records(rows, public=True)


def programme(records: Records) -> Programme:
    """What may be shown of the records: national numbers first, then each centre's."""
    centres = sorted({centre for centre, _ in records.rows})
    safe = _safe(records, centres)
    said = [stage for stage in STAGES if any(row.get(stage) is not None for row in records.rows.values())]
    rows = tuple(
        ProgrammeRow(centre, tuple(Cell(stage, safe.get(f"{stage}:{centre}")) for stage in said)) for centre in centres
    )
    total = tuple(Cell(stage, safe.get(stage)) for stage in said)
    done, began = safe.get("completed"), safe.get("admitted") or safe.get("started")
    good, followed = records.total(DURING[1]), records.total(DURING[0])
    return Programme(
        total, rows,
        completion=share(done, began) if done and began and share_allowed(done, began) else None,
        during=share(good, followed) if good and followed and share_allowed(good, followed) else None,
        example=records.public,
    )  # fmt: skip


def _safe(records: Records, centres: Sequence[str]) -> dict[str, int]:
    numbers = {
        f"{stage}:{centre}": sum(row[stage] or 0 for (name, _), row in records.rows.items() if name == centre)
        for stage in STAGES for centre in centres
        if all(row.get(stage) is not None for (name, _), row in records.rows.items() if name == centre)
    }  # fmt: skip
    if records.public:
        return numbers
    sizes: dict[object, int] = {}
    for centre in centres:  # parts that do not overlap: who came so far and no further
        chain = [stage for stage in STAGES[:4] if f"{stage}:{centre}" in numbers]
        for stage, later in zip(chain, [*chain[1:], None], strict=True):
            inside = numbers[f"{later}:{centre}"] if later else 0
            sizes[centre, stage] = numbers[f"{stage}:{centre}"] - inside
        dropped = numbers.get(f"dropped_out:{centre}")
        before = next((s for s in ("admitted", "assessed", "started") if s in chain), None)
        if dropped is not None and before:
            sizes[centre, before] -= dropped
        sizes[centre, "dropped_out"] = dropped or 0
    groups = [g for stage in STAGES if records.total(stage) is not None for g in [_group(stage, centres, sizes)]]
    groups += [_group(stage, [centre], sizes, f"{stage}:{centre}") for stage in STAGES for centre in centres
               if f"{stage}:{centre}" in numbers]  # fmt: skip
    return {name: number for name, number in shown(groups, sizes).items() if number >= TABLE_FROM}


def _group(stage: str, centres: Sequence[str], sizes: Mapping[object, int], name: str = "") -> Group:
    after = STAGES[STAGES.index(stage) :] if stage != "dropped_out" else (stage,)
    inside = [each for each in after if not (stage == "completed" and each == "dropped_out")]
    return Group(name or stage, frozenset((c, s) for c in centres for s in inside if (c, s) in sizes))


def told_numbers(told: Programme) -> dict[str, int]:
    """Every number that a report tells of these records, by name; none of an example, which was published before."""
    if told.example:
        return {}
    places = {"": told.total} | {row.centre: row.cells for row in told.rows}
    found = {f"{centre}/{cell.name}": cell.count for centre, cells in places.items() for cell in cells}
    if told.during is not None:
        found |= {f"/{DURING[0]}": told.during.of, f"/{DURING[1]}": told.during.count}
    return {name: number for name, number in found.items() if number is not None}
