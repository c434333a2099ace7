"""The phones in a real browser: a person reads, presses and types, with the keyboard alone and on a small screen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import telegram
from playwright.async_api import Browser, Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from simulator.phones import FILES
from simulator.server import TOKEN, Running
from tests.simulator.conftest import TOGETHER

pytestmark = TOGETHER


browser_test = pytest.mark.browser
QUESTION = "1/2 Како сте ових дана?"
KEYS = InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=text)] for text in ("Добро", "Лоше")])
HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"


class Hand:
    """A browser page, and what went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self._asked)
        self.asked: list[str] = []

    def _asked(self, request: Any) -> None:
        self.asked.append(request.url)


@pytest_asyncio.fixture(loop_scope="module")
async def hand(chromium: Browser, phones: Running) -> AsyncIterator[Hand]:
    context = await chromium.new_context(viewport={"width": 1280, "height": 820})
    context.set_default_timeout(5000)
    own = Hand(await context.new_page())
    yield own
    assert own.faults == []
    assert all(url.startswith(phones.url) for url in own.asked), "no third-party byte"
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def echo(phones: Running, bot: telegram.Bot) -> AsyncIterator[None]:
    """A bot that asks one question and thanks for whatever comes."""

    async def answer(update: telegram.Update) -> None:
        if update.callback_query is not None:
            await update.callback_query.answer("Забележено")
            await update.callback_query.edit_message_text(f"Хвала: {update.callback_query.data}")
        elif update.message is not None and (update.message.text or "").startswith("/start"):
            await bot.send_message(update.message.chat.id, QUESTION, reply_markup=KEYS)
        elif update.message is not None:
            await bot.send_message(update.message.chat.id, f"Хвала: {update.message.text or 'слика'}")

    async with polled(phones, answer):
        yield


class polled:  # noqa: N801 - reads as a block
    """Answer updates with a client of its own while the block lasts."""

    def __init__(self, phones: Running, answer: Callable[[telegram.Update], Awaitable[None]]) -> None:
        self._bot = telegram.Bot(TOKEN, base_url=f"{phones.url}/bot")
        self._answer = answer

    async def _run(self) -> None:
        offset = None
        while True:
            for update in await self._bot.get_updates(offset=offset, timeout=20):
                offset = update.update_id + 1
                update.set_bot(self._bot)
                await self._answer(update)

    async def __aenter__(self) -> None:
        await self._bot.initialize()
        self._task = asyncio.create_task(self._run())

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._bot.shutdown()


@browser_test
async def test_a_person_reads_presses_and_types(phones: Running, hand: Hand, echo: None) -> None:
    await phones.control.create("Милан", link="https://t.me/upitnik0001_bot?start=abc")
    page = hand.page
    await page.goto(phones.url)
    await page.get_by_role("button", name="Милан").click()
    await page.get_by_role("button", name="Старт").click()
    await expect(page.get_by_role("log")).to_contain_text("/start abc")
    await expect(page.get_by_role("log")).to_contain_text(QUESTION)
    await page.get_by_role("button", name="Лоше").click()
    await expect(page.get_by_role("log")).to_contain_text("Хвала: Лоше")
    await expect(page.locator("#toast")).to_have_text("Забележено")
    await expect(page.locator(".keys")).to_have_count(0)
    await page.get_by_label("Порука").fill("два\nреда")
    await page.get_by_role("button", name="Пошаљи").click()
    await expect(page.locator(".bubble.bot").last).to_contain_text("Хвала: два\nреда")


@browser_test
async def test_the_keyboard_alone_is_enough(phones: Running, hand: Hand, echo: None) -> None:
    await phones.control.create("Dragan", language="sr_Latn", link="https://t.me/upitnik0001_bot?start=abc")
    page = hand.page
    await page.goto(phones.url)
    await expect(page.get_by_role("button", name="Dragan")).to_be_visible()
    await until_focused(page, "Dragan")
    await page.keyboard.press("Enter")
    await expect(page.locator("#start")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text(QUESTION)
    await expect(page.get_by_label("Poruka")).to_be_focused()
    await until_focused(page, "Добро", key="Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Хвала: Добро")
    await expect(page.get_by_label("Poruka")).to_be_focused()
    await page.keyboard.type("ćao")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Хвала: ćao")
    await expect(page.get_by_label("Poruka")).to_have_value("")


async def until_focused(page: Page, label: str, *, key: str = "Tab") -> None:
    for _ in range(30):
        await page.keyboard.press(key)
        if label in await page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"{label} cannot be reached by {key}")


@browser_test
async def test_the_menu_blocks_and_start_lifts_it(phones: Running, bot: telegram.Bot, ana: int, hand: Hand) -> None:
    page = hand.page
    await page.goto(f"{phones.url}/#{ana}")
    more = page.get_by_role("button", name="Још")
    await more.click()
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()
    await more.press("Enter")
    await page.get_by_role("menuitem", name="Блокирај бота").click()
    await expect(page.locator("#kind")).to_have_text("бот · блокиран")
    with pytest.raises(telegram.error.Forbidden):
        await bot.send_message(ana, "a")
    await page.get_by_role("button", name="Старт поново").click()
    await expect(page.locator("#kind")).to_have_text("бот")
    await more.click()
    await page.get_by_role("menuitem", name="Обриши ћаскање").click()
    await expect(page.locator(".bubble")).to_have_count(0)


@browser_test
async def test_a_locked_phone_shows_what_an_onlooker_sees(
    phones: Running, bot: telegram.Bot, ana: int, hand: Hand
) -> None:
    page = hand.page
    await page.goto(f"{phones.url}/#{ana}")
    await page.get_by_role("button", name="Закључај").click()
    await bot.send_message(ana, "Упитник је спреман.")
    await expect(page.locator("#notices")).to_contain_text("Упитник је спреман.")
    await expect(page.locator("#glance")).to_contain_text("Упитник је спреман.")
    await expect(page.locator(".people .badge")).to_contain_text("1")
    await page.get_by_role("button", name="Откључај").press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Упитник је спреман.")
    await expect(page.locator("#glance")).to_contain_text("Nothing")


@browser_test
async def test_what_somebody_wrote_is_never_markup(phones: Running, bot: telegram.Bot, ana: int, hand: Hand) -> None:
    page = hand.page
    villain = await phones.control.create(HOSTILE, last_name=HOSTILE)
    phones.world.bot().settings["name", ""] = HOSTILE
    markup = InlineKeyboardMarkup([[InlineKeyboardButton(HOSTILE, callback_data="a")]])
    await bot.send_message(ana, HOSTILE, reply_markup=markup)
    await page.goto(f"{phones.url}/#{ana}")
    await expect(page.get_by_role("log")).to_contain_text(HOSTILE)
    await expect(page.locator("#title")).to_have_text(HOSTILE)
    await page.goto(f"{phones.url}/#{villain}")
    assert await page.title() == "Phones"
    assert await page.locator(".phone img, .people img, .glance img, body script").count() == 0


@browser_test
async def test_the_clock_moves(phones: Running, hand: Hand) -> None:
    page = hand.page
    await page.goto(phones.url)
    await expect(page.locator("#now")).to_have_text("Tue, 24 Nov 2026, 10:30")
    await page.get_by_role("button", name="+ 1 day").click()
    await expect(page.locator("#now")).to_have_text("Wed, 25 Nov 2026, 10:30")
    await page.get_by_role("button", name="+ 1 week").click()
    await expect(page.locator("#now")).to_have_text("Wed, 2 Dec 2026, 10:30")
    await expect(page.get_by_role("button", name="Next event")).to_be_disabled()
    await expect(page.locator("#coming")).to_contain_text("press Start")


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_usable_at_360_pixels_in_light_and_dark(
    phones: Running, bot: telegram.Bot, ana: int, chromium: Browser, scheme: Any
) -> None:
    await bot.send_message(ana, "Веомадугаречбезразмака" * 8, reply_markup=KEYS)
    context = await chromium.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = await context.new_page()
    await page.goto(f"{phones.url}/#{ana}")
    await expect(page.locator(".bubble")).to_have_count(2)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    for name in ("Добро", "Пошаљи", "+ 1 day", "Још"):
        box = await page.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["height"] >= 36
    assert await page.evaluate(CONTRAST) >= 4.5
    await context.close()


CONTRAST = """() => {
  const light = (text) => {
    const parts = text.match(/[\\d.]+/g).slice(0, 3).map((each) => {
      const part = each / 255;
      return part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
    });
    return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
  };
  const pairs = [[".words", ".words"], [".stamp", ".words"], [".own .stamp", ".own .words"], ["#send", "#send"],
    [".onlooker .quiet", "body"], [".keys button", ".keys button"]];
  return Math.min(...pairs.map(([ink, paper]) => {
    const tones = [light(getComputedStyle(document.querySelector(ink)).color),
      light(getComputedStyle(document.querySelector(paper)).backgroundColor)].sort((a, b) => b - a);
    return (tones[0] + .05) / (tones[1] + .05);
  }));
}"""


async def test_the_page_is_served_with_a_strict_policy(phones: Running) -> None:
    async with aiohttp.ClientSession() as session:
        for path in FILES:
            async with session.get(phones.url + path) as answer:
                text = await answer.text()
                policy = answer.headers["Content-Security-Policy"]
            assert answer.status == 200
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "innerHTML" not in text
            assert "insertAdjacentHTML" not in text
