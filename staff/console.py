"""The console's way in: every request passes the same guards in the same order before any page's own code runs.

What a reader may not have answers exactly like what is not there. No page is reached without its row in the table.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode, urlsplit

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from staff.asked import Answer, Asked, BadForm, Bytes, GoTo, Page, Shown, SmsDesk
from staff.rendering import Renderer
from staff.words import LANG, Words
from surveys.records import staff_sessions
from surveys.rules.vocabulary import Side
from surveys.steps import configured, staff_access
from surveys.steps.desk import NotFound
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.service import Service
from surveys.steps.staff_access import AccountRefused, SignedIn
from web.headers import COMMON, TRANSPORT

_log = logging.getLogger(__name__)
HOME, SIGN_IN, SECOND, AGAIN = "/staff/", "/staff/sign-in", "/staff/second", "/staff/again"
BODY_CAP = 2 * 1024 * 1024
FIELDS = 200
TOUCH_EVERY = timedelta(seconds=30)
HEADERS = dict(COMMON) | {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",  # without any, a browser hides a form's origin too
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self)",
}
_SAME = ("missing.html", "refused.html")
_REFUSALS = (BadForm, AccountRefused, EnrolmentRefused)


class Console:
    """An ASGI application for everything under /staff; `now` is the wall clock, `staff_url` the console's origin."""

    def __init__(
        self,
        service: Service,
        staff_url: str,
        now: Callable[[], datetime],
        pages: Sequence[Page],
        deep_link: Callable[[str], Awaitable[str | None]],
        downloads: bool | None = None,
        sms: SmsDesk | None = None,
    ) -> None:
        self._service, self._url, self._now, self._deep_link = service, staff_url, now, deep_link
        self._sms = sms
        self._secure = staff_url.startswith("https:")
        # Browsers keep cookies by host and not by port; on a loopback both sides' consoles may share a host name.
        self.cookie = "__Host-c" if self._secure else f"c{urlsplit(staff_url).port or ''}"
        self._pages = [(compile_path(page.path)[0], page) for page in pages]
        self._downloads = service.side is Side.EX_PERPETRATORS if downloads is None else downloads
        self._renderer = Renderer(self._downloads)
        self.host = urlsplit(staff_url).hostname or ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if self._secure:
            response.headers[TRANSPORT[0]] = TRANSPORT[1]
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        page, path = self._found(request)
        token = request.cookies.get(self.cookie, "")
        now = self._now()
        await configured.refresh(self._service, now)
        who = await self._who(token, now)
        asked = self._asked(request, path, token, who, now)
        if page is None:
            return self._show(asked, Shown("missing.html", status=404))
        if (elsewhere := self._stopped(request, page, who, now)) is not None:
            return self._finish(asked, elsewhere)
        try:
            asked = await self._read(request, asked)
        except (BadForm, MultiPartException):
            return self._show(asked, Shown("refused.html", {"message": asked.words.say_("Образац је превелик.")}, 413))
        if request.method == "POST" and not self._own(request, asked):
            return self._show(
                asked, Shown("refused.html", {"message": asked.words.say_("Отворите страницу поново.")}, 403)
            )
        return self._finish(asked, await self._handled(page, asked))

    def _found(self, request: Request) -> tuple[Page | None, Mapping[str, str]]:
        method = "GET" if request.method == "HEAD" else request.method
        asked = HOME if request.url.path == HOME.rstrip("/") else request.url.path
        for pattern, page in self._pages:
            match = pattern.match(asked)
            if match and page.method == method:
                return page, match.groupdict()
        return None, {}

    async def _who(self, token: str, now: datetime) -> SignedIn | None:
        if not token:
            return None
        async with self._service.database.reading() as tx:
            who = await staff_access.signed_in(tx, token, now)
        if who is not None and now - who.session.last_at > TOUCH_EVERY:
            async with self._service.database.writing() as tx:
                await staff_sessions.touch(tx, who.session.id, now)
        return who

    def _asked(
        self, request: Request, path: Mapping[str, str], token: str, who: SignedIn | None, now: datetime
    ) -> Asked:
        chosen = who.account.language if who else request.query_params.get("language", "sr_Cyrl")
        words = Words(chosen if chosen in LANG or who else "sr_Cyrl", self._service.zone)
        query = dict(list(request.query_params.items())[:FIELDS])
        return Asked(
            self._service,
            self._url,
            request.url.path,
            now,
            words,
            path,
            query,
            {},
            {},
            token,
            self._deep_link,
            who,
            self._sms,
        )

    def _stopped(self, request: Request, page: Page, who: SignedIn | None, now: datetime) -> Answer | None:
        """Where the browser must go first, or that there is nothing here for this reader."""
        if page.open_to == "anybody":
            return None
        if who is None:
            return GoTo(SIGN_IN)
        if page.open_to == "half":
            return None
        if who.session.stage != "full":
            return GoTo(SECOND)
        if page.may is not None and not who.reader.may(page.may):
            return Shown("missing.html", status=404)
        if page.download and not self._downloads:
            return Shown("missing.html", status=404)
        if page.strong and not who.fresh(now):
            return GoTo(f"{AGAIN}?next={quote(self._task(request.url.path))}")
        return None

    def _task(self, path: str) -> str:
        """The page on which the task stands that an address belongs to: itself, or the nearest one above it."""
        while path.startswith("/staff/"):
            if any(page.method == "GET" and pattern.match(path) for pattern, page in self._pages):
                return path
            path = path.rpartition("/")[0]
        return HOME

    def _place(self, asked: Asked, shown: Shown) -> str:
        """Where a browser is that comes back to what answered a form; empty where none was sent. What is missing or was
        refused names no address: it is the same for every one."""
        if not asked.form or shown.template in _SAME:
            return ""
        task = self._task(asked.address)
        return f"{task}?{urlencode(asked.query)}" if task == asked.address and asked.query else task

    async def _read(self, request: Request, asked: Asked) -> Asked:
        if request.method != "POST":
            return asked
        size = request.headers.get("content-length", "")
        if not size.isascii() or not size.isdigit() or int(size) > BODY_CAP:
            raise BadForm
        form = await request.form(max_files=1, max_fields=FIELDS, max_part_size=BODY_CAP)
        texts: dict[str, str] = {}
        files: dict[str, bytes] = {}
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = await value.read(BODY_CAP)
            else:
                texts[name] = f"{texts[name]} {value}" if name in texts else value
        return replace(asked, form=texts, files=files)

    def _own(self, request: Request, asked: Asked) -> bool:
        """The form was made by this console for this session: its own origin, and the session's token inside."""
        origin = request.headers.get("origin")
        if origin is not None and origin != self._url:
            return False
        if origin is None and request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return False
        return asked.who is None or hmac.compare_digest(asked.form.get("csrf", "").encode(), self._csrf(asked).encode())

    def _csrf(self, asked: Asked) -> str:
        return self._service.database.seals.index("staff_sessions", "csrf", asked.token).hex() if asked.who else ""

    async def _handled(self, page: Page, asked: Asked) -> Answer:
        try:
            return await page.handler(asked)
        except NotFound:
            return Shown("missing.html", status=404)
        except _REFUSALS as refused:
            return Shown("refused.html", {"message": str(refused)}, 422)
        except Exception as error:  # nothing of a failure may reach the page or the log but its kind
            _log.error("a page failed: %s", type(error).__name__)
            return Shown("refused.html", {"message": asked.words.say_("Нешто није успело. Ништа није промењено.")}, 500)

    def _finish(self, asked: Asked, answer: Answer) -> Response:
        if isinstance(answer, Shown):
            return self._show(asked, answer)
        if isinstance(answer, Bytes):
            response = Response(answer.content, media_type=answer.kind)
            if answer.name:
                response.headers["Content-Disposition"] = f'attachment; filename="{answer.name}"'
            return response
        response = RedirectResponse(answer.path, 303)
        if answer.token == "":
            response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="strict")
        elif answer.token is not None:
            response.set_cookie(
                self.cookie, answer.token, path="/", secure=self._secure, httponly=True, samesite="strict"
            )
        return response

    def _show(self, asked: Asked, shown: Shown) -> Response:
        text = self._renderer.page(asked, shown, self._csrf(asked), self._place(asked, shown))
        return Response(text, shown.status, media_type="text/html")
