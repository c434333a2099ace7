"""The private page's address over HTTP requests: methods, bodies and headers; nothing is ever told about a link."""

import asyncio
import base64
import hashlib
import logging
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from lxml import html

from bot.page.endpoint import AT_ONCE, BIGGEST, LEAVING, BadForm, PrivatePage, read_form
from bot.page.rendering import FOLDER, Screens
from surveys.instruments.asking import ask
from surveys.instruments.engine import start
from surveys.records.failures import DatabaseUnavailable
from surveys.steps.page import IDLE
from surveys.steps.page_said import Do, PageSaid, Screen, View
from tests.instruments.forms import NOW, check_form

TOKEN, EXIT = "planted-token-Zq8Wv3Kx", "https://www.example.org/?a=b&c=%C4%8D#d"
LANGUAGES = ("sr_Cyrl", "sr_Latn", "en")


class Core:
    """Answers with `screen`, or fails with `failure`; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, PageSaid]] = []
        self.screen = Screen(View.ELSEWHERE, "sr_Latn")
        self.failure: Exception | None = None

    async def take(self, token: str, cookie: str, said: PageSaid) -> Screen:
        self.asked.append((token, cookie, said))
        if self.failure is not None:
            raise self.failure
        return self.screen


@pytest.fixture
def core() -> Core:
    return Core()


@pytest.fixture
async def client(core: Core) -> AsyncIterator[httpx.AsyncClient]:
    page = PrivatePage(Screens(LANGUAGES, EXIT), core.take, EXIT, https=True)
    transport = httpx.ASGITransport(app=page)
    async with httpx.AsyncClient(transport=transport, base_url="https://surveys.example.org") as client:
        yield client


async def test_safety_a_get_shows_one_neutral_button_and_asks_the_core_nothing(
    client: httpx.AsyncClient, core: Core
) -> None:
    shown = [await client.get(f"/p/{token}") for token in (TOKEN, "x", "", "../x", "a" * 5000)]
    assert len({each.content for each in shown}) == 1
    assert len(list(html.fromstring(shown[0].content).iter("button"))) == 1
    assert core.asked == []
    assert not any("set-cookie" in each.headers for each in shown)


async def test_safety_a_browsers_cookie_comes_before_the_first_press_and_for_every_link_alike(
    client: httpx.AsyncClient, core: Core
) -> None:
    looking = {"sec-fetch-dest": "document"}
    shown = [await client.get(f"/p/{token}", headers=looking | {"cookie": ""}) for token in (TOKEN, "x", "")]
    given = [each.headers["set-cookie"] for each in shown]
    assert len({re.sub(r"=[a-z0-9]{32};", "=*;", each) for each in given}) == 1
    assert len(set(given)) == len({each.content for each in shown}) + 2 == 3
    kept = given[0].partition(";")[0]
    again = await client.get("/p/x", headers=looking | {"cookie": kept})
    assert "set-cookie" not in again.headers
    assert core.asked == []


async def test_safety_who_comes_from_another_site_keeps_the_cookie_that_her_link_is_bound_to(
    client: httpx.AsyncClient,
) -> None:
    """A strict cookie does not come along from there, and one that is given takes its place."""
    for site, given in (("cross-site", False), ("none", True), ("same-origin", True)):
        looking = {"sec-fetch-dest": "document", "sec-fetch-site": site, "cookie": ""}
        assert ("set-cookie" in (await client.get("/p/x", headers=looking)).headers) is given, site


async def test_safety_every_answer_is_kept_by_nobody_and_framed_by_nobody(
    client: httpx.AsyncClient, core: Core
) -> None:
    for answer in (await client.get("/p/x"), await client.post("/p/x", data={"do": "start"})):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self' https://www.example.org;" in policy
        assert "http" not in answer.text.replace("http-equiv", "")
        assert "<script" not in answer.text


async def test_the_cookie_is_the_hosts_alone_and_no_script_can_read_it(client: httpx.AsyncClient, core: Core) -> None:
    core.screen = Screen(View.ELSEWHERE, "sr_Latn", cookie="secret")
    cookie = (await client.post("/p/x", data={"do": "start"})).headers["set-cookie"].lower()
    assert cookie.startswith("__host-s=secret;")
    assert all(part in cookie for part in ("httponly", "secure", "samesite=strict", "path=/"))
    assert "max-age" not in cookie
    assert "expires" not in cookie


async def test_quick_exit_leads_to_the_everyday_site_unchanged_and_takes_the_cookie_away(
    client: httpx.AsyncClient, core: Core
) -> None:
    core.screen = Screen(View.EXIT, "sr_Latn", cookie="")
    left = await client.post("/p/x", data={"do": "exit"}, headers={"cookie": "__Host-s=hers"})
    assert (left.status_code, left.headers["location"]) == (303, EXIT)
    assert "max-age=0" in left.headers["set-cookie"].lower()
    await asyncio.sleep(0.01)
    assert [each[2].do for each in core.asked] == [Do.EXIT]


@pytest.mark.parametrize("deadline", [0.0, 30.0])
async def test_safety_quick_exit_waits_neither_for_the_database_nor_for_the_gate(deadline: float) -> None:
    stuck, asked = asyncio.Event(), list[str]()

    async def take(token: str, cookie: str, said: PageSaid) -> Screen:
        asked.append(token)
        await stuck.wait()
        raise DatabaseUnavailable

    page = PrivatePage(Screens(LANGUAGES, EXIT), take, EXIT, https=True, deadline=deadline)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=page), base_url="https://a.example.org") as client:
        async with asyncio.timeout(10):
            left = [await client.post(f"/p/{token}", data={"do": "exit"}, headers={"cookie": "__Host-s=hers"})
                    for token in ("known", "unknown")]  # fmt: skip
        assert {each.status_code for each in left} == {303}
        assert left[0].headers == left[1].headers
        assert "max-age=0" in left[0].headers["set-cookie"].lower()
    stuck.set()
    await page.settled()
    assert asked == ["known", "unknown"]


async def test_safety_a_flood_of_exits_leads_away_alike_and_keeps_few_at_the_database() -> None:
    stuck, asked = asyncio.Event(), list[str]()

    async def take(token: str, cookie: str, said: PageSaid) -> Screen:
        asked.append(cookie)
        await stuck.wait()
        return Screen(View.EXIT, "sr_Latn", cookie="")

    page = PrivatePage(Screens(LANGUAGES, EXIT), take, EXIT, https=True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=page), base_url="https://a.example.org") as client:
        left = [await client.post("/p/x", data={"do": "exit"})]
        await asyncio.sleep(0)
        assert asked == [], "no browser without a cookie holds a link"
        any_ = {"cookie": "__Host-s=any"}
        left += [await client.post("/p/x", data={"do": "exit"}, headers=any_) for _ in range(LEAVING + 5)]
    assert {each.status_code for each in left} == {303}
    assert all(each.headers == left[0].headers for each in left)
    stuck.set()
    await page.settled()
    assert asked == ["any"] * LEAVING


async def test_safety_forms_that_dribble_keep_no_other_form_out(core: Core) -> None:
    page = PrivatePage(Screens(LANGUAGES, EXIT), core.take, EXIT, https=True)

    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        return {}

    async def nowhere(_: object) -> None: ...

    scope = {"type": "http", "method": "POST", "path": "/p/x", "query_string": b"", "headers": []}
    slow = [asyncio.create_task(page(dict(scope), never, nowhere)) for _ in range(AT_ONCE + 5)]
    await asyncio.sleep(0)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=page), base_url="https://a.example.org") as client:
        assert (await client.post("/p/x", data={"do": "exit"})).status_code == 303
        assert (await client.post("/p/x", data={"do": "start"})).status_code == 200
    for each in slow:
        each.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused_without_effect(client: httpx.AsyncClient, core: Core, method: str) -> None:
    assert (await client.request(method, f"/p/{TOKEN}")).status_code == 405
    assert core.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"do=", b"do=nothing", b"\xff\xfe", b"do=start&" + b"a=1&" * 200, b'{"do": "start"}', b"do=%ff&t=%ff",
        "do=старт".encode(), b"x" * 100,
    ],
)  # fmt: skip
async def test_what_is_no_form_of_this_page_has_no_effect(client: httpx.AsyncClient, core: Core, body: bytes) -> None:
    assert (await client.post(f"/p/{TOKEN}", content=body)).status_code == 400
    assert core.asked == []


async def test_too_much_is_refused_before_it_is_read(client: httpx.AsyncClient, core: Core) -> None:
    assert (await client.post(f"/p/{TOKEN}", content=b"t=" + b"x" * BIGGEST)).status_code == 413
    assert core.asked == []


@pytest.mark.parametrize(("failure", "status"), [(DatabaseUnavailable(), 503), (RuntimeError(TOKEN), 500)])
async def test_a_failure_is_one_calm_screen_and_no_word_of_it_is_logged(
    client: httpx.AsyncClient, core: Core, failure: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    core.failure = failure
    with caplog.at_level(logging.DEBUG):
        answer = await client.post(f"/p/{TOKEN}", data={"do": "next", "t": "planted words"})
    assert answer.status_code == status
    assert "planted" not in answer.text
    assert not [each for each in caplog.messages if "planted" in each and "endpoint" in each]
    assert "planted" not in "".join(each.getMessage() for each in caplog.records if each.name.startswith("bot"))


@pytest.mark.parametrize("view", [View.CONSENT, View.LINES, View.STOP, View.START, View.ELSEWHERE, View.WORDS])
async def test_safety_a_screen_that_holds_something_goes_away_by_itself(
    client: httpx.AsyncClient, core: Core, view: View
) -> None:
    core.screen = Screen(view, "sr_Latn", "words", buttons=("1", "2"))
    answer = await client.post("/p/x", data={"do": "next"})
    holds = view not in (View.START, View.ELSEWHERE)
    assert ("refresh" in answer.headers) is holds
    assert ('http-equiv="refresh"' in answer.text) is holds
    assert not holds or timedelta(0) < timedelta(seconds=int(answer.headers["refresh"])) - IDLE < timedelta(seconds=30)


@pytest.mark.parametrize("failure", [None, DatabaseUnavailable(), RuntimeError(TOKEN)], ids=repr)
async def test_safety_an_answer_and_a_failure_leave_at_the_same_deadline(
    core: Core, failure: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def remembered(seconds: float) -> None:
        waited.append(seconds)

    core.failure = failure
    page = PrivatePage(Screens(LANGUAGES, EXIT), core.take, EXIT, https=True, deadline=60.0)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=page), base_url="https://surveys.example.org"
    ) as one:
        monkeypatch.setattr(asyncio, "sleep", remembered)
        await one.post(f"/p/{TOKEN}", data={"do": "next"})
    assert [0 < each <= 60 for each in waited] == [True]


@pytest.mark.parametrize("passed", [0.0, 0.2, 0.93, 1.0, 2.4])
async def test_safety_whatever_an_answer_took_it_leaves_at_a_whole_number_of_deadlines(
    passed: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the loop's time, which stands still here: no machine is too slow for it."""
    waited: list[float] = []

    async def remembered(seconds: float) -> None:
        waited.append(seconds)

    page = PrivatePage(Screens(LANGUAGES, EXIT), Core().take, EXIT, https=True, deadline=1.0)
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(asyncio, "sleep", remembered)
    monkeypatch.setattr(loop, "time", lambda: 1000.0 + passed)
    await page._until(1000.0)
    monkeypatch.undo()
    assert passed + waited[0] == pytest.approx(int(passed) + 1.0), "neither sooner nor later than that"


def test_a_form_is_read_as_browsers_post_it() -> None:
    said = read_form(b"turn=3&a=c0&a=c2&t=%C5%A1ta+ima&do=speak.sr_Latn")
    assert (said.do, said.turn, said.picked, said.text) == (Do.SPEAK, 3, ("c0", "c2"), "šta ima")
    assert said.language == "sr_Latn"
    assert (read_form(b"do=next&v=0a").postmark, read_form(b"do=next").postmark) == ("0a", "")
    assert read_form(b"do=next&turn=-7").turn == read_form(b"do=next&turn=99999999").turn == -1
    with pytest.raises(BadForm):
        read_form(b"do=EXIT")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_small_escaped_and_says_its_language(language: str) -> None:
    screens = Screens(LANGUAGES, EXIT)
    state = start(check_form(), language, {}, NOW)
    asked = ask(check_form(), state, NOW)
    for view in View:
        if view is View.EXIT:
            continue
        screen = Screen(
            view,
            language,
            "<b>&",
            "<i>",
            asked if view in (View.ITEM, View.COVER) else None,
            place=0,
            buttons=("<u>", "2"),
        )
        shown = screens.html(screen).decode()
        assert not {"<b>", "<i>", "<u>"} & set(shown.split()), view
        assert len(shown.encode()) < 13_000
        assert f'<html lang="{language.replace("_", "-")}"' in shown


def test_the_helplines_button_stands_on_every_screen_after_the_gate_and_on_none_of_the_cover() -> None:
    screens = Screens(LANGUAGES, EXIT)
    asked = ask(check_form(), start(check_form(), "en", {}, NOW), NOW)
    for view, place, has in (
        (View.CONSENT, -1, True), (View.ITEM, -1, True), (View.STOP, -1, True), (View.COVER, 0, False),
        (View.STOP, 0, False), (View.START, -1, False), (View.ELSEWHERE, -1, False),
    ):  # fmt: skip
        held = asked if view in (View.ITEM, View.COVER) else None
        shown = screens.html(Screen(view, "en", "words", asked=held, place=place, buttons=("1", "2"))).decode()
        assert ('name="do" value="lines"' in shown) is has, view


def test_a_form_of_the_cover_hands_back_its_postmark_and_no_other_form_has_one() -> None:
    screens = Screens(LANGUAGES, EXIT)
    asked = ask(check_form(), start(check_form(), "en", {}, NOW), NOW)
    for view in (View.COVER, View.ITEM):
        shown = screens.html(Screen(view, "en", asked=asked, place=0, postmark="0a")).decode()
        with_it = [form for form in shown.split("<form")[1:] if '<input type="hidden" name="v" value="0a">' in form]
        assert ['value="next"' in each for each in with_it] == [True] * (view is View.COVER)


def test_safety_no_browser_fills_in_remembers_or_sends_on_what_is_typed() -> None:
    """Autofill and the tab's restored forms keep it on the phone; spelling aids send it to somebody else's server."""
    typed_in = 0
    for file in FOLDER.glob("*.html"):
        fields = [field for field in re.findall(r"<(?:textarea|input)\b.*", file.read_text()) if 'name="t"' in field]
        for field in fields:
            for off in ('autocomplete="off"', 'autocorrect="off"', 'spellcheck="false"', 'writingsuggestions="false"'):
                assert off in field, file.name
        assert not fields or '<form method="post" autocomplete="off">' in file.read_text(), file.name
        typed_in += len(fields)
    assert typed_in >= 2, "the pattern finds what it is about"


async def test_the_policy_allows_the_very_bytes_of_the_style(client: httpx.AsyncClient) -> None:
    shown = await client.get("/p/x")
    style = shown.text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in shown.headers["content-security-policy"]
