"""The side's HTTP face: the provider's hook, and a health page for the loopback or the staff's host alone.

On any other host everything else answers like a page that is not there.
"""

import re
from asyncio import get_running_loop
from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import ip_address
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.telegram.webhook import PATH, Webhook
from web.callers import Callers
from web.headers import COMMON

_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
_PASSED_ON = ("forwarded", "via", "x-forwarded-", "x-real-ip", "x-client-ip", "x-original-", "true-client-ip", "cf-")
"""How headers begin that a proxy adds to what it passes on."""
PAGE = "/p/"
PLAIN = {**COMMON, "Referrer-Policy": "no-referrer"}
_PORT = re.compile(r":[0-9]{1,5}\Z")


def application(
    webhook: Webhook | None,
    staff_url: str | None,
    last_tick: Callable[[], datetime | None],
    posts: Mapping[str, ASGIApp] = MappingProxyType({}),
    console: ASGIApp | None = None,
    page: ASGIApp | None = None,
    nothing_there: Callable[[], Response] | None = None,
    callers: Callers | None = None,
) -> ASGIApp:
    """The application; it keeps nothing between requests. Updates go straight to the webhook, past all routing; `posts`
    are the other addresses that providers post to, `console` is what the staff's own host shows, `page` what people
    find under /p/ everywhere else. With `nothing_there` that is what every page that is not there shows, and what
    whoever is no provider gets at a provider's address; the root belongs to `page`."""
    staff, absent = urlsplit(staff_url).hostname if staff_url else None, nothing_there or missing
    hook, posts = _hooks(webhook, posts, callers or Callers(None), nothing_there)

    async def health(request: Request) -> Response:
        if not private(request.scope, staff):
            return absent()
        tick = last_tick()
        return JSONResponse({"status": "ok", "last_tick": tick.isoformat() if tick else None})

    async def nothing(_: Request, __: Exception) -> Response:
        return absent()

    pages = Starlette(
        routes=[Route("/health", health, methods=["GET"])], exception_handlers={404: nothing, 405: nothing}
    )

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        posted = scope.get("method") == "POST"
        if hook is not None and posted and scope["path"] == PATH:
            await hook(scope, receive, send)
        elif console is not None and scope["type"] == "http" and _of_console(scope, staff):
            await console(scope, receive, send)
        elif page is not None and scope["type"] == "http" and _of_page(scope, staff, nothing_there is not None):
            await page(scope, receive, send)
        else:
            await (posts.get(scope.get("path", ""), pages) if posted else pages)(scope, receive, send)

    return application


def _hooks(
    webhook: Webhook | None, posts: Mapping[str, ASGIApp], callers: Callers,
    nothing_there: Callable[[], Response] | None,
) -> tuple[ASGIApp | None, Mapping[str, ASGIApp]]:  # fmt: skip
    """The providers' addresses, each patient with whoever is refused there; covered where the whole host is."""
    guarded = _patient(webhook, callers) if webhook is not None else None
    posts = {path: _patient(post, callers) for path, post in posts.items()}
    if nothing_there is None:
        return guarded, posts
    covered = _covered(guarded, nothing_there) if guarded is not None else None
    return covered, {path: _covered(post, nothing_there) for path, post in posts.items()}


def _patient(hook: ASGIApp, callers: Callers) -> ASGIApp:
    """The address of a provider, who is never kept waiting: what is refused counts, and who was refused too often in a
    while is refused before a byte of the body is read."""

    async def patient(scope: Scope, receive: Receive, send: Send) -> None:
        caller = callers.of(scope)
        if caller is None:
            await hook(scope, receive, send)
            return
        now = get_running_loop().time()
        if not callers.has_left(caller, now):
            await Response(b"", 403, {"Connection": "close"})(scope, receive, send)
            return

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start" and 400 <= message["status"] < 500:
                callers.counts(caller, now)
            await send(message)

        await hook(scope, receive, counting)

    return patient


def _covered(hook: ASGIApp, absent: Callable[[], Response]) -> ASGIApp:
    """A provider's address on a host that is all cover: what is refused there looks like a page that is not there."""

    async def covered(scope: Scope, receive: Receive, send: Send) -> None:
        refused = False

        async def unless_refused(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                refused = 400 <= message["status"] < 500
            if not refused:
                await send(message)

        await hook(scope, receive, unless_refused)
        if refused:
            await absent()(scope, receive, send)

    return covered


def missing() -> Response:
    """What every page that is not there answers."""
    return Response(b"", status_code=404, headers=PLAIN)


def _of_console(scope: Scope, staff: str | None) -> bool:
    """On any other host /staff answers like a page that is not there."""
    return f"{scope['path']}/".startswith("/staff/") and _host(scope) == staff


def _of_page(scope: Scope, staff: str | None, whole: bool) -> bool:
    """A staff host of its own shows no page; one that is the side's only host does. The root is the page's too, where
    the `whole` host is."""
    asked = scope["path"].startswith(PAGE) or (whole and scope["path"] == "/")
    return bool(asked) and (staff in _OWN_NAMES or _host(scope) != staff)


def _host(scope: Scope) -> str | None:
    """The one host that is asked for, without its port."""
    hosts = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
    return _PORT.sub("", hosts[0]) if len(hosts) == 1 else None


def private(scope: Scope, staff: str | None) -> bool:
    """Whether a request comes to the staff's own host, or directly from this machine: by the peer's address, under the
    machine's own name, and passed on by nobody.

    The Host header alone proves nothing, as a proxy on this machine has its address too.
    """
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    name = _host(scope)
    if name is None:
        return False
    if name == staff and staff not in _OWN_NAMES:
        return True
    passed_on = any(name.decode("latin-1").startswith(_PASSED_ON) for name, _ in headers)
    return not passed_on and name in _OWN_NAMES and _is_loopback(scope.get("client"))


def _is_loopback(client: tuple[str, int] | None) -> bool:
    """None is a socket file, which only a proxy talks to."""
    try:
        address = ip_address(client[0]) if client else None
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address is not None and (mapped or address).is_loopback
