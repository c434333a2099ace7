"""Where somebody stands as they write, press, or open the page: the wave that is open to them, how far they came.

It reads and decides nothing; no channel is named here but to word a text for it.
"""

from datetime import datetime

from surveys.instruments.state import from_json
from surveys.records import interviews, invitations, participants
from surveys.records.database import Tx
from surveys.records.participants import Participant
from surveys.rules.vocabulary import Channel, Disposition, SmsScript
from surveys.steps import configured
from surveys.steps.facts import facts_of
from surveys.steps.lines import keep_fresh
from surveys.steps.service import Service
from surveys.steps.settle import Person
from surveys.steps.speech import Words, words_for
from surveys.steps.turn import Stage, Standing


async def with_wave(tx: Tx, service: Service, participant: Participant, contact: str, now: datetime) -> Person:
    """The wave that is open now, or due and not yet closed: it opens at once for somebody who writes."""
    invitation = await invitations.current(tx, participant.id, now)
    if invitation is None or invitation.course != participant.course:
        return Person(participant, contact)
    form = await service.form(tx, invitation.instrument, invitation.version)
    live = await interviews.live(tx, participant.id)
    interview = live if live and live.invitation == invitation.id else None
    return Person(participant, contact, invitation, interview, form)


async def standing_of(tx: Tx, service: Service, person: Person, channel: Channel, now: datetime) -> Standing:
    """The person's standing, worded for that channel."""
    interview, local = person.interview, service.local(now)
    await keep_fresh(tx, service, now)
    if interview is None or interview.stage == Stage.CONSENT:  # what is agreed to is what the database has now
        await configured.take_in(tx, service, now)
    else:
        await configured.keep_fresh(tx, service, now)
    return Standing(
        language=person.participant.language,
        words=words_at(service, person.participant.centre, local, channel, person.participant.sms_script),
        now=local,
        form=person.form,
        stage=Stage(interview.stage) if interview else None,
        state=from_json(interview.state) if interview and interview.state else None,
        tag=person.invitation.id[-8:] if person.invitation else "",
        bubble=interview.bubble if interview else None,
        facts=await _facts(tx, service, person, now) if interview and not interview.state else (),
        channel=channel,
        script=person.participant.sms_script,
        talks=service.talks_on(channel),
    )


def words_at(
    service: Service, centre: str, local: datetime, channel: Channel, script: SmsScript = SmsScript.ASCII
) -> Words:
    """The side's texts as people of that centre read them there and then."""
    centres = service.library.centres
    phone = (centres[centre].phone or service.phone) if centre in centres else ""
    return words_for(service.library, phone, local, service.holidays, channel, script, service.helplines)


async def _facts(tx: Tx, service: Service, person: Person, now: datetime) -> tuple[tuple[str, str], ...]:
    assert person.invitation is not None
    wave, answered = person.invitation, (Disposition.COMPLETE, Disposition.PARTIAL)
    protocol = await configured.protocol_of(tx, service, person.participant.protocol)
    before_all = {each.name for each in protocol.waves if each.months == 0}  # it asks about the programme's own time
    earlier = [
        each for each in await invitations.of_participant(tx, person.participant.id)
        if each.course == wave.course and each.due_on < wave.due_on and each.wave not in before_all
    ]  # fmt: skip
    missed = any(each.disposition not in answered for each in earlier)
    private = await participants.private(tx, person.participant.id)
    today = service.local(now).date()
    facts = facts_of(service.library, person.participant, private, wave.wave, today, earlier_missed=missed)
    return tuple(facts.items())
