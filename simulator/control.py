"""The control over HTTP: people and what they do, what is on their screens, faults, pace, ledger, clock. JSON only.

It is for tests and demos on this machine; requests that a foreign web page could make are refused.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from simulator import screens, texting
from simulator.events import stream
from simulator.faults import Fault
from simulator.hands import Hands
from simulator.refusals import NotPossible
from simulator.telegram import BotApi
from simulator.world import Bot, Person, World

if TYPE_CHECKING:
    from simulator.server import Simulator

Json = dict[str, Any]
Handle = Callable[["Asked"], Awaitable[Any]]
LOCAL = ("127.0.0.1", "localhost", "[::1]")


class Asked:
    """One request: its JSON, and whom it is about."""

    def __init__(self, simulator: "Simulator", request: Request, told: Json) -> None:
        self.simulator = simulator
        self.world: World = simulator.world
        self.api: BotApi = simulator.api
        self.hands: Hands = simulator.hands
        self.request: Request = request
        self.told: Json = told

    def bot(self) -> Bot:
        """The bot that is named, or the first. Raises KeyError."""
        number = self.told.get("bot") or self.request.query_params.get("bot")
        return self.world.bot(int(number) if number else None)

    def person(self) -> Person:
        """Raises KeyError."""
        return self.world.people[int(self.request.path_params["person"])]

    def text(self, name: str) -> str:
        """A text parameter, empty where it is missing."""
        return str(self.told.get(name) or "")


def routes(simulator: "Simulator") -> list[BaseRoute]:
    """Everything under /control."""

    def route(path: str, method: str, handle: Handle) -> Route:
        async def endpoint(request: Request) -> Response:
            return await _handled(simulator, request, handle)

        return Route(f"/control{path}", endpoint, methods=[method])

    person = "/people/{person:int}"
    return [
        *(route(path, method, handle) for path, method, handle in _GENERAL),
        *(route(f"{person}/{act}", "POST", _act(act)) for act in _ACTS),
        *(route(f"{person}/{view}", "GET", _view(view)) for view in _VIEWS),
    ]


async def _handled(simulator: "Simulator", request: Request, handle: Handle) -> Response:
    if not _ours(request):
        return JSONResponse({"error": "only JSON from this machine is taken"}, 403)
    try:
        told = json.loads(await request.body() or b"{}") if request.method != "GET" else {}
        if not isinstance(told, dict):
            raise ValueError("a JSON object is expected")
        said = await handle(Asked(simulator, request, told))
    except KeyError:
        return JSONResponse({"error": "there is no such person or bot"}, 404)
    except NotPossible as refusal:
        return JSONResponse({"error": str(refusal)}, 409)
    except (ValueError, TypeError) as refusal:
        return JSONResponse({"error": str(refusal)}, 400)
    return said if isinstance(said, Response) else JSONResponse(said, headers={"Cache-Control": "no-store"})


def _ours(request: Request) -> bool:
    """Neither a foreign page's form nor a foreign name that resolves to this machine."""
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    origin = request.headers.get("origin")
    if host not in LOCAL or (origin is not None and urlsplit(origin).netloc != request.headers.get("host")):
        return False
    return request.method == "GET" or request.headers.get("content-type", "").startswith("application/json")


async def _people(asked: Asked) -> Any:
    return [screens.person(asked.world, person) for person in asked.world.people.values()]


async def _new_person(asked: Asked) -> Any:
    told = asked.told
    if not asked.text("first_name"):
        raise ValueError("first_name is missing")
    extra = {name: asked.text(name) for name in ("last_name", "username", "link") if told.get(name)}
    person = asked.world.add_person(
        asked.text("first_name"), number=told.get("id"), language=asked.text("language") or "sr", **extra
    )
    return screens.person(asked.world, person)


async def _bots(asked: Asked) -> Any:
    return [
        {"id": bot.id, "name": bot.called(""), "username": bot.username, "pending": len(asked.api.updates(bot).pending)}
        for bot in asked.world.bots.values()
    ]


async def _new_bot(asked: Asked) -> Any:
    bot = asked.api.add_bot(asked.text("token"), asked.text("name") or "Upitnik", asked.text("username"))
    return {"id": bot.id, "name": bot.name, "username": bot.username}


async def _order_fault(asked: Asked) -> Any:
    asked.api.faults.order(Fault(**asked.told))
    return [asdict(fault) for fault in asked.api.faults.ordered]


async def _no_faults(asked: Asked) -> Any:
    asked.api.faults.ordered.clear()
    return []


async def _pace(asked: Asked) -> Any:
    asked.api.pacing.set(**asked.told)
    return {"on": asked.api.pacing.on}


async def _ledger(asked: Asked) -> Any:
    query = asked.request.query_params
    numbers = {name: int(query[name]) for name in ("bot", "chat") if query.get(name)}
    return asked.world.ledger.read(int(query.get("after", 0)), method=query.get("method", ""), **numbers)


async def _refused(asked: Asked) -> Any:
    return [asdict(each) for each in asked.world.ledger.refused]


async def _quiet(asked: Asked) -> Any:
    return {"quiet": asked.api.quiet}


async def _forge(asked: Asked) -> Any:
    """Any update at all, as if Telegram had made it."""
    update = asked.told.get("update")
    if not isinstance(update, dict):
        raise ValueError("update is missing")
    return {"update_id": asked.api.updates(asked.bot()).put_raw(update, int(asked.told.get("lane", 0)))}


async def _redeliver(asked: Asked) -> Any:
    return {"update_ids": asked.api.updates(asked.bot()).again(int(asked.told.get("last", 1)))}


async def _clock(asked: Asked) -> Any:
    elsewhere = asked.simulator.clock_control
    if elsewhere:
        return await _passed_on(asked, elsewhere)
    if asked.request.method == "POST":
        _move(asked)
    return {"now": asked.world.now().isoformat(), "next": None}


def _move(asked: Asked) -> None:
    clock, told = asked.simulator.clock, asked.told
    if "now" in told:
        clock.set(datetime.fromisoformat(told["now"]), stopped=bool(told.get("stopped")))
    elif "advance_seconds" in told:
        clock.advance(timedelta(seconds=float(told["advance_seconds"])))
    else:
        raise ValueError("now or advance_seconds is missing; this clock knows no next event")
    for person in asked.world.people:
        asked.world.changed(person)


async def _passed_on(asked: Asked, url: str) -> Response:
    """Whoever owns the clock moves it; its answer's `now` sets ours where we run by none of its own."""
    method = asked.request.method
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as session,
            session.request(method, url, json=asked.told if method == "POST" else None) as answer,
        ):
            body = await answer.read()
            return Response(body, answer.status, media_type="application/json")
    except (aiohttp.ClientError, TimeoutError):
        return JSONResponse({"error": "the clock does not answer"}, 502)


async def _events(asked: Asked) -> Response:
    return StreamingResponse(
        stream(asked.world, asked.api.closing),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _sms_phones(asked: Asked) -> Any:
    return texting.phones(asked.simulator.sms.world)


async def _new_sms_phone(asked: Asked) -> Any:
    return texting.add_phone(asked.simulator.sms.world, asked.told)


async def _sms_inbox(asked: Asked) -> Any:
    return texting.inbox(asked.simulator.sms, texting.number_of(asked.request))


async def _sms_glance(asked: Asked) -> Any:
    return texting.glance(asked.simulator.sms.world, texting.number_of(asked.request))


async def _sms_write(asked: Asked) -> Any:
    return await texting.write(asked.simulator.sms, texting.number_of(asked.request), asked.text("text"))


_GENERAL: tuple[tuple[str, str, Handle], ...] = (
    ("/people", "GET", _people),
    ("/people", "POST", _new_person),
    ("/bots", "GET", _bots),
    ("/bots", "POST", _new_bot),
    ("/faults", "POST", _order_fault),
    ("/faults", "DELETE", _no_faults),
    ("/pace", "POST", _pace),
    ("/ledger", "GET", _ledger),
    ("/refused", "GET", _refused),
    ("/quiet", "GET", _quiet),
    ("/updates", "POST", _forge),
    ("/updates/again", "POST", _redeliver),
    ("/clock", "GET", _clock),
    ("/clock", "POST", _clock),
    ("/events", "GET", _events),
    ("/sms/phones", "GET", _sms_phones),
    ("/sms/phones", "POST", _new_sms_phone),
    ("/sms/phones/{number}", "GET", _sms_inbox),
    ("/sms/phones/{number}/onlooker", "GET", _sms_glance),
    ("/sms/phones/{number}/text", "POST", _sms_write),
)


def _start(asked: Asked) -> Any:
    person, link = asked.person(), asked.text("link")
    if link or (person.link and "payload" not in asked.told and not asked.told.get("bot")):
        return {"message": asked.hands.follow(person, link or person.link)}
    return {"message": asked.hands.start(asked.bot(), person, asked.text("payload"))}


def _press(asked: Asked) -> Any:
    number = asked.told.get("message")
    return asked.hands.press(
        asked.bot(), asked.person(), data=asked.text("data"), label=asked.text("label"),
        number=int(number) if number else None, stale=bool(asked.told.get("stale")),
    )  # fmt: skip


_ACTS: dict[str, Callable[[Asked], Any]] = {
    "start": _start,
    "press": _press,
    "type": lambda asked: {"messages": asked.hands.type(asked.bot(), asked.person(), asked.text("text"))},
    "send": lambda asked: {"message": asked.hands.send(asked.bot(), asked.person(), asked.text("kind"))},
    "forward": lambda asked: {"message": asked.hands.forward(asked.bot(), asked.person(), asked.text("text"))},
    "edit": lambda asked: asked.hands.edit(
        asked.bot(), asked.person(), int(asked.told.get("message", 0)), asked.text("text")
    ),
    "block": lambda asked: asked.hands.block(asked.bot(), asked.person()),
    "unblock": lambda asked: asked.hands.unblock(asked.bot(), asked.person()),
    "clear": lambda asked: asked.hands.clear(asked.bot(), asked.person()),
    "leave": lambda asked: asked.hands.leave(asked.person()),
    "read": lambda asked: asked.hands.read(asked.bot(), asked.person()),
}
_VIEWS: dict[str, Callable[[Asked], Any]] = {
    "messages": lambda asked: screens.messages(asked.world, asked.bot(), asked.person()),
    "onlooker": lambda asked: screens.onlooker(asked.world, asked.person()),
}


def _act(name: str) -> Handle:
    async def handle(asked: Asked) -> Any:
        return _ACTS[name](asked) or {"done": True}

    return handle


def _view(name: str) -> Handle:
    async def handle(asked: Asked) -> Any:
        return _VIEWS[name](asked)

    return handle
