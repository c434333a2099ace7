"""Alerts reach a person: in order, on their timers, to the end; never lost by a crash; stopped by who takes them."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from surveys.instruments.engine import Finding
from surveys.language.dull import undull
from surveys.library import load_library
from surveys.records import alerts, audit, holds, participants, tasks
from surveys.records.alert_tables import callouts as table
from surveys.records.holds import Scope
from surveys.rules.vocabulary import Side, Urgency
from surveys.steps import taking
from surveys.steps.alarm import raise_alarms
from surveys.steps.escalate import NOBODY_THERE, NOT_TOLD, Means, Pagers, claim, climb, escalate, resume
from surveys.steps.ports import Outcome, Refused, Sent, TryLater, Undeliverable, Unknown
from tests.records.looked import chain
from tests.steps.on_call import LADDER, QUARTER, ROWS, Duty, Told, attested, on_call
from tests.steps.stage import Stage

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest_asyncio.fixture
async def duty(stage: Stage) -> Duty:
    """An ex-perpetrators' side with a list of on-call workers."""
    await attested(stage.service.database, stage.now)
    return Duty(stage)


async def open_tasks(duty: Duty) -> list[str]:
    async with duty.stage.service.database.reading() as tx:
        return [each.kind for each in await tasks.standing(tx)]


async def test_safety_an_unanswered_alert_climbs_to_the_host_organisation_and_stays_red(duty: Duty) -> None:
    alert = await duty.drill()
    told = [await duty.tick(QUARTER if step else timedelta(0)) for step in range(len(LADDER))]
    assert told == LADDER
    assert await duty.tick(DAY - MINUTE) == []
    assert await duty.tick(MINUTE) == LADDER[-1]
    assert await duty.tick(DAY) == LADDER[-1]
    found = await duty.alert(alert)
    assert found.state == "open"
    assert found.is_red(duty.stage.now)


async def test_safety_nobody_is_told_before_the_timer_nor_twice_within_it(duty: Duty) -> None:
    await duty.drill()
    assert await duty.tick() == ["first"]
    assert [await duty.tick(MINUTE) for _ in range(14)] == [[]] * 14
    assert await duty.tick(MINUTE) == ["second"]


@pytest.mark.parametrize("taken_after", range(len(LADDER) + 1))
async def test_safety_once_somebody_takes_it_nobody_else_is_told(duty: Duty, taken_after: int) -> None:
    alert = await duty.drill()
    for step in range(taken_after):
        await duty.tick(QUARTER if step else timedelta(0))
    assert await duty.take(alert)
    assert [await duty.tick(DAY) for _ in range(3)] == [[], [], []]
    assert not await duty.take(alert)


async def test_a_risk_answer_is_told_at_once_and_one_that_is_not_urgent_has_more_time(duty: Duty) -> None:
    enrolled = await duty.stage.enrol(centre="nis")
    async with duty.stage.service.database.writing() as tx:
        person = await participants.get(tx, enrolled.participant)
        await raise_alarms(tx, person, None, (Finding(Urgency.ALERT, "q"),), duty.stage.now)
    assert await duty.tick() == ["first"]
    assert await duty.tick(QUARTER) == []
    assert await duty.tick(timedelta(hours=4) - QUARTER) == ["second"]


@pytest.mark.parametrize("scope", [Scope.SIDE, Scope.CENTRE])
async def test_i20_staff_alerts_go_on_under_a_hold(duty: Duty, scope: Scope) -> None:
    async with duty.stage.service.database.writing() as tx:
        await holds.place(tx, scope, "nis", "stopped", "by:somebody", duty.stage.now)
    await duty.drill()
    assert await duty.tick() == ["first"]
    assert await duty.tick(QUARTER) == ["second"]


async def test_i17_another_centres_worker_is_told_nothing(duty: Duty) -> None:
    await duty.drill()
    told = [name for _ in range(12) for name in await duty.tick(DAY)]
    assert "elsewhere" not in told


async def test_safety_what_is_said_is_dull_and_holds_an_opaque_id_alone(duty: Duty) -> None:
    enrolled = await duty.stage.enrol(centre="nis")
    async with duty.stage.service.database.writing() as tx:
        person = await participants.get(tx, enrolled.participant)
        await raise_alarms(tx, person, None, (Finding(Urgency.URGENT, "planted_item"),), duty.stage.now)
    await escalate(duty.stage.service, duty.by, lambda: duty.stage.now)
    [(_, text, _)] = duty.told.said
    async with duty.stage.service.database.reading() as tx:
        [alert] = await alerts.of_participant(tx, person.id)
    assert alert.id in text
    assert "drill" not in text
    for hidden in (person.id, "planted_item", "nis", "KG-7Q2M", "first", "example"):
        assert hidden not in text
    assert undull(text) == ()


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("drill", [False, True])
def test_safety_both_sides_words_are_dull_fit_one_segment_and_mark_a_drill(side: Side, drill: bool) -> None:
    said = load_library(side).alerting
    for urgency in said.within:
        mail, short = (each("a-7k2mabcdefghjkmnpqrs", urgency, drill) for each in (said.mail, said.short))
        assert undull(mail + short) == ()
        assert len(short) <= 70
        assert ("vežba" in short) is drill
        assert ("drill" in mail) is drill


async def test_a_callout_is_claimed_durably_before_it_leaves(duty: Duty) -> None:
    seen: list[str] = []

    class Looking(Told):
        async def page(self, text: str, address: str, callout: str) -> Outcome:
            async with duty.stage.service.database.reading() as tx:
                seen.append(str(await tx.value(select(table.c.state).where(table.c.id == callout))))
            return Sent(None)

    await duty.drill()
    await escalate(duty.stage.service, Pagers({Means.MAIL: Looking()}), lambda: duty.stage.now)
    assert seen == ["claimed"]


async def test_killed_between_planning_and_claiming_they_are_told_after_the_start(duty: Duty) -> None:
    await duty.drill()
    await climb(duty.stage.service, duty.by, duty.stage.now)
    await resume(duty.stage.service, duty.stage.now)
    assert await duty.tick() == ["first"]


async def test_safety_killed_between_claim_and_send_they_are_told_after_the_start(duty: Duty) -> None:
    await duty.drill()
    await climb(duty.stage.service, duty.by, duty.stage.now)
    assert len(await claim(duty.stage.service, duty.stage.now)) == 1
    assert await duty.tick() == []
    assert await resume(duty.stage.service, duty.stage.now) == 1
    assert await duty.tick() == ["first"]
    assert await resume(duty.stage.service, duty.stage.now) == 0


async def test_safety_another_process_takes_over_what_a_dead_one_claimed(duty: Duty) -> None:
    await duty.drill()
    await climb(duty.stage.service, duty.by, duty.stage.now)
    await claim(duty.stage.service, duty.stage.now)
    assert await duty.tick(2 * MINUTE) == ["first"]


async def test_safety_killed_after_the_send_they_are_told_again_rather_than_never(duty: Duty) -> None:
    await duty.drill()
    duty.told.fate["first"] = RuntimeError("the process ends here, before the outcome is written down")
    with pytest.raises(ExceptionGroup):
        await duty.tick()
    [(_, _, callout)] = duty.told.said
    duty.told.fate.clear()
    duty.told.said.clear()
    await resume(duty.stage.service, duty.stage.now)
    await escalate(duty.stage.service, duty.by, lambda: duty.stage.now)
    assert [(name, again) for name, _, again in duty.told.said] == [("first", callout)]


@pytest.mark.parametrize("outcome", [Unknown(), TryLater(1.0)])
async def test_safety_where_it_is_not_known_or_could_not_leave_they_are_told_again(
    duty: Duty, outcome: Outcome
) -> None:
    await duty.drill()
    duty.told.fate["first"] = outcome
    assert await duty.tick() == ["first"]
    assert await duty.tick(MINUTE) == ["first"]
    assert await duty.tick(2 * MINUTE) == ["first"]
    assert await open_tasks(duty) == [NOT_TOLD]
    duty.told.fate.clear()
    assert await duty.tick(3 * MINUTE) == ["first"]
    assert await duty.tick(6 * MINUTE) == []
    assert await duty.tick(3 * MINUTE) == ["second"]


async def test_a_dead_server_keeps_nobody_from_being_tried_and_all_are_told_when_it_is_back(duty: Duty) -> None:
    await duty.drill()
    for name in ("first", "second", "coordinator", "host"):
        duty.told.fate[name] = TryLater(60.0)
    for _ in range(80):
        await duty.tick(MINUTE)
    duty.told.fate.clear()
    told = [name for _ in range(11) for name in await duty.tick(MINUTE)]
    assert set(told) == {"first", "second", "coordinator", "host"}


@pytest.mark.parametrize("outcome", [Undeliverable("recipient"), Refused("x")])
async def test_safety_where_an_address_takes_nothing_the_next_is_told_at_once(duty: Duty, outcome: Outcome) -> None:
    await duty.drill()
    duty.told.fate["first"] = outcome
    assert await duty.tick() == ["first"]
    assert await duty.tick() == ["second"]
    assert await open_tasks(duty) == [NOT_TOLD]


async def test_where_nobody_at_all_can_be_reached_it_is_tried_again_within_the_hour(duty: Duty) -> None:
    await duty.drill()
    for name in ("first", "second", "coordinator", "host"):
        duty.told.fate[name] = Undeliverable("recipient")
    told = [await duty.tick() for _ in range(5)]
    assert told == [*LADDER, []]
    assert await duty.tick(HOUR) == LADDER[-1]


async def test_with_an_empty_list_a_task_says_so_and_it_is_red_until_there_is_one(stage: Stage) -> None:
    duty = Duty(stage)
    alert = await duty.drill()
    assert await duty.tick() == []
    assert await open_tasks(duty) == [NOBODY_THERE]
    assert (await duty.alert(alert)).is_red(stage.now)
    await attested(stage.service.database, stage.now, [ROWS[0]])
    assert await duty.tick(10 * MINUTE) == ["first"]
    assert not (await duty.alert(alert)).is_red(stage.now)


async def test_without_any_means_it_stays_red_and_is_told_once_there_is_one(duty: Duty) -> None:
    alert = await duty.drill()
    duty.pagers = Pagers({})
    assert await duty.tick(HOUR) == []
    assert (await duty.alert(alert)).is_red(duty.stage.now)
    duty.pagers = None
    assert await duty.tick() == ["first"]


async def test_a_telephone_can_be_plugged_in_beside_the_mail(duty: Duty) -> None:
    phones = Told()
    duty.pagers = Pagers({Means.MAIL: duty.told, Means.SMS: phones})
    await duty.drill()
    assert await duty.tick() == ["first"]
    [(address, text, _)] = phones.said
    assert address == "+381641234567"
    assert "\n" not in text


async def test_the_night_shift_is_told_at_night(stage: Stage) -> None:
    rows = [on_call("day", hours=[{"days": "mon-sun", "from": "08:00", "to": "20:00"}]),
            on_call("night", hours=[{"days": "mon-sun", "from": "20:00", "to": "08:00"}])]  # fmt: skip
    await attested(stage.service.database, stage.now, rows)
    duty = Duty(stage)
    stage.now = stage.now.replace(hour=23)
    await duty.drill()
    assert await duty.tick() == ["night"]


async def test_two_workers_tell_each_person_once(duty: Duty) -> None:
    await duty.drill()
    service, now = duty.stage.service, duty.stage.now
    await asyncio.gather(*(escalate(service, duty.by, lambda: now) for _ in range(4)))
    assert duty.told.names() == ["first"]


async def test_i14_every_step_is_audited_and_addresses_are_in_clear_nowhere(duty: Duty) -> None:
    alert = await duty.drill()
    await duty.tick()
    await duty.take(alert)
    async with duty.stage.service.database.writing() as tx:
        assert await taking.close(tx, alert, "by:somebody", True, duty.stage.now, "tajna")
        assert await alerts.note(tx, alert) == "tajna"
    async with duty.stage.service.database.reading() as tx:
        rows = await chain(tx)
        assert await audit.verify(tx) is None
        kept = await tx.rows(select(table.c.state, table.c.address))
    said = [each.action for each in rows if each.subject == alert or alert in each.detail]
    assert said == ["alert.drilled", "alert.escalated", "callout.claimed", "alert.acknowledged", "alert.closed"]
    assert '"informed":true' in rows[-1].detail
    assert [tuple(row) for row in kept] == [("told", None)]
    assert not [each for each in rows if "example" in each.detail]


async def test_safety_an_alert_that_nobody_took_cannot_be_closed(duty: Duty) -> None:
    alert = await duty.drill()
    async with duty.stage.service.database.writing() as tx:
        assert not await taking.close(tx, alert, "by:somebody", True, duty.stage.now)
    assert (await duty.alert(alert)).state == "open"
