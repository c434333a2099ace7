"""What is asked and set once at start."""

import pytest

from bot.telegram.account import delete_webhook, describe, set_webhook
from bot.telegram.bot import Bot
from bot.telegram.failures import Answered, PerhapsDone
from bot.telegram.names import bot_id, deep_link
from tests.bot import provider as does
from tests.bot.conftest import TOKEN
from tests.bot.provider import Provider


async def test_the_bots_name_makes_its_link(bot: Bot) -> None:
    assert deep_link(await describe(bot), "abc") == "https://t.me/ordinary_bot?start=abc"


def test_the_bots_number_is_the_open_part_of_its_token() -> None:
    assert bot_id(TOKEN) == "4242"


async def test_the_webhook_is_told_with_its_secret_and_keeps_what_waits(bot: Bot, telegram: Provider) -> None:
    await set_webhook(bot, "https://a.example/hooks/telegram", "s" * 40)
    call = telegram.last("setWebhook")
    assert call.told["url"] == "https://a.example/hooks/telegram"
    assert call.told["secret_token"] == "s" * 40
    assert call.json("allowed_updates") == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert "drop_pending_updates" not in call.told
    await delete_webhook(bot)
    assert telegram.last("deleteWebhook").told.get("drop_pending_updates", "false") == "false"


async def test_failures_are_named_and_not_swallowed(bot: Bot, telegram: Provider) -> None:
    telegram.plan("getMe", does.refuses(401, "Unauthorized"), does.resets)
    with pytest.raises(Answered, match="401"):
        await describe(bot)
    with pytest.raises(PerhapsDone):
        await describe(bot)
