"""Rules for addresses in the settings: https unless on this machine, host and port, provider's own or not."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

PROVIDERS = ("telegram.org", "twilio.com")


def loopback(host: str | None) -> bool:
    """Whether the host is this machine, by name or number."""
    if host is None:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def provider_owned(url: str) -> bool:
    """Whether the address is one of a provider's own servers."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    return any(host == own or host.endswith("." + own) for own in PROVIDERS)


def web_problem(url: str) -> str | None:
    """What is wrong with a web address, or `None`. Plain http is for this machine alone."""
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return "must be a web address such as https://surveys.example.org"
    if parts.username or parts.password:
        return "must not hold a user name or password"
    if parts.scheme == "http" and not loopback(parts.hostname):
        return "must begin with https:// (plain http:// is for this machine alone)"
    return None


def base_problem(url: str) -> str | None:
    """The same for an address that paths are added to: no query and no fragment."""
    if "?" in url or "#" in url:
        return "must end with the host or a path, without ? or #"
    return web_problem(url)


def mail_problem(url: str) -> str | None:
    """What is wrong with a mail server's address, or `None`. With smtp:// another machine must offer STARTTLS."""
    parts = _split(url)
    if parts is None or parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        return "must be smtps://user:password@host:port, or smtp:// where the server offers STARTTLS"
    if parts.path.strip("/") or parts.query or parts.fragment:
        return "must end with the host or its port"
    return None


def mailbox_problem(address: str) -> str | None:
    """What is wrong with an e-mail address, or `None`."""
    name, at, host = address.partition("@")
    plain = address.isascii() and not set(address) & set(' <>,;:"()')
    return None if plain and name and at and host and "@" not in host else "must be an e-mail address"


def host_and_port(listen: str) -> tuple[str, int] | None:
    """`host:port` taken apart (`[::1]:8080` too), or `None` where it is not that."""
    parts = _split(f"//{listen}")
    if parts is None or not parts.hostname or parts.netloc != listen or "@" in listen:
        return None
    return (parts.hostname, parts.port) if parts.port else None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts
