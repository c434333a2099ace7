"""The demo that one can touch, as a newcomer has it: both sides at work, reached by the addresses that it prints."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from posle.demo.cast import CODE
from posle.demo.house import free_port
from posle.demo.live import ENDING
from posle.demo.places import LOGIN, PASSWORD
from tests.journeys.plain_browser import PlainBrowser

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0


@asynccontextmanager
async def demo() -> AsyncIterator[tuple[str, str]]:
    """`posle demo` as typed; the addresses of phones and desk."""
    words = [str(Path(sys.executable).with_name("posle")), "demo", "--port", str(free_port())]
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=ROOT
    )
    assert process.stdout is not None
    said = ""
    try:
        while "Ctrl-C" not in said:
            line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
            assert line, "the demo has ended"
            said += line.decode()
        phones, desk = re.findall(r"(http://127\.0\.0\.1:\d+)/ ", said)[:2]
        yield phones, desk
    finally:
        process.terminate()
        rest, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert (process.returncode, rest.decode().splitlines()[-1]) == (0, ENDING)  # and no task was destroyed after it


class Hands:
    """What a newcomer does at the phones, over HTTP."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"/control{path}")
        answer.raise_for_status()
        return answer.json()

    async def post(self, path: str, **told: Any) -> Any:
        answer = await self.client.post(f"/control{path}", json=told)
        answer.raise_for_status()
        return answer.json()

    async def until(self, true: Callable[[], Any], *, move: bool = False) -> Any:
        """Look again and again, moving the clock to the next event where `move`; what became true."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not (found := await true()):
            assert loop.time() < end, "it did not become true"
            if move:
                await self.post("/clock", to="next")
            await asyncio.sleep(0.2)
        return found

    async def keys(self, person: int, bot: int) -> list[dict[str, Any]]:
        """The buttons of the newest bubble that has any."""
        shown = (await self.get(f"/people/{person}/messages?bot={bot}"))["messages"]
        return next(
            ([key for row in each["buttons"] for key in row] for each in reversed(shown) if each["buttons"]), []
        )


async def test_a_newcomer_answers_on_a_phone_opens_her_link_and_signs_in_to_both_consoles() -> None:
    async with demo() as (phones, desk), httpx.AsyncClient(base_url=phones, timeout=60) as client:
        hands = Hands(client)
        his_bot, _ = [each["id"] for each in await hands.get("/bots")]
        milan = next(each["id"] for each in await hands.get("/people") if each["first_name"] == "Милан (man)")
        await hands.post(f"/people/{milan}/start")

        async def offered() -> Any:
            return await hands.keys(milan, his_bot)

        first = await hands.until(offered, move=True)
        await hands.post(f"/people/{milan}/press", bot=his_bot, data=first[0]["callback_data"])

        async def asked() -> Any:
            return [key for key in await hands.keys(milan, his_bot) if key["callback_data"].endswith(".yes")]

        await hands.until(asked)
        assert await written(hands, "Stevan (man)")
        link = await written(hands, "Jelena (woman)")
        browser = PlainBrowser.new()
        await browser.open(link)
        await browser.press(browser.buttons()[0])
        await browser.press("Dalje", text=CODE)
        assert "Pristajem" in browser.buttons()
        async with httpx.AsyncClient(base_url=desk, timeout=60) as at_desk:
            assert "Stored responses" in (await at_desk.get("/survivors")).text
            shown = (await at_desk.get("/")).text
            assert "Сачувани одговори: Женска страна" in (await at_desk.get("/survivors?l=sr_Cyrl")).text
            assert "Pult demonstracije" in (await at_desk.get("/?l=sr_Latn")).text
            assert "Sačuvani odgovori" in (await at_desk.get("/survivors")).text, "the choice stays"
        telephones = {each["name"] for each in await hands.get("/sms/phones")}
        assert {"On call for the men", "On call for the women"} <= telephones
        consoles = re.findall(r"href='(http://localhost:\d+/staff)'", shown)
        assert len(consoles) == 2
        assert LOGIN in shown
        assert PASSWORD in shown
        assert re.search(r"Mira \(woman, called\): <a href='http://localhost:\d+/staff/people/p-", shown), "who is who"
        for each in consoles:
            assert (await client.get(each, follow_redirects=True)).status_code == 200


async def written(hands: Hands, name: str) -> str:
    """The link in the newest SMS of that phone, once it came."""

    async def link() -> str:
        number = next(each["number"] for each in await hands.get("/sms/phones") if each["name"] == name)
        shown = (await hands.get(f"/sms/phones/{number}"))["messages"]
        found = re.search(r"http://\S+/p/\S+", shown[-1]["text"]) if shown else None
        return found.group() if found else ""

    return str(await hands.until(link, move=True))
