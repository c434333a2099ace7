"""What the providers took, by Telegram and by SMS, in one shape. Edits and deletions are no new messages."""

from dataclasses import dataclass
from datetime import datetime

from simulator.ledger import Ledger
from simulator.twilio_world import SmsWorld


@dataclass(frozen=True, slots=True)
class Told:
    """One new message on the wire. `numbers`: what the provider may have called it; `starts`: it offers to begin."""

    at: datetime
    address: str
    numbers: tuple[str, ...]
    channel: str
    starts: bool


def wire_of(ledger: Ledger, sms: SmsWorld | None, staff: str = "") -> list[Told]:
    """Every new message of both, in time's order; none of what the account `staff` told people on call."""
    paged = sms.accounts[staff].messages if sms is not None and staff in sms.accounts else {}
    chats = [
        Told(
            datetime.fromisoformat(each.at), str(each.chat_id),
            (f"{each.chat_id}:{each.message_id}", str(each.message_id)), "telegram", "begin" in str(each.parameters),
        )
        for each in ledger.accepted if each.method == "sendMessage"
    ]  # fmt: skip
    texts = [
        Told(each.at, each.to, (each.sid,), "sms", False)
        for each in (sms.wire if sms is not None else ()) if each.method == "create" and each.sid not in paged
    ]  # fmt: skip
    return sorted([*chats, *texts], key=lambda each: each.at)
