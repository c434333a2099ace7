"""Opaque random ids: a kind's prefix and 100 random bits. An id must never say anything about what it names."""

from base64 import urlsafe_b64encode

from surveys.rules.chance import Chance

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Thirty-two signs without l, o, 0 and 1, so that an id can be read aloud."""

SIGNS, TOKEN_SIGNS = 20, 32
_SIGN_OF = bytes(ord(ALPHABET[byte % 32]) for byte in range(256))


def new_id(prefix: str, chance: Chance) -> str:
    """An id such as `p-…`: `prefix`, a hyphen and twenty random signs (five bits each)."""
    return f"{prefix}-{chance.bytes(SIGNS).translate(_SIGN_OF).decode()}"


def new_token(chance: Chance) -> str:
    """A one-time token of 160 random bits, safe in a URL and in a Telegram deep link."""
    drawn = int.from_bytes(chance.bytes(20), "big")
    return "".join(ALPHABET[(drawn >> shift) & 31] for shift in range(0, 160, 5))


def short_token(chance: Chance) -> str:
    """A one-time token of 128 random bits in 22 signs, safe in a URL: as short as an SMS wants it."""
    return urlsafe_b64encode(chance.bytes(16)).rstrip(b"=").decode()
