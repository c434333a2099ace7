"""How the demo's women answer: on the page behind a link, or in a call whose answers a worker types.

They act by the steps that the page and the console take, and know nothing but the screens that they are shown.
"""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime

from posle.demo.truth import Truth, her_answer
from surveys.steps.call import CallRefused, open_call
from surveys.steps.page import on_page
from surveys.steps.page_said import Do, PageSaid, Screen, View
from surveys.steps.service import Service
from surveys.steps.telephone import NoCall, Outcome, hang_up, in_call

ANSWERS, ANSWERS_HARMED = 0.82, 0.62
"""Of the women who get a notice or a call: how many answer it, without violence and with it."""
LEAVES, DECLINES, STOPS = 0.06, 0.04, 0.02
"""Of those: who goes away midway, says no to that wave's questions, or withdraws."""
CODE, DURESS = "jutarnja kafa", "bela lala"
WORKER = "demo"
MOST_SCREENS = 40
Say = Callable[[PageSaid], Awaitable[Screen]]


def opens(truth: Truth, chance: random.Random) -> bool:
    """Whether she answers this time."""
    return chance.random() <= (ANSWERS_HARMED if truth.harm else ANSWERS)


async def visit(service: Service, token: str, truth: Truth, chance: random.Random, now: datetime) -> None:
    """The page behind her link, from the first button to the last screen that she sees."""
    cookie = ""

    async def say(said: PageSaid) -> Screen:
        return await on_page(service, token, cookie, said, now)

    first = await say(PageSaid(Do.START))
    cookie = first.cookie or ""
    shown = await say(PageSaid(Do.NEXT, text=CODE, place=0, postmark=first.postmark))
    await _interview(say, shown, truth, chance)


async def called(service: Service, person: str, truth: Truth, chance: random.Random, now: datetime) -> bool:
    """A call by a worker; whether it could be made. Nobody rings twice for one wave here."""
    try:
        await open_call(service, person, WORKER, now)
    except CallRefused:
        return False
    if not opens(truth, chance):
        await hang_up(service, person, Outcome.NO_ANSWER, WORKER, now)
        return True

    async def say(said: PageSaid) -> Screen:
        return (await in_call(service, person, said, WORKER, now)).screen

    try:
        await _interview(say, await say(PageSaid(Do.START)), truth, chance)
        await hang_up(service, person, Outcome.CALL_LATER, WORKER, now)
    except NoCall:
        return True  # it was complete: the call is over by itself
    return True


async def _interview(say: Say, shown: Screen, truth: Truth, chance: random.Random) -> None:
    if shown.view is View.CONSENT:
        shown = await say(PageSaid(Do.DECLINE if chance.random() < DECLINES else Do.AGREE))
    leaves = chance.randrange(3, 9) if chance.random() < LEAVES else None
    stops = chance.random() < STOPS
    for step in range(MOST_SCREENS):
        if shown.asked is None or shown.view is not View.ITEM or step == leaves:
            return
        if stops and step:
            await say(PageSaid(Do.STOP_FOR_GOOD, shown.asked.turn))
            return
        shown = await say(PageSaid(Do.NEXT, shown.asked.turn, marks(shown, truth, chance)))


def marks(shown: Screen, truth: Truth, chance: random.Random) -> tuple[str, ...]:
    """What she marks, by what is true."""
    assert shown.asked is not None
    options = len(shown.asked.choices)
    return (f"c{her_answer(shown.asked.item, options, truth, chance)}",) if options else ()
