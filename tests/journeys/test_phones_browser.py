"""The demo's phones as people see them, in each script: the chat with its buttons and the SMS, on narrow screens.

Every message is the service's own, from the first to the last, and each is looked at in one real browser.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import telegram
from playwright.async_api import Browser, Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from simulator.server import Running
from simulator.twilio_world import Sms
from surveys.instruments.compile import compile_form
from surveys.instruments.form import Form
from surveys.language.script import Script, script_of
from surveys.library import load_library
from surveys.records.database import Database
from surveys.rules.vocabulary import Channel, Side, SmsScript
from surveys.steps.notice import sms_notice
from surveys.steps.sms_cost import NOMINAL, question_texts
from surveys.steps.sms_cost import TOKEN as LINK
from tests.databases import any_seals, fresh_sqlite
from tests.simulator.conftest import BEGAN, TOGETHER, bot, chromium, phones
from tests.simulator.test_texting import NUMBER, SENDER, SID
from tests.simulator.test_texting import TOKEN as AUTH
from tests.steps.stage import Stage, make_stage
from tests.steps.test_language import SCRIPTS, in_the_middle

__all__ = ["bot", "chromium", "phones"]
pytestmark = [TOGETHER, pytest.mark.browser]
LANGUAGES = ("sr_Cyrl", "sr_Latn", "en")
LETTERS = {"sr_Cyrl": SmsScript.CYRILLIC, "sr_Latn": SmsScript.LATIN, "en": SmsScript.ASCII}
WIDTHS = (320, 360)
KEPT = re.compile(r"https?://\S+|\b(?:SMS|STOP|Telegram|DA|KASNIJE)\b")
TEXTS = """() => {
  const walk = document.createTreeWalker(document.querySelector("#log"), NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest(".stamp, .day, .about, .own")) found.push(walk.currentNode.data);
  return found;
}"""
HIDDEN = """() => [...document.querySelectorAll("#log .words, #log .keys button, #title")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1 || getComputedStyle(each).textOverflow === "ellipsis" ||
    each.scrollHeight > each.clientHeight + 1)
  .map((each) => each.textContent.slice(0, 40))"""
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def looked_at(page: Page, folder: Path, name: str, language: str, *, whole: bool) -> None:
    """Nothing cut off at either width; no text of two scripts, and where `whole`, none of another."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 740})
        assert await page.evaluate(WIDE) <= 0
        assert await page.evaluate(HIDDEN) == []
        await page.screenshot(path=folder / f"{name}-{language}-{width}.png", full_page=True)
    texts = [KEPT.sub("", each) for each in await page.evaluate(TEXTS)]
    assert len(texts) > 10
    found = [(script_of(each), each) for each in texts]
    other = {Script.MIXED} | ({*Script} - {SCRIPTS[language], Script.NONE} if whole else set())
    assert [each for script, each in found if script in other] == []


async def conversation(root: Path, language: str) -> Stage:
    """His whole interview in that language, with a word that is not understood on the way."""
    stage = await make_stage(await Database.open(fresh_sqlite(root), any_seals()), root)
    await in_the_middle(stage, language)
    await stage.say("???")
    await stage.say("help" if language == "en" else "pomoć")
    for _ in range(30):
        if not stage.ledger[-1].buttons:
            break
        await stage.press_data(stage.ledger[-1].buttons[0][0].data, stage.ledger[-1])
    await stage.service.database.close()
    return stage


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_chat_is_of_one_script_and_nothing_is_cut_off(
    phones: Running, bot: telegram.Bot, chromium: Browser, tmp_path: Path, language: str
) -> None:
    stage = await conversation(tmp_path, language)
    person = await phones.control.create(
        f"N {language}", language=language, link="https://t.me/upitnik0001_bot?start=x"
    )
    await phones.control.start(person)
    for message in stage.ledger:
        keys = [[InlineKeyboardButton(each.label, callback_data="x") for each in row] for row in message.buttons]
        await bot.send_message(person, message.text, reply_markup=InlineKeyboardMarkup(keys) if keys else None)
    page = await chromium.new_page()
    await page.goto(phones.url)
    await page.get_by_role("button", name=f"N {language}").click()
    await expect(page.locator(".bubble.bot")).to_have_count(len(stage.ledger))
    await looked_at(page, tmp_path, "chat", language, whole=True)
    await page.close()


def messages(language: str) -> Iterator[str]:
    """Every notice, question and text of his side as it goes by SMS in whole letters."""
    library, script = load_library(Side.EX_PERPETRATORS), LETTERS[language]
    link = f"https://ankete.example.org/p/{LINK}"
    yield from (
        sms_notice(each, language, script, link) for each in library.notices.values() if each.channel is Channel.SMS
    )
    yield from question_texts(
        Form(compile_form(library.instruments["check-in"])),
        language,
        library.other_word("female", language),
        NOMINAL,
        script,
    )
    for name in ("consent_wave", "closing", "danger", "withdrawal", "wrong_number", "left"):
        yield library.text_on(Channel.SMS, name, language, script).replace("{phone}", "+381 34 123 4567")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_sms_phone_mixes_no_scripts_and_cuts_nothing_off(
    phones: Running, chromium: Browser, tmp_path: Path, language: str
) -> None:
    account = phones.sms.add_account(SID, AUTH, SENDER)
    for number, text in enumerate(messages(language)):
        sid = f"SM{number:032x}"
        account.messages[sid] = Sms(sid, SENDER, NUMBER, text, BEGAN, "delivered", seen=text)
    page = await chromium.new_page()
    await page.goto(f"{phones.url}/sms#{NUMBER}")
    await expect(page.locator(".bubble.bot")).to_have_count(len(phones.sms.world.phone(NUMBER)))
    await looked_at(page, tmp_path, "sms", language, whole=False)
    await page.close()
    phones.sms.world.accounts.clear()
