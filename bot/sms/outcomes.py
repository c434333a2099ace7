"""What the provider's numbers mean for a delivery. In doubt a message counts as perhaps sent.

The numbers are Twilio's error dictionary. What concerns the address suspends it; what concerns the account opens a
task and is tried later, since nobody's address is at fault.
"""

from bot.sms.failures import Answered, NotSent
from surveys.steps.ports import Outcome, Refused, TryLater, Undeliverable, Unknown

SOON, LATER = 5.0, 60.0
"""Seconds until another try: after the network failed, and where somebody must first mend something."""
UNREACHABLE, UNCLEAR = "unreachable_handset", "not_delivered"
LATE = {
    30003: UNREACHABLE,
    30008: UNCLEAR,
    30001: "queue_full",
    21611: "queue_full",
    30022: "queue_full",
    30036: "too_late",
}
"""Not delivered, and nobody's address is at fault: another message may be tried within the wave."""
ADDRESS = {
    21211: "invalid_number", 21214: "unreachable_number", 21217: "invalid_number", 21408: "region_off",
    21610: "opted_out", 21612: "unreachable_number", 21614: "no_mobile_number", 30004: "blocked",
    30005: "unknown_number", 30006: "landline", 21265: "short_code",
}  # fmt: skip
"""Nothing may be written to this number any more until staff have looked."""
OPTED_OUT = 21610
MESSAGE = {21602: "no_body", 21617: "too_long", 30007: "filtered", 30034: "unregistered"}
QUEUE_FULL = 21611
"""The sender's own queue at the provider is full: nothing was taken."""
RETENTION = 30029
"""The account has no message privacy, so the retention parameters are refused."""
OTHER_FAILURE = "provider_failure"


def word(error: int) -> str:
    """The short word for a receipt's error number."""
    return ADDRESS.get(error) or LATE.get(error) or MESSAGE.get(error) or OTHER_FAILURE


def judge(failure: Exception) -> Outcome:
    """The outcome of a call that creates a message and failed."""
    match failure:
        case NotSent():
            return TryLater(SOON)
        case Answered() if failure.status >= 500 or (failure.status == 408 and not failure.spoken):
            return Unknown()  # whoever says so, the message may have been made before (safety.md, I13)
        case Answered() if failure.code in ADDRESS:
            return Undeliverable(ADDRESS[failure.code])
        case Answered() if failure.code in MESSAGE:
            return Refused(MESSAGE[failure.code])
        case Answered() if failure.status == 429:
            return TryLater(SOON)
        case Answered() if failure.code == QUEUE_FULL or failure.status in (401, 403, 404) or not failure.spoken:
            return TryLater(LATER)
        case Answered():
            return Refused(OTHER_FAILURE)
        case _:
            return Unknown()
