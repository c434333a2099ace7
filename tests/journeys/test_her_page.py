"""A survivor's notice, the everyday survey behind it, and behind that her own questions: on a running service."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from posle.attesting import record
from posle.opening import opened
from surveys.language.dull import undull
from surveys.language.script import segments
from surveys.records import alerts
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Side
from surveys.steps.gate import GATE_SECONDS
from tests.journeys.house import until
from tests.journeys.plain_browser import PlainBrowser
from tests.journeys.sms_house import PHONE, SmsHouse, sms_house
from tests.journeys.test_page import EXIT, PAGE, SMALL, alike, link_of
from tests.steps.her_stage import CODE, DURESS, attested, safe

BETWEEN = re.compile(r"\s+")
POSTMARK = re.compile(rb'name="v" value="[0-9a-f]{48}"')


@asynccontextmanager
async def invited(root: Path, **changes: Any) -> AsyncIterator[SmsHouse]:
    """Her side at work; her notice has just arrived."""
    async with sms_house(root, two_way=False, more=PAGE, of=Side.SURVIVORS) as house:
        now = house.side.clock.now()
        await record(house.side.folder, attested(), now)
        await house.enrol(
            confirmed=False,
            gender="female",
            other_gender="male",
            safe_contact=safe(confirmed_on="2026-11-20", **changes),
        )
        await house.side.serve()
        await house.noticed()
        yield house


async def at_the_cover(link: str) -> PlainBrowser:
    browser = PlainBrowser.new()
    await browser.open(link)
    assert len(browser.buttons()) == 1
    await browser.press(browser.buttons()[0])
    return browser


async def test_her_whole_questionnaire_behind_the_cover(tmp_path: Path) -> None:
    async with invited(tmp_path) as house:
        assert segments(house.newest()) == 1
        assert undull(house.newest()) == ()
        browser = await at_the_cover(link_of(house))
        assert undull(browser.text) == ()
        assert browser.page.xpath("//textarea")
        await browser.press("Dalje", text="Jutarnja KAFA")
        assert "dobrovoljno" in browser.text
        await browser.press("Pristajem")
        for _ in range(30):
            if not browser.page.xpath("//input[@name='turn']"):
                break
            options = browser.options()
            await browser.press("Dalje", mark=options[0][1] if options else None)
        assert "192" in browser.text
        assert max(browser.sizes) < SMALL
        person = next(iter(await stored_people(house)))
        assert len(await house.stored(person)) > 8
        await house.holds_nothing()
        await house.side.noticed_nothing_of(PHONE, PHONE[1:], CODE, DURESS, link_of(house).rpartition("/")[2])


async def stored_people(house: SmsHouse) -> list[str]:
    from surveys.records import participants  # noqa: PLC0415 - only here

    async with opened(house.side.folder) as (_, database), database.reading() as tx:
        return [each.id for each in await participants.page(tx)]


async def test_safety_wrong_duress_and_unknown_are_the_same_bytes_to_the_end_of_the_cover(tmp_path: Path) -> None:
    async with invited(tmp_path) as house:
        link = link_of(house)
        known, stranger = await at_the_cover(link), await at_the_cover(link[:-22] + "k" * 22)
        assert same(known, stranger)
        for word in (DURESS, None, None, None, None, None, None, None):
            for browser, said in ((known, word), (stranger, CODE)):
                options = browser.options()
                if "Dalje" in browser.buttons():
                    await browser.press("Dalje", mark=options[0][1] if options else None, text=said)
            assert same(known, stranger)
        await known.press("Izlaz")
        await stranger.press("Izlaz")
        assert same(known, stranger)
        assert known.shown is not None
        assert known.shown.headers["location"] == EXIT
        async with opened(house.side.folder) as (_, database), database.reading() as tx:
            (alert,) = await alerts.standing(tx)
        assert (alert.rule, alert.call_consented) == ("duress", False)


def same(one: PlainBrowser, other: PlainBrowser) -> bool:
    """Alike but for two random values that are as long for both, whoever asks: the cookie, and the postmark in the
    form of the cover's first question, without which a code word out of the browser's history would open the gate."""
    assert one.shown is not None
    assert other.shown is not None
    for each in (one.shown, other.shown):
        if "set-cookie" in each.headers:
            value = each.headers["set-cookie"]
            each.headers["set-cookie"] = re.sub(r"anketa=[a-z0-9]{32}", "anketa=*", value)
        asks_first = b'name="p" value="0"><input type="hidden" name="l"' in each.content
        assert (b'name="v"' in each.content) <= asks_first, "what follows an answer is the same bytes"
    return alike(one, other, lambda content: POSTMARK.sub(b'name="v" value="*"', content))


async def test_safety_every_answer_at_the_gate_takes_the_same_time(tmp_path: Path) -> None:
    async with invited(tmp_path) as house:
        link, times = link_of(house), []
        for address, word in ((link, "nesto drugo"), (link[:-22] + "k" * 22, CODE), (link, DURESS)):
            browser = PlainBrowser.new()
            await browser.open(address)
            await browser.press(browser.buttons()[0])
            began = time.monotonic()
            await browser.press("Dalje", text=word)
            times.append(time.monotonic() - began)
        assert min(times) >= GATE_SECONDS, "two slow hashes alone are quicker than that"


@pytest.mark.soak
async def test_safety_times_at_the_gate_tell_nobody_what_was_typed(tmp_path: Path) -> None:
    """Each kind is asked often; the best of each, which a busy machine disturbs least, lie as close as one's own do."""
    async with invited(tmp_path) as house:
        link, hers, nobodys = link_of(house), PlainBrowser.new(), PlainBrowser.new()
        unknown, took = (
            link[:-22] + "k" * 22,
            {"wrong": list[float](), "unknown": list[float](), "duress": list[float]()},
        )
        for _ in range(6):
            took["wrong"].append(await timed(hers, link, "nesto drugo"))
            took["unknown"].append(await timed(nobodys, unknown, CODE))
            took["duress"].append(await timed(hers, link, DURESS))
        best = {kind: sorted(times)[:3] for kind, times in took.items()}
        assert max(max(times) for times in best.values()) < 0.1, "late by no more than the way there and back"
        middle = [sum(times) / len(times) for times in best.values()]
        assert max(middle) - min(middle) < 0.02


async def timed(browser: PlainBrowser, address: str, word: str) -> float:
    """By how many seconds the answer to the word missed the deadline, from the cover's first question."""
    await browser.open(address)
    await browser.press(browser.buttons()[0])
    began = time.monotonic()
    await browser.press("Dalje", text=word)
    return (time.monotonic() - began) % GATE_SECONDS


async def test_safety_the_whole_host_belongs_to_the_cover(tmp_path: Path) -> None:
    async with invited(tmp_path) as house:
        browser = PlainBrowser.new()
        root = f"http://127.0.0.1:{house.side.port}"
        shown = {}
        for path in ("/", "/p/x", "/favicon.ico", "/nothing", "/hooks/sms/nothing"):
            answer = await browser.client.get(root + path)
            shown[path] = answer
            assert undull(answer.text) == ()
            assert "posle" not in (answer.text + str(answer.headers)).lower()
        for path in ("/hooks/sms", "/hooks/sms/status", "/hooks/telegram", "/nothing"):
            shown[f"post {path}"] = await browser.client.post(
                root + path, content=b"a=1", headers={"content-type": "application/x-www-form-urlencoded"}
            )
        assert len({each.content for each in shown.values()}) == 1
        assert len({bare(each) for path, each in shown.items() if path.startswith("post")}) == 1
        assert [shown[path].status_code for path in ("/", "/p/x", "/favicon.ico", "/nothing")] == [200, 200, 404, 404]


def bare(answer: httpx.Response) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Its status and headers, but for the time."""
    return answer.status_code, tuple(sorted((k, v) for k, v in answer.headers.items() if k != "date"))


async def test_safety_no_message_leaves_on_her_side_before_readiness(tmp_path: Path) -> None:
    async with sms_house(tmp_path, two_way=False, more=PAGE, of=Side.SURVIVORS) as house:
        person = await house.enrol(confirmed=False, gender="female", safe_contact=safe(confirmed_on="2026-11-20"))
        await house.side.serve()
        due = await house.side.next_due()
        assert due is not None
        house.side.clock.set(due + timedelta(seconds=1))

        async def held() -> bool:
            hour = house.side.clock.now() + timedelta(hours=1)
            if any(each.reason == Reason.NOT_READY for each in await house.of(person)):
                return True
            house.side.clock.set(hour)
            return False

        await until(held, house.side.process)
        assert house.arrived() == []
