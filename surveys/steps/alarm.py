"""A risk answer or words of danger open an alert, or a task, in the same transaction as what was said.

An alert carries the participant's id, the urgency and whether a call is consented to; never the answer, never a number.
"""

from datetime import datetime

from surveys.instruments.engine import Finding
from surveys.records import alerts, audit, consents, tasks
from surveys.records.database import Tx
from surveys.records.participants import Participant
from surveys.rules.vocabulary import Purpose, Urgency

WANTS_HELP = "wants_help"


async def raise_alarms(
    tx: Tx, person: Participant, interview: str | None, findings: tuple[Finding, ...], now: datetime
) -> None:
    """One alert for each finding; the same item of the same interview opens one only."""
    for found in findings:
        if found.urgency is Urgency.TASK:
            await _task(tx, person, now)
        else:
            await _alert(tx, person, interview, found, now)


async def _alert(tx: Tx, person: Participant, interview: str | None, found: Finding, now: datetime) -> None:
    call = await consents.in_force(tx, person.id, Purpose.CALL)
    rule = found.danger.value if found.danger else "answer"
    opened = await alerts.open_once(
        tx, person.id, person.centre, interview=interview, item=found.item, rule=rule,
        urgency=found.urgency, call_consented=call, now=now,
    )  # fmt: skip
    if opened:
        await audit.record(tx, "service", "alert.opened", opened, now, urgency=found.urgency)


async def _task(tx: Tx, person: Participant, now: datetime) -> None:
    if await tasks.open_once(tx, person.centre, WANTS_HELP, person.id, participant=person.id, now=now):
        await audit.record(tx, "service", "task.opened", person.id, now, kind=WANTS_HELP)
