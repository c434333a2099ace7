"""One number, one person: a number of this centre is refused, one of another centre is held for the coordinator.

It must never say, to staff of one centre, that somebody is enrolled in another.
"""

from collections.abc import Sequence
from datetime import datetime

from surveys.records import contacts, participants
from surveys.records.contacts import Contact, Found
from surveys.records.database import Tx
from surveys.records.participants import Namesake, Participant
from surveys.rules.vocabulary import Channel
from surveys.steps.once import Newcomer, hold_the_later, holders, judge, selves_of
from surveys.steps.service import Service

SHARED, UNTESTED = "number_shared", "number_untested"


async def see_that_it_is_theirs(tx: Tx, service: Service, new: Newcomer, number: str, now: datetime) -> None:
    """Once it is written down for this person. EnrolmentRefused where this centre has it for somebody else, also where
    they left, unless the new one agreed again since."""
    await judge(tx, service, new, await holders_of(tx, number), "phone", SHARED, now)


async def see_that_it_is_theirs_now(tx: Tx, service: Service, person: Participant, number: str, now: datetime) -> None:
    """The same for somebody who takes part already and has another number."""
    again = (await participants.private(tx, person.id)).reconsented_on
    selves = await selves_of(tx, person.id, await holders_of(tx, number))
    await see_that_it_is_theirs(tx, service, Newcomer(person, again, selves=selves), number, now)


async def holders_of(tx: Tx, number: str) -> list[Namesake]:
    """Whoever has or had this number."""
    return await holders(tx, await _found(tx, number))


async def see_who_shares(tx: Tx, service: Service, people: Sequence[Participant], into: str, now: datetime) -> None:
    """Once these moved into that centre: whose number somebody has who was there before."""
    moved = {each.id for each in people}
    for person in people:
        for number in {each.address for each in await contacts.of_participant(tx, person.id) if _is_number(each)}:
            found = await holders(tx, await _found(tx, number))
            others = [each for each in found if each.centre == into and each.participant not in moved]
            await hold_the_later(tx, service, person, others, SHARED, now)


def _is_number(contact: Contact) -> bool:
    return contact.channel in (Channel.SMS, Channel.PHONE) and contact.replaced_at is None


async def _found(tx: Tx, number: str) -> list[Found]:
    return [each for channel in (Channel.SMS, Channel.PHONE) for each in await contacts.find(tx, channel, number)]
