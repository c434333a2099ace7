"""Puts the console beside the service, where the settings name an address for it. It is loaded only then."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from bot.telegram.account import DeepLinks
from posle.settings import Settings
from surveys.steps.service import Service

if TYPE_CHECKING:
    from posle.serving.sms import SmsAccount
    from posle.serving.telegram import TelegramAccount
    from staff.asked import SmsDesk


def console(
    settings: Settings,
    service: Service,
    account: "TelegramAccount | None",
    now: Callable[[], datetime],
    sms: "SmsAccount | None" = None,
) -> ASGIApp | None:
    """The application under /staff; None where there is no [staff] public_url."""
    if settings.staff_url is None:
        return None
    from staff.console import Console  # noqa: PLC0415 - a side without a console does without its memory
    from staff.table import PAGES  # noqa: PLC0415

    link = DeepLinks(account.bot).to if account else _no_link
    desk = _desk(settings, sms) if sms is not None else None
    return Console(service, settings.staff_url, now, PAGES, link, settings.staff_downloads, desk)


def _desk(settings: Settings, account: "SmsAccount") -> "SmsDesk":
    from staff.asked import SmsDesk  # noqa: PLC0415

    own = settings.need_sms()
    return SmsDesk(settings.side.public_url, own.segment_price, own.currency, account.send_notice)


async def _no_link(_: str) -> None:
    """A side without a bot has no deep links."""
