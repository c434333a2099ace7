"""`posle assess`: both sides' research exports become one report on the evaluator's machine. Nothing is half done."""

import hashlib
import json
from pathlib import Path

from assessment.figures import SIDES, figures
from assessment.reading import SideData, read_side
from assessment.report import html
from assessment.statistics import completers_needed
from surveys.records.evaluators import read_evaluators_private
from surveys.steps.sheets import Folder, refuse_folder

REPORT, MANIFEST = "report.html", "manifest.json"


def assess(ex: Path, survivors: Path | None, key: Path, out: Path, language: str) -> Path:
    """Write the report and its manifest into `out`; its path. One of the refusals otherwise, and nothing is written."""
    refuse_folder(out)
    private = read_evaluators_private(key)
    sides = {SIDES[1]: read_side(ex, private)}
    sides[SIDES[0]] = read_side(survivors, private) if survivors is not None else SideData(())
    text = html(figures(sides), language)
    digests = {REPORT: hashlib.sha256(text.encode()).hexdigest(), "language": language}
    with Folder(out) as folder:
        folder.write_text(REPORT, text)
        folder.write_text(MANIFEST, json.dumps(digests, indent=2, sort_keys=True) + "\n")
        folder.publish()
    return out / REPORT


def plan(width: float, response: float, expected: float) -> int:
    """How many completers an interval so wide takes."""
    return completers_needed(width, response, expected)
