"""The gate: whether what was typed as a cover's first answer is the code word or the duress word of the link's owner.

An unknown link, a wrong word and the duress word cost the same work and lead to the same screens. It must never say
which of them it was to anybody but the on-call worker, and never keep what was typed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from surveys.language.commands import withdraws_unasked
from surveys.language.danger import danger
from surveys.records import alerts, audit, holds, participants, passwords
from surveys.records.alerts import NewAlert
from surveys.records.database import Tx
from surveys.records.holds import Scope
from surveys.records.sealing import Seals
from surveys.rules.vocabulary import Urgency
from surveys.steps.guesses import are_spent, note_miss
from surveys.steps.safe_contact import SafeContact, keyed
from surveys.steps.service import PERSON, SERVICE, Service
from surveys.steps.withdraw import withdraw

DURESS = "duress"
GATE_SECONDS = 1.0
"""Every answer before the gate leaves so long after it was asked: longer than two slow hashes take."""
LONGEST_WORD = 200


class Heard(StrEnum):
    """What a word was. Everything but `code` leads on through the cover."""

    CODE = "code"
    DURESS = "duress"
    WITHDRAWAL = "withdrawal"
    OTHER = "other"


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """The two slow hashes that the word is held against; empty for somebody who is not known."""

    code: str = ""
    duress: str = ""


async def kept_of(tx: Tx, participant: str, contact: SafeContact | None, now: datetime) -> Kept:
    """What is kept of a safe contact's words; after too many wrong ones the code word opens nothing any more."""
    if contact is None:
        return Kept()
    return Kept("" if await are_spent(tx, participant, now) else contact.code, contact.duress)


async def listen(seals: Seals, kept: Kept, typed: str) -> Heard:
    """What the word is; the same two slow hashes are computed for everybody. Outside any transaction."""
    word = keyed(seals, typed[:LONGEST_WORD])
    is_code = await passwords.matches(kept.code or None, word)
    is_duress = await passwords.matches(kept.duress or None, word)
    if withdraws_unasked(typed):
        return Heard.WITHDRAWAL
    if is_duress:
        return Heard.DURESS
    return Heard.CODE if is_code else Heard.OTHER


async def act(
    tx: Tx, service: Service, participant: str, subject: str, heard: Heard, typed: str, now: datetime, *, first: bool
) -> bool:
    """Write down what follows for whose browser or chat it was typed in; whether the gate opens. `subject` is the link
    or the session, `first` that it was the answer which is held against the words."""
    if first and heard is Heard.OTHER:
        await note_miss(tx, participant, now)
    match heard:
        case Heard.CODE:
            audit.record(tx, PERSON, "gate.opened", subject, now)
            return True
        case Heard.DURESS:
            await _alarm(tx, participant, DURESS, now)
            await _hold(tx, participant, now)
        case Heard.WITHDRAWAL:
            await withdraw(tx, service, participant, PERSON, now)
        case Heard.OTHER if danger(typed):
            await _alarm(tx, participant, "words", now)
    return False


async def out_of_history(tx: Tx, participant: str, heard: Heard, shown: datetime) -> Heard:
    """What a word counts for in a form of no session that goes on, which was shown then: whoever sends it may have
    typed nothing. It opens nothing; the duress word is heard, once: a missed alarm is worse than one too many."""
    if heard is Heard.CODE or (heard is Heard.DURESS and await _was_heard(tx, participant, shown)):
        return Heard.OTHER
    return heard


async def _was_heard(tx: Tx, participant: str, since: datetime) -> bool:
    about = await alerts.of_participant(tx, participant)
    return any(each.rule == DURESS and each.opened_at >= since for each in about)


async def _hold(tx: Tx, participant: str, now: datetime) -> None:
    """No message is started until two of the staff say so: what else was planned would reach whoever stands there."""
    placed = await holds.place(tx, Scope.PERSON, participant, DURESS, SERVICE, now)
    audit.record(tx, SERVICE, "hold.placed", placed, now, reason=DURESS)


async def _alarm(tx: Tx, participant: str, rule: str, now: datetime) -> None:
    """An urgent alert; after the duress word she is neither called nor written to, whatever else she agreed to."""
    person = await participants.get(tx, participant)
    new = NewAlert(person.id, person.centre, rule, Urgency.URGENT, call_consented=False)
    opened = await alerts.open_one(tx, new, now)
    if opened:
        audit.record(tx, SERVICE, "alert.opened", opened, now, urgency=Urgency.URGENT)
