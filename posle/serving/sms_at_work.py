"""The SMS half of a side at work, or nothing where no account is filled in: the library is loaded only then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from starlette.types import ASGIApp

from posle.settings import Settings
from scheduler.clock import Clock
from scheduler.ticks import Tick
from surveys.rules.vocabulary import Channel
from surveys.steps.service import Service

if TYPE_CHECKING:
    from posle.serving.sms import SmsAccount


@dataclass(frozen=True, slots=True)
class SmsAtWork:
    """`account` is None where there is none."""

    account: "SmsAccount | None" = None
    ticks: tuple[Tick, ...] = ()
    posts: Mapping[str, ASGIApp] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, service: Service, settings: Settings, clock: Clock) -> Self:
        """The side's, by its settings."""
        if settings.sms is None:
            return cls()
        from bot.sms.webhook import PATH, STATUS_PATH  # noqa: PLC0415 - loads the provider's library
        from posle.serving.sms import SmsAccount  # noqa: PLC0415
        from posle.serving.wiping import Wiping  # noqa: PLC0415

        account = SmsAccount(service, settings, clock.now)
        wiping = Wiping(service, account.messenger, clock, account.number)
        seconds = settings.scheduler.tick_seconds
        ticks = (Tick("sms_wiping", seconds, wiping.run), Tick("sms_account", max(1.0, seconds), account.tell_staff))
        return cls(account, ticks, {PATH: account.webhook, STATUS_PATH: account.webhook})

    @property
    def accounts(self) -> Mapping[Channel, "SmsAccount"]:
        """By channel, for whoever sends."""
        return {Channel.SMS: self.account} if self.account is not None else {}

    async def start(self) -> None:
        """Open the connections."""
        if self.account is not None:
            await self.account.start()

    async def stop(self) -> None:
        """Close them, once replies have left."""
        if self.account is not None:
            await self.account.stop()
