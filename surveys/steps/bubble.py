"""The one bubble of a session in a chat: silent, edited in place, always with a way out. It decides nothing."""

from dataclasses import replace
from datetime import datetime

from surveys.instruments import phrases
from surveys.instruments.asking import Ask
from surveys.records.chats import ChatSession
from surveys.records.database import Tx
from surveys.steps.ports import Button, Incoming, Outgoing
from surveys.steps.reply import answer
from surveys.steps.settle import Person
from surveys.steps.show import Shown, show
from surveys.steps.turn import Reply, Stage, Standing, consent_screen, question

EXIT, LINES, DELETE = "exit", "lines", "delete"
"""What buttons say: out of here, the numbers to call, and that earlier answers are to go after a withdrawal."""


def covered(asked: Ask, session: ChatSession) -> Shown:
    """A question of the everyday survey."""
    return show(asked, session.tag, session.language)


def opened(standing: Standing, first: str) -> Reply:
    """The point at which somebody stands behind the gate, after these words."""
    if standing.stage is Stage.ITEMS:
        return question(standing, first=first)
    screen = consent_screen(standing)
    assert screen.shown is not None
    return replace(screen, shown=replace(screen.shown, text=f"{first}\n\n{screen.shown.text}"))


async def in_bubble(
    tx: Tx, session: ChatSession, said: Incoming, reply: Reply, now: datetime, person: Person | None = None
) -> Outgoing | None:
    """The reply in the session's bubble; None where it comes too late. Behind the gate `person` says whose it is, and
    it is their language that is spoken, whatever the everyday survey spoke."""
    participant = person.participant.id if person else None
    interview = person.interview if person else None
    shown = reply.shown
    if shown is not None and reply.asks:
        rows = (*shown.buttons, _ways(session, person))
        reply = replace(reply, shown=replace(shown, buttons=rows))
    sent = await answer(tx, said, reply, now, participant=participant, interview=interview)
    if sent is None:
        return None
    return replace(sent, edit=session.bubble if sent.text else None, silent=True, retire=None, session=session.tag)


def parting(session: ChatSession, shown: Shown, language: str) -> Shown:
    """The last words after a withdrawal, with the offer to delete what was answered before."""
    offer = Button(phrases.delete_answers(language), f"{session.tag}.{DELETE}")
    out = Button(phrases.exit_now(language), f"{session.tag}.{EXIT}")
    return replace(shown, buttons=((offer,), (out,)))


def _ways(session: ChatSession, person: Person | None) -> tuple[Button, ...]:
    out = f"{session.tag}.{EXIT}"
    if person is None:
        return (Button(phrases.exit_now(session.language), out),)
    language = person.participant.language
    return Button(phrases.numbers(language), f"{session.tag}.{LINES}"), Button(phrases.exit_now(language), out)
