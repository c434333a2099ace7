"""What must hold, besides consent and caps, before a person with a safe contact is written to: read as it is claimed.

It never widens an hour: on a side without safe contacts the protocol's hours stand, and nothing else is asked.
"""

import json
from datetime import date, datetime, timedelta

from surveys.records import deliveries, readiness, safe_contacts, tasks
from surveys.records.claims import Claimed
from surveys.records.database import Tx
from surveys.records.deliveries import STARTED_BY_SERVICE
from surveys.records.invitations import Invitation, InvitationState
from surveys.records.participants import Participant
from surveys.records.tasks import NewTask
from surveys.rules.contact import Safe
from surveys.rules.hours import SafeHours
from surveys.rules.protocol import Protocol
from surveys.rules.reasons import Reason
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.rota import Rota, covers, read_rota
from surveys.steps.alarm import open_task
from surveys.steps.configured import protocol_of, see_newest
from surveys.steps.safe_contact import SafeContact, current
from surveys.steps.service import Service

RECONFIRM, OVERDUE = "reconfirm", "reconfirm_overdue"
TASK_AFTER = timedelta(days=10)
"""A safe contact that nobody confirmed anew becomes the coordinator's so long after the task was opened."""


def safe_hours(service: Service, contact: SafeContact | None, protocol: Protocol) -> SafeHours:
    """The hours in which this person may be written to or called: those of the protocol that they go by; on a side of
    safe contacts their own and no others, so none at all where none are recorded."""
    if service.library.protocol.safe_contact is None:
        return service.hours_of(protocol)
    if contact is None:
        return SafeHours((), service.zone, service.free_days)
    return SafeHours(contact.spans(), service.zone, service.free_days, contact.days_off())


async def safety_of(
    tx: Tx, service: Service, claimed: Claimed, contact: SafeContact | None, now: datetime
) -> Safe | None:
    """The facts that the contact rule asks for; None where the side needs no safe contact."""
    if service.library.protocol.safe_contact is None:
        return None
    rota = await _rota(tx, service)
    needed = await safe_contacts.needed_from(tx, claimed.invitation) if claimed.invitation else None
    return Safe(
        ready=rota is not None,
        covered=rota is not None and covers(rota, claimed.centre, now),
        recorded=contact is not None,
        wanted=contact is not None and not contact.do_not_contact,
        reconfirmed=_since(contact, needed),
    )


async def unsafe_to_test(tx: Tx, service: Service, person: Participant, now: datetime) -> Reason | None:
    """Why no test message may go to this person now: the rules of any message that is started here, the confirmation
    apart, which it is made for. None where none forbids it, or the side needs no safe contact."""
    if service.library.protocol.safe_contact is None:
        return None
    contact, rota = await current(tx, person.id), await _rota(tx, service)
    if contact is None or contact.do_not_contact:
        return Reason.DO_NOT_CONTACT if contact is not None else Reason.NO_SAFE_CONTACT
    if rota is None or not covers(rota, person.centre, now):
        return Reason.NOT_READY if rota is None else Reason.NOT_COVERED
    started = [each for each in await deliveries.of_participant(tx, person.id) if each.kind in STARTED_BY_SERVICE]
    today = [each for each in started if each.claimed_at and each.claimed_at >= service.day_start(now)]
    caps = (await protocol_of(tx, service, person.protocol)).caps
    return Reason.CAP_OF_THE_DAY if len(today) >= caps.per_day else None


async def hours_for(tx: Tx, service: Service, person: Participant) -> SafeHours:
    """The hours in which this person may be written to or called."""
    contact = await safe_contact_of(tx, service, person.id)
    return safe_hours(service, contact, await protocol_of(tx, service, person.protocol))


async def safe_contact_of(tx: Tx, service: Service, participant: str) -> SafeContact | None:
    """The person's safe contact; None also where the side needs none."""
    return await current(tx, participant) if service.library.protocol.safe_contact is not None else None


async def unsafe_now(tx: Tx, service: Service, participant: str, invitation: str) -> Reason | None:
    """Why nothing would be sent for this wave just now, whatever the hour; None where nothing of it stands in the way,
    or the side needs no safe contact."""
    if service.library.protocol.safe_contact is None:
        return None
    contact = await current(tx, participant)
    if contact is None or contact.do_not_contact:
        return Reason.DO_NOT_CONTACT if contact is not None else Reason.NO_SAFE_CONTACT
    if await _rota(tx, service) is None:
        return Reason.NOT_READY
    confirmed = _since(contact, await safe_contacts.needed_from(tx, invitation))
    return None if confirmed else Reason.NOT_RECONFIRMED


async def is_to_be_confirmed(tx: Tx, service: Service, participant: str, wave: Invitation, now: datetime) -> bool:
    """Whether the safe contact may, and must, be confirmed anew for this wave by now."""
    if service.library.protocol.safe_contact is None or wave.state == InvitationState.CLOSED:
        return False
    contact, needed = await current(tx, participant), await safe_contacts.needed_from(tx, wave.id)
    return needed is not None and needed <= service.local(now).date() and not _since(contact, needed)


def _since(contact: SafeContact | None, needed: date | None) -> bool:
    confirmed = contact.confirmed() if contact is not None else None
    return needed is not None and confirmed is not None and confirmed >= needed


async def _rota(tx: Tx, service: Service) -> Rota | None:
    """The on-call list of the last record of readiness; None where none was made for the protocol in force, which is
    asked in this transaction: a version that somebody just approved is not attested by what was said of another."""
    await see_newest(tx, service)
    last = await readiness.latest(tx)
    document = json.loads(last.document) if last is not None else {}
    if str(document.get("protocol_version")) != service.library.protocol.version:
        return None
    return read_rota(document, service.zone)


async def ask_to_confirm(tx: Tx, claimed: Claimed, now: datetime) -> None:
    """A task for the centre; where it was left lying for ten days, one more for the coordinator (safety.md)."""
    subject = claimed.invitation or claimed.participant
    await open_task(tx, NewTask(claimed.centre, RECONFIRM, subject, claimed.participant, now + TASK_AFTER), now)
    about = await tasks.of_participant(tx, claimed.participant)
    first = min((each.opened_at for each in about if (each.kind, each.subject) == (RECONFIRM, subject)), default=now)
    if now - first >= TASK_AFTER:
        await open_task(tx, NewTask(EVERY_CENTRE, OVERDUE, subject, claimed.participant), now)
