"""The field's words as closed sets (docs/glossary.md). Values are stored and exported: never rename one."""

from enum import StrEnum

SHIPPED_LANGUAGES = ("sr_Cyrl", "sr_Latn", "en")
"""What every text of the service is written in; a folder may add more."""


class Side(StrEnum):
    """One code base, run once per side; a process is given one side's database, keys and senders."""

    EX_PERPETRATORS = "ex-perpetrators"
    SURVIVORS = "survivors"


class SmsScript(StrEnum):
    """In which letters somebody gets SMS. Plain ones cost least; the others twice as much and more."""

    ASCII = "ascii"
    LATIN = "latin"
    CYRILLIC = "cyrillic"


class Channel(StrEnum):
    """How a participant is reached. `page` is where an SMS link leads; it is never a way to reach anybody."""

    TELEGRAM = "telegram"
    SMS = "sms"
    PHONE = "phone"
    PAGE = "page"


class Purpose(StrEnum):
    """What a person consents to, each apart from the others."""

    CONTACT = "contact"
    EVALUATION = "evaluation"
    CALL = "call"


class Status(StrEnum):
    """Where a participant stands. Only `active` people are ever written to."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    IN_CUSTODY = "in_custody"
    MOVED_ABROAD = "moved_abroad"
    DECEASED = "deceased"
    PURGED = "purged"


ENDED = (Status.WITHDRAWN, Status.PURGED, Status.DECEASED)
"""Nothing is changed about them any more."""


class Missing(StrEnum):
    """Why an item has no value. Kept apart from each other in every table and export."""

    SKIPPED = "skipped"
    REFUSED = "refused"
    NOT_APPLICABLE = "not_applicable"
    NOT_REACHED = "not_reached"
    UNSAFE_TO_ASK = "unsafe_to_ask"


class Disposition(StrEnum):
    """How an invitation ended (AAPOR's families, and the ordinary events of instruments.md)."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSAL = "refusal"
    BREAK_OFF = "break_off"
    NON_CONTACT = "non_contact"
    UNSAFE_TO_CONTACT = "unsafe_to_contact"
    NOT_RECONFIRMED = "not_reconfirmed"
    IN_CUSTODY = "in_custody"
    MOVED_ABROAD = "moved_abroad"
    DECEASED = "deceased"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Urgency(StrEnum):
    """What a risk rule opens: an urgent alert, an alert, or a task."""

    URGENT = "urgent"
    ALERT = "alert"
    TASK = "task"


class DeliveryKind(StrEnum):
    """One thing to send. The service starts `notice`, `reminder` and `call`; the others answer a person."""

    NOTICE = "notice"
    REMINDER = "reminder"
    CALL = "call"
    """A member of staff calls; it is counted when the number is shown."""
    REPLY = "reply"
    ACKNOWLEDGEMENT = "acknowledgement"
    TEST = "test"
    """Confirms a number, with a member of staff beside the person."""


class DeliveryState(StrEnum):
    """planned → claimed → sent, failed or unknown (the connection died after bytes left); planned → cancelled."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
