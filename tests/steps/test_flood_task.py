"""A reply that a flood used up is written down as failed: one task tells of the whole flood."""

from pathlib import Path

from surveys.records import deliveries, tasks
from surveys.records.database import Database
from surveys.records.deliveries import NewDelivery
from surveys.rules.vocabulary import Channel, DeliveryKind
from surveys.steps.outcome import TOO_MANY_REPLIES, record_outcome
from surveys.steps.ports import Outgoing, Refused
from tests.steps.stage import make_stage


async def test_a_flood_of_replies_to_one_address_opens_one_task(database: Database, tmp_path: Path) -> None:
    stage = await make_stage(database, tmp_path)
    person = (await stage.enrol()).participant
    new = NewDelivery(DeliveryKind.REPLY, 0, Channel.TELEGRAM, stage.now, "reply", person)
    for _ in range(5):
        async with database.writing() as tx:
            delivery, lease = await deliveries.born_claimed(tx, new, stage.now)
        message = Outgoing(delivery, Channel.TELEGRAM, "9", lease=lease)
        await record_outcome(stage.service, message, Refused(TOO_MANY_REPLIES), stage.now)
    async with database.reading() as tx:
        assert [each.kind for each in await tasks.of_participant(tx, person)].count("send_failed") == 1
