"""Takes a person's SMS, whether the provider posted it or only lists it: noted and handled in one transaction.

It must never let a body be redacted that was neither handled nor kept, nor keep the body outside the inbox.
"""

from dataclasses import dataclass
from datetime import datetime

from surveys.records import audit, sms_messages
from surveys.records.database import Tx
from surveys.records.sms_messages import Heard
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE
from surveys.steps.alarm import open_task
from surveys.steps.ports import Incoming
from surveys.steps.receive import Received, receive
from surveys.steps.service import SERVICE, Service

PROVIDER = "sms"
"""The provider's name in the inbox."""
OPTED_OUT = ".opted_out"
"""An opt-out is an update of its own: the same message may have been heard from the list before, and withdraws now."""


@dataclass(frozen=True, slots=True, repr=False)
class HeardSms:
    """A person's SMS. `content` is all of its words and attachments, for telling a replay from another message; `raw`
    what the inbox keeps where it cannot be handled. `replied`: the provider answered the person by itself. `opted_out`:
    it says that they opted out there, which its list does not say."""

    sid: str
    said: Incoming
    content: str
    raw: bytes
    replied: bool = False
    opted_out: bool = False


async def take_in(service: Service, heard: HeardSms, now: datetime) -> Received:
    """Commit one inbound SMS. Its body is to be redacted only if this very transaction handles it or keeps it.

    Raises DatabaseUnavailable where nothing could be committed: do not acknowledge, and do not redact.
    """

    async def note(tx: Tx) -> bool:
        return await hear(tx, heard.sid, heard.content, heard.replied, now)

    update = f"{heard.sid}{OPTED_OUT}" if heard.opted_out else heard.sid
    return await receive(service, PROVIDER, update, heard.said, heard.raw, now, note)


async def hear(tx: Tx, sid: str, content: str, replied: bool, now: datetime) -> bool:
    """Note an inbound message; False where its number came before with other words: an alarm, no answer."""
    heard = await sms_messages.note_inbound(tx, sid, content, now)
    if heard is Heard.OTHER:
        await open_task(tx, NewTask(EVERY_CENTRE, "sms_conflict", sid), now)
        audit.record(tx, SERVICE, "sms.conflict", sid, now)
    if replied and heard is not Heard.OTHER:
        await open_task(tx, NewTask(EVERY_CENTRE, "sms_auto_reply", "provider"), now)
    return heard is not Heard.OTHER
