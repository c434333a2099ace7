"""The private page's address: a GET shows one neutral button and does nothing; a POST is answered with the next screen.

It must never say by a status, a header or a size whether a link is known, and never log what was posted.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.page.rendering import Screens
from surveys.instruments import phrases
from surveys.records.failures import DatabaseUnavailable
from surveys.rules.chance import SystemChance
from surveys.steps.page import NEUTRAL, browsers_own
from surveys.steps.page_link import PATH
from surveys.steps.page_said import Do, PageSaid, Screen, View
from web.bodies import Bodies, TooBig, TooSlow
from web.callers import Callers
from web.headers import TRANSPORT

_log = logging.getLogger(__name__)
BIGGEST: Final = 32 * 1024
SLOWEST: Final = 10.0
"""Seconds that a form may take to arrive: an old phone on a poor line is no attack."""
AT_ONCE: Final = 100
"""Forms awaited at a time; the one that has taken longest is given up for whoever comes then."""
LEAVING: Final = 20
"""Exits that are written down at a time; of any more the idle minutes end the session."""
FIELDS: Final = 120
LONGEST_TOKEN: Final = 64
NOT_WORKING: Final = Screen(View.WORDS, NEUTRAL, phrases.try_again(NEUTRAL))

_CHANCE: Final = SystemChance()

Take = Callable[[str, str, PageSaid], Awaitable[Screen]]
"""Token, cookie and form → the screen; raises DatabaseUnavailable where nothing could be committed."""


class PrivatePage:
    """An ASGI endpoint for everything under /p/. `exit_url` is where quick exit leads, `https` whether we are reached
    by it. With a `deadline` (seconds) no answer's time tells what it was. Of an address of `callers` that floods quick
    exit alone is still heard, whatever link it names."""

    def __init__(
        self, screens: Screens, take: Take, exit_url: str, *, https: bool, deadline: float = 0.0,
        callers: Callers | None = None,
    ) -> None:  # fmt: skip
        self._callers = callers or Callers(None)
        self._screens, self._take, self._exit, self._https = screens, take, exit_url, https
        self._deadline = deadline
        self.cookie = f"__Host-{screens.skin.cookie}" if https else screens.skin.cookie
        self._bodies = Bodies(BIGGEST, SLOWEST, AT_ONCE)
        self._leaving: set[asyncio.Task[None]] = set()

    def missing(self) -> Response:
        """What a page that is not there shows, where the whole host belongs to the cover."""
        return self._shown(Screen(View.START, NEUTRAL), 404)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        request = Request(scope, receive)
        if request.method in ("GET", "HEAD"):
            flooded = not self._admits(scope)
            response = self._too_many() if flooded else self._button(request)
        elif request.method == "POST":
            try:
                response = await self._posted(request, receive)
            except ClientDisconnect:
                return
        elif self._deadline:  # the whole host is the cover: whatever is not there looks the same
            response = self.missing()
        else:
            response = self._with_cookie(
                Response(b"", 405, {**self._screens.headers, "Allow": "GET, HEAD, POST"}), None
            )
        await response(scope, receive, send)

    def _button(self, request: Request) -> Response:
        """The one button. A browser that shows it (it says so; a preview does not) has its cookie before the first
        press, whatever the link: two presses at once are then one browser's, whichever of them is answered.

        One that comes from another site (a messenger in a tab) keeps the cookie it has to itself: a new one would take
        its place, and with it the link that is bound to it."""
        kept = request.cookies.get(self.cookie, "")
        asks = request.headers
        looks = request.method == "GET" and asks.get("sec-fetch-dest") == "document"
        looks = looks and asks.get("sec-fetch-site") != "cross-site"
        own = browsers_own(_CHANCE, kept) if looks else kept
        return self._shown(Screen(View.START, NEUTRAL, cookie=own if own != kept else None))

    async def _posted(self, request: Request, receive: Receive) -> Response:
        try:
            said = read_form(await self._bodies.read(receive))
        except TooBig:
            return self._shown(NOT_WORKING, 413)
        except TooSlow:
            return self._shown(NOT_WORKING, 408)
        except BadForm:
            return self._shown(Screen(View.START, NEUTRAL), 400)
        if said.do is Do.EXIT:  # at once, whatever the database does, and for every link alike
            self._leave(request, said)
            return self._left()
        if not self._admits(request.scope):
            return self._too_many()
        return await self._answered(request, said)

    def _admits(self, scope: Scope) -> bool:
        return self._callers.admits(self._callers.of(scope), asyncio.get_running_loop().time())

    def _too_many(self) -> Response:
        response = self._shown(NOT_WORKING, 429)
        response.headers["Retry-After"] = "60"
        return response

    def _leave(self, request: Request, said: PageSaid) -> None:
        if len(self._leaving) >= LEAVING or not self._named(request)[1]:
            return
        task = asyncio.create_task(self._write_down(request, said), name="page.exit")
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _write_down(self, request: Request, said: PageSaid) -> None:
        """Where it cannot be written the cookie is gone all the same, and the idle minutes end the session."""
        try:
            await self._take(*self._named(request), said)
        except Exception as failure:  # nobody waits for it
            _log.warning("an exit was not written down: %s", type(failure).__name__)

    async def settled(self) -> None:
        """Wait until every exit is written down, before the database is closed."""
        if self._leaving:
            await asyncio.wait(list(self._leaving))

    def _named(self, request: Request) -> tuple[str, str]:
        """The link's token and the browser's cookie."""
        token = request.url.path.removeprefix(PATH)[:LONGEST_TOKEN]
        return token, request.cookies.get(self.cookie, "")[:LONGEST_TOKEN]

    async def _answered(self, request: Request, said: PageSaid) -> Response:
        begun = asyncio.get_running_loop().time()
        response = await self._tried(request, said)
        await self._until(begun)
        return response

    async def _tried(self, request: Request, said: PageSaid) -> Response:
        try:
            screen = await self._take(*self._named(request), said)
        except DatabaseUnavailable:
            return self._shown(NOT_WORKING, 503)
        except Exception as failure:  # nothing of it may reach the screen or the log but its kind
            _log.error("a screen failed: %s", type(failure).__name__)
            return self._shown(NOT_WORKING, 500)
        return self._left() if screen.view is View.EXIT else self._shown(screen)

    async def _until(self, begun: float) -> None:
        """Where there is a gate, every answer, a failure's too, leaves at one fixed deadline, or at the next one."""
        if self._deadline:
            passed = asyncio.get_running_loop().time() - begun
            await asyncio.sleep(self._deadline - passed % self._deadline)

    def _left(self) -> Response:
        return self._with_cookie(Response(b"", 303, {**self._screens.headers, "Location": self._exit}), "")

    def _shown(self, screen: Screen, status: int = 200) -> Response:
        html = self._screens.html(screen)
        response = Response(html, status, self._screens.headers, media_type="text/html; charset=utf-8")
        if (seconds := self._screens.refresh(screen)) is not None:
            response.headers["Refresh"] = str(seconds)
        return self._with_cookie(response, screen.cookie)

    def _with_cookie(self, response: Response, value: str | None) -> Response:
        if self._https:
            response.headers[TRANSPORT[0]] = TRANSPORT[1]
        if value is not None:
            response.set_cookie(
                self.cookie, value, max_age=None if value else 0, path="/", secure=self._https, httponly=True,
                samesite="strict",
            )  # fmt: skip
        return response


def _place(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else -1


class BadForm(ValueError):
    """What was posted is no form of this page."""


def read_form(body: bytes) -> PageSaid:
    """The form that a browser posts; BadForm on anything else."""
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    except ValueError:
        raise BadForm from None
    first = dict(reversed(fields))
    asked, _, language = first.get("do", "").partition(".")
    turn = first.get("turn", "")
    try:
        return PageSaid(
            Do(asked), int(turn) if turn.isdecimal() and len(turn) < 7 else -1,
            tuple(value for name, value in fields if name == "a"), first.get("t", ""), language or first.get("l", ""),
            _place(first.get("p", "")), first.get("v", ""),
        )  # fmt: skip
    except ValueError:
        raise BadForm from None
