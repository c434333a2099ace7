"""Phones with SMS over HTTP: whose number it is, what is in the inbox, what somebody glancing at it sees, and writing.

JSON only, for tests and demos on this machine; what a phone shows is what arrived, whatever is redacted elsewhere.
"""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from simulator.refusals import NotPossible
from simulator.twilio_world import Account, Sms, SmsWorld

if TYPE_CHECKING:
    from simulator.twilio import TwilioApi

PREVIEW = 80
Json = dict[str, Any]


def phones(world: SmsWorld) -> list[Json]:
    """Every phone: those with a name, and whatever number was written to."""
    written = {each.to for account in world.accounts.values() for each in account.messages.values() if not each.inbound}
    numbers = [*world.owners, *sorted(written - world.owners.keys())]
    return [
        {"number": each, "name": world.owners.get(each, each), "messages": len(world.phone(each)),
         "unread": _unread(world, each)}
        for each in numbers
    ]  # fmt: skip


def add_phone(world: SmsWorld, told: Json) -> Json:
    """A phone of somebody's. Raises ValueError where name or number is missing."""
    name, number = str(told.get("name") or ""), str(told.get("number") or "")
    if not name or not number.startswith("+"):
        raise ValueError("name and number (with + before it) are needed")
    world.owners[number] = name
    return {"number": number, "name": name}


def inbox(api: "TwilioApi", number: str) -> Json:
    """What is on the phone, oldest first, and whether it can be answered; looking at it is reading it."""
    shown = api.world.phone(number)
    api.world.read[number] = len(shown)
    return {
        "number": number, "name": api.world.owners.get(number, number), "messages": [_message(each) for each in shown],
        "writes": _account_of(api, number) is not None,
    }  # fmt: skip


def glance(world: SmsWorld, number: str) -> Json:
    """What an onlooker sees: unread messages on the lock screen, and the list of conversations by sender."""
    shown = world.phone(number)
    fresh = shown[len(shown) - _unread(world, number) :] if _unread(world, number) else []
    last = {(each.to if each.inbound else each.sender): each for each in shown}
    return {
        "lock_screen": [{"title": each.sender, "text": each.seen[:PREVIEW]} for each in fresh if not each.inbound],
        "chat_list": [{"title": sender, "preview": each.seen[:PREVIEW]} for sender, each in last.items()],
    }


async def write(api: "TwilioApi", number: str, text: str) -> Json:
    """An SMS from this phone; NotPossible where the sender it would go to cannot receive."""
    account = _account_of(api, number)
    if account is None or not text.strip():
        raise NotPossible("this sender cannot receive an SMS" if account is None else "there is nothing to send")
    await api.text(number, text, account)
    return {"done": True}


def number_of(request: Request) -> str:
    """The phone that a request is about."""
    return str(request.path_params["number"])


def _account_of(api: "TwilioApi", number: str) -> Account | None:
    """Whose message came last, where that account can receive; before any came, the first that can."""
    able = [each for each in api.world.accounts.values() if each.inbound_url]
    senders = {each.sender for each in api.world.phone(number) if not each.inbound}
    return next((each for each in able if not senders or each.sender in senders), None)


def _unread(world: SmsWorld, number: str) -> int:
    seen = world.read.get(number, 0)
    return sum(not each.inbound for each in world.phone(number)[seen:])


def _message(each: Sms) -> Json:
    return {"id": each.sid, "own": each.inbound, "sender": each.sender, "text": each.seen,
            "at": each.created.timestamp(), "redacted": not each.body}  # fmt: skip
