"""Whether a request was made by the SMS provider: its signature over the configured address and every parameter.

The address is the configured one, never what the request says of itself: behind a proxy that could be anything, and
anybody could say it. Compared in constant time.
"""

import hmac
from collections.abc import Mapping
from urllib.parse import urlparse

from twilio.request_validator import RequestValidator, add_port, remove_port

HEADER = b"x-twilio-signature"


class Signatures:
    """Checks what claims to come from the account with this token."""

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token)

    def hold(self, url: str, parameters: Mapping[str, str], signature: bytes) -> bool:
        """Whether the signature is right; the provider leaves a port that is the scheme's own in or out."""
        parts = urlparse(url)
        right = False
        for each in (remove_port(parts) if _own_port(url) else url, add_port(parts)):
            expected = self._validator.compute_signature(each, dict(parameters)).encode()
            right |= hmac.compare_digest(expected, signature)
        return right


def _own_port(url: str) -> bool:
    parts = urlparse(url)
    return parts.port in (None, 443 if parts.scheme == "https" else 80)
