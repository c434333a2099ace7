"""Alerts at work: a tick of its own, so that nothing else, neither a slow provider nor a HOLD, keeps them back."""

from dataclasses import dataclass

from bot.mail import MailPager, MailServer
from posle.settings import Settings
from scheduler.clock import Clock
from scheduler.ticks import Tick
from surveys.steps.escalate import Means, Pagers, escalate
from surveys.steps.ports import Pager
from surveys.steps.service import Service

ALERTS = "alerts"


@dataclass(frozen=True, slots=True)
class Alerting:
    """What one side tells its staff by, and when it looks whether anybody is to be told."""

    service: Service
    pagers: Pagers
    clock: Clock

    @classmethod
    def of(cls, service: Service, settings: Settings, clock: Clock) -> "Alerting":
        """By e-mail where there is a mail server; by nothing where there is none."""
        by: dict[Means, Pager] = {}
        if settings.smtp_url is not None:
            server = MailServer.at(settings.smtp_url)
            by[Means.MAIL] = MailPager(server, settings.mail_sender or server.sender, clock.now)
        return cls(service, Pagers(by), clock)

    async def run(self) -> None:
        """One look at all alerts."""
        await escalate(self.service, self.pagers, self.clock.now)

    def tick(self, seconds: float) -> Tick:
        """The same, again and again."""
        return Tick(ALERTS, seconds, self.run)
