"""What a failed call means for a delivery. In doubt a message counts as perhaps sent: nothing may reach anybody twice.

The provider's own word that it did nothing is needed before anything is sent again. A gateway's 502 or 504 is no such
word: the message may have been taken behind it. A 500 counts only where the Bot API itself says `ok: false`; a 503
refuses before anything is done (RFC 9110, 15.6.4), and so does any other answer below 500.
"""

from telegram.error import TelegramError

from bot.telegram.failures import Answered, Limited, NotSent, Unsendable
from surveys.steps.ports import Outcome, Refused, TryLater, Undeliverable, Unknown

SOON = 5.0
"""Seconds until another try after the network or the provider failed."""
LATER = 60.0
"""The same where somebody must first mend something (a wrong token, a wrong address of the provider)."""
UNREACHABLE = frozenset({"blocked", "deactivated", "never_started", "chat_not_found"})


def judge(failure: TelegramError, *, repeatable: bool) -> Outcome:
    """The outcome of a failed call. `repeatable`: doing it twice does no harm (an edit of the same bubble)."""
    match failure:
        case Limited():
            return TryLater(failure.seconds)
        case NotSent():
            return TryLater(SOON)
        case Unsendable():
            return Refused("unsendable")
        case Answered() if failure.status < 500:
            return _refused(failure)
        case Answered() if failure.status == 503 or (failure.status == 500 and failure.spoken):
            return TryLater(SOON)
        case _:
            return TryLater(SOON) if repeatable else Unknown()


def _refused(answer: Answered) -> Outcome:
    if not answer.spoken or answer.status not in (400, 403):
        return TryLater(LATER)  # a wrong token or server: nobody's message was looked at, nobody's address is at fault
    if answer.status == 403:
        return Undeliverable(answer.code if answer.code in UNREACHABLE else "forbidden")
    return Undeliverable(answer.code) if answer.code in UNREACHABLE else Refused(answer.code)
