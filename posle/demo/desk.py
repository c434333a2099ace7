"""The demo's desk in the browser: where everything is, the code for the consoles, the clock, and what was stored.

It stands outside both sides, for a reader of the demo alone: no console ever shows both.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from html import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from posle.demo.cast import CODE, DURESS
from posle.demo.places import LOGIN, PASSWORD, Place
from posle.demo.reins import LedClock
from posle.demo.responses import STYLE, page
from surveys.rules.vocabulary import Side

NAMES = {Side.EX_PERPETRATORS: "The men's side", Side.SURVIVORS: "The women's side"}


_INDEX = """
<h1>The demo's desk</h1>
<ul><li><a href="{phones}/">Phones with chats, and the clock</a><li><a href="{phones}/sms">Phones with SMS</a></ul>
{sides}
<h2>Signing in to a console</h2>
<p>E-mail <code>{login}</code>, password <code>{password}</code>, code <code>{code}</code> (new every half minute).
Who moves the clock on signs everybody out: sign in again.
<h2>The women's words</h2>
<p>Behind her link is an everyday survey. Her code word <code>{word}</code>, typed as its first answer, opens her own
questions; the duress word <code>{duress}</code> goes on with the survey like any other word, and raises an alert in her
console. <em>Izlaz</em> leaves at once, and her link is then over: it shows the survey alone, and hears neither word,
until the next message brings another.
"""


class Desk:
    """What the phones' clock bar speaks to, and the pages about it. Both sides' clocks move together."""

    def __init__(self, places: list[Place], clock: LedClock, phones: str) -> None:
        self._places, self._clock, self._phones = places, clock, phones
        self._due: datetime | None = None

    def application(self) -> Starlette:
        """Its pages."""
        return Starlette(
            routes=[
                Route("/clock", self.clock, methods=["GET", "POST"]), Route("/", self.index),
                *(Route(f"/{each.side.value}", self._stored(each)) for each in self._places),
            ]
        )  # fmt: skip

    async def clock(self, request: Request) -> Response:
        """GET: what time it is, and when the next thing is due. POST: move on."""
        if request.method == "POST":
            told = await request.json()
            at = self._target(told if isinstance(told, dict) else {})
            for each in self._places:
                await each.reins.settle()  # what is being said now leaves before the clock moves
            self._clock.set(at)
            coming = [await each.reins.go_to(at) for each in self._places]
        else:
            coming = [await each.reins.settle() for each in self._places]
        self._due = min((each for each in coming if each is not None), default=None)
        upcoming = self._due.isoformat() if self._due else None
        return JSONResponse({"now": self._clock.now().isoformat(), "next": upcoming})

    def _target(self, told: dict[str, object]) -> datetime:
        now = self._clock.now()
        if "now" in told:
            return datetime.fromisoformat(str(told["now"])).astimezone(now.tzinfo)
        if "advance_seconds" in told:
            return now + timedelta(seconds=float(str(told["advance_seconds"])))
        return max(now, self._due or now)

    async def index(self, _: Request) -> Response:
        """Where everything is. It reloads itself, for the code."""
        sides = "".join(
            f"<h2>{NAMES[each.side]}</h2><ul><li>Console: <a href='{escape(each.console)}'>{escape(each.console)}</a>"
            f"<li><a href='/{each.side.value}'>Stored responses</a>{_who(each)}</ul>" for each in self._places
        )  # fmt: skip
        body = _INDEX.format(
            phones=self._phones, sides=sides, login=LOGIN, password=PASSWORD, code=Place.code(self._clock.now()),
            word=CODE, duress=DURESS,
        )  # fmt: skip
        return HTMLResponse(_document("The demo's desk", 10, body), headers={"Cache-Control": "no-store"})

    @staticmethod
    def _stored(place: Place) -> Callable[[Request], Awaitable[Response]]:
        async def stored(_: Request) -> Response:
            body = f"<p><a href='/'>Back to the desk</a></p><h1>Stored responses: {NAMES[place.side].lower()}</h1>"
            told = body + await page(place.folder)
            return HTMLResponse(_document("Stored responses", 4, told), headers={"Cache-Control": "no-store"})

        return stored


def _who(place: Place) -> str:
    """Who is who: the console knows ids alone."""
    told = "".join(
        f"<li>{escape(name)}: <a href='{escape(place.console)}/people/{escape(each)}'><code>{escape(each)}</code></a>"
        for name, each in place.people.items()
    )  # fmt: skip
    return f"<li>Who is who<ul>{told}</ul>"


def _document(title: str, seconds: int, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="{seconds}">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style>{body}</html>'
    )
