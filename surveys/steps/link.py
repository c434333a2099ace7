"""One-time deep links: made at enrolment, bound by the first Start, useless afterwards.

Only a keyed hash of the token is kept. A used, expired or revoked link answers exactly like one that never was.
"""

from datetime import datetime, timedelta

from surveys.records import audit, contacts, links, participants, tasks
from surveys.records.contacts import NewContact
from surveys.records.database import Tx
from surveys.records.participants import Participant
from surveys.records.tasks import NewTask
from surveys.rules.vocabulary import ENDED, Channel
from surveys.steps.alarm import open_task
from surveys.steps.configured import protocol_of
from surveys.steps.once import may_take_over
from surveys.steps.service import PERSON, Service

PURPOSE = "telegram"
NEEDS_RECONSENT, NOT_BOUND = "reconsent_needed", "not_bound"


async def make_link(tx: Tx, service: Service, participant: str, now: datetime) -> str:
    """A new token for this participant; earlier unused ones are revoked. Shown once, to staff, and never stored."""
    await links.revoke(tx, participant, PURPOSE, now)
    return await first_link(tx, service, await participants.get(tx, participant), now)


async def first_link(tx: Tx, service: Service, person: Participant, now: datetime) -> str:
    """The same for somebody who was enrolled just now, and can have no other."""
    protocol = await protocol_of(tx, service, person.protocol)
    return await links.issue(tx, person.id, PURPOSE, now, now + timedelta(days=protocol.link_valid_days))


async def bind(tx: Tx, service: Service, token: str, channel: Channel, sender: str, now: datetime) -> bool:
    """Bind the sender to the link's participant; False where the link is of no use, or the sender is another's.

    Somebody who withdrew may be enrolled anew by staff, by a consent given since: the new record gets the sender, and
    the old one, which stays withdrawn, lets go of it. Without such a consent nothing is bound, and a task says so.
    """
    link = await links.look(tx, PURPOSE, token)
    if link is None:
        return False
    others = [each for each in await contacts.find(tx, channel, sender) if each.participant != link.participant]
    if any(each.status not in ENDED for each in others):
        return False
    if not await may_take_over(tx, service, link.participant, others):
        person = await participants.get(tx, link.participant)
        await open_task(tx, NewTask(person.centre, NEEDS_RECONSENT, person.id, person.id), now)
        return False
    participant = await links.use(tx, PURPOSE, token, now)
    if participant is None:
        return False
    for each in others:
        await contacts.forget(tx, each.contact, now)
        audit.record(tx, PERSON, "contact.released", each.participant, now, channel=channel)
    await contacts.replace(tx, participant, channel, now)
    await contacts.add(tx, NewContact(participant, channel, sender, verified_at=now), now)
    await tasks.close_about(tx, participant, (NOT_BOUND,), PERSON, now)  # what staff were to see to has happened
    audit.record(tx, PERSON, "contact.bound", participant, now, channel=channel)
    return True
