"""The console is there on the staff's own host alone; its cookie is for that host and for https."""

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from bot.replies import Replies
from bot.telegram.webhook import Webhook
from posle.serving.web import application
from staff.console import Console
from staff.table import PAGES
from tests.databases import database, database_url, fresh_url, seals
from tests.staff.office import PASSWORD, Office
from tests.steps.conftest import stage
from tests.steps.stage import Stage

__all__ = ["database", "database_url", "fresh_url", "seals", "stage"]
STAFF = "https://staff.example.org"


async def _never(*_: object) -> None:
    raise AssertionError


async def _console(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"console"})


async def _asked(host: str, path: str, staff: str = STAFF) -> httpx.Response:
    webhook = Webhook(_never, Replies(_never), "s" * 32)  # type: ignore[arg-type]
    app = application(webhook, staff, lambda: None, console=_console)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://any") as client:
        return await client.get(path, headers={"Host": host})


@pytest.mark.parametrize("host", ["staff.example.org", "STAFF.example.org:443"])
@pytest.mark.parametrize("path", ["/staff/", "/staff"])
async def test_the_console_is_on_the_staffs_host(host: str, path: str) -> None:
    assert (await _asked(host, path)).text == "console"


async def test_the_address_without_its_last_stroke_is_the_same_page(stage: Stage) -> None:
    app = Console(stage.service, STAFF, lambda: stage.now, PAGES, Office(stage, STAFF).link)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=STAFF) as client:
        with_, without = await client.get("/staff/"), await client.get("/staff")
    assert (without.status_code, without.headers["location"]) == (with_.status_code, with_.headers["location"])


@pytest.mark.parametrize("host", ["example.org", "ordinary.example.org", "staff.example.org.evil.net", "127.0.0.1", ""])
async def test_safety_on_any_other_host_the_console_answers_like_a_missing_page(host: str) -> None:
    there, missing = await _asked(host, "/staff/"), await _asked(host, "/no-such-page")
    assert (there.status_code, there.content) == (404, b"")
    assert there.headers.raw == missing.headers.raw


@pytest.mark.parametrize("path", ["/staffing", "/Staff/", "/x/staff/"])
async def test_only_its_own_addresses_reach_the_console(path: str) -> None:
    assert (await _asked("staff.example.org", path)).status_code == 404


async def test_safety_behind_https_the_cookie_is_bound_to_the_host_and_never_leaves_in_clear(stage: Stage) -> None:
    office = Office(stage, STAFF)
    app = Console(stage.service, STAFF, lambda: stage.now, PAGES, office.link)
    login = await office.account()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=STAFF) as client:
        form = {"login": login, "password": PASSWORD}
        answer = await client.post("/staff/sign-in", data=form, headers={"Origin": STAFF})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-c=")
    assert "; Secure" in cookie
    assert "; Path=/;" in cookie
    assert "domain" not in cookie.lower()
    assert "max-age" in answer.headers["strict-transport-security"]
