"""Waves that are over: each ends once, with how far the person came, and nothing more is sent about it."""

from datetime import timedelta

from surveys.records import deliveries, interviews, invitations
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import DeliveryState, Disposition
from surveys.steps.expire import expire
from surveys.steps.ports import Unknown
from tests.steps.stage import START, Stage
from tests.steps.test_checkin import begun, bound, noticed

OVER = START + timedelta(days=150)


async def ended(stage: Stage, person: str) -> Disposition | None:
    """How the first wave ended, once its time is over."""
    stage.now = OVER
    assert await expire(stage.service, stage.now) == 1
    assert await expire(stage.service, stage.now) == 0
    async with stage.service.database.reading() as tx:
        first, second = await invitations.of_participant(tx, person)
        rows = await deliveries.of_participant(tx, person)
        assert await interviews.live(tx, person) is None
    assert (first.reason, second.state) == (Reason.WAVE_OVER, "planned")
    assert not [row for row in rows if row.invitation == first.id and row.state is DeliveryState.PLANNED]
    return first.disposition


async def test_nobody_who_was_never_reached_is_counted_as_silent(stage: Stage) -> None:
    enrolled = await stage.enrol()
    assert await ended(stage, enrolled.participant) is Disposition.NON_CONTACT


async def test_a_notice_without_an_answer_expires(stage: Stage) -> None:
    assert await ended(stage, await noticed(stage)) is Disposition.EXPIRED


async def test_a_notice_that_perhaps_arrived_is_unknown(stage: Stage) -> None:
    person = await bound(stage)
    stage.fate = Unknown()
    while not any(each.buttons for each in stage.ledger):
        await stage.forward(stage.now + timedelta(days=1))
    assert await ended(stage, person) is Disposition.UNKNOWN


async def test_begun_without_an_answer_is_a_break_off(stage: Stage) -> None:
    person = await begun(stage)
    await stage.press("Preskoči")
    assert await ended(stage, person) is Disposition.BREAK_OFF


async def test_nothing_is_closed_before_its_time(stage: Stage) -> None:
    await begun(stage)
    assert await expire(stage.service, stage.now + timedelta(days=30)) == 0
