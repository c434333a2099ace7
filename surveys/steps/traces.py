"""Takes what stands in a chat out of it again: noted as it comes and goes, deleted once a session is over, or in time.

Known and unknown senders alike. A HOLD stops none of it, and it must never keep or log a word of what it deletes.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from surveys.records import audit, chats, contacts, traces
from surveys.records.database import Tx
from surveys.records.oversight import LEFT
from surveys.records.tasks import NewTask
from surveys.records.traces import Direction, Trace
from surveys.rules.roles import EVERY_CENTRE
from surveys.rules.traces import Failed, TracesRule, after_failure, next_try
from surveys.rules.vocabulary import Channel
from surveys.steps.alarm import open_task
from surveys.steps.ports import Incoming, Outcome, Outgoing, Refused, Sent, TryLater
from surveys.steps.service import SERVICE, Service

TASK = "traces_left"
TOO_OLD = "too_old"
NOT_THERE = "no_such_message"
AT_ONCE, MOST = 500, 5000
"""Messages of strangers that are deleted at one look under a flood, and messages that are looked through."""

Wipe = Callable[[Outgoing], Awaitable[Outcome]]
"""Deletes what `Outgoing.delete` names, and does nothing else."""


def rule_of(service: Service, channel: Channel) -> TracesRule | None:
    """The side's rule for that channel; None where nothing is to be deleted there."""
    return service.library.protocol.traces if channel is Channel.TELEGRAM else None


async def note_heard(tx: Tx, service: Service, said: Incoming, now: datetime) -> None:
    """The person's own message stands in the chat, whatever becomes of it here."""
    rule = rule_of(service, said.channel)
    if rule is None or said.press or not said.message or not said.sender:
        return
    sent_at = now - timedelta(seconds=said.age)
    await traces.note(tx, said.sender, said.message, Direction.IN, sent_at, rule.due(sent_at))


async def note_sent(tx: Tx, service: Service, message: Outgoing, there: str | None, now: datetime) -> None:
    """A message of ours stands in the chat, as the provider's number `there`."""
    rule = rule_of(service, message.channel)
    if rule is None or not there or not message.text or there == message.edit:
        return
    due_at = now + timedelta(seconds=message.lasts) if message.lasts else rule.due(now)
    await traces.note(tx, message.address, there, Direction.OUT, now, due_at)
    if message.session:
        await chats.set_bubble(tx, message.address, message.session, there)


async def clear(tx: Tx, service: Service, channel: Channel, address: str, now: datetime, kept: str = "") -> None:
    """A session in this chat is over: everything in it goes now; what is `kept` stays as long as idleness may last."""
    rule = rule_of(service, channel)
    if rule is None:
        return
    chat = traces.chat_index(tx, address)
    await traces.end(tx, chat, now, kept)
    if kept:
        await traces.move(tx, chat, kept, now + rule.idle)


async def clear_of(tx: Tx, service: Service, participant: str, now: datetime) -> None:
    """The same for whatever chat this person ever had with us, where their session was elsewhere."""
    if rule_of(service, Channel.TELEGRAM) is None:
        return
    for contact in await contacts.of_participant(tx, participant):
        if contact.channel is Channel.TELEGRAM:
            await clear(tx, service, Channel.TELEGRAM, contact.address, now)


async def sweep(service: Service, wipe: Wipe, now: Callable[[], datetime], address: str | None = None) -> int:
    """Delete all that is due, in one chat or in all; how many messages are gone."""
    if rule_of(service, Channel.TELEGRAM) is None:
        return 0
    async with service.database.reading() as tx:
        chat = traces.chat_index(tx, address) if address is not None else None
        found = await traces.due(tx, now(), chat, MOST) if await traces.anything_due(tx, now()) else []
        if len(found) >= MOST and chat is None:
            found += await _crowded_out(tx, found, now())
        chats_due = await _known_first(tx, found)
    total = 0
    for several in chats_due:
        total += await _in_one_chat(service, wipe, several, now)
    return total


async def _crowded_out(tx: Tx, found: Sequence[Trace], now: datetime) -> list[Trace]:
    """What is due in participants' chats beyond what was looked through: a flood may have been due longer than all."""
    seen, due = {each.id for each in found}, await traces.chats_due(tx, now)
    theirs = {traces.chat_index(tx, each) for each in await contacts.addresses(tx, Channel.TELEGRAM)} & due
    return [each for chat in theirs for each in await traces.due(tx, now, chat, MOST) if each.id not in seen]


async def _known_first(tx: Tx, found: list[Trace]) -> list[list[Trace]]:
    """What is due, by chats. Where there is much of it, somebody's flood may be among it: then participants' chats come
    first, and of the others only so many at a time."""
    by_chat = [list(each) for _, each in groupby(sorted(found, key=lambda one: one.chat), key=lambda one: one.chat)]
    if len(found) <= AT_ONCE:
        return by_chat
    known = {each[0].chat for each in by_chat if await contacts.find(tx, Channel.TELEGRAM, each[0].address)}
    strangers = [each for each in by_chat if each[0].chat not in known]
    return [each for each in by_chat if each[0].chat in known] + strangers[:AT_ONCE]


async def _in_one_chat(service: Service, wipe: Wipe, several: list[Trace], now: Callable[[], datetime]) -> int:
    """All at once; where the provider will not have that, each by itself: one that is too old spoils all."""
    outcome = await wipe(_deletion(several))
    if isinstance(outcome, Refused) and len(several) > 1:
        return sum([await _in_one_chat(service, wipe, [each], now) for each in several])
    async with service.database.writing() as tx:
        for each in several:
            await _settled(tx, each, outcome, now())
    return len(several) if _is_gone(outcome) else 0


def _deletion(several: Sequence[Trace]) -> Outgoing:
    return Outgoing("", Channel.TELEGRAM, several[0].address, delete=tuple(each.message for each in several))


def _is_gone(outcome: Outcome) -> bool:
    return isinstance(outcome, Sent) or outcome == Refused(NOT_THERE)


async def _settled(tx: Tx, trace: Trace, outcome: Outcome, now: datetime) -> None:
    if _is_gone(outcome):
        await traces.gone(tx, trace.id)
        return
    if isinstance(outcome, TryLater) and not outcome.tried:
        await traces.again(tx, trace.id, now + timedelta(seconds=outcome.seconds), tried=False)
        return
    tried = replace(trace, tries=trace.tries + 1)
    match after_failure(trace.sent_at, tried.tries, now, refused_for_good=outcome == Refused(TOO_OLD)):
        case Failed.GIVE_UP:
            await _tell(tx, trace, now)
            await traces.gone(tx, trace.id)
            audit.record(tx, SERVICE, LEFT, trace.id, now)
            return
        case Failed.TASK:
            await _tell(tx, trace, now)
        case Failed.RETRY:
            pass
    await traces.again(tx, trace.id, next_try(tried.tries, now), tried=True)


async def _tell(tx: Tx, trace: Trace, now: datetime) -> None:
    """One open task for a chat; it names neither the chat nor whose it is."""
    await open_task(tx, NewTask(EVERY_CENTRE, TASK, trace.chat.hex()[:16]), now)
