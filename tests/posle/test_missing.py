"""What is not there: kept by nobody on his host; on hers everything that is not there is one and the same page."""

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from bot.page.endpoint import PrivatePage
from bot.page.rendering import Screens
from bot.sms.webhook import PATH, STATUS_PATH
from posle.serving.web import application
from surveys.steps.page_said import PageSaid, Screen

EXIT = "https://www.example.org/"
NOT_THERE = [
    ("GET", "/nope"), ("GET", "/robots.txt"), ("GET", "/health"), ("GET", "/staff/"), ("GET", PATH), ("PUT", PATH),
    ("GET", STATUS_PATH), ("GET", "/hooks/telegram"), ("DELETE", "/nope"), ("POST", "/nope"),
]  # fmt: skip


async def _take(token: str, cookie: str, said: PageSaid) -> Screen:
    raise AssertionError("nothing is to be asked")


async def _hook(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("only what is posted reaches a hook")


def client(*, gate: bool) -> httpx.AsyncClient:
    page = PrivatePage(Screens(("sr_Latn",), EXIT), _take, EXIT, https=True, deadline=1.0 if gate else 0.0)
    posts = {PATH: _hook, STATUS_PATH: _hook}
    app = application(None, None, lambda: None, posts, None, page, page.missing if gate else None)
    transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 1))
    return httpx.AsyncClient(transport=transport, base_url="https://surveys.example.org")


@pytest.mark.parametrize(("method", "path"), NOT_THERE)
async def test_safety_what_is_not_there_is_kept_and_indexed_by_nobody(method: str, path: str) -> None:
    async with client(gate=False) as asking:
        answer = await asking.request(method, path)
    assert (answer.status_code, answer.content) == (404, b"")
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "noindex" in answer.headers["x-robots-tag"]


async def test_safety_another_method_of_the_page_is_kept_by_nobody() -> None:
    async with client(gate=False) as asking:
        answer = await asking.request("OPTIONS", "/p/x")
    assert answer.status_code == 405
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")


async def test_safety_on_her_host_nothing_that_is_not_there_tells_what_is() -> None:
    async with client(gate=True) as asking:
        shown = [
            await asking.request(method, path) for method, path in (*NOT_THERE, ("OPTIONS", "/p/x"), ("PUT", "/p/"))
        ]
    assert {each.status_code for each in shown} == {404}
    assert len({each.content for each in shown}) == 1
    assert len({tuple(sorted(each.headers.items())) for each in shown}) == 1


async def test_safety_the_root_of_her_host_is_the_cover_and_of_his_is_nothing() -> None:
    async with client(gate=True) as hers, client(gate=False) as his:
        root, link = await hers.get("/"), await hers.get("/p/x")
        assert (root.status_code, root.content, root.headers) == (200, link.content, link.headers)
        assert (await his.get("/")).status_code == 404
