"""The synthetic men who are reached by SMS: each gets a notice, opens its link some hours later, and answers by forms.

They know only what is on their phone and what the page shows; nothing here reads the side's records.
"""

import heapq
import itertools
import random
import re
from datetime import datetime, timedelta

import aiohttp

from posle.demo.browser import Browser, Form
from posle.demo.truth import Truth, his_answer
from simulator.server import Running
from simulator.twilio_world import Account
from surveys.language.script import fold

OPENS, DECLINES, LEAVES = 0.78, 0.05, 0.08
"""How many open a notice's link; of those, how many say no there, or go away midway."""
MOST_SCREENS = 60
_LINK = re.compile(r"https?://\S+/p/\S+")
_COUNTED = re.compile("koliko puta|how many times")
_PROPER = re.compile(r"c\d+")


class Readers:
    """Everybody's phone and browser. `act` does what is due."""

    def __init__(self, running: Running, account: Account, seed: int) -> None:
        self._running, self._account = running, account
        self._chance = random.Random(f"{seed} readers")  # noqa: S311 - made-up people, repeatable on purpose
        self._truths: dict[str, Truth] = {}
        self._due: list[tuple[datetime, int, str, str]] = []
        self._turns, self._seen = itertools.count(), 0

    def add(self, name: str, number: str, truth: Truth) -> None:
        """A new man with this number."""
        self._running.sms.world.owners[number] = name
        self._truths[number] = truth

    def next_due(self) -> datetime | None:
        """When somebody will open a link next."""
        self._look()
        return self._due[0][0] if self._due else None

    async def act(self, until: datetime) -> int:
        """Do everything that is due by then; how much it was."""
        self._look()
        done = 0
        while self._due and self._due[0][0] <= until:
            *_, number, link = heapq.heappop(self._due)
            await self._visit(link, self._truths[number])
            done += 1
        return done

    def _look(self) -> None:
        """Whatever arrived since the last look is opened later that day, or never."""
        arrived = list(itertools.islice(self._account.messages.values(), self._seen, None))
        self._seen += len(arrived)
        for message in arrived:
            link = _LINK.search(message.seen)
            if link and message.to in self._truths and self._chance.random() < OPENS:
                at = self._running.world.now() + timedelta(minutes=self._chance.uniform(1, 360))
                heapq.heappush(self._due, (at, next(self._turns), message.to, link.group()))

    async def _visit(self, link: str, truth: Truth) -> None:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            browser = Browser(session, link)
            await browser.open()
            if browser.form_with("start"):
                await browser.press("start")
            if browser.form_with("yes"):
                await browser.press("no" if self._chance.random() < DECLINES else "yes")
            leaves = self._chance.randrange(2, 8) if self._chance.random() < LEAVES else MOST_SCREENS
            for _ in range(leaves):
                form = browser.form_with("next")
                if form is None:
                    return
                await self._answer(browser, form, truth)

    async def _answer(self, browser: Browser, form: Form, truth: Truth) -> None:
        options = [each for each in form.marks if _PROPER.fullmatch(each[0])]
        if not options:
            is_note = not any(value == "skip" for _, value in form.buttons)
            await browser.press("next" if is_note else "skip")
            return
        sign = "a" if _COUNTED.search(fold(form.heading)) else "1"
        labels = [f"{sign} {words}" for _, words in options]
        await browser.press("next", options[his_answer(form.heading, labels, truth, self._chance)][0])
