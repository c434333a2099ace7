"""Who may see the health page: the staff's host, and this machine itself; to all others there is no such page."""

import pytest
from starlette.types import Message, Scope

from bot.replies import Replies
from bot.telegram.webhook import Webhook
from posle.serving.web import application

STAFF = "https://staff.example.org"


async def _status(staff: str | None, client: tuple[str, int] | None, headers: list[tuple[str, str]]) -> int:
    async def never(*_: object) -> None:
        raise AssertionError

    webhook = Webhook(never, Replies(never), "s" * 32)  # type: ignore[arg-type]
    app = application(webhook, staff, lambda: None)
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: Scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/health", "raw_path": b"/health", "root_path": "", "query_string": b"", "client": client,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers], "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await app(scope, receive, send)
    return int(said[0]["status"])


HERE, THERE = ("127.0.0.1", 4711), ("192.0.2.7", 4711)
SEEN = [
    (None, HERE, [("host", "127.0.0.1:8000")]),
    (None, HERE, [("host", "localhost")]),
    (None, ("::1", 1), [("host", "[::1]:8000")]),
    (None, ("::ffff:127.0.0.1", 1), [("host", "127.0.0.1")]),
    (STAFF, HERE, [("host", "staff.example.org"), ("x-forwarded-proto", "https"), ("x-forwarded-for", "192.0.2.7")]),
    (STAFF, THERE, [("host", "STAFF.example.org:443")]),
    (STAFF, HERE, [("host", "localhost:8000")]),
]
HIDDEN = [
    (None, THERE, [("host", "127.0.0.1:8000")]),
    (STAFF, THERE, [("host", "localhost")]),
    (None, None, [("host", "localhost")]),
    (None, ("a proxy's socket", 0), [("host", "localhost")]),
    (None, HERE, [("host", "ordinary.example.org")]),
    (None, HERE, [("host", "staff.example.org")]),
    (STAFF, HERE, [("host", "ordinary.example.org"), ("x-forwarded-host", "staff.example.org")]),
    (STAFF, HERE, [("host", "ordinary.example.org"), ("host", "staff.example.org")]),
    (STAFF, HERE, [("host", "staff.example.org.example.net")]),
    ("http://127.0.0.1:8000", THERE, [("host", "127.0.0.1:8000")]),
    ("http://127.0.0.1:8000", HERE, [("host", "127.0.0.1:8000"), ("x-forwarded-for", "192.0.2.7")]),
    (None, HERE, []),
    (None, HERE, [("host", "")]),
    (None, HERE, [("host", "[")]),
    (None, HERE, [("host", "localhost:x")]),
    *((None, HERE, [("host", "127.0.0.1"), (header, "192.0.2.7")])
      for header in ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")),
]  # fmt: skip


@pytest.mark.parametrize(("staff", "client", "headers"), SEEN)
async def test_health_is_shown_to_this_machine_and_on_the_staffs_host(
    staff: str | None, client: tuple[str, int], headers: list[tuple[str, str]]
) -> None:
    assert await _status(staff, client, headers) == 200


@pytest.mark.parametrize(("staff", "client", "headers"), HIDDEN)
async def test_safety_a_host_header_alone_opens_no_health_page(
    staff: str | None, client: tuple[str, int] | None, headers: list[tuple[str, str]]
) -> None:
    assert await _status(staff, client, headers) == 404
