"""Which account a message leaves by: its own channel's, and never another."""

from collections.abc import Mapping
from typing import Protocol

from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Outcome, Outgoing, Refused


class Account(Protocol):
    """A channel's account at work."""

    async def send_notice(self, message: Outgoing) -> Outcome:
        """One message that the service starts, in its turn."""
        ...

    def answer(self, message: Outgoing) -> None:
        """One reply, in the background."""
        ...


class Senders:
    """All accounts of one side, as one."""

    def __init__(self, accounts: Mapping[Channel, Account]) -> None:
        self._accounts = accounts

    async def send_notice(self, message: Outgoing) -> Outcome:
        """By the message's channel; refused where this side has no account there."""
        account = self._accounts.get(message.channel)
        return await account.send_notice(message) if account is not None else Refused("no_account")

    def answer(self, message: Outgoing) -> None:
        """By the message's channel. Without an account nothing can have come by it, so there is nothing to answer."""
        if message.channel in self._accounts:
            self._accounts[message.channel].answer(message)
