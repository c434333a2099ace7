"""A side's database belongs to one bot: with another one it is not served."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from posle.founding import found
from posle.opening import opened, service_of
from posle.serving.telegram import AnotherBot, TelegramAccount
from surveys.records import stamps
from surveys.rules.vocabulary import Side
from tests.posle.test_settings import TOKEN

NOW = datetime(2027, 2, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize("bot", ["99", TOKEN.partition(":")[0]])
async def test_safety_a_side_is_not_served_by_another_bot_than_its_own(tmp_path: Path, bot: str) -> None:
    folder = tmp_path / "hers"
    await found(folder, Side.SURVIVORS, evaluators=None, database=None, now=NOW)
    with (folder / "posle.toml").open("a") as file:
        file.write(f'[telegram]\ntoken = "{TOKEN}"\napi_url = "http://127.0.0.1:9"\n')
    async with opened(folder) as (settings, database):
        async with database.writing() as tx:
            await stamps.set_bot(tx, bot)
        account = TelegramAccount(service_of(settings, database), settings, lambda: NOW)
        if bot == "99":
            with pytest.raises(AnotherBot):
                await account.start(takes=False)
            return
        await account.start(takes=False)
        await account.stop()
