"""What became of a claimed delivery, written down: sent, failed, unknown, or planned again where it never left.

It never makes an unknown message be sent again; a person does that by writing, or staff after looking.
"""

from datetime import datetime, timedelta

from surveys.records import audit, contacts, deliveries, interviews
from surveys.records.claims import Claimed
from surveys.records.database import Tx
from surveys.records.deliveries import Delivery
from surveys.records.participants import NoSuchParticipant, get
from surveys.records.tasks import NewTask
from surveys.rules.reasons import Reason
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.vocabulary import Channel, DeliveryKind
from surveys.steps import sms
from surveys.steps.alarm import open_task
from surveys.steps.follow import follow_notice
from surveys.steps.ports import PRESSED_TOO_LONG_AGO, Outcome, Outgoing, Refused, Sent, TryLater, Undeliverable, Unknown
from surveys.steps.service import SERVICE, Service
from surveys.steps.settle import suspend
from surveys.steps.traces import note_sent

LEASE = timedelta(minutes=2)
"""A claim that is older was abandoned: its worker died, or hangs."""
MOST_TRIES = 8
TOO_MANY_STRANGERS, TOO_MANY_REPLIES = "too_many_strangers", "too_many_replies"


async def record_outcome(
    service: Service, message: Outgoing, outcome: Outcome, now: datetime, claimed: Claimed | None = None
) -> None:
    """Finish the delivery. `claimed` is there for what the service started; a reply is never planned again."""
    async with service.database.writing() as tx:
        match outcome:
            case Sent(there):
                await _sent(tx, service, message, there, claimed, now)
            case TryLater():
                await _later(tx, message, outcome, claimed, now)
            case Undeliverable(sms.OPTED_OUT):
                await _opted_out(tx, service, message, now)
            case Undeliverable(code):
                await _failed(tx, message, code, now)
                await _suspend(tx, message, code, now)
            case Refused(code):
                await _refused(tx, message, code, now)
            case Unknown():
                await unknown(tx, message.delivery, message.lease, now)


async def _refused(tx: Tx, message: Outgoing, code: str, now: datetime) -> None:
    if code == TOO_MANY_STRANGERS:
        await _unanswered(tx, message, now)
    elif code == TOO_MANY_REPLIES:
        await _flooded(tx, message, now)
    elif code == PRESSED_TOO_LONG_AGO:
        await _too_late(tx, message, now)
    else:
        await _failed(tx, message, code, now)


async def _unanswered(tx: Tx, message: Outgoing, now: datetime) -> None:
    """One task for a whole flood, not one for each."""
    await deliveries.mark_failed(tx, message.delivery, message.lease, now, TOO_MANY_STRANGERS)
    await open_task(tx, NewTask(EVERY_CENTRE, TOO_MANY_STRANGERS, "strangers"), now)


async def _flooded(tx: Tx, message: Outgoing, now: datetime) -> None:
    """One task for the whole flood from one address, as long as it stands, not one for each reply."""
    await deliveries.mark_failed(tx, message.delivery, message.lease, now, TOO_MANY_REPLIES)
    row = await deliveries.get(tx, message.delivery)
    assert row is not None
    await _task(tx, "send_failed", row, now, subject=row.participant or TOO_MANY_REPLIES)


async def _too_late(tx: Tx, message: Outgoing, now: datetime) -> None:
    """A reply that would leave long after the press: what was pressed is kept, and the next action is answered."""
    await deliveries.drop(tx, message.delivery, message.lease, now, Reason.TOO_LATE)
    audit.record(tx, SERVICE, "delivery.cancelled", message.delivery, now, reason=Reason.TOO_LATE)


async def _sent(
    tx: Tx, service: Service, message: Outgoing, there: str | None, claimed: Claimed | None, now: datetime
) -> None:
    await deliveries.mark_sent(tx, message.delivery, message.lease, now, there)
    await note_sent(tx, service, message, there, now)
    if message.channel is Channel.SMS and there:
        await sms.note_sent(tx, service, there, message, now)
    if message.interview and there and there != message.edit:  # an edited bubble is known already
        await interviews.set_bubble(tx, message.interview, message.turn, there)
    if claimed is not None:
        audit.record(tx, SERVICE, "delivery.sent", message.delivery, now)
        if claimed.kind is DeliveryKind.NOTICE and claimed.invitation:
            await follow_notice(tx, service, claimed.participant, claimed.invitation, now)


async def _later(tx: Tx, message: Outgoing, outcome: TryLater, claimed: Claimed | None, now: datetime) -> None:
    """Put back, twice as far each time; given up after the last try. Where it was not even tried, that is no try."""
    if claimed is None or (outcome.tried and claimed.attempts >= MOST_TRIES):
        await _failed(tx, message, "try_later", now)
        return
    longer = 2**claimed.attempts if outcome.tried else 1
    due = now + timedelta(seconds=max(1.0, outcome.seconds) * longer)
    await deliveries.put_back(tx, message.delivery, message.lease, due, "try_later", tried=outcome.tried)


async def _failed(tx: Tx, message: Outgoing, code: str, now: datetime) -> None:
    await deliveries.mark_failed(tx, message.delivery, message.lease, now, code)
    row = await deliveries.get(tx, message.delivery)
    await _task(tx, "send_failed", row, now)
    audit.record(tx, SERVICE, "delivery.failed", message.delivery, now, error=code)


async def unknown(tx: Tx, delivery: str, lease: str, now: datetime) -> None:
    """Perhaps sent: it stays so, and a task opens for somebody to look."""
    await deliveries.mark_unknown(tx, delivery, lease, now, "connection_lost")
    await _task(tx, "send_unknown", await deliveries.get(tx, delivery), now)
    audit.record(tx, SERVICE, "delivery.unknown", delivery, now)


async def _task(tx: Tx, kind: str, row: Delivery | None, now: datetime, subject: str = "") -> None:
    assert row is not None
    centre = EVERY_CENTRE
    if row.participant:
        try:
            centre = (await get(tx, row.participant)).centre
        except NoSuchParticipant:
            centre = EVERY_CENTRE
    await open_task(tx, NewTask(centre, kind, subject or row.id, row.participant), now)


async def _opted_out(tx: Tx, service: Service, message: Outgoing, now: datetime) -> None:
    """The provider sends nothing to who told it STOP: that is their withdrawal, and needs no task."""
    await deliveries.drop(tx, message.delivery, message.lease, now, Reason.WITHDRAWN)
    audit.record(tx, SERVICE, "delivery.cancelled", message.delivery, now, reason=Reason.WITHDRAWN)
    row = await deliveries.get(tx, message.delivery)
    if row is not None and row.participant:
        await sms.opted_out(tx, service, row.participant, now)


async def _suspend(tx: Tx, message: Outgoing, code: str, now: datetime) -> None:
    for found in await contacts.find(tx, message.channel, message.address):
        if found.suspended_at is None:
            await suspend(tx, found.participant, found.centre, found.contact, code, now)


async def recover(service: Service, now: datetime, *, at_start: bool = False) -> int:
    """Claims that nobody finished become unknown; how many. At the start of a side's only process: all of them."""
    before = now if at_start else now - LEASE
    async with service.database.reading() as tx:  # nearly always there are none, and no tick then waits for a commit
        if not await deliveries.anything_abandoned(tx, before):
            return 0
    async with service.database.writing() as tx:
        rows = await deliveries.abandoned(tx, before, 500)
        for row in rows:
            if row.lease:
                await unknown(tx, row.id, row.lease, now)
    return len(rows)
