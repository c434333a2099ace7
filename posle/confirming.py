"""Confirms a number from the command line: sends the test message, or notes that it was seen."""

from datetime import datetime
from pathlib import Path

from posle.actors import actor
from posle.opening import opened, service_of
from surveys.steps.number_check import confirm, open_test
from surveys.steps.outcome import record_outcome
from surveys.steps.ports import Sent
from surveys.steps.sms import has_no_privacy, note_no_privacy


class NotDelivered(Exception):
    """The provider did not take the test message; see posle tasks, mend it and send another."""


async def send_test(folder: Path, participant: str, by: str, now: datetime) -> None:
    """Send the test message; NotDelivered where the provider did not take it."""
    from bot.sms.client import SmsMessenger  # noqa: PLC0415 - loads the provider's library
    from bot.sms.transport import RedirectedClient  # noqa: PLC0415
    from posle.serving.sms import in_time, sender_of  # noqa: PLC0415

    async with opened(folder) as (settings, database):
        sms, service = settings.need_sms(), service_of(settings, database)
        message = await open_test(service, participant, actor(database, by), now)
        http = RedirectedClient(sms.api_url)

        async def without_retention() -> None:
            await note_no_privacy(service, now)

        messenger = SmsMessenger(sender_of(settings), sms.auth_token, http, without_retention)
        if await has_no_privacy(service):
            messenger.go_without()
        http.open()
        try:
            outcome = await messenger.send(in_time(message, now))
        finally:
            await http.close()
        await record_outcome(service, message, outcome, now)
        if not isinstance(outcome, Sent):
            raise NotDelivered


async def note_seen(folder: Path, participant: str, by: str, now: datetime) -> None:
    """The test message was seen, and deleted together."""
    async with opened(folder) as (settings, database):
        await confirm(service_of(settings, database), participant, actor(database, by), now)
