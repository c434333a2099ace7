"""Nothing that can be seen before her gate speaks of the programme: every page to its last byte, every header, cookie,
address and file's name. (The chat's lines are in tests/steps/test_chat.py, the bot's names in test_doctor_bot.py.)

A word planted in a cookie's name is found, or the sweep would prove nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from bot.page.endpoint import NOT_WORKING, PrivatePage
from bot.page.rendering import Screens
from bot.page.skins import PLAIN, SURVEY
from bot.sms import webhook as sms_hook
from bot.telegram import webhook as telegram_hook
from posle.serving.page import EXIT
from posle.serving.web import PAGE, application
from surveys.instruments.form import Form
from surveys.language.dull import undull
from surveys.library import load_library
from surveys.rules.vocabulary import Side
from surveys.steps.cover import cover_screen
from surveys.steps.page import NEUTRAL, elsewhere
from surveys.steps.page_said import PageSaid, Screen, View
from tests.library.conftest import LANGUAGES

NOW = datetime(2027, 3, 10, 10, tzinfo=UTC)
ADDRESSES = ("/", PAGE, f"{PAGE}x", "/favicon.ico", "/robots.txt", "/nothing", "/staff", "/staff/", "/health")
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE")


def screens_of(cover: Form, language: str) -> Iterator[Screen]:
    """All that the page shows to somebody who did not say the code word."""
    asked = [item for item in cover.instrument.items if item.kind.asked]
    for place in range(len(asked) + 1):
        yield replace(cover_screen(cover, place, language, NOW), postmark="0123456789abcdef" * 3)
        yield Screen(View.STOP, language, place=place)
    yield from (Screen(View.START, language), NOT_WORKING, elsewhere())


def seen_of(screens: Screens, screen: Screen) -> str:
    return screens.html(screen).decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_every_byte_of_every_page_before_the_gate_is_dull(language: str) -> None:
    screens = Screens(LANGUAGES, EXIT, SURVEY)
    covers = load_library(Side.SURVIVORS).covers
    assert len(covers) >= 3
    for cover in covers:
        for screen in screens_of(cover, language):
            assert undull(seen_of(screens, screen)) == (), (cover.instrument.name, screen.view, screen.place)


def test_safety_his_page_is_as_dull_before_his_consent() -> None:
    screens = Screens(LANGUAGES, EXIT, PLAIN)
    for language in LANGUAGES:
        for screen in (Screen(View.START, language), elsewhere(), NOT_WORKING):
            assert undull(seen_of(screens, screen)) == ()


async def everything_over_http(skin_cookie: str = "", https: bool = True) -> list[str]:
    """Each answer of her host, its headers and cookies too, whatever is asked for and how."""

    async def take(_token: str, _cookie: str, said: PageSaid) -> Screen:
        return Screen(View.START, NEUTRAL, cookie="x" * 22)

    page = PrivatePage(Screens(LANGUAGES, EXIT, SURVEY), take, EXIT, https=https, deadline=0.001)
    if skin_cookie:
        page.cookie = skin_cookie
    host = application(None, "https://staff.example.org", lambda: None, page=page, nothing_there=page.missing)
    found = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=host), base_url="https://a.example.org") as client:
        for address in ADDRESSES:
            for method in METHODS:
                for form in ({"do": "start"}, {"do": "exit"}, {"do": "?"}) if method == "POST" else (None,):
                    answer = await client.request(method, address, data=form, headers={"Origin": "https://b.example"})
                    found.append(f"{answer.status_code} {answer.headers} {answer.text}")
    return found


@pytest.mark.parametrize("https", [True, False])
async def test_safety_every_answer_of_her_host_is_dull_with_its_headers_and_cookies(https: bool) -> None:
    answers = await everything_over_http(https=https)
    assert len(answers) > 80
    assert {undull(each) for each in answers} == {()}


async def test_a_word_planted_in_a_cookies_name_is_found() -> None:
    assert any("podrska" in undull(each) for each in await everything_over_http(skin_cookie="podrska"))


def test_safety_the_addresses_of_her_host_and_its_exit_are_dull() -> None:
    for address in (PAGE, sms_hook.PATH, sms_hook.STATUS_PATH, telegram_hook.PATH, EXIT):
        assert undull(address.replace("/", " ")) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_the_names_of_notices_and_covers_and_their_titles_are_dull(language: str) -> None:
    """Names are seen by nobody but staff; a page or a file that showed one would still tell nothing."""
    library = load_library(Side.SURVIVORS)
    for cover in library.covers:
        title = cover.instrument.title
        assert undull(f"{cover.instrument.name.replace('-', ' ')} {title.get(language, '')}") == ()
    assert [name for name in library.notices if undull(name.replace("_", " "))] == []
