"""Each side's page has a look of its own: nothing that a man knows from his own link is on a survivor's."""

import re

import httpx
from lxml import html

from bot.page.endpoint import PrivatePage
from bot.page.rendering import Screens
from bot.page.skins import PLAIN, SURVEY, Skin
from surveys.steps.page import NEUTRAL
from surveys.steps.page_said import PageSaid, Screen, View

LANGUAGES, EXIT = ("sr_Cyrl", "sr_Latn", "en"), "https://www.example.org/"


def shown(skin: Skin, view: View = View.START) -> str:
    return Screens(LANGUAGES, EXIT, skin).html(Screen(view, NEUTRAL, "x")).decode()


def words(page: str) -> set[str]:
    said = " ".join(str(each) for each in html.fromstring(page.partition("</head>")[2]).itertext())
    return {word for word in re.split(r"[\s·]+", said) if len(word) > 2}


def test_safety_the_two_sides_start_pages_share_no_word_title_or_style() -> None:
    his, hers = shown(PLAIN), shown(SURVEY)
    assert not words(his) & words(hers)
    assert html.fromstring(his).findtext(".//title") != html.fromstring(hers).findtext(".//title")
    styles = [html.fromstring(each).findtext(".//style") for each in (his, hers)]
    assert styles[0] != styles[1]
    policies = [Screens(LANGUAGES, EXIT, skin).headers["Content-Security-Policy"] for skin in (PLAIN, SURVEY)]
    assert policies[0] != policies[1]


async def test_safety_the_two_sides_cookies_have_different_names() -> None:
    names = set()
    for skin in (PLAIN, SURVEY):

        async def take(_token: str, _cookie: str, _said: PageSaid) -> Screen:
            return Screen(View.START, NEUTRAL, cookie="x" * 22)

        page = PrivatePage(Screens(LANGUAGES, EXIT, skin), take, EXIT, https=True)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=page), base_url="https://surveys.example.org"
        ) as client:
            answer = await client.post("/p/x", data={"do": "start"})
        names.add(answer.headers["set-cookie"].partition("=")[0])
    assert len(names) == 2
    assert all(each.startswith("__Host-") for each in names)
