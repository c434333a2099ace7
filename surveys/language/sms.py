"""What a text looks like as an SMS and what it costs. It never cuts a text short and never loses a letter.

Serbian in either script goes out in plain Latin letters without diacritics (GSM-7: 160 characters, or 153 a part).
"""

from collections.abc import Iterable
from functools import lru_cache

from surveys.language.script import segments, to_gsm, to_latin
from surveys.rules.vocabulary import SmsScript

__all__ = ["MOST_SEGMENTS", "cost", "segments", "sms_form"]

MOST_SEGMENTS = 2
"""What one message of a conversation may take; a notice takes one."""


def sms_form(text: str, script: SmsScript = SmsScript.ASCII) -> str:
    """The text in plain ASCII; as it stands (and dearer) where a letter of it has no plain form, so that none is lost.
    With another script in whole Latin letters, or as it stands.

    Idempotent. Placeholders in braces and addresses come back as they were.
    """
    if script is not SmsScript.ASCII:
        return to_latin(text) if script is SmsScript.LATIN else text
    return to_gsm(text) if all(map(_has_plain_form, set(text))) else text


@lru_cache(maxsize=2048)
def _has_plain_form(sign: str) -> bool:
    return not sign.isalpha() or bool(to_gsm(sign))


def cost(texts: Iterable[str], segment_price: float = 0.0) -> tuple[int, float]:
    """Segments that a provider bills for the texts as they stand, and what they cost at that price for each."""
    billed = sum(segments(text) for text in texts)
    return billed, billed * segment_price
