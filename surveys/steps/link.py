"""One-time deep links: made at enrolment, bound by the first Start, useless afterwards.

Only a keyed hash of the token is kept. A used, expired or revoked link answers exactly like one that never was.
"""

from datetime import datetime, timedelta

from surveys.records import audit, contacts, links
from surveys.records.database import Tx
from surveys.records.ids import new_token
from surveys.rules.vocabulary import Channel
from surveys.steps.service import PERSON, Service

TELEGRAM = "telegram"


async def make_link(tx: Tx, service: Service, participant: str, now: datetime) -> str:
    """A new token for this participant; earlier unused ones are revoked. Shown once, to staff, and never stored."""
    token = new_token(service.chance)
    await links.revoke_all(tx, participant, TELEGRAM, now)
    valid = timedelta(days=service.library.protocol.deep_link_days)
    await links.add(tx, participant, TELEGRAM, token, now, now + valid)
    return token


async def bind(tx: Tx, token: str, channel: Channel, sender: str, now: datetime) -> str | None:
    """The participant to whom this sender is now bound, or None where the link is of no use."""
    link = await links.usable(tx, TELEGRAM, token, now)
    if link is None:
        return None
    await links.use(tx, link.id, now)
    await contacts.replace(tx, link.participant, channel, sender, now)
    await audit.record(tx, PERSON, "contact.bound", link.participant, now, channel=channel)
    return link.participant
