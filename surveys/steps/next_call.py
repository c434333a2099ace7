"""From when on somebody may be called again: said to who breaks a call off, or may not make one now.

It reads and promises nothing: whether a call may be made is asked anew as the number is shown.
"""

from datetime import datetime, timedelta

from surveys.records import deliveries, holds, participants
from surveys.records.database import Tx
from surveys.records.deliveries import Delivery
from surveys.rules.calendar import local_day, start_of_day
from surveys.rules.vocabulary import DeliveryState
from surveys.steps.configured import protocol_of
from surveys.steps.occasion import About, Occasion, occasion_of
from surveys.steps.safety import hours_for
from surveys.steps.service import Service

_LEFT = (DeliveryState.CLAIMED, DeliveryState.SENT, DeliveryState.UNKNOWN)
_APART = (About.CONFIRM, About.ASKED)
_AHEAD = timedelta(days=45)


async def next_call(tx: Tx, service: Service, participant: str, now: datetime) -> datetime | None:
    """The first instant that hours and caps allow; None where they allow none in this wave, there is no
    occasion, or the person is on hold: after a duress word nobody is to wait for a time to call her."""
    person = await participants.get(tx, participant)
    occasion = await occasion_of(tx, service, person, now)
    if occasion is None or any(each.target == participant for each in await holds.standing(tx)):
        return None
    left = [each for each in await deliveries.of_participant(tx, participant)
            if each.kind in deliveries.STARTED_BY_SERVICE and each.state in _LEFT and each.claimed_at]  # fmt: skip
    alike = [each for each in left if _is_alike(each, occasion)]
    caps = (await protocol_of(tx, service, person.protocol)).caps
    if len(alike) >= caps.per_wave:
        return None
    asked, begun = occasion.about is About.ASKED, service.day_start(now)
    today = sum(each.claimed_at is not None and each.claimed_at >= begun for each in (alike if asked else left))
    earliest = start_of_day(local_day(now, service.zone) + timedelta(days=1), service.zone)
    hours = await hours_for(tx, service, person)
    before = now + _AHEAD if asked else occasion.wave.closes_at
    return hours.next_allowed(earliest if today >= caps.per_day else now, before)


def _is_alike(each: Delivery, occasion: Occasion) -> bool:
    """Whether it counts for the wave's cap as this call does: those to confirm, or asked for, have their own."""
    same = each.why not in _APART if occasion.about is About.SURVEY else each.why == occasion.about
    return each.invitation == occasion.wave.id and same
