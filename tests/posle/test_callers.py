"""One address that floods is turned away and takes nothing from the others; nobody says by a header who they are."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.page.endpoint import PrivatePage
from bot.page.rendering import Screens
from posle.serving.door import Server, reserved
from posle.serving.guard import GuardedProtocol
from posle.serving.process import callers_of
from posle.serving.web import application
from posle.settings import BadSettings, load_settings
from surveys.steps.page_said import PageSaid, Screen, View
from tests.posle.test_guard import until
from web.callers import Callers, networks

EXIT = "https://www.example.org/"
HOOK, LINK = "/hooks/sms", "/p/" + "k" * 22
FORM = {"content-type": "application/x-www-form-urlencoded"}


def _scope(peer: str | None, *forwarded: str) -> Scope:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return {"type": "http", "client": (peer, 1) if peer else None, "headers": headers}


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "caller"),
    [
        ([], "203.0.113.9", [], "203.0.113.9"),
        ([], "203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ([], "::ffff:203.0.113.9", [], "203.0.113.9"),
        ([], "127.0.0.1", ["198.51.100.1"], None),
        ([], None, ["198.51.100.1"], None),
        (["127.0.0.1"], "127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        (["127.0.0.1"], "127.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        (["127.0.0.1"], "127.0.0.1", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        (["127.0.0.1", "10.0.0.0/8"], "127.0.0.1", ["203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        (["127.0.0.1"], "127.0.0.1", ["198.51.100.1, 203.0.113.9:51820"], "203.0.113.9"),
        (["127.0.0.1"], "127.0.0.1", ["[2001:db8:1:2:3::4]:443"], "2001:db8:1:2::/64"),
        (["127.0.0.1"], "127.0.0.1", ["[2001:db8:1:2:3::4]"], "2001:db8:1:2::/64"),
        (["127.0.0.1", "10.0.0.0/8"], "127.0.0.1", ["203.0.113.9:1, 10.1.2.3:80"], "203.0.113.9"),
        (["127.0.0.1"], "127.0.0.1", ["203.0.113.9, nonsense"], "unreadable"),
        (["127.0.0.1"], "127.0.0.1", ["203.0.113.9:port"], "unreadable"),
        (["127.0.0.1"], "127.0.0.1", [], None),
        (["127.0.0.1"], "198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        ([], "2001:db8:1:2:3::4", [], "2001:db8:1:2::/64"),
    ],
)  # fmt: skip
def test_safety_only_a_named_proxy_says_who_calls_and_only_what_it_saw(
    proxies: list[str], peer: str | None, forwarded: list[str], caller: str | None
) -> None:
    assert Callers(networks(proxies)).of(_scope(peer, *forwarded)) == caller


def test_nobody_is_told_apart_behind_a_proxy_that_nobody_named() -> None:
    assert Callers(None).of(_scope("203.0.113.9")) is None
    assert Callers(None).admits(None, 0.0)


def test_an_address_gets_its_share_back_and_what_is_remembered_is_bounded() -> None:
    callers = Callers(at_once=3, a_second=1)
    assert [callers.admits("a", 0.0) for _ in range(5)] == [True, True, True, False, False]
    assert callers.admits("b", 0.0)
    assert [callers.admits("a", 1.5) for _ in range(2)] == [True, False]
    assert [callers.admits("a", 99.0) for _ in range(4)] == [True, True, True, False]
    for number in range(20_000):
        callers.counts(str(number), 99.0)
    assert len(callers._left) <= 10_000


@pytest.mark.parametrize("wrong", ['"127.0.0.1"', '["nginx"]', '["0.0.0.0/0"]', "[1]", '["::/0"]'])
def test_proxies_that_are_no_addresses_or_everybody_are_refused(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "posle.toml").write_text(f'[side]\nname = "survivors"\nproxies = {wrong}\n')
    with pytest.raises(BadSettings, match="proxies"):
        load_settings(tmp_path, {})


def test_by_https_nobody_is_told_apart_until_the_proxy_is_named(tmp_path: Path) -> None:
    text = '[side]\nname = "survivors"\npublic_url = "https://ankete.example.org"\n'
    for more, caller in (("", None), ('proxies = ["127.0.0.1"]\n', "203.0.113.9")):
        (tmp_path / "posle.toml").write_text(text + more)
        assert callers_of(load_settings(tmp_path, {})).of(_scope("127.0.0.1", "203.0.113.9")) == caller


async def _take(token: str, cookie: str, said: PageSaid) -> Screen:
    return Screen(View.WORDS, "sr_Latn", "ok")


async def _hook(scope: Scope, receive: Receive, send: Send) -> None:
    """Takes what is signed, refuses the rest."""
    while (await receive()).get("more_body"):
        pass
    right = dict(scope["headers"]).get(b"x-signed") == b"yes"
    await send({"type": "http.response.start", "status": 200 if right else 403, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def served(
    callers: Callers, posts: Mapping[str, ASGIApp] = MappingProxyType({HOOK: _hook})
) -> AsyncIterator[str]:
    """The side's HTTP face as `posle serve` puts it together, on a real socket."""
    page = PrivatePage(Screens(("sr_Latn",), EXIT), _take, EXIT, https=False, callers=callers)
    app = application(None, None, lambda: None, posts, None, page, None, callers)
    door = reserved("127.0.0.1", 0)
    config: dict[str, Any] = {"http": GuardedProtocol, "log_config": None, "lifespan": "off", "proxy_headers": False}
    server, told = Server(uvicorn.Config(app, **config)), asyncio.Event()
    serving = asyncio.create_task(server.until(told, door))
    await until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        told.set()
        await serving


def by(address: str) -> dict[str, str]:
    return {"x-forwarded-for": address, **FORM}


async def test_safety_a_flood_from_one_address_keeps_neither_another_nor_an_exit_out() -> None:
    async with (
        served(Callers(networks(["127.0.0.1"]), at_once=20, a_second=0.01)) as url,
        httpx.AsyncClient() as client,
    ):

        async def post(address: str, body: str = "do=start") -> int:
            return (await client.post(url + LINK, content=body, headers=by(address))).status_code

        flood = await asyncio.gather(*(post(f"198.51.100.{n}, 203.0.113.9") for n in range(60)))
        assert (flood.count(200), flood.count(429)) == (20, 40), (
            "what a client writes before the proxy's word is no address"
        )
        assert await post("198.51.100.5") == 200
        assert (await client.get(url + LINK, headers=by("203.0.113.9"))).status_code == 429
        left = await client.post(url + LINK, content="do=exit", headers=by("203.0.113.9"))
        assert (left.status_code, left.headers["location"]) == (303, EXIT)


async def test_safety_who_is_turned_away_sees_the_same_whatever_the_link() -> None:
    async with served(Callers(networks(["127.0.0.1"]), at_once=1, a_second=0.01)) as url, httpx.AsyncClient() as client:
        seen = []
        for token in ("k", "k", "z"):
            shown = await client.post(f"{url}/p/{token * 22}", content="do=start", headers=by("203.0.113.9"))
            seen.append((shown.status_code, shown.content, {k: v for k, v in shown.headers.items() if k != "date"}))
        assert seen[1][0] == 429
        assert seen[1] == seen[2]


async def test_safety_forged_posts_are_refused_before_their_body_and_the_providers_are_never_counted() -> None:
    async with (
        served(Callers(networks(["127.0.0.1"]), at_once=20, a_second=0.01)) as url,
        httpx.AsyncClient() as client,
    ):

        async def post(address: str, **more: str) -> int:
            return (await client.post(url + HOOK, content="a=1", headers=by(address) | more)).status_code

        signed = {"x-signed": "yes"}
        assert {await post("54.0.0.1", **signed) for _ in range(60)} == {200}
        assert {await post("203.0.113.9") for _ in range(40)} == {403}
        assert await post("203.0.113.9", **signed) == 403
        assert await post("54.0.0.1", **signed) == 200


async def test_who_talks_to_it_directly_on_this_machine_is_not_counted_and_a_header_changes_nothing() -> None:
    async with served(Callers(at_once=5, a_second=0.01)) as url, httpx.AsyncClient() as client:
        for n in range(30):
            shown = await client.post(url + LINK, content="do=start", headers=by(f"198.51.100.{n}"))
            assert shown.status_code == 200
