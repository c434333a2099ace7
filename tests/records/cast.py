"""Somebody to write about: a participant with an address, consent and an invitation."""

from datetime import UTC, date, datetime, timedelta

from surveys.records import consents, contacts, invitations, participants
from surveys.records.consents import NewConsent
from surveys.records.contacts import NewContact
from surveys.records.database import Tx
from surveys.records.invitations import NewInvitation
from surveys.records.participants import NewParticipant, Participant
from surveys.rules.vocabulary import Channel, Purpose

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
DAY_START = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def somebody(tx: Tx, address: str = "700100200", centre: str = "nis", consent: bool = True) -> Participant:
    """An active participant on Telegram with a verified address."""
    new = NewParticipant(
        centre,
        Channel.TELEGRAM,
        "sr_Latn",
        None,
        other_word="bivša",
        born_on=date(1980, 5, 1),
        completed_on=date(2026, 8, 24),
    )
    [person] = await participants.add_many(tx, [new], NOW)
    await contacts.add(tx, NewContact(person.id, Channel.TELEGRAM, address, NOW), NOW)
    await consents.record(tx, NewConsent(person.id, Purpose.CONTACT, consent, "1", recorded_by="Marija Marić"), NOW)
    return person


async def invited(tx: Tx, participant: str, wave: str = "m3") -> str:
    """The id of an invitation that is open from now on for 45 days."""
    new = NewInvitation(participant, wave, 1, NOW.date(), NOW, NOW + 45 * DAY, "checkin", "1", "nis")
    return (await invitations.add_many(tx, [new]))[0]
