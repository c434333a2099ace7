"""Puts the private page beside the service, where a message of this side leads there. It is loaded only then."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from posle.settings import Settings
from surveys.steps.gate import GATE_SECONDS
from surveys.steps.page import on_page
from surveys.steps.page_said import PageSaid, Screen
from surveys.steps.service import Service
from web.callers import Callers

if TYPE_CHECKING:
    from bot.page.endpoint import PrivatePage

EXIT = "https://www.google.com/"
"""Where quick exit leads while no other everyday site is named."""


def private_page(
    settings: Settings, service: Service, now: Callable[[], datetime], callers: Callers | None = None
) -> "PrivatePage | None":
    """The application under /p/; None where no message of this side leads there."""
    if service.issue_link is None:
        return None
    from bot.page.endpoint import PrivatePage  # noqa: PLC0415 - a side without the page does without its memory
    from bot.page.rendering import Screens  # noqa: PLC0415
    from bot.page.skins import PLAIN, SURVEY  # noqa: PLC0415

    async def take(token: str, cookie: str, said: PageSaid) -> Screen:
        return await on_page(service, token, cookie, said, now())

    https = settings.side.public_url.startswith("https:")
    leads = settings.exit_url or EXIT
    deadline = GATE_SECONDS if service.library.covers else 0.0
    skin = SURVEY if service.library.covers else PLAIN
    screens = Screens(service.languages, leads, skin)
    return PrivatePage(screens, take, leads, https=https, deadline=deadline, callers=callers)
