"""`posle assess`: both sides' research exports become one report on the evaluator's machine. Nothing is half done."""

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assessment.centres import EXAMPLE, read_centres
from assessment.everybody import Costs
from assessment.figures import NO_COSTS, Assessed
from assessment.memory import Memory
from assessment.naming import SIDES
from assessment.reading import SideData, read_side
from assessment.report import html
from surveys.library import shipped_centres
from surveys.records.evaluators import key_fingerprint, read_evaluators_private
from surveys.steps.sheets import Folder, refuse_folder

REPORT, MANIFEST = "report.html", "manifest.json"
READ = ("answers.csv", "responses.csv", "dispositions.csv", "contacts.csv")
PURPOSE = "ex-post assessment of the programme"


@dataclass(frozen=True, slots=True)
class Given:
    """What one assessment is made of."""

    ex: Path
    survivors: Path | None
    key: Path
    centres: Path | None = None
    approved_by: tuple[str, ...] = ()
    costs: Costs = NO_COSTS
    invented: bool = False


def assess(given: Given, out: Path, language: str) -> Path:
    """Write the report and its manifest into `out`; its path. One of the refusals otherwise, and nothing is written.

    The report is remembered beside the key.
    """
    refuse_folder(out)
    private = read_evaluators_private(given.key)
    sides = {SIDES[1]: read_side(given.ex, private)}
    sides[SIDES[0]] = read_side(given.survivors, private) if given.survivors is not None else SideData(())
    records = read_centres(given.centres) if given.centres is not None else None
    memory = Memory(given.key, private)
    found = Assessed(sides, records, given.costs, memory)
    memory.refuse_alike(found.numbers())
    centres = {name: centre.said(language) for name, centre in shipped_centres().items()}
    text = html(found.figures(), language, centres, _unapproved(given), invented=given.invented)
    manifest = _manifest(given, private, text, language)
    with Folder(out) as folder:
        folder.write_text(REPORT, text)
        folder.write_text(MANIFEST, json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
        inputs = _digest(json.dumps(manifest["inputs"], sort_keys=True).encode())
        memory.remember(found.cases, found.counted(), inputs, found.numbers())
        folder.publish()
    return out / REPORT


def _manifest(given: Given, private: bytes, text: str, language: str) -> dict[str, Any]:
    return {
        REPORT: _digest(text.encode()),
        "inputs": _inputs(given),
        "language": language,
        "key": key_fingerprint(private),
        "tool": f"posle {version('posle')}",
        "purpose": PURPOSE,
        "approved_by": list(given.approved_by),
    }


def _unapproved(given: Given) -> list[str]:
    """The sides whose export says that its rows left without two people's approval."""
    folders = {SIDES[0]: given.survivors, SIDES[1]: given.ex}
    return [side for side, folder in folders.items() if folder is not None and not _approved(folder / MANIFEST)]


def _approved(manifest: Path) -> bool:
    """Whether two approved it; so too where an older export does not say it."""
    try:
        return bool(json.loads(manifest.read_text(encoding="utf-8")).get("approved_by_two", True))
    except (OSError, ValueError, AttributeError):
        return True


def _inputs(given: Given) -> dict[str, dict[str, str] | str]:
    folders = {SIDES[1]: given.ex} | ({SIDES[0]: given.survivors} if given.survivors else {})
    found: dict[str, dict[str, str] | str] = {
        side: {name: _digest((folder / name).read_bytes()) for name in READ if (folder / name).exists()}
        for side, folder in folders.items()
    }
    if given.costs.message is not None:
        found["message_cost"] = str(given.costs.message)
    if given.centres is not None:
        example = str(given.centres) == EXAMPLE
        found["centres"] = EXAMPLE if example else _digest(given.centres.read_bytes())
    return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
