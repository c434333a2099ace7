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
from surveys.language.catalogue import mark, say
from surveys.rules.vocabulary import Side

NAMES = {Side.EX_PERPETRATORS: mark("Мушка страна"), Side.SURVIVORS: mark("Женска страна")}
LANGUAGES = {"en": "English", "sr_Latn": "latinica", "sr_Cyrl": "ћирилица"}
COOKIE = "desk_language"
_DESK, _STORED = mark("Пулт демонстрације"), mark("Сачувани одговори")
_CHATS, _TEXTS = mark("Телефони са ћаскањима, и сат"), mark("Телефони са SMS порукама")
_SIGN, _HERS, _ALERTS = mark("Пријава на конзолу"), mark("Њене речи"), mark("Узбуне")
_BACK, _CONSOLE, _WHO = mark("Назад на пулт"), mark("Конзола"), mark("Ко је ко")
_SIGNING_IN = mark(
    "Имејл {login}, лозинка {password}, код {code} (нов сваких пола минута). Ко помери сат, одјави све: пријавите "
    "се опет."
)
_WORDS = mark(
    "Иза њене везе је анкета о свакодневици. Њена шифра {word}, откуцана као први одговор, отвара њена питања; "
    "реч принуде {duress} води кроз анкету као и свака друга реч, а у њеној конзоли отвара узбуну. Дугме {exit} одмах "
    "прекида, и веза је тада готова: показује само анкету, и ништа не отвара, док следећа порука не донесе нову."
)
_ON_CALL = mark("Ко је дежуран, сазнаје за узбуну SMS поруком: њихови телефони су међу онима са SMS порукама.")


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

    async def index(self, request: Request) -> Response:
        """Where everything is. It reloads itself, for the code."""
        language = _language(request)
        sides = "".join(_side(each, language) for each in self._places)
        words = {"word": CODE, "duress": DURESS, "exit": "Izlaz"}
        given = {"login": LOGIN, "password": PASSWORD, "code": Place.code(self._clock.now())}
        body = (
            f"<h1>{_said(language, _DESK)}</h1><ul>"
            f"<li><a href='{self._phones}/'>{_said(language, _CHATS)}</a>"
            f"<li><a href='{self._phones}/sms'>{_said(language, _TEXTS)}</a></ul>{sides}"
            f"<h2>{_said(language, _SIGN)}</h2><p>{_coded(language, _SIGNING_IN, given)}"
            f"<h2>{_said(language, _HERS)}</h2><p>{_coded(language, _WORDS, words)}"
            f"<h2>{_said(language, _ALERTS)}</h2><p>{_said(language, _ON_CALL)}"
        )
        return _page(_DESK, 10, body, language)

    @staticmethod
    def _stored(place: Place) -> Callable[[Request], Awaitable[Response]]:
        async def stored(request: Request) -> Response:
            language = _language(request)
            back, side = _said(language, _BACK), _said(language, NAMES[place.side])
            body = f"<p><a href='/'>{back}</a></p><h1>{_said(language, _STORED)}: {side}</h1>"
            return _page(_STORED, 4, body + await page(place.folder, language), language)

        return stored


def _side(place: Place, language: str) -> str:
    """The side's console and responses, and who is who: the console knows ids alone."""
    told = "".join(
        f"<li>{escape(name)}: <a href='{escape(place.console)}/people/{escape(each)}'><code>{escape(each)}</code></a>"
        for name, each in place.people.items()
    )  # fmt: skip
    return (
        f"<h2>{_said(language, NAMES[place.side])}</h2><ul><li>{_said(language, _CONSOLE)}: "
        f"<a href='{escape(place.console)}'>{escape(place.console)}</a>"
        f"<li><a href='/{place.side.value}'>{_said(language, _STORED)}</a>"
        f"<li>{_said(language, _WHO)}<ul>{told}</ul></ul>"
    )


def _language(request: Request) -> str:
    """As chosen on the page, now or before; English first, as all that `posle demo` prints."""
    said = request.query_params.get("l") or request.cookies.get(COOKIE) or ""
    return said if said in LANGUAGES else "en"


def _said(language: str, message: str) -> str:
    return escape(say(language, message))


def _coded(language: str, message: str, values: dict[str, str]) -> str:
    return escape(say(language, message)).format_map(
        {name: f"<code>{escape(each)}</code>" for name, each in values.items()}
    )


def _page(title: str, seconds: int, body: str, language: str) -> Response:
    """It reloads itself, without the choice in its address: the cookie remembers it."""
    others = " · ".join(
        name if each == language else f"<a lang='{each.replace('_', '-')}' href='?l={each}'>{name}</a>"
        for each, name in LANGUAGES.items()
    )
    answer = HTMLResponse(
        _document(_said(language, title), seconds, f"<p>{others}</p>{body}", language),
        headers={"Cache-Control": "no-store"},
    )
    answer.set_cookie(COOKIE, language, samesite="strict", httponly=True)
    return answer


def _document(title: str, seconds: int, body: str, language: str) -> str:
    return (
        f'<!doctype html><html lang="{language.replace("_", "-")}"><meta charset="utf-8">'
        f'<meta http-equiv="refresh" content="{seconds}">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style>{body}</html>'
    )
