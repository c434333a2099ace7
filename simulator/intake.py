"""The methods by which a bot says how it takes its updates: webhook or polling."""

import ipaddress
import re
from typing import Any, Final
from urllib.parse import urlsplit

from simulator.refusals import bad
from simulator.strict import TYPES
from simulator.updates import Updates
from simulator.webhook import Address

Json = dict[str, Any]
KINDS: Final = frozenset(TYPES["Update"]["fields"]) - {"update_id"}
LONGEST_POLL: Final = 50.0
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}\Z", re.ASCII)


def set_webhook(updates: Updates, told: Json) -> bool:
    """setWebhook. Raises `Refusal` 400."""
    url, secret = told["url"], told.get("secret_token", "")
    if secret and not _SECRET.match(secret):
        raise bad("secret token contains unallowed characters")
    if "secret_token" in told and not secret:
        raise bad("secret token must be non-empty")
    allowed = _kinds(told)
    address = Address(_checked(url), secret, told.get("max_connections", 40)) if url else None
    updates.direct(address, allowed, drop=told.get("drop_pending_updates", False))
    return True


def delete_webhook(updates: Updates, told: Json) -> bool:
    """deleteWebhook."""
    updates.direct(None, None, drop=told.get("drop_pending_updates", False))
    return True


def webhook_info(updates: Updates) -> Json:
    """getWebhookInfo."""
    told: Json = {
        "url": updates.address.url if updates.address else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if updates.address:
        told["max_connections"] = updates.address.connections
    if updates.last_error:
        told["last_error_date"], told["last_error_message"] = updates.last_error
    if updates.allowed:
        told["allowed_updates"] = list(updates.allowed)
    return told


async def get_updates(updates: Updates, told: Json) -> list[Json]:
    """getUpdates. Raises `Refusal` 400 and 409."""
    timeout = min(max(told.get("timeout", 0), 0), LONGEST_POLL)
    return await updates.poll(told.get("offset", 0), told.get("limit", 100), timeout, _kinds(told))


def _kinds(told: Json) -> tuple[str, ...] | None:
    if "allowed_updates" not in told:
        return None
    kinds = tuple(told["allowed_updates"])
    if not KINDS.issuperset(kinds):
        raise bad("can't parse allowed_updates: unknown update type")
    return kinds


def _checked(url: str) -> str:
    """https, as the Bot API asks; plain http on this machine alone, where there is nobody to protect it from."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise bad("bad webhook: invalid webhook URL specified") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(host)):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not host:
        raise bad("bad webhook: invalid webhook URL specified")
    return url


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
