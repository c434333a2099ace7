"""The bot's own account: what is asked and set once at start (name, webhook, commands, profile), never per message.

Everything here may fail for the provider's sake with one of `failures`; the caller outlives it and tries again.
"""

from telegram.error import TelegramError

from bot.telegram.bot import Bot
from bot.telegram.names import deep_link
from bot.telegram.updates import HEARD


async def describe(bot: Bot) -> str:
    """The bot's username, for its deep links. Raises one of `failures`."""
    return (await shown(bot))[0]


async def shown(bot: Bot) -> tuple[str, str]:
    """The bot's username, and the name that stands over its chat. Raises one of `failures`."""
    me = await bot.get_me()
    return me.username or "", me.first_name


async def name_of(bot: Bot) -> str:
    """The bot's username; empty where the provider does not say it just now."""
    try:
        return await describe(bot)
    except TelegramError:
        return ""


class DeepLinks:
    """Deep links of a bot whose name is asked for when it is first needed, and then known for good."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._name = ""

    async def to(self, payload: str) -> str | None:
        """The link with this payload; None where the provider does not say the bot's name just now."""
        self._name = self._name or await name_of(self._bot)
        return deep_link(self._name, payload) if self._name else None


async def set_webhook(bot: Bot, url: str, secret: str) -> None:
    """Have updates posted to `url` with `secret` in a header. Waiting updates are kept. Raises one of `failures`."""
    await bot.set_webhook(url, allowed_updates=HEARD, secret_token=secret, max_connections=100)


async def delete_webhook(bot: Bot) -> None:
    """Stop posting updates, so that they can be polled. Waiting updates are kept. Raises one of `failures`."""
    await bot.delete_webhook(drop_pending_updates=False)
