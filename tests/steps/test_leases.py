"""Claims that another worker took over meanwhile: left alone, and no reason to lose the rest of a batch."""

from datetime import timedelta

from surveys.records import deliveries, tasks
from surveys.rules.vocabulary import DeliveryKind, DeliveryState
from surveys.steps.dispatch import claim_ready, dispatch
from surveys.steps.outcome import LEASE, MOST_TRIES, recover
from surveys.steps.ports import Outcome, Outgoing, Sent, TryLater
from tests.steps.stage import Stage
from tests.steps.test_review import bound

CROWD = tuple(str(number) for number in range(21, 25))


async def _due(stage: Stage) -> list[str]:
    """People whose notices are due at this moment, inside the hours; the notices' ids."""
    people = [await bound(stage, chat) for chat in CROWD]
    stage.ledger.clear()
    while not stage.service.hours.is_allowed(stage.now) or stage.now.month != 12:
        stage.now += timedelta(hours=1)
    found = []
    async with stage.service.database.writing() as tx:
        for person in people:
            first = next(row for row in await deliveries.of_participant(tx, person) if row.kind is DeliveryKind.NOTICE)
            await deliveries.move(tx, first.id, stage.now, stage.now + timedelta(days=7))
            found.append(first.id)
    return found


async def _take_over(stage: Stage, delivery: str) -> None:
    """Another worker found the claim abandoned."""
    async with stage.service.database.writing() as tx:
        row = await deliveries.get(tx, delivery)
        assert row is not None
        assert row.lease is not None
        await deliveries.mark_unknown(tx, delivery, row.lease, stage.now, "connection_lost")


async def _states(stage: Stage, several: list[str]) -> list[DeliveryState]:
    async with stage.service.database.reading() as tx:
        rows = [await deliveries.get(tx, each) for each in several]
    return sorted(row.state for row in rows if row)


async def test_i12_one_claim_that_was_taken_over_does_not_keep_the_others_of_its_batch_from_being_given_back(
    stage: Stage,
) -> None:
    several = await _due(stage)

    async def busy(message: Outgoing) -> Outcome:
        await _take_over(stage, next(each for each in several if each != message.delivery))
        return TryLater(60)

    await dispatch(stage.service, busy, lambda: stage.now)
    assert await _states(stage, several) == [*[DeliveryState.PLANNED] * 3, DeliveryState.UNKNOWN]


async def test_i2_an_outcome_that_came_too_late_changes_nothing_and_the_batch_goes_on(stage: Stage) -> None:
    several = await _due(stage)
    sent: list[str] = []

    async def late(message: Outgoing) -> Outcome:
        if not sent:
            await _take_over(stage, message.delivery)
        sent.append(message.delivery)
        return Sent(message.delivery)

    await dispatch(stage.service, late, lambda: stage.now)
    assert sorted(sent) == sorted(several)
    assert await _states(stage, several) == [*[DeliveryState.SENT] * 3, DeliveryState.UNKNOWN]


async def test_i12_a_provider_that_wants_to_be_left_alone_for_long_uses_up_no_attempt(stage: Stage) -> None:
    several = await _due(stage)
    sent: list[str] = []

    async def resting(_: Outgoing) -> Outcome:
        return TryLater(30, tried=False)

    async def awake(message: Outgoing) -> Outcome:
        sent.append(message.delivery)
        return Sent(message.delivery)

    for _ in range(MOST_TRIES + 2):
        await dispatch(stage.service, resting, lambda: stage.now)
        stage.now += timedelta(seconds=31)
    await dispatch(stage.service, awake, lambda: stage.now)
    assert sorted(sent) == sorted(several)


async def test_i12_a_claim_that_nobody_finished_becomes_unknown_with_an_open_task_once_its_lease_is_over(
    stage: Stage,
) -> None:
    several = await _due(stage)
    await claim_ready(stage.service, stage.now)
    assert await recover(stage.service, stage.now + LEASE / 2) == 0, "its worker may be at it still"
    assert await _states(stage, several) == [DeliveryState.CLAIMED] * 4
    assert await recover(stage.service, stage.now + LEASE * 2) == 4
    assert await _states(stage, several) == [DeliveryState.UNKNOWN] * 4
    async with stage.service.database.reading() as tx:
        assert {each.subject for each in await tasks.standing(tx) if each.kind == "send_unknown"} == set(several)
