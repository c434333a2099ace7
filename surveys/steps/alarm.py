"""A risk answer or words of danger open an alert, or a task, in the same transaction as what was said.

An alert carries the participant's id, the urgency and whether a call is consented to; never the answer, never a number.
"""

from datetime import datetime

from surveys.instruments.engine import Finding
from surveys.records import alerts, audit, consents, tasks
from surveys.records.alerts import NewAlert
from surveys.records.database import Tx
from surveys.records.participants import Participant
from surveys.records.tasks import NewTask
from surveys.rules.vocabulary import Purpose, Urgency
from surveys.steps.service import SERVICE

WANTS_HELP = "wants_help"
ANSWER = "answer"
"""What raised an alert where no words of danger did: an answer that the instrument calls a risk."""


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
    new = NewAlert(
        participant=person.id,
        centre=person.centre,
        rule=found.danger.value if found.danger else ANSWER,
        urgency=found.urgency,
        call_consented=await consents.in_force(tx, person.id, Purpose.CALL),
        interview=interview,
        item=found.item,
    )
    opened = await alerts.open_one(tx, new, now)
    if opened:
        audit.record(tx, SERVICE, "alert.opened", opened, now, urgency=found.urgency)


async def _task(tx: Tx, person: Participant, now: datetime) -> None:
    await open_task(tx, NewTask(person.centre, WANTS_HELP, person.id, person.id), now)


async def open_task(tx: Tx, new: NewTask, now: datetime) -> None:
    """Open a task, once for each kind and subject, and note it in the audit."""
    opened = await tasks.open_one(tx, new, now)
    if opened:
        audit.record(tx, SERVICE, "task.opened", opened, now, kind=new.kind)
