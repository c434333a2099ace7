"""A provider, the transport and the client pointed at it, and whatever the test logged at any level."""

from collections.abc import AsyncIterator

import pytest

from bot.telegram.bot import Bot, open_bot
from bot.telegram.client import TelegramMessenger
from bot.telegram.transport import Transport
from tests.bot.provider import Provider, provider

TOKEN = "4242:AAtheTokenThatNobodyMaySee"


@pytest.fixture
async def telegram() -> AsyncIterator[Provider]:
    """A Bot API that takes everything unless planned otherwise."""
    async with provider(TOKEN) as running:
        yield running


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    """Our request layer, with short timeouts."""
    layer = Transport(connect=0.3, read=0.3)
    await layer.initialize()
    yield layer
    await layer.shutdown()


@pytest.fixture
def bot(telegram: Provider, transport: Transport) -> Bot:
    """The client, pointed at the provider."""
    return open_bot(TOKEN, telegram.url, transport)


@pytest.fixture
def messenger(bot: Bot) -> TelegramMessenger:
    """The channel's sender."""
    return TelegramMessenger(bot)
