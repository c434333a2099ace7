"""Somebody who left is enrolled anew: whose records the new consent is about, kept for whatever they take over later.

It must never let one person's new consent open what another person left; an agreement on the console is worth one
enrolment, used up in the same transaction.
"""

from datetime import datetime

from surveys.records import audit, participants
from surveys.records.database import Tx
from surveys.steps import reconsent
from surveys.steps.enrolment import Enrolment, EnrolmentRefused
from surveys.steps.numbers import holders_of
from surveys.steps.once import LEFT, RECONSENTED, one_person, with_earlier
from surveys.steps.service import SERVICE


class AgreementGone(EnrolmentRefused):
    """Nobody agreed, or somebody was enrolled by this agreement already."""


async def come_back(tx: Tx, participant: str, new: Enrolment, index: bytes | None, now: datetime) -> frozenset[str]:
    """The records of this very person, who left; none for whoever did not. AgreementGone."""
    again = new.reconsent
    if again is None:
        return frozenset()
    if again.left and not await reconsent.use(tx, again.left, now):
        raise AgreementGone("reconsent: two people must agree to it, for each enrolment anew")
    selves = await (with_earlier(tx, again.left) if again.left else _found(tx, new, index))
    last = again.left or await _last(tx, selves)
    audit.record(tx, SERVICE, RECONSENTED, participant, now, on=again.on.isoformat(), left=last)
    return selves


async def _found(tx: Tx, new: Enrolment, index: bytes | None) -> frozenset[str]:
    """On the command line: who left with the same case code, else the one person who left with the same number."""
    coded = await participants.namesakes(tx, index) if index is not None else []
    if left := frozenset(each.participant for each in coded if each.status in LEFT):
        return left
    return await one_person(tx, await holders_of(tx, new.phone) if new.phone else [])


async def _last(tx: Tx, selves: frozenset[str]) -> str | None:
    people = [await participants.get(tx, each) for each in selves]
    return max(people, key=lambda each: each.enrolled_at).id if people else None
