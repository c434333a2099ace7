"""Nobody is enrolled twice, and nobody who left is enrolled again as if nothing had been: they must have agreed anew.

It must never say, to staff of one centre, that somebody is or was enrolled in another: there the coordinator decides.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from surveys.records import audit, holds, participants
from surveys.records.contacts import Found
from surveys.records.database import Tx
from surveys.records.holds import Scope
from surveys.records.participants import Namesake, Participant
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.vocabulary import Status
from surveys.steps.alarm import open_task
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.service import SERVICE, Service

CODE_SHARED, RECONSENTED = "case_code_shared", "participant.reconsented"
LEFT = (Status.WITHDRAWN, Status.DECEASED)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who gets a case code or a number. `places` are those of everybody enrolled together: of two who share one, the
    later is refused. `selves` are the records of this very person, who left and agreed again: of nobody else."""

    person: Participant
    reconsented_on: date | None = None
    places: Mapping[str, int] = field(default_factory=dict)
    selves: Collection[str] = ()

    def passes_over(self, other: str) -> bool:
        """Whether this one is themselves, or comes later."""
        return other == self.person.id or self.places.get(other, -1) > self.places.get(self.person.id, -1)


async def see_that_code_is_theirs(tx: Tx, service: Service, new: Newcomer, index: bytes, now: datetime) -> None:
    """EnrolmentRefused where somebody of this centre has the case code of this index."""
    await judge(tx, service, new, await participants.namesakes(tx, index), "case_code", CODE_SHARED, now)


async def see_who_shares_a_code(
    tx: Tx, service: Service, people: Sequence[Participant], into: str, now: datetime
) -> None:
    """Once these moved into that centre: whose case code somebody has who was there before."""
    moved = {each.id for each in people}
    for person in people:
        found = await participants.same_code(tx, person.id)
        others = [each for each in found if each.centre == into and each.participant not in moved]
        await hold_the_later(tx, service, person, others, CODE_SHARED, now)


async def holders(tx: Tx, found: Iterable[Found]) -> list[Namesake]:
    """The same of those who were found by a number."""
    people = [await participants.get(tx, each.participant) for each in found]
    return [Namesake(each.id, each.centre, each.status, each.changed_at) for each in people]


async def judge(
    tx: Tx, service: Service, new: Newcomer, others: Sequence[Namesake], key: str, hold: str, now: datetime
) -> None:
    """Refuse, hold for the coordinator, or let be, by who has the same already."""
    others = [each for each in others if not new.passes_over(each.participant) and each.status is not Status.PURGED]
    standing = [each for each in others if not (each.status in LEFT and _agreed_since(service, new, each))]
    for each in standing:
        if each.centre == new.person.centre:
            raise EnrolmentRefused(_refusal(new, each, key))
    if standing:
        await _hold(tx, new.person.id, hold, now)


async def _hold(tx: Tx, participant: str, why: str, now: datetime) -> None:
    await open_task(tx, NewTask(EVERY_CENTRE, why, participant, participant), now)
    if any(each.target == participant and each.reason == why for each in await holds.standing(tx)):
        return
    await holds.place(tx, Scope.PERSON, participant, why, SERVICE, now)
    audit.record(tx, SERVICE, "participant.held", participant, now, reason=why)


async def hold_the_later(
    tx: Tx, service: Service, person: Participant, others: Iterable[Namesake], why: str, now: datetime
) -> None:
    """Two who are there already turn out to have the same: the later enrolled is held for the coordinator, the earlier
    where that one left."""
    for other in others:
        late = await _to_hold(tx, service, person, await participants.get(tx, other.participant))
        if late is not None:
            await _hold(tx, late, why, now)


async def _to_hold(tx: Tx, service: Service, one: Participant, two: Participant) -> str | None:
    earlier, later = sorted((one, two), key=lambda each: (each.enrolled_at, each.id))
    if Status.PURGED in (one.status, two.status) or (one.status in LEFT and two.status in LEFT):
        return None
    there, other = (earlier, later) if later.status in LEFT else (later, earlier)
    again = (await participants.private(tx, there.id)).reconsented_on
    left = Namesake(other.id, other.centre, other.status, other.changed_at)
    new = Newcomer(there, again, selves=await selves_of(tx, there.id, [left]))
    return None if other.status in LEFT and _agreed_since(service, new, left) else there.id


def _agreed_since(service: Service, new: Newcomer, left: Namesake) -> bool:
    if left.participant not in new.selves:
        return False
    return new.reconsented_on is not None and new.reconsented_on >= service.local(left.changed_at).date()


def _refusal(new: Newcomer, other: Namesake, key: str) -> str:
    if other.status not in LEFT:
        hint = "; a second course is posle amend, kind second_course" if key == "case_code" else "; look for them first"
        return f"{key}: belongs to somebody who is enrolled in this centre{hint}"
    if new.reconsented_on is not None and other.participant not in new.selves:
        return f"{key}: belongs to somebody else who left for good; this new consent is not theirs"
    if new.reconsented_on is not None:
        return "reconsent.on: lies before the day on which this person left; it must be a consent given since then"
    return (
        f"{key}: belongs to somebody who left for good; only with reconsent {{recorded_by, on}} are they enrolled anew"
    )


async def may_take_over(tx: Tx, service: Service, participant: str, others: Iterable[Found]) -> bool:
    """Whether an address that people who left had may become this participant's: they agreed again since."""
    again = (await participants.private(tx, participant)).reconsented_on
    left = [each for each in await holders(tx, others) if each.status in LEFT]
    selves = await selves_of(tx, participant, left)
    new = Newcomer(await participants.get(tx, participant), again, selves=selves)
    return all(_agreed_since(service, new, each) for each in left)


async def selves_of(tx: Tx, participant: str, others: Iterable[Namesake]) -> frozenset[str]:
    """The records that this participant came back from. Where the command line named nobody, and nothing told it at
    enrolment, it is the one person who is found now."""
    again = await _reconsented(tx, participant)
    if again is None:
        return frozenset()
    return await with_earlier(tx, again) if again else await one_person(tx, others)


async def one_person(tx: Tx, others: Iterable[Namesake]) -> frozenset[str]:
    """The one of these who left last, with the records before it: whatever else is found is somebody else's."""
    left = sorted((each for each in others if each.status in LEFT), key=lambda each: each.changed_at)
    return await with_earlier(tx, left[-1].participant) if left else frozenset()


async def with_earlier(tx: Tx, participant: str) -> frozenset[str]:
    """This record, and those that the same person had before it."""
    selves: list[str] = []
    at: str | None = participant
    while at and at not in selves:
        selves.append(at)
        at = await _reconsented(tx, at)
    return frozenset(selves)


async def _reconsented(tx: Tx, participant: str) -> str | None:
    """The record that this one was enrolled anew from; empty where it is not known, `None` where it was not."""
    entries = [each for each in await audit.of_subject(tx, participant) if each.action == RECONSENTED]
    return str(json.loads(entries[-1].detail).get("left", "")) if entries else None
