"""The bench of phones in a browser, with chats and with SMS: pages, one style sheet, scripts, all served from here."""

from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

FOLDER: Final = Path(__file__).with_name("static")
SCRIPTS: Final = (
    "bench", "chat", "clock", "keeping", "menu", "onlooker", "people", "shared", "sms", "state", "words",
)  # fmt: skip
FILES: Final = {
    "/": ("bench.html", "text/html; charset=utf-8"),
    "/bench.css": ("bench.css", "text/css; charset=utf-8"),
    "/sms": ("sms.html", "text/html; charset=utf-8"),
    **{f"/{each}.js": (f"{each}.js", "text/javascript; charset=utf-8") for each in SCRIPTS},
    "/everyday": ("everyday.html", "text/html; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def routes() -> list[BaseRoute]:
    """The page and what it needs."""
    return [Route(path, _endpoint, methods=["GET"]) for path in FILES]


async def _endpoint(request: Request) -> Response:
    name, kind = FILES[request.url.path]
    return Response(_content(name), media_type=kind, headers=HEADERS)


@cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()
