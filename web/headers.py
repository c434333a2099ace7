"""The headers that every page of ours carries, to people and staff alike: nothing is kept, framed, or told onward."""

from collections.abc import Mapping
from types import MappingProxyType

COMMON: Mapping[str, str] = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)
TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")
"""Only where the address is https."""
