"""What is written down as SMS bodies are taken off the provider, and what is to be done about those that stay.

It keeps counts, numbers of messages and times; it must never keep a body, and never closes what a person is to decide.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.records import audit, contacts, deliveries, sms_messages, tasks
from surveys.records.database import Tx
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.vocabulary import Channel
from surveys.steps.alarm import open_task
from surveys.steps.service import SERVICE, Service
from surveys.steps.sms import note_receipt

SILENT_AFTER = timedelta(minutes=10)
"""A receipt that has not come by then is asked for."""
LAPSED_AFTER = timedelta(hours=11)
"""The longest validity and an hour: by then a message whose own validity is not known here never arrives any more."""
OVER_AFTER = timedelta(minutes=10)
"""After the end of its own validity a receipt may still be on its way for so long; then none will come."""
ALARMING = 6
"""Failed tries to redact one body after which a task opens; trying goes on."""
SEND_UNKNOWN = "send_unknown"
LOOKED = {True: "The provider lists a message to this number at that time.", False: "The provider lists none."}


@dataclass(frozen=True, slots=True, repr=False)
class Doubtful:
    """A delivery that may or may not have left, and where it would have gone."""

    delivery: str
    task: str
    participant: str
    claimed_at: datetime
    address: str


async def bodies_to_redact(service: Service, now: datetime) -> list[tuple[str, int]]:
    """The messages whose body is to go now, finished or lapsed, and how often that was tried."""
    async with service.database.reading() as tx:
        due = await sms_messages.to_redact(tx, now) + await sms_messages.lapsed(
            tx, now, now - OVER_AFTER, now - LAPSED_AFTER
        )
    return [(each.sid, each.tries) for each in due]


async def silent(service: Service, now: datetime) -> list[tuple[str, int]]:
    """The messages whose final status should be here by now, and how often it was asked for."""
    async with service.database.reading() as tx:
        found = await sms_messages.silent(tx, now, now - SILENT_AFTER, now - OVER_AFTER, now - LAPSED_AFTER)
    return [(each.sid, each.tries) for each in found]


async def ask_again(service: Service, sid: str, tries: int, now: datetime) -> None:
    """It is where it was: asked again, later each time, so that nobody newer waits for it."""
    async with service.database.writing() as tx:
        await sms_messages.try_again(tx, sid, now + _backed_off(tries))


def _backed_off(tries: int) -> timedelta:
    return timedelta(minutes=min(360, 2 ** min(tries, 9)))


async def note_redaction(service: Service, sid: str, gone: bool, tries: int, now: datetime) -> None:
    """It is gone; or it is tried again, later each time, and in the end staff are told."""
    async with service.database.writing() as tx:
        if gone:
            await sms_messages.redacted(tx, sid, now)
            return
        await sms_messages.try_again(tx, sid, now + _backed_off(tries))
        if tries + 1 >= ALARMING:
            await open_task(tx, NewTask(EVERY_CENTRE, "sms_not_redacted", sid), now)


async def note_gone(service: Service, sid: str, now: datetime) -> None:
    """The provider has the message no more, so neither its body."""
    async with service.database.writing() as tx:
        await sms_messages.advance(tx, sid, "canceled", None, now)
        await sms_messages.redacted(tx, sid, now)


async def note_status(service: Service, sid: str, status: str, error: str | None, now: datetime) -> None:
    """A status that was fetched: as a receipt."""
    await note_receipt(service, sid, status, error, now)


async def doubtful(service: Service) -> list[Doubtful]:
    """Open tasks about SMS that were perhaps sent and were not looked for yet."""
    async with service.database.reading() as tx:
        found = [await _doubtful(tx, each) for each in await tasks.standing(tx) if each.kind == SEND_UNKNOWN]
    return [each for each in found if each is not None]


async def _doubtful(tx: Tx, task: tasks.Task) -> Doubtful | None:
    row = await deliveries.get(tx, task.subject)
    if row is None or row.channel is not Channel.SMS or row.participant is None or row.claimed_at is None:
        return None
    if await tasks.note(tx, task.id) is not None:
        return None
    contact = await contacts.current(tx, row.participant, Channel.SMS)
    return Doubtful(row.id, task.id, row.participant, row.claimed_at, contact.address) if contact else None


async def note_look(service: Service, doubtful: Doubtful, found: list[str], now: datetime) -> None:
    """What the provider lists stands in the task's note; whether it was this message, a person decides."""
    async with service.database.writing() as tx:
        await tasks.set_note(tx, doubtful.task, LOOKED[bool(found)])
        for sid in found:
            await sms_messages.note_sent(tx, sid, doubtful.delivery, doubtful.participant, now)
        audit.record(tx, SERVICE, "delivery.looked_for", doubtful.delivery, now, found=len(found))
