"""The postmark of a cover's form: when it was shown, to which browser, behind which address; known or not.

It must be made of nothing but what everybody has, so that it is alike for all; and it must never be taken from a form
and shown again: a form that was kept in a browser's history stays as old as it is.
"""

from datetime import datetime
from hmac import compare_digest

from surveys.records.columns import from_microseconds, to_microseconds
from surveys.records.sealing import Seals

_WHEN, _SIGN = 16, 32
"""How many signs say when, and how many hold it: each postmark is as long as any other."""


def postmark(seals: Seals, token: str, cookie: str, now: datetime) -> str:
    """The one of a form that is shown now."""
    return _signed(seals, token, cookie, f"{to_microseconds(now):0{_WHEN}x}")


def shown_at(seals: Seals, token: str, cookie: str, given: str) -> datetime | None:
    """When the form with it was shown; None where this browser was shown none such here."""
    when = given[:_WHEN]
    if not compare_digest(_signed(seals, token, cookie, when).encode(), given.encode()):
        return None
    return from_microseconds(int(when, 16))


def _signed(seals: Seals, token: str, cookie: str, when: str) -> str:
    return when + seals.index("page_links", "postmark", f"{when} {cookie} {token}").hex()[:_SIGN]
