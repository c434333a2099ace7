"""Tells staff by SMS that something waits, by an account that writes to nobody else. It must never carry more.

It raises for nothing that the provider or the network does, and logs neither number nor text.
"""

from bot.sms.client import Sender, SmsMessenger
from bot.sms.transport import RedirectedClient
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Outcome, Outgoing

VALID = 4 * 3600.0
"""Seconds in which the provider may still bring it; by then the next person has been told."""


class SmsPager:
    """`Pager` by SMS. `close` at the end."""

    def __init__(self, account: str, auth_token: str, number: str, api_url: str) -> None:
        self._http = RedirectedClient(api_url)
        self._messenger = SmsMessenger(Sender(account, number, callback=None), auth_token, self._http)
        self._open = False

    async def page(self, text: str, address: str, callout: str) -> Outcome:
        """Send it once; who is to be told again is decided elsewhere."""
        if not self._open:
            self._http.open()
            self._open = True
        return await self._messenger.send(Outgoing(callout, Channel.SMS, address, text, valid=VALID))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()
