"""Turns a decided reply into a claimed delivery: the row is born claimed in the same transaction as what it answers.

It must never be called for a message that the service starts; those are planned and claimed by `dispatch`.
"""

from datetime import datetime

from surveys.records import deliveries
from surveys.records.database import Tx
from surveys.rules.vocabulary import DeliveryKind
from surveys.steps.ports import Incoming, Outgoing
from surveys.steps.turn import Reply

TOO_LATE = 60.0
"""Seconds after which a person's message is no longer answered (safety.md, I4)."""
LONGEST = 4096


async def answer(
    tx: Tx, said: Incoming, reply: Reply, now: datetime, *, participant: str | None = None,
    interview: str | None = None, bubble: str | None = None, final: bool = False,
) -> Outgoing | None:  # fmt: skip
    """The message back, claimed; None where the person wrote too long ago to be answered."""
    if said.age > TOO_LATE:
        return None
    kind = DeliveryKind.ACKNOWLEDGEMENT if final else DeliveryKind.REPLY
    row = await deliveries.claim_reply(tx, kind, said.channel, now, participant=participant, interview=interview)
    shown = reply.shown
    edit = said.message if reply.same and said.press else None
    return Outgoing(
        delivery=row.id,
        lease=row.lease,
        channel=said.channel,
        address=said.sender,
        text=shown.text[:LONGEST] if shown else "",
        buttons=shown.buttons if shown else (),
        edit=edit,
        press=said.press,
        toast=reply.toast,
        retire=bubble if reply.asks and bubble and bubble != edit else None,
        interview=interview if reply.asks else None,
    )
