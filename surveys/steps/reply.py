"""Turns a decided reply into a claimed delivery: the row is born claimed in the same transaction as what it answers.

It must never be called for a message that the service starts; those are planned, and claimed by `dispatch`.
"""

from datetime import datetime

from surveys.records import deliveries
from surveys.records.database import Tx
from surveys.records.deliveries import NewDelivery
from surveys.records.interviews import Interview
from surveys.rules.contact import REPLY_WITHIN
from surveys.rules.vocabulary import Channel, DeliveryKind, SmsScript
from surveys.steps.ports import Incoming, Outgoing
from surveys.steps.show import Shown
from surveys.steps.sms_text import plain
from surveys.steps.turn import Reply

LONGEST, LONGEST_SMS = 4096, 1600
ANSWERS = "answers_message"


async def answer(
    tx: Tx,
    said: Incoming,
    reply: Reply,
    now: datetime,
    *,
    participant: str | None = None,
    interview: Interview | None = None,
    bubble: str | None = None,
    final: bool = False,
    script: SmsScript = SmsScript.ASCII,
) -> Outgoing | None:
    """The message back, claimed; None where the person wrote too long ago to be answered (safety.md, I4)."""
    if said.age > REPLY_WITHIN.total_seconds():
        return None
    kind = DeliveryKind.ACKNOWLEDGEMENT if final else DeliveryKind.REPLY
    new = NewDelivery(kind, 0, said.channel, now, ANSWERS, participant, None, interview.id if interview else None)
    delivery, lease = await deliveries.born_claimed(tx, new, now)
    edit = said.message if reply.same and said.press else None
    asking = interview if reply.asks else None
    return Outgoing(
        delivery=delivery,
        lease=lease,
        channel=said.channel,
        address=said.sender,
        stranger=participant is None,
        text=_text(said.channel, reply.shown, script),
        buttons=reply.shown.buttons if reply.shown and said.channel is Channel.TELEGRAM else (),
        edit=edit,
        press=said.press,
        toast=reply.toast,
        retire=bubble if reply.asks and bubble != edit else None,
        interview=asking.id if asking else None,
        turn=asking.turn + 1 if asking else 0,
        seconds=REPLY_WITHIN.total_seconds() - said.age,
    )


def _text(channel: Channel, shown: Shown | None, script: SmsScript) -> str:
    if shown is None:
        return ""
    return plain(shown, script)[:LONGEST_SMS] if channel is Channel.SMS else shown.text[:LONGEST]
