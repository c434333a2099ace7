"""Another number or channel: hers by two people and a day between, his by one; nothing is sent to it unconfirmed."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from surveys.records import approvals, audit, contacts, deliveries, participants, tasks
from surveys.records.approvals import Approval
from surveys.records.database import Database
from surveys.rules.roles import Reader, Role
from surveys.rules.vocabulary import Channel
from surveys.steps import amend, contact_change
from surveys.steps.safe_contact import current
from surveys.steps.withdraw import COERCION, withdraw
from tests.staff.office import Client, Office, opened
from tests.steps.her_stage import PHONE, HerStage, make_her_stage, safe
from tests.steps.stage import Stage

OTHER = "+381641234568"
_APPROVAL = re.compile(r'/staff/approvals/(v-\w+)"')


@pytest.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    stage = await make_her_stage(database, tmp_path)
    await stage.ready()
    return stage


async def numbers(stage: Stage, person: str) -> list[tuple[str, str, bool]]:
    """Channel, address and whether it may be used, of what counts now."""
    async with stage.service.database.reading() as tx:
        found = await contacts.of_participant(tx, person)
    return [(each.channel, each.address, each.suspended_at is None) for each in found if each.replaced_at is None]


async def approval(client: Client) -> str:
    found = _APPROVAL.search((await client.get("/staff/")).text)
    return found[1] if found else ""


async def waiting(her: HerStage) -> Approval:
    """The one request that stands."""
    async with her.service.database.reading() as tx:
        (asked,) = await approvals.standing(tx, her.now)
    return asked


async def a_day_later(office: Office) -> tuple[Client, Client]:
    office.stage.now += timedelta(days=1, minutes=1)
    return await office.client(), await office.client()


async def test_safety_one_worker_alone_changes_no_number_of_hers_and_the_old_one_is_suspended(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with opened(her) as office:
        first, second = await office.client(), await office.client()
        answer = await first.post(f"/staff/people/{person}/change/phone", phone=OTHER)
        assert answer.status_code == 303
        assert await numbers(her, person) == [("sms", PHONE, False)]
        assert OTHER not in (await second.get(f"/staff/people/{person}")).text
        assert not await approval(first), "nobody is offered to agree before a day is over"
        asked = await waiting(her)
        assert (await second.post(f"/staff/approvals/{asked.id}")).status_code == 422
        assert await numbers(her, person) == [("sms", PHONE, False)]


async def test_safety_after_a_day_a_second_worker_agrees_and_nothing_is_sent_before_it_is_confirmed_anew(
    her: HerStage,
) -> None:
    person = (await her.enrol()).participant
    async with opened(her) as office:
        await (await office.client()).post(f"/staff/people/{person}/change/phone", phone=OTHER)
        asked = await waiting(her)
        _, other = await a_day_later(office)
        assert (await other.post(f"/staff/approvals/{asked.id}")).status_code == 303
    assert await numbers(her, person) == [("sms", OTHER, True)]
    assert await reconfirmation(her, person) == (True, False)
    assert not await her.forward_until(60)
    async with her.service.database.reading() as tx:
        done = [each.action for each in await audit.of_subject(tx, person)]
    assert {"contact.change_asked", "contact.change_granted", "contact.changed"} <= set(done)


async def reconfirmation(her: HerStage, person: str) -> tuple[bool, bool]:
    """Whether a task asks for it, and whether the safe contact counts as confirmed."""
    async with her.service.database.reading() as tx:
        every = await tasks.of_participant(tx, person)
        agreed = await current(tx, person)
    assert agreed is not None
    return any((each.kind, each.state) == ("reconfirm", "open") for each in every), agreed.confirmed() is not None


async def test_safety_nobody_agrees_to_their_own_change(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with opened(her) as office:
        first = await office.client()
        await first.post(f"/staff/people/{person}/change/channel", channel="phone", phone=OTHER)
        asked = await waiting(her)
        her.now += timedelta(days=1, minutes=1)
        async with her.service.database.writing() as tx:
            own = Reader(asked.asked_by, Role.WORKER, "kragujevac")
            with pytest.raises(contact_change.ChangeRefused):
                await contact_change.grant(tx, her.service, own, asked, her.now)
    assert await numbers(her, person) == [("sms", PHONE, False)]


async def test_a_change_that_was_a_mistake_is_taken_back_and_the_old_contact_counts_again(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with opened(her) as office:
        first = await office.client()
        await first.post(f"/staff/people/{person}/change/phone", phone=OTHER)
        assert (await first.post(f"/staff/people/{person}/contact/keep")).status_code == 303
    assert await numbers(her, person) == [("sms", PHONE, True)]


async def amended(stage: Stage, person: str, **given: Any) -> amend.Amended:
    document = {"participant": person, "recorded_by": "Мира", **given}
    return await amend.amend(stage.service, amend.read(stage.service, document, stage.now), "by:one", stage.now)


@pytest.mark.parametrize("given", [
    {"kind": "phone", "phone": OTHER}, {"kind": "channel", "channel": "phone", "phone": OTHER},
    {"kind": "channel", "channel": "telegram"},
], ids=lambda given: f"{given['kind']}-{given.get('channel')}")  # fmt: skip
async def test_safety_a_contact_amended_on_the_command_line_is_written_to_only_once_it_is_confirmed_anew(
    her: HerStage, given: dict[str, Any]
) -> None:
    person = (await her.enrol(safe_contact=safe(confirmed_on="2026-09-01"))).participant
    await amended(her, person, **given)
    assert await reconfirmation(her, person) == (True, False)
    async with her.service.database.reading() as tx:
        assert (amend.BY_ONE_HAND, "*") in {(each.kind, each.centre) for each in await tasks.standing(tx)}
    assert not await her.forward_until(60)


async def test_his_channel_is_changed_by_one_and_what_is_planned_goes_the_new_way(office: Office) -> None:
    stage = office.stage
    person = (await stage.enrol()).participant
    client = await office.client()
    answer = await client.post(f"/staff/people/{person}/change/channel", channel="sms", phone="064 123 4568")
    assert answer.status_code == 303
    assert await numbers(stage, person) == [("sms", OTHER, True)]
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).channel is Channel.SMS
        rows = await deliveries.of_participant(tx, person)
    assert {row.channel for row in rows if row.state == "planned"} == {Channel.SMS}


async def test_a_change_back_to_telegram_gives_a_new_link(office: Office) -> None:
    stage = office.stage
    person = (await stage.enrol(channel="sms", phone=PHONE)).participant
    done = await amended(stage, person, kind="channel", channel="telegram")
    assert done.token
    assert await numbers(stage, person) == []


async def test_safety_a_withdrawal_ends_a_change_that_waits_and_all_that_staff_were_to_do(her: HerStage) -> None:
    person = (await her.enrol()).participant
    async with opened(her) as office:
        await (await office.client()).post(f"/staff/people/{person}/change/phone", phone=OTHER)
    request = await waiting(her)
    async with her.service.database.writing() as tx:
        await withdraw(tx, her.service, person, "u-one", her.now)
    her.now += timedelta(days=1, minutes=1)
    async with her.service.database.writing() as tx:
        assert await approvals.standing(tx, her.now) == []
        with pytest.raises(contact_change.ChangeRefused):
            await contact_change.grant(tx, her.service, Reader("u-2", Role.WORKER, "kragujevac"), request, her.now)
    async with her.service.database.reading() as tx:
        left = [each for each in await tasks.of_participant(tx, person) if each.state == "open"]
        (asked,) = [each for each in await tasks.of_participant(tx, person) if each.kind == contact_change.TASK]
        assert not await tasks.note(tx, asked.id)
    assert [each.kind for each in left] == [COERCION]
    assert OTHER not in [address for _, address, _ in await numbers(her, person)]
