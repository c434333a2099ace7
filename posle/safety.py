"""`posle safety`: writes the ethics board's report of one side; the audit keeps who asked for it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from assessment.safety_page import safety_page
from posle.actors import actor
from posle.opening import opened, service_of
from staff.codes import CODES
from surveys.steps.safety_report import Sheets, Told, safety_report
from surveys.steps.sheets import Folder

PAGE = "safety.html"


async def report(folder: Path, out: Path, by: Sequence[str], now: datetime, language: str) -> Told:
    """Write the report into `out`; one of the refusals otherwise."""

    def page(made: Folder, sheets: Sheets) -> None:
        made.write_text(PAGE, safety_page(sheets, language, CODES))

    async with opened(folder) as (settings, database):
        who = "+".join(sorted({actor(database, name) for name in by})) or "operator"
        return await safety_report(service_of(settings, database), out, who, now, beside=page)
