"""The side's SMS account: the time that a message has left, and what is known of the account by every process."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from posle.serving.sms import MARGIN, in_time
from surveys.rules.vocabulary import Channel
from surveys.steps.ports import Outgoing
from tests.journeys.sms_house import sms_house

NOW = datetime(2026, 9, 1, 15, tzinfo=UTC)


def test_i4_the_providers_time_ends_before_the_hours_do_however_long_a_message_waited() -> None:
    message = Outgoing("d-1", Channel.SMS, "+381641234567", "x", valid=3600.0, until=NOW + timedelta(hours=1))
    assert in_time(message, NOW).valid == 3600.0 - MARGIN
    assert in_time(message, NOW + timedelta(minutes=10)).valid == 3000.0 - MARGIN
    assert in_time(message, NOW + timedelta(hours=1)).valid < 0


async def test_an_account_without_privacy_is_found_out_once_by_whichever_process_and_a_task_says_so(
    tmp_path: Path,
) -> None:
    async with sms_house(tmp_path, more="discard_content = true") as house:
        for number in ("+381641234567", "+381642223334"):
            await house.enrol(number)
        assert "sms_no_privacy" in await house.tasks()
        await house.side.serve()
        await house.text("zdravo", "+381643334445")
        refused = [each.code for each in house.side.wire.simulator.sms.world.refused]
        assert refused == [30029]
