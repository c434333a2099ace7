"""What she wants done after her duress word, shown to who takes the alert; she is neither called nor written to.

It is a sensitive read: it must never be part of anything that leaves the side or is read by many.
"""

from datetime import datetime

from surveys.records import alerts, audit
from surveys.records.database import Tx
from surveys.steps.gate import DURESS
from surveys.steps.safe_contact import current

DO_NOT = "Do not call or write to her."


async def plan_of(tx: Tx, alert: str, who: str, now: datetime) -> str | None:
    """Her plan (perhaps empty), where this alert comes from a duress word; None for every other alert."""
    found = await alerts.get(tx, alert)
    if found is None or found.rule != DURESS or found.participant is None:
        return None
    audit.record(tx, who, "duress_plan.read", alert, now)
    contact = await current(tx, found.participant)
    return contact.duress_plan if contact is not None else ""
