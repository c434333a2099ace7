"""What staff do about an alert: open a drill, take it, close it. Each is audited; nothing of it ever leaves the side.

Nobody closes an alert without an answer to the side's own question (safety.md, "Danger"). It is asked for every
person alike, so that neither asking nor answering says whether there is somebody on the other side.
"""

from datetime import datetime

from surveys.records import alerts, audit
from surveys.records.alerts import NewAlert
from surveys.records.database import Tx
from surveys.rules.vocabulary import Side, Urgency

QUESTION = {Side.EX_PERPETRATORS: "informed", Side.SURVIVORS: "could_infer"}
"""On his side, whether the survivors' service was informed, person to person, outside the system; on hers, whether the
action could let him infer its source."""
DRILL = "drill"


async def take(tx: Tx, alert: str, who: str, now: datetime) -> bool:
    """Somebody takes it, and nobody else is told any more; whether it was still open."""
    if not await alerts.acknowledge(tx, alert, who, now):
        return False
    audit.record(tx, who, "alert.acknowledged", alert, now)
    return True


async def close(tx: Tx, alert: str, who: str, answered: bool, now: datetime, note: str | None = None) -> bool:
    """It is dealt with, and the question is answered; whether it had been taken and was not closed yet."""
    if not await alerts.close(tx, alert, who, now, answered=answered, note=note):
        return False
    audit.record(tx, who, "alert.closed", alert, now, **{QUESTION[tx.side]: answered})
    return True


async def drill(tx: Tx, centre: str, who: str, now: datetime) -> str:
    """Open an urgent alert about nobody; it is marked as a drill and goes the whole way. Its id."""
    new = NewAlert(None, centre, DRILL, Urgency.URGENT, call_consented=False, drill=True)
    opened = await alerts.open_one(tx, new, now)
    assert opened is not None  # without an interview nothing can stand in its way
    audit.record(tx, who, "alert.drilled", opened, now, centre=centre)
    return opened
