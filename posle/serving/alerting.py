"""Alerts at work: a tick of its own, so that nothing else, neither a slow provider nor a HOLD, keeps them back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.mail import MailPager, MailServer
from posle.settings import Settings
from scheduler.clock import Clock
from scheduler.ticks import Tick
from surveys.steps.escalate import Means, Pagers, escalate
from surveys.steps.ports import Pager
from surveys.steps.service import Service

if TYPE_CHECKING:
    from bot.sms.pager import SmsPager

ALERTS = "alerts"


@dataclass(frozen=True, slots=True)
class Alerting:
    """What one side tells its staff by, and when it looks whether anybody is to be told."""

    service: Service
    pagers: Pagers
    clock: Clock
    phones: "SmsPager | None" = None

    @classmethod
    def of(cls, service: Service, settings: Settings, clock: Clock) -> "Alerting":
        """By e-mail where there is a mail server, by SMS where there is an account for it; else by nothing."""
        by: dict[Means, Pager] = {}
        if settings.smtp_url is not None:
            server = MailServer.at(settings.smtp_url)
            by[Means.MAIL] = MailPager(server, settings.mail_sender or server.sender, clock.now)
        phones = _phones(settings)
        if phones is not None:
            by[Means.SMS] = phones
        return cls(service, Pagers(by), clock, phones)

    async def stop(self) -> None:
        """Close what is open."""
        if self.phones is not None:
            await self.phones.close()

    async def run(self) -> None:
        """One look at all alerts."""
        await escalate(self.service, self.pagers, self.clock.now)

    def tick(self, seconds: float) -> Tick:
        """The same, again and again."""
        return Tick(ALERTS, seconds, self.run)


def _phones(settings: Settings) -> "SmsPager | None":
    paging = settings.paging
    if paging is None:
        return None
    from bot.sms.pager import SmsPager  # noqa: PLC0415 - loads the provider's library

    return SmsPager(paging.account_sid, paging.auth_token, paging.sender, paging.api_url)
