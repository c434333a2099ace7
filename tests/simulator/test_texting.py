"""Phones with SMS: over HTTP, and in a real browser."""

import re

import httpx
import pytest
from playwright.async_api import Browser, expect

from simulator.server import Running
from tests.simulator.conftest import TOGETHER

pytestmark = TOGETHER
SID, TOKEN, SENDER, NUMBER = "AC" + "ab" * 16, "an-sms-token-of-a-test", "+381600000001", "+381641234567"
LINK = "http://127.0.0.1:9/p/abc"
HOSTILE = "<img src=x onerror=\"document.title='taken'\">"


async def sent(phones: Running, text: str, *, inbound: str = "") -> None:
    """One SMS as a client of the provider sends it, delivered."""
    if SID not in phones.sms.world.accounts:
        phones.sms.add_account(SID, TOKEN, SENDER, inbound_url=inbound)
    async with httpx.AsyncClient(auth=(SID, TOKEN)) as client:
        form = {"To": NUMBER, "From": SENDER, "Body": text}
        answer = await client.post(f"{phones.url}/2010-04-01/Accounts/{SID}/Messages.json", data=form)
        assert answer.status_code == 201
    while not phones.sms.quiet or not phones.sms.world.phone(NUMBER):
        await phones.quiet(0.01)


async def test_a_phone_shows_what_arrived_and_an_onlooker_what_is_unread(phones: Running) -> None:
    async with httpx.AsyncClient(base_url=f"{phones.url}/control/sms") as client:
        assert (await client.post("/phones", json={"name": "Јелена"})).status_code == 400
        assert (await client.post("/phones", json={"name": "Јелена", "number": NUMBER})).status_code == 200
        await sent(phones, "Kratka anketa: " + "x" * 100)
        (listed,) = (await client.get("/phones")).json()
        assert (listed["name"], listed["unread"]) == ("Јелена", 1)
        seen = (await client.get(f"/phones/{NUMBER}/onlooker")).json()
        assert seen["lock_screen"] == [{"title": SENDER, "text": ("Kratka anketa: " + "x" * 100)[:80]}]
        inbox = (await client.get(f"/phones/{NUMBER}")).json()
        assert [each["text"] for each in inbox["messages"]] == ["Kratka anketa: " + "x" * 100]
        assert inbox["writes"] is False
        assert (await client.get(f"/phones/{NUMBER}/onlooker")).json()["lock_screen"] == []
        refused = await client.post(f"/phones/{NUMBER}/text", json={"text": "STOP"})
        assert (refused.status_code, refused.json()) == (409, {"error": "this sender cannot receive an SMS"})


@pytest.mark.browser
async def test_in_the_browser_a_message_arrives_its_link_opens_and_hostile_text_stays_text(
    phones: Running, chromium: Browser
) -> None:
    phones.sms.world.owners[NUMBER] = "Јелена"
    context = await chromium.new_context(viewport={"width": 1280, "height": 820})
    page = await context.new_page()
    await page.goto(f"{phones.url}/sms")
    await page.get_by_role("button", name=re.compile("Јелена")).click()
    await expect(page.get_by_text("No message yet")).to_be_visible()
    await sent(phones, f"{HOSTILE} {LINK}")
    link = page.locator("#log a")
    await expect(link).to_have_attribute("href", LINK)
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(page.locator("#log")).to_contain_text("onerror")
    assert await page.title() == "Phones · SMS"
    await expect(page.locator("#oneway")).to_be_visible()
    await context.close()
