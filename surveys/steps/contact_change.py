"""Another number or channel: on a side of safe contacts by two people with a day between, the old one suspended.

It must never let anything be sent to a changed contact of hers before it was confirmed with her anew.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from surveys.records import approvals, audit, contacts, deliveries, interviews, page_links, participants, tasks
from surveys.records.approvals import Approval
from surveys.records.contacts import NewContact
from surveys.records.database import Tx
from surveys.records.participants import Participant
from surveys.records.tasks import NewTask, Task
from surveys.rules.roles import Reader
from surveys.rules.vocabulary import Channel, Status
from surveys.steps import second_person
from surveys.steps.alarm import open_task
from surveys.steps.link import make_link
from surveys.steps.numbers import UNTESTED, see_that_it_is_theirs_now
from surveys.steps.safe_contact import current, keep
from surveys.steps.safety import RECONFIRM, TASK_AFTER
from surveys.steps.service import Service

ACTION, TASK = "change_contact", "contact_changed"
COOLING, VALID = timedelta(days=1), timedelta(days=7)
"""How long nobody can agree yet, and after how long the request is worth nothing."""


class ChangeRefused(ValueError):
    """This change cannot be made, or not yet; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """How the person is to be reached from now on. `phone` (E.164) where the channel needs one."""

    channel: Channel
    phone: str | None = None


async def make(tx: Tx, service: Service, person: Participant, change: Change, actor: str, now: datetime) -> str | None:
    """Make it now; the token of a deep link where the channel is Telegram. What was sent before leads nowhere."""
    if change.channel is not Channel.TELEGRAM and change.phone is None:
        raise ChangeRefused("phone: is needed for this channel")
    every = (Channel.TELEGRAM, Channel.SMS, Channel.PHONE)
    for channel in every if change.channel is not person.channel else (change.channel,):
        await contacts.replace(tx, person.id, channel, now)
    await page_links.end_of(tx, person.id, TASK, now)
    if change.channel is not person.channel:
        await participants.change(tx, person.id, now, channel=change.channel)
        await deliveries.rechannel(tx, person.id, change.channel)
    await _ask_nothing_live(tx, person.id, now)
    token = await _address(tx, service, person, change, now)
    await unconfirm(tx, service, person.id, actor, now)
    audit.record(tx, actor, "contact.changed", person.id, now, channel=change.channel)
    return token


async def _ask_nothing_live(tx: Tx, participant: str, now: datetime) -> None:
    """The last question of the old chat is not live any more."""
    live = await interviews.live(tx, participant)
    if live is not None:
        await interviews.save(tx, live, live.stage, live.state, None, now)


async def _address(tx: Tx, service: Service, person: Participant, change: Change, now: datetime) -> str | None:
    if change.channel is Channel.TELEGRAM:
        return await make_link(tx, service, person.id, now)
    assert change.phone is not None
    await contacts.add(tx, NewContact(person.id, change.channel, change.phone, now), now)  # given to staff in person
    await see_that_it_is_theirs_now(tx, service, person, change.phone, now)
    if change.channel is Channel.SMS:
        await open_task(tx, NewTask(person.centre, UNTESTED, person.id, person.id), now)
    return None


async def unconfirm(tx: Tx, service: Service, participant: str, actor: str, now: datetime) -> None:
    """What was agreed was agreed for another contact: nothing is sent until it is confirmed with the person anew."""
    if service.library.protocol.safe_contact is None:
        return
    person, agreed = await participants.get(tx, participant), await current(tx, participant)
    if agreed is None:
        return
    notice = agreed.notice if agreed.notice in service.library.notice_names(person.channel) else None
    interview = agreed.interview if person.channel is Channel.TELEGRAM else "page"
    await keep(tx, participant, replace(agreed, confirmed_on=None, notice=notice, interview=interview), actor, now)
    await open_task(tx, NewTask(person.centre, RECONFIRM, participant, participant, now + TASK_AFTER), now)


async def ask(tx: Tx, reader: Reader, person: Participant, change: Change, now: datetime) -> str:
    """Ask a colleague to agree, from tomorrow on; until then, and longer where nobody agrees, the old contact is
    suspended. The request's id."""
    if await waiting(tx, person.id) is not None:
        raise ChangeRefused("a change of this contact waits already; agree to it or take it back first")
    wanted = json.dumps({"channel": change.channel, "phone": change.phone})
    await tasks.open_one(tx, NewTask(person.centre, TASK, person.id, person.id, now + COOLING, wanted), now)
    name = await approvals.ask(tx, ACTION, person.id, person.centre, reader.account, now, now + VALID)
    for contact in await contacts.of_participant(tx, person.id):
        if contact.replaced_at is None and contact.suspended_at is None:
            await contacts.suspend(tx, contact.id, TASK, now)
            audit.record(tx, reader.account, "contact.suspended", contact.id, now, reason=TASK)
    audit.record(tx, reader.account, "contact.change_asked", person.id, now, channel=change.channel)
    return name


async def waiting(tx: Tx, participant: str) -> Task | None:
    """The change that waits for this person, if one does."""
    every = await tasks.of_participant(tx, participant)
    return next((each for each in every if (each.kind, each.state) == (TASK, "open")), None)


async def grant(tx: Tx, service: Service, reader: Reader, found: Approval, now: datetime) -> str | None:
    """Agree, and make the change; ChangeRefused where it is one's own request, or the day is not over. A link's token
    where there is one to show."""
    if now < found.asked_at + COOLING:
        raise ChangeRefused("the cooling-off is not over yet")
    person, task = await participants.get(tx, found.subject), await waiting(tx, found.subject)
    if person.status is not Status.ACTIVE:
        raise ChangeRefused("this participant is not to be contacted any more")
    note = await tasks.note(tx, task.id) if task else None
    if task is None or note is None or not await second_person.grant(tx, found, reader.account, now):
        raise ChangeRefused("somebody else must agree, and the request must still stand")
    await approvals.use(tx, ACTION, found.subject, now)
    wanted = json.loads(note)
    token = await make(
        tx, service, person, Change(Channel(wanted["channel"]), wanted["phone"]), reader.account, now
    )  # fmt: skip
    await _over(tx, task, reader.account, now)
    audit.record(tx, reader.account, "contact.change_granted", person.id, now, asked_by=found.asked_by)
    return token


async def take_back(tx: Tx, reader: Reader, participant: str, now: datetime) -> None:
    """It was asked for by mistake: the old contact counts again. ChangeRefused where none waits."""
    task = await waiting(tx, participant)
    if task is None:
        raise ChangeRefused("no change waits")
    for contact in await contacts.of_participant(tx, participant):
        if contact.replaced_at is None and contact.reason == TASK:
            await contacts.resume(tx, contact.id)
    for each in await approvals.standing(tx, now):
        if (each.action, each.subject) == (ACTION, participant):
            await approvals.drop(tx, each.id, now)
    await _over(tx, task, reader.account, now)
    audit.record(tx, reader.account, "contact.change_taken_back", participant, now)


async def _over(tx: Tx, task: Task, actor: str, now: datetime) -> None:
    """The wanted number stands in the task's note no longer."""
    await tasks.set_note(tx, task.id, "")
    await tasks.close(tx, task.id, actor, now)
