"""An interview in the chat, and the everyday survey before it: one silent bubble, edited in place, whoever writes.

Known and unknown senders, a wrong word and the duress word lead through the same survey to its end. Nothing that is
answered in it is kept, and no item is shown unless the code word was typed in this session.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from surveys.instruments import phrases
from surveys.language.commands import Command, command, withdraws_unasked
from surveys.language.script import Script, script_of
from surveys.records import chats, contacts, traces
from surveys.records.chats import LEFT, OPEN, ChatSession
from surveys.records.database import Tx
from surveys.records.traces import SLACK
from surveys.rules.vocabulary import Channel, Status
from surveys.steps.assent import Assent, assent
from surveys.steps.bubble import DELETE, EXIT, LINES, covered, in_bubble, opened, parting
from surveys.steps.cover import cover_screen
from surveys.steps.gate import Heard, Kept, act, kept_of, listen
from surveys.steps.ports import Event, Incoming, Outgoing
from surveys.steps.safe_contact import SafeContact
from surveys.steps.safety import safe_contact_of
from surveys.steps.service import PERSON, Service
from surveys.steps.settle import Person, settle
from surveys.steps.show import Shown
from surveys.steps.standing import standing_of, with_wave
from surveys.steps.traces import clear, rule_of
from surveys.steps.turn import BEGIN, LATER, Act, Reply, Turn, decide
from surveys.steps.withdraw import delete_answers, may_delete

CHAT = "chat"
"""`safe_contact.interview` of who chose to answer in the chat."""
_SPOKEN = (Event.TEXT, Event.PRESS, Event.START, Event.OTHER)
_ENDINGS = (Act.COMPLETE, Act.REFUSE, Act.WITHDRAW, Act.WRONG_NUMBER, Act.LEAVE)


@dataclass(frozen=True, slots=True)
class Taken:
    """It was said in a session, or began one; what is to be sent, where anything is."""

    reply: Outgoing | None
    behind: bool = False
    """It answers behind the gate, where its time may be seen."""


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose chat it is, where they may be talked to."""

    person: Person
    safe: SafeContact | None

    @property
    def may_answer_here(self) -> bool:
        return self.safe is not None and self.safe.interview == CHAT and self.person.form is not None


async def overheard(service: Service, said: Incoming, now: datetime) -> Heard | None:
    """What a word typed in the everyday survey is, as slow for everybody; None elsewhere. Outside any transaction."""
    if not service.library.covers or said.channel is not Channel.TELEGRAM or said.event is not Event.TEXT:
        return None
    async with service.database.reading() as tx:
        session = await _live(tx, service, said, now)
        if session is None or session.place in (OPEN, LEFT):
            return None
        owner = await _owner(tx, service, said, now) if session.place == 0 else None
        kept = await kept_of(tx, owner.person.participant.id, owner.safe, now) if owner else Kept()
    return await listen(service.database.seals, kept, said.text)


async def in_chat(tx: Tx, service: Service, said: Incoming, heard: Heard | None, now: datetime) -> Taken | None:
    """Take what belongs to a session in the chat; None where it is said outside of any and begins none."""
    if not service.library.covers or rule_of(service, said.channel) is None or said.event not in _SPOKEN:
        return None
    session = await _live(tx, service, said, now)
    language = _begins(said)
    if language is not None and (session is None or said.event is Event.PRESS):
        return Taken(await _cover_begins(tx, service, said, session, language, now))
    if session is None:
        return None
    await _typed_goes(tx, session, said, now)
    if session.place == LEFT:
        left = await _after_withdrawal(tx, service, session, said, now)
        return Taken(left, behind=True) if said.press else None
    if session.place == OPEN:
        return Taken(await _behind_the_gate(tx, service, session, said, now), behind=True)
    return Taken(await _in_the_cover(tx, service, session, said, heard, now))


async def end_idle(service: Service, now: datetime) -> int:
    """Sessions in which nothing was said for too long are over, and everything of them goes; how many."""
    rule = rule_of(service, Channel.TELEGRAM)
    if rule is None:
        return 0
    total = 0
    while True:  # all of them, however many: a flood of strangers' sessions keeps no other one standing
        async with service.database.reading() as tx:
            if not await chats.idle(tx, now - rule.idle, now + SLACK, 1):
                return total
        async with service.database.writing() as tx:
            over = await chats.idle(tx, now - rule.idle, now + SLACK)
            for session in over:
                await traces.end(tx, session.chat, now)
                await chats.end(tx, session)
        total += len(over)


async def _live(tx: Tx, service: Service, said: Incoming, now: datetime) -> ChatSession | None:
    """The session under way. One that was idle for too long is over, whether a tick has seen that or not."""
    session, rule = await chats.find(tx, said.sender), rule_of(service, said.channel)
    return session if session is not None and rule is not None and now - session.last_at < rule.idle else None


def _begins(said: Incoming) -> str | None:
    """The language in which the everyday survey begins, where this asks for it: the button, or the word."""
    if said.event is Event.PRESS:
        begin, _, language = said.text.partition(":")
        return (language or "sr_Latn") if begin == BEGIN else None
    if said.event is not Event.TEXT or assent(said.text) is not Assent.YES or said.text.strip().isdigit():
        return None
    if script_of(said.text) is Script.CYRILLIC:
        return "sr_Cyrl"
    return "en" if said.text.strip().lower().startswith("y") else "sr_Latn"


async def _cover_begins(
    tx: Tx, service: Service, said: Incoming, before: ChatSession | None, language: str, now: datetime
) -> Outgoing | None:
    stale = before or await chats.find(tx, said.sender)
    if stale is not None:
        await chats.end(tx, stale)
        if stale.bubble:
            await traces.move(tx, stale.chat, stale.bubble, now)
    spoken = language if language in service.languages else "sr_Latn"
    session = await chats.begin(tx, said.sender, spoken, now)
    await _typed_goes(tx, session, said, now)
    return await _cover_at(tx, service, session, said, now)


async def _typed_goes(tx: Tx, session: ChatSession, said: Incoming, now: datetime) -> None:
    if said.message and not said.press:
        await traces.move(tx, session.chat, said.message, now)


async def _cover_at(tx: Tx, service: Service, session: ChatSession, said: Incoming, now: datetime) -> Outgoing | None:
    """The cover's question where the session stands; after the last one its thanks, and the session is over."""
    screen = cover_screen(service.library.covers[0], session.place, session.language, service.local(now))
    if screen.asked is None:
        return await _last(tx, service, session, said, Shown(screen.text), now)
    return await in_bubble(tx, session, said, Reply(covered(screen.asked, session), asks=True), now)


async def _last(
    tx: Tx, service: Service, session: ChatSession, said: Incoming, shown: Shown, now: datetime,
    owner: _Owner | None = None,
) -> Outgoing | None:  # fmt: skip
    """The bubble's last words, which go by themselves soon; everything else goes now."""
    await clear(tx, service, said.channel, said.sender, now, session.bubble or "")
    await chats.end(tx, session)
    rule = rule_of(service, said.channel)
    reply = await in_bubble(tx, session, said, Reply(shown), now, owner.person if owner else None)
    return replace(reply, lasts=rule.idle.total_seconds()) if reply is not None and rule is not None else reply


async def _leave(tx: Tx, service: Service, session: ChatSession, said: Incoming, now: datetime) -> Outgoing | None:
    """Everything goes at once, and nothing is said about it."""
    await clear(tx, service, said.channel, said.sender, now)
    await chats.end(tx, session)
    return await in_bubble(tx, session, said, Reply(), now) if said.press else None


def puts_off(said: Incoming) -> bool:
    """Whether it means "not now", by a button or in words."""
    if said.event is Event.PRESS:
        return said.text == LATER or said.text.endswith(f".{EXIT}")
    return said.event is Event.TEXT and command(said.text) is Command.LEAVE


async def _in_the_cover(
    tx: Tx, service: Service, session: ChatSession, said: Incoming, heard: Heard | None, now: datetime
) -> Outgoing | None:
    """Decided by what was said alone, never by who said it; but for the code word, which opens the gate."""
    if puts_off(said):
        return await _leave(tx, service, session, said, now)
    owner = await _owner(tx, service, said, now)
    if said.event is Event.PRESS:
        return await _cover_pressed(tx, service, session, said, now)
    if said.event is Event.START:
        return await _cover_at(tx, service, await chats.move(tx, session, 0, now), said, now)
    what = heard or (Heard.WITHDRAWAL if _withdraws(said) else Heard.OTHER)
    if what is Heard.CODE and (owner is None or not owner.may_answer_here or session.place != 0):
        what = Heard.OTHER
    first = session.place == 0 and said.event is Event.TEXT
    if owner is not None and await act(
        tx, service, owner.person.participant.id, session.tag, what, said.text, now, first=first
    ):
        await chats.move(tx, session, OPEN, now)
        start = Incoming(said.channel, said.sender, Event.START, age=said.age)
        return await _turn(tx, service, replace(session, place=OPEN), owner, start, now)
    if what is Heard.WITHDRAWAL:
        return await _last(tx, service, session, said, Shown(phrases.signed_off(session.language)), now)
    return await _cover_at(tx, service, await chats.move(tx, session, session.place + 1, now), said, now)


def _withdraws(said: Incoming) -> bool:
    return not said.quoted and withdraws_unasked(said.text)


async def _cover_pressed(
    tx: Tx, service: Service, session: ChatSession, said: Incoming, now: datetime
) -> Outgoing | None:
    """A button of the question that is shown moves on, or back; any other shows that question again."""
    tag, _, rest = said.text.partition(".")
    place, _, code = rest.partition(".")
    step = 0
    if tag == session.tag and place == str(session.place):
        step = -1 if code == "b" else 1
    moved = await chats.move(tx, session, max(0, session.place + step), now)
    return await _cover_at(tx, service, moved, said, now)


async def _behind_the_gate(
    tx: Tx, service: Service, session: ChatSession, said: Incoming, now: datetime
) -> Outgoing | None:
    owner = await _owner(tx, service, said, now)
    if owner is None or not owner.may_answer_here or puts_off(said):
        return await _leave(tx, service, session, said, now)
    await chats.move(tx, session, OPEN, now)
    return await _turn(tx, service, session, owner, said, now)


async def _after_withdrawal(
    tx: Tx, service: Service, session: ChatSession, said: Incoming, now: datetime
) -> Outgoing | None:
    """Behind the gate, in the same session: deletes earlier answers where that is pressed; the bubble goes at once."""
    if said.event is Event.PRESS and said.text == f"{session.tag}.{DELETE}":
        for each in await contacts.find(tx, said.channel, said.sender):
            if each.status is Status.WITHDRAWN:
                await delete_answers(tx, service, each.participant, PERSON, now)
    return await _leave(tx, service, session, said, now)


async def _turn(
    tx: Tx, service: Service, session: ChatSession, owner: _Owner, said: Incoming, now: datetime
) -> Outgoing | None:
    """One turn of the same conversation as everywhere, shown in the session's bubble."""
    person = owner.person
    standing = await standing_of(tx, service, person, said.channel, now)
    standing = replace(standing, talks=True, bubble=session.bubble)
    if said.event is Event.PRESS and said.text.endswith(f".{LINES}"):
        turn = Turn(opened(standing, standing.words("helplines_intro", standing.language)))
    else:
        turn = decide(standing, said)
    person = await settle(tx, service, person, said, turn, now)
    if Act.LEAVE in turn.acts:
        return await _leave(tx, service, session, said, now)
    shown = turn.reply.shown if turn.reply else None
    if Act.WITHDRAW in turn.acts and shown is not None and await may_delete(tx, person.participant.id):
        await clear(tx, service, said.channel, said.sender, now, session.bubble or "")
        await chats.move(tx, session, LEFT, now)
        return await in_bubble(
            tx, session, said, Reply(parting(session, shown, person.participant.language)), now, person
        )
    if any(act in turn.acts for act in _ENDINGS):
        return await _last(tx, service, session, said, shown or Shown(""), now, owner)
    return await in_bubble(tx, session, said, turn.reply or Reply(), now, person)


async def _owner(tx: Tx, service: Service, said: Incoming, now: datetime) -> _Owner | None:
    """Whose chat this is; None for a stranger, and for who may not be talked to. The chat alone proves nothing."""
    found = [
        each for each in await contacts.find(tx, said.channel, said.sender)
        if each.status is Status.ACTIVE and each.verified_at is not None and each.suspended_at is None
    ]  # fmt: skip
    if not found or not found[0].consent:
        return None
    participant = found[0].person
    person = await with_wave(tx, service, participant, found[0].contact, now)
    return _Owner(person, await safe_contact_of(tx, service, participant.id))
