"""What a person may be called about now: a wave by telephone, a safe contact to confirm, a call they asked for.

It decides nothing of whether the call may be made: that is the contact rule's, asked as the number is shown.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from surveys.records import alerts, invitations
from surveys.records.database import Tx
from surveys.records.invitations import Invitation
from surveys.records.participants import Participant
from surveys.rules.vocabulary import Channel
from surveys.steps.safety import is_to_be_confirmed
from surveys.steps.service import Service


class About(StrEnum):
    """Why somebody is called; kept with the delivery."""

    SURVEY = "staff_calls"
    CONFIRM = "call_to_confirm"
    ASKED = "call_asked_for"


@dataclass(frozen=True, slots=True)
class Occasion:
    """The wave that the call is counted for."""

    about: About
    wave: Invitation


async def occasion_of(tx: Tx, service: Service, person: Participant, now: datetime) -> Occasion | None:
    """What the person may be called about; None where nothing is. An open alert that allows a call comes first."""
    waves = [each for each in await invitations.of_participant(tx, person.id) if each.course == person.course]
    now_open = await invitations.current(tx, person.id, now)
    if waves and await _asked(tx, person.id):
        begun = [each for each in waves if each.opens_at <= now] or waves
        return Occasion(About.ASKED, now_open or begun[-1])
    if now_open is not None and person.channel is Channel.PHONE:
        unconfirmed = await is_to_be_confirmed(tx, service, person.id, now_open, now)
        return Occasion(About.CONFIRM if unconfirmed else About.SURVEY, now_open)
    for wave in waves:
        if wave.closes_at > now and await is_to_be_confirmed(tx, service, person.id, wave, now):
            return Occasion(About.CONFIRM, wave)
    return None


async def _asked(tx: Tx, participant: str) -> bool:
    """Whether an alert stands that says the person may be called."""
    return any(each.state != "closed" and each.call_consented for each in await alerts.of_participant(tx, participant))
