"""Reads the provider's forms: a person's SMS, or a receipt. Total on any form; nothing of it may reach a log.

The provider's own opt-out is a withdrawal, whatever word it was.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from bot.sms.outcomes import word
from surveys.records.sms_messages import STAGES
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Event, Incoming

MOST_FIELDS = 100
LONGEST_TEXT = 1600
_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}\Z")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}\Z")
_ERROR = re.compile(r"[0-9]{1,6}\Z")
_FAILED = ("undelivered", "failed", "canceled")
OPT_OUT = "STOP"
"""What a withdrawal by the provider's own opt-out is read as."""

Form = Mapping[str, str]


class NotAForm(Exception):
    """These bytes are no form of the provider. Nothing was done."""

    def __init__(self) -> None:
        super().__init__("these bytes are no form of the SMS provider; nothing was done")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A person's SMS. `content` is all of its words and attachments, for telling a replay from another message."""

    sid: str
    said: Incoming
    content: str
    replied: bool = False
    """The provider answered the person by itself: its own opt-out or help was set off."""
    opted_out: bool = False
    """The provider's own opt-out was set off, whatever the words were."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far a message of ours came; `error` is a short word, where it did not arrive."""

    sid: str
    status: str
    error: str | None


def parse(raw: bytes) -> Form:
    """The form's fields. NotAForm where it is none, or where a field stands there twice."""
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict",
            max_num_fields=MOST_FIELDS,
        )  # fmt: skip
    except ValueError:
        pairs = []
    form = dict(pairs)
    if not form or len(form) != len(pairs):
        raise NotAForm
    return form


def arrived(form: Form) -> Arrived:
    """A person's message; NotAForm where the form is none."""
    sid, sender = form.get("MessageSid", ""), form.get("From", "")
    if not _SID.match(sid) or "Body" not in form:
        raise NotAForm
    text, opted = form["Body"], form.get("OptOutType", "")
    content = "\n".join((text, form.get("NumMedia", "0"), ""))  # not what the provider made of it: no list says that
    if not _NUMBER.match(sender):  # a short code, a name: nobody of ours
        return Arrived(sid, Incoming(Channel.SMS, "", Event.IGNORED), content)
    if out := opted.upper() == "STOP":
        said = Incoming(Channel.SMS, sender, Event.TEXT, OPT_OUT, message=sid)
    else:
        said = Incoming(Channel.SMS, sender, _event(form, text), _cut(text), message=sid)
    return Arrived(sid, said, content, bool(opted), out)


def addressed(form: Form, sender: str) -> bool:
    """Whether it was sent to `sender`, where that is a number at all: a name can receive nothing."""
    return not _NUMBER.match(sender) or form.get("To", sender) == sender


def legible(sender: str, text: str, media: str) -> bool:
    """Whether what the provider lists of a person's SMS still says who wrote what: neither is masked nor taken off."""
    return "X" not in sender and bool(text or media != "0")


def as_posted(sid: str, sender: str, text: str, media: str) -> tuple[Arrived, bytes]:
    """A listed message as its post would have said it, and the bytes of that. NotAForm where it could not have."""
    form = {"MessageSid": sid, "From": sender, "Body": text, "NumMedia": media}
    return arrived(form), urlencode(form).encode()


def _event(form: Form, text: str) -> Event:
    typed = text.strip() and form.get("NumMedia", "0") == "0"
    return Event.TEXT if typed else Event.OTHER


def _cut(text: str) -> str:
    return text.replace("\x00", "")[:LONGEST_TEXT]


def receipt(form: Form) -> Receipt:
    """A receipt; NotAForm where the form is none."""
    sid, status, error = form.get("MessageSid", ""), form.get("MessageStatus", ""), form.get("ErrorCode", "")
    if not _SID.match(sid) or status not in STAGES or status in ("received", "receiving"):
        raise NotAForm
    return Receipt(sid, status, failure(status, int(error) if _ERROR.match(error) else 0))


def failure(status: str, error: int | None) -> str | None:
    """The short word for why it did not arrive; None where it did, or may yet."""
    return word(error or 0) if status in _FAILED else None


def interpret(raw: bytes) -> tuple[str, Incoming]:
    """For what waits in the inbox: the message's number and what it means."""
    heard = arrived(parse(raw))
    return heard.sid, heard.said
