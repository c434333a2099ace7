"""Death and emigration: what is planned ends for good, and the tombstone file remembers it beside the database."""

from datetime import datetime

from surveys.records import audit, links, participants
from surveys.records.database import Tx
from surveys.records.tombstones import Fate
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import ENDED, Disposition, Status
from surveys.steps.service import Service
from surveys.steps.withdraw import end_everything

_LEFT = {
    Fate.DECEASED: (Status.DECEASED, Disposition.DECEASED),
    Fate.MOVED_ABROAD: (Status.MOVED_ABROAD, Disposition.MOVED_ABROAD),
}


async def gone(tx: Tx, service: Service, participant: str, fate: Fate, now: datetime) -> None:
    """This participant died or moved abroad: end everything, and remember it before it is acknowledged."""
    status, how = _LEFT[fate]
    await participants.change(tx, participant, now, status=status)
    await end_everything(tx, participant, how, Reason(status.value), now)
    await links.revoke(tx, participant, None, now)
    await service.tombstones.append(participant, fate, now)


async def gone_since(tx: Tx, service: Service, participant: str, fate: Fate, actor: str, now: datetime) -> bool:
    """The same where a backup does not know of it; False where it does, or they left in another way."""
    person = await participants.get(tx, participant)
    if person.status is _LEFT[fate][0] or person.status in ENDED:
        return False
    await gone(tx, service, participant, fate, now)
    audit.record(tx, actor, "participant.left", participant, now, fate=fate)
    return True
