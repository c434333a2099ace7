"""The side's HTTP face: the provider's hook, and a health page for the loopback or the staff's host alone.

On any other host everything else answers like a page that is not there.
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.telegram.webhook import PATH, Webhook

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host")


def application(webhook: Webhook, staff_url: str | None, last_tick: Callable[[], datetime | None]) -> ASGIApp:
    """The application; it keeps nothing between requests. Updates go straight to the webhook, past all routing."""
    staff = urlsplit(staff_url).hostname if staff_url else None

    async def health(request: Request) -> Response:
        if not _private(request, staff):
            return missing()
        tick = last_tick()
        return JSONResponse({"status": "ok", "last_tick": tick.isoformat() if tick else None})

    async def nothing(_: Request, __: Exception) -> Response:
        return missing()

    pages = Starlette(
        routes=[Route("/health", health, methods=["GET"])], exception_handlers={404: nothing, 405: nothing}
    )

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await (webhook if scope["type"] == "http" and scope["path"] == PATH else pages)(scope, receive, send)

    return application


def missing() -> Response:
    """What every page that is not there answers."""
    return Response(b"", status_code=404)


def _private(request: Request, staff: str | None) -> bool:
    """A proxy's request counts as the staff's only by their host; one from this machine by its own name."""
    host = request.url.hostname or ""
    if staff is not None and host == staff:
        return True
    return host in _LOOPBACK and not any(name in request.headers for name in _FORWARDED)
