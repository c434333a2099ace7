"""A side that is served by telephone alone, without a bot and without an SMS account, starts and does its work."""

from pathlib import Path

import pytest

from posle.founding import found
from posle.opening import opened
from posle.serving.process import at_work, needs_bot
from posle.settings import load_settings
from posle.settings.section import BadSettings
from posle.wiring import wire
from scheduler.clock import SystemClock
from surveys.rules.vocabulary import Side
from tests.steps.stage import START

_NO_BOT = '[side]\nname = "{side}"\npublic_url = "http://127.0.0.1:9"\n[database]\nurl = "sqlite:///posle.db"\n'
STAFF = '[staff]\npublic_url = "http://localhost:9"\n'


async def test_a_side_without_a_bot_and_without_sms_starts(tmp_path: Path) -> None:
    folder = tmp_path / "hers"
    await found(folder, Side.SURVIVORS, evaluators=None, database=None, now=START)
    async with opened(folder) as (settings, database):
        service = wire(settings, database)
        async with at_work(settings, service, SystemClock()) as running:
            assert running.account is None
            assert not dict(running.posts)


@pytest.mark.parametrize(("side", "staff", "needs"), [
    (Side.SURVIVORS, "", False), (Side.SURVIVORS, STAFF, False),
    (Side.EX_PERPETRATORS, STAFF, False), (Side.EX_PERPETRATORS, "", True),
])  # fmt: skip
def test_where_nobody_can_be_reached_at_all_the_bot_is_missed(
    tmp_path: Path, side: Side, staff: str, needs: bool
) -> None:
    folder = tmp_path / "side"
    folder.mkdir()
    (folder / "posle.toml").write_text(_NO_BOT.format(side=side) + staff)
    settings = load_settings(folder)
    assert needs_bot(settings) is needs
    if needs:
        with pytest.raises(BadSettings, match="token"):
            settings.need_telegram()
