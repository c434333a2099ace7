"""`posle safety`: writes the ethics board's report of one side; the audit keeps who asked for it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from posle.actors import actor
from posle.opening import opened, service_of
from surveys.steps.safety_report import Told, safety_report


async def report(folder: Path, out: Path, by: Sequence[str], now: datetime) -> Told:
    """Write the report into `out`; one of the refusals otherwise."""
    async with opened(folder) as (settings, database):
        who = "+".join(sorted({actor(database, name) for name in by})) or "operator"
        return await safety_report(service_of(settings, database), out, who, now)
