"""A survivor who asked for Telegram, by its default: a notice and a link. And an outage that ends at night."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posle.opening import opened
from surveys.language.dull import undull
from surveys.records import deliveries, participants, tasks
from surveys.records.deliveries import Delivery
from surveys.rules.vocabulary import DeliveryKind, DeliveryState, Status
from tests.journeys.her_chat import HERS, HerChat, her_chat
from tests.journeys.plain_browser import PlainBrowser
from tests.steps.her_stage import CODE, safe
from tests.steps.stage import ZONE

LINK = re.compile(r"http://\S+/p/\S+")
OTHERS = (32, 33)


def link_in(her: HerChat) -> str:
    found = LINK.search(her.bubble(HERS).text)
    assert found is not None
    return found.group()


async def at_the_cover(link: str) -> PlainBrowser:
    browser = PlainBrowser.new()
    await browser.open(link)
    await browser.press(browser.buttons()[0])
    return browser


async def test_safety_a_link_in_telegram_is_left_then_a_reminder_then_withdrawn_from_on_the_cover(
    tmp_path: Path,
) -> None:
    async with her_chat(tmp_path, interview="page") as her:
        await her.noticed()
        notice = her.bubble(HERS)
        assert undull(notice.text) == ()
        assert notice.keyboard == []
        browser = await at_the_cover(link_in(her))
        await browser.press("Dalje", text=CODE)
        assert "dobrovoljno" in browser.text
        await browser.press("Izlaz")
        await her.became(lambda: notice.deleted)
        await her.noticed()
        reminder = her.bubble(HERS)
        browser = await at_the_cover(link_in(her))
        stranger = await at_the_cover(link_in(her)[:-22] + "k" * 22)
        for each in (browser, stranger):
            await each.press("Dalje", text="STOP")
        assert browser.text == stranger.text
        await her.became(lambda: reminder.deleted)
        async with opened(her.side.folder) as (_, database), database.reading() as tx:
            assert (await participants.get(tx, her.person)).status is Status.WITHDRAWN
            assert "withdrew_do_not_contact" in [each.kind for each in await tasks.standing(tx)]
        sent = [each.kind for each in await her.side.notices(HERS) if each.state is DeliveryState.SENT]
        assert sent == [DeliveryKind.NOTICE, DeliveryKind.REMINDER]


async def planned(her: HerChat) -> list[Delivery]:
    """The first messages that nobody has got yet."""
    found = [row for chat in (HERS, *OTHERS) for row in await her.side.notices(chat)]
    return [row for row in found if row.kind is DeliveryKind.NOTICE and row.sequence == 0 and _is_next(row)]


def _is_next(row: Delivery) -> bool:
    return row.state is DeliveryState.PLANNED


async def test_safety_an_outage_that_ends_at_night_drains_inside_her_hours_and_not_all_at_once(tmp_path: Path) -> None:
    async with her_chat(tmp_path, interview="page") as her:
        for chat in OTHERS:
            contact = safe(confirmed_on="2026-11-20")
            await her.side.enrol(chat, gender="female", other_gender="male", safe_contact=contact)
            her.side.follow(chat)
        await her.became(lambda: all(len(her.shown(chat)) == 2 for chat in OTHERS))
        await her.side.kill()
        first: dict[str | None, Delivery] = {}
        for row in sorted(await planned(her), key=lambda each: each.due_at):
            first.setdefault(row.participant, row)
        rows = list(first.values())
        assert len(rows) == 3
        night = _night_after(max(row.due_at for row in rows))
        her.side.clock.set(night)
        await her.side.serve()

        async def moved() -> list[datetime]:
            async with opened(her.side.folder) as (_, database), database.reading() as tx:
                found = [await deliveries.get(tx, row.id) for row in rows]
            return [each.due_at for each in found if each is not None and each.due_at > night]

        await her.until_true(moved, 3)
        dues = await moved()
        assert len(set(dues)) == 3
        for due in dues:
            local = due.astimezone(ZONE)
            assert local.weekday() < 5
            assert 9 <= local.hour < 16
        # What was ever sent counts: the first one's link may be gone again before the last one's comes.
        while not all(any(LINK.search(each.text or "") for each in her.sent(chat)) for chat in (HERS, *OTHERS)):
            await her.forward()
            assert her.side.clock.now() < night + timedelta(days=8)


def _night_after(due: datetime) -> datetime:
    return due.astimezone(ZONE).replace(hour=23, minute=0, second=0, microsecond=0).astimezone(UTC)
