"""A person's message, taken into the records: who it is, where they stand, what follows, written down and answered.

Everything happens in the caller's transaction. A number or chat alone is never identity; a stranger changes nothing.
"""

from dataclasses import replace
from datetime import datetime

from surveys.instruments.engine import Finding
from surveys.language.commands import Command, command, surely_withdraws
from surveys.language.script import Script, script_of
from surveys.records import audit, contacts
from surveys.records.contacts import Found
from surveys.records.database import Tx
from surveys.rules.vocabulary import Channel, Status, Urgency
from surveys.steps.alarm import raise_alarms
from surveys.steps.chat import in_chat, puts_off
from surveys.steps.gate import GATE_SECONDS, Heard
from surveys.steps.link import bind
from surveys.steps.ports import Event, Incoming, Outgoing
from surveys.steps.reply import answer
from surveys.steps.service import PERSON, Service
from surveys.steps.settle import Person, settle
from surveys.steps.show import Shown
from surveys.steps.standing import standing_of, with_wave, words_at
from surveys.steps.traces import clear
from surveys.steps.turn import LINK, Act, Reply, Turn, danger_in, decide, with_lines

_GONE = (Status.WITHDRAWN, Status.PURGED, Status.DECEASED)
_PROVEN_BY_WRITING = frozenset({"blocked", "forbidden", "deactivated", "never_started", "chat_not_found"})
"""Why an address was given up that its owner's next message shows to work; a wrong number is never one of them."""
_SILENT = (Event.BLOCKED, Event.UNBLOCKED, Event.EDITED, Event.IGNORED)


async def converse(
    tx: Tx, service: Service, said: Incoming, now: datetime, heard: Heard | None = None
) -> Outgoing | None:
    """Handle one message and give the reply to send, already claimed; None where nothing is answered. `heard` is what
    was typed where a gate stands."""
    if said.event is Event.IGNORED:
        return None
    taken = await in_chat(tx, service, said, heard, now)
    reply = taken.reply if taken is not None else await _outside(tx, service, said, now)
    if reply is None or not service.library.covers or (taken is not None and taken.behind):
        return reply
    return replace(reply, pause=GATE_SECONDS)


async def _outside(tx: Tx, service: Service, said: Incoming, now: datetime) -> Outgoing | None:
    """What is said in no session of a chat."""
    greeting = None
    if said.event is Event.START and said.text:
        bound = await bind(tx, service, said.text, said.channel, said.sender, now)
        said = replace(said, text="") if bound else said
        greeting = "start_greeting" if bound else "start_again"
    found = await contacts.find(tx, said.channel, said.sender)
    if found:
        return await _known(tx, service, _whose(found), said, now, greeting)
    return await _stranger(tx, service, said, now)


def _whose(found: list[Found]) -> Found:
    """Of several who had this address, the one who may be talked to; else the one who had it first."""
    return next((each for each in found if each.status is Status.ACTIVE and each.verified_at), found[0])


async def _stranger(tx: Tx, service: Service, said: Incoming, now: datetime) -> Outgoing | None:
    """To somebody who is not bound here: the same words whoever it is."""
    if said.event in _SILENT:
        return None
    text = "unknown_sender"
    if said.event is Event.TEXT and command(said.text) is Command.WITHDRAW:
        text = "withdrawal"
        await clear(tx, service, said.channel, said.sender, now)
    elif said.event is Event.START and said.text:
        text = "link_invalid"
    elif service.library.covers and puts_off(said):
        text = "left"
        await clear(tx, service, said.channel, said.sender, now)
    cyrillic = said.event is Event.TEXT and script_of(said.text) is Script.CYRILLIC
    if service.library.covers and said.channel is Channel.SMS and text != "withdrawal":
        return None  # on her side no SMS answers anybody but for that (safety.md, "Gate")
    words = words_at(service, "", service.local(now), said.channel)(text, "sr_Cyrl" if cyrillic else "sr_Latn")
    return await answer(tx, said, Reply(toast=words) if said.press else Reply(Shown(words)), now)


async def _known(
    tx: Tx, service: Service, found: Found, said: Incoming, now: datetime, greeting: str | None
) -> Outgoing | None:
    if not await _reachable(tx, found, said, now):
        await _overhear(tx, found, said, now)
        return await _stranger(tx, service, said, now) if service.library.covers else None
    person = await _with_wave(tx, service, found, said, now)
    standing = await standing_of(tx, service, person, said.channel, now)
    if greeting and (standing.form is None or not standing.talks):
        turn = with_lines(standing, said, Turn(Reply(Shown(standing.words(greeting, standing.language)))))
    else:
        turn = decide(standing, said)
    person = await settle(tx, service, person, said, turn, now)
    if service.library.covers and greeting != "start_greeting":
        return await _stranger(tx, service, said, now)  # the same bytes, whoever it is (safety.md, "Gate")
    if turn.reply is None:
        return None
    reply = await _linked(tx, service, person, turn.reply, now)
    return await answer(
        tx, said, reply, now, participant=person.participant.id, interview=person.interview,
        bubble=standing.bubble, final=Act.WITHDRAW in turn.acts, script=person.participant.sms_script,
    )  # fmt: skip


async def _linked(tx: Tx, service: Service, person: Person, reply: Reply, now: datetime) -> Reply:
    """The reply with the way to the private page in it, where it leads there."""
    if not reply.link or reply.shown is None or person.invitation is None:
        return reply
    if service.issue_link is None:
        return replace(reply, shown=Shown(reply.shown.text.replace(LINK, "").rstrip()))
    link = await service.issue_link(tx, service, person.invitation.id, person.participant.id, now)
    return replace(reply, shown=Shown(reply.shown.text.replace(LINK, link)))


async def _reachable(tx: Tx, found: Found, said: Incoming, now: datetime) -> bool:
    """Whether this person may be answered at all. After a withdrawal nothing is answered, ever; before it, a
    withdrawal always is: also in custody, or where nothing else is heard just now."""
    if found.status not in _GONE and _withdraws(said):
        return True
    if found.status is not Status.ACTIVE or not found.consent:
        return False
    if found.suspended_at is None:
        return True
    contact = await contacts.current(tx, found.participant, said.channel)
    if contact is None or contact.reason not in _PROVEN_BY_WRITING or said.event in _SILENT:
        return False
    await contacts.resume(tx, contact.id)
    audit.record(tx, PERSON, "contact.resumed", contact.id, now)
    return True


def _withdraws(said: Incoming) -> bool:
    """An order counts in the sender's own words only; a link that somebody else made is opened with its words too."""
    return said.event not in (Event.PRESS, Event.START) and not said.quoted and command(said.text) is Command.WITHDRAW


async def _overhear(tx: Tx, found: Found, said: Incoming, now: datetime) -> None:
    """Words of danger from somebody who is not answered (in custody, withdrawn …) still reach the staff.

    After a withdrawal too: the alert holds no word of theirs, and nothing is said back (docs/adr).
    """
    alarm = danger_in(said)
    if alarm is None:
        return
    contact = await contacts.current(tx, found.participant, said.channel)
    if contact is None or contact.reason == Act.WRONG_NUMBER:
        return
    await raise_alarms(tx, found.person, None, (Finding(Urgency.URGENT, danger=alarm),), now)


async def _with_wave(tx: Tx, service: Service, found: Found, said: Incoming, now: datetime) -> Person:
    """A withdrawal needs no wave, so that nothing about one can stand in its way, unless an open question of hers or
    his may be what the words answer ("ne zovite me" where a call is offered)."""
    participant = found.person
    if _withdraws(said) and (surely_withdraws(said.text) or found.status is not Status.ACTIVE or found.suspended_at):
        return Person(participant, found.contact)
    return await with_wave(tx, service, participant, found.contact, now)
