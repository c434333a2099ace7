"""An SMS participant who opens the link: over HTTP, on a running service, by plain forms without any script."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx

from surveys.language.script import segments
from surveys.records import invitations
from surveys.rules.vocabulary import Disposition
from tests.journeys.plain_browser import PlainBrowser
from tests.journeys.sms_house import PHONE, SmsHouse, sms_house

EXIT = "https://www.example.org/vesti?a=1&b=2"
PAGE = f'[page]\nexit_url = "{EXIT}"\n'
LINK = re.compile(r"http://\S+/p/\S+")
SMALL = 14 * 1024


def link_of(house: SmsHouse) -> str:
    found = LINK.search(house.newest())
    assert found is not None
    return found.group()


async def went_through(browser: PlainBrowser, yes: str, onward: str) -> int:
    """From the link to the last screen; how many screens were answered."""
    await browser.press(browser.buttons()[0])
    assert yes in browser.buttons(), browser.text
    await browser.press(yes)
    for step in range(30):
        if not browser.page.xpath("//input[@name='turn']"):
            return step
        options = browser.options()
        await browser.press(onward, mark=options[0][1] if options else None)
    raise AssertionError("the questionnaire has no end")


async def test_an_sms_participant_answers_everything_on_the_private_page(tmp_path: Path) -> None:
    async with sms_house(tmp_path, two_way=False, more=PAGE) as house:
        person = await house.enrol(language="sr_Latn")
        await house.side.serve()
        await house.noticed()
        assert segments(house.newest()) == 1
        assert len(house.arrived()) == 1
        browser = PlainBrowser.new()
        for _ in range(3):  # link previews fetch it too
            await PlainBrowser.new().open(link_of(house))
        await browser.open(link_of(house))
        assert len(browser.buttons()) == 1
        assert await went_through(browser, "Pristajem", "Dalje") > 10
        assert "192" in browser.text
        assert max(browser.sizes) < SMALL
        stored = await house.stored(person)
        assert len(stored) > 10
        assert {each.mode for each in stored} == {"page"}
        assert await disposition(house, person) is Disposition.COMPLETE
        await house.holds_nothing()
        token = link_of(house).rpartition("/")[2]
        await house.side.noticed_nothing_of(PHONE, PHONE[1:], token)
        assert token.encode() not in database_bytes(house)
        print(f"the largest page: {max(browser.sizes)} bytes on the wire")


async def disposition(house: SmsHouse, person: str) -> Disposition | None:
    from posle.opening import opened  # noqa: PLC0415 - only here

    async with opened(house.side.folder) as (_, database), database.reading() as tx:
        return (await invitations.of_participant(tx, person))[0].disposition


def database_bytes(house: SmsHouse) -> bytes:
    return b"".join(each.read_bytes() for each in house.side.folder.glob("posle.db*"))


async def test_safety_another_browser_sees_what_an_unknown_link_shows_byte_for_byte(tmp_path: Path) -> None:
    async with sms_house(tmp_path, two_way=False, more=PAGE) as house:
        await house.enrol(language="sr_Latn")
        await house.side.serve()
        await house.noticed()
        link, unknown = link_of(house), link_of(house)[:-22] + "k" * 22
        browser, other, stranger = PlainBrowser.new(), PlainBrowser.new(), PlainBrowser.new()
        await browser.open(link)
        await browser.press(browser.buttons()[0])
        await browser.press("Pristajem")
        await other.open(link)
        await stranger.open(unknown)
        assert alike(other, stranger)
        await other.press(other.buttons()[0])
        await stranger.press(stranger.buttons()[0])
        assert alike(other, stranger)
        await other.press("Izlaz")
        await stranger.press("Izlaz")
        assert alike(other, stranger)
        assert other.shown is not None
        assert (other.shown.status_code, other.shown.headers["location"]) == (303, EXIT)
        await browser.press("Dalje", mark=browser.options()[0][1])
        assert browser.page.xpath("//input[@name='turn']"), "the bound browser goes on"


def alike(one: PlainBrowser, other: PlainBrowser, but_for: Callable[[bytes], bytes] = bytes) -> bool:
    """The same status, headers and bytes; `but_for` takes out of these what is random for everybody."""
    assert one.shown is not None
    assert other.shown is not None
    headers = [{k: v for k, v in each.shown.headers.items() if k != "date"} for each in (one, other) if each.shown]
    return (one.shown.status_code, but_for(one.shown.content), headers[0]) == (
        other.shown.status_code, but_for(other.shown.content), headers[1],
    )  # fmt: skip


async def test_quick_exit_and_the_idle_minutes_on_the_running_service(tmp_path: Path) -> None:
    async with sms_house(tmp_path, two_way=False, more=PAGE) as house:
        person = await house.enrol(language="sr_Latn")
        await house.side.serve()
        await house.noticed()
        browser = PlainBrowser.new()
        await browser.open(link_of(house))
        await browser.press(browser.buttons()[0])
        await browser.press("Pristajem")
        await browser.press("Dalje", mark=browser.options()[0][1])
        asked = browser.heading
        house.side.clock.set(house.side.clock.now() + timedelta(minutes=4))
        await browser.press("Dalje")
        assert len(browser.buttons()) == 1
        await browser.press(browser.buttons()[0])
        assert browser.heading == asked
        await browser.press("Izlaz")
        assert browser.shown is not None
        assert browser.shown.headers["location"] == EXIT
        assert not browser.client.cookies
        assert len(await house.stored(person)) == 1


async def test_floods_big_bodies_and_slow_ones_leave_the_scheduler_on_time(tmp_path: Path) -> None:
    async with sms_house(tmp_path, two_way=False, more=PAGE) as house:
        await house.enrol(language="sr_Latn")
        await house.side.serve()
        address = f"http://127.0.0.1:{house.side.port}/p/{'k' * 22}"
        slow = [await trickle(house.side.port) for _ in range(60)]
        browser = PlainBrowser.new()
        hook = f"http://127.0.0.1:{house.side.port}/hooks/sms"
        for place in (address, hook):
            with suppress(httpx.TransportError):  # it may be hung up on before all of it was sent
                big = await browser.client.post(place, content=b"a=" + b"x" * 50_000_000)
                assert big.status_code in (403, 408, 413, 503)
            many = await asyncio.gather(*(browser.client.post(place, content=b"do=start") for _ in range(300)))
            assert {each.status_code for each in many} <= ({200, 503} if place == address else {403, 503})
        await house.noticed()
        assert len(house.arrived()) == 1
        for writer in slow:
            writer.close()


async def trickle(port: int) -> asyncio.StreamWriter:
    """A form that never comes to its end."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /p/kkkkkkkkkkkkkkkkkkkkkk HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\ndo=")
    await writer.drain()
    return writer


async def test_a_side_that_writes_by_sms_alone_needs_no_bot(tmp_path: Path) -> None:
    async with sms_house(tmp_path, two_way=False, more=PAGE) as house:
        file = house.side.folder / "posle.toml"
        file.write_text(re.sub(r"\[telegram\].*?(?=\[keys\])", "", file.read_text(), flags=re.DOTALL))
        await house.enrol(language="sr_Latn")
        await house.side.serve()
        await house.noticed()
        browser = PlainBrowser.new()
        await browser.open(link_of(house))
        await browser.press(browser.buttons()[0])
        assert "Pristajem" in browser.buttons()
