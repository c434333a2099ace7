"""Two people are two people: nobody becomes the second one by making or renewing an account just before."""

from datetime import UTC, datetime, timedelta

import pytest

from surveys.records import accounts, approvals, audit, holds, participants
from surveys.records.accounts import NewAccount
from surveys.records.approvals import Approval
from surveys.records.database import Tx
from surveys.records.holds import WHOLE_SIDE, Scope
from surveys.rules.roles import Reader, Role
from surveys.rules.vocabulary import Channel
from surveys.steps import agreement, by_two, contact_change, staff_access, staff_leaving
from surveys.steps.by_two import Matter, TakesAnother
from surveys.steps.contact_change import Change, ChangeRefused
from surveys.steps.second_person import INVITED_BY_ASKER, SETTLED
from tests.steps.stage import Stage

NOW, DAY = datetime(2027, 3, 1, 9, tzinfo=UTC), timedelta(days=1)


async def account(tx: Tx, stage: Stage, login: str, by: str = "operator", at: datetime = NOW) -> Reader:
    """An account that was invited and activated at that instant."""
    new = NewAccount(f"{login}@example.org", "Мира", Role.COORDINATOR, "*", "sr_Cyrl", by)
    made = await staff_access.invite(tx, stage.service, new, at)
    await activated(tx, made.account, at)
    return Reader(made.account, Role.COORDINATOR, "*")


async def activated(tx: Tx, name: str, at: datetime) -> None:
    await accounts.activate(tx, name)
    audit.record(tx, name, "account.activated", name, at)


async def asked(tx: Tx, asker: Reader, now: datetime) -> Approval:
    """A release of the whole side, asked for now."""
    await holds.place(tx, Scope.SIDE, WHOLE_SIDE, "console", asker.account, now)
    name = await agreement.ask_release(tx, asker, Scope.SIDE, WHOLE_SIDE, now)
    return next(each for each in await approvals.standing(tx, now) if each.id == name)


async def agrees(stage: Stage, asker: Reader, other: Reader, now: datetime) -> bool:
    async with stage.service.database.writing() as tx:
        return await agreement.grant(tx, other, await asked(tx, asker, now), now)


async def two(stage: Stage, *, invited_by_asker: bool) -> tuple[Reader, Reader]:
    async with stage.service.database.writing() as tx:
        asker = await account(tx, stage, "a", at=NOW - 100 * DAY)
        return asker, await account(tx, stage, "b", by=asker.account if invited_by_asker else "operator")


async def test_safety_an_account_that_was_just_activated_is_nobodys_second_person(stage: Stage) -> None:
    asker, other = await two(stage, invited_by_asker=False)
    assert not await agrees(stage, asker, other, NOW + SETTLED - timedelta(seconds=1))
    assert await agrees(stage, asker, other, NOW + SETTLED)


async def test_safety_who_was_invited_by_the_first_person_is_not_soon_the_second(stage: Stage) -> None:
    asker, other = await two(stage, invited_by_asker=True)
    assert not await agrees(stage, asker, other, NOW + SETTLED)
    assert await agrees(stage, asker, other, NOW + INVITED_BY_ASKER)


@pytest.mark.parametrize("between", [0, 1, 2])
async def test_safety_nobody_agrees_to_what_an_account_asks_for_that_they_invited_lately(
    stage: Stage, between: int
) -> None:
    """Who may invite has a second account within a minute: it asks, and the old one agrees; or one that it invited."""
    async with stage.service.database.writing() as tx:
        old = asker = await account(tx, stage, "a", at=NOW - 100 * DAY)
        for place in range(between + 1):
            asker = await account(tx, stage, f"b{place}", by=asker.account)
    assert not await agrees(stage, asker, old, NOW)
    assert not await agrees(stage, asker, old, NOW + INVITED_BY_ASKER - timedelta(seconds=1))
    assert await agrees(stage, asker, old, NOW + INVITED_BY_ASKER)


async def test_safety_nobody_agrees_to_what_an_account_asks_for_that_they_set_up_anew(stage: Stage) -> None:
    """Inviting a colleague again takes that colleague's account over: the link is shown to who invites."""
    old, asker = await two(stage, invited_by_asker=False)
    later = NOW + 200 * DAY
    async with stage.service.database.writing() as tx:
        found = await accounts.get(tx, asker.account)
        assert found is not None
        await staff_leaving.invite_again(tx, found, old.account, later)
        await activated(tx, asker.account, later)
    assert not await agrees(stage, asker, old, later)
    assert await agrees(stage, asker, old, later + INVITED_BY_ASKER)


async def test_safety_what_a_new_account_asks_for_an_old_one_may_agree_to_that_did_not_invite_it(stage: Stage) -> None:
    other, asker = await two(stage, invited_by_asker=False)
    assert await agrees(stage, asker, other, NOW)


async def test_safety_an_account_that_was_set_up_anew_counts_as_new(stage: Stage) -> None:
    asker, other = await two(stage, invited_by_asker=False)
    later = NOW + 200 * DAY
    async with stage.service.database.writing() as tx:
        found = await accounts.get(tx, other.account)
        assert found is not None
        await staff_leaving.invite_again(tx, found, asker.account, later)
        await activated(tx, other.account, later)
    assert not await agrees(stage, asker, other, later + SETTLED)
    assert await agrees(stage, asker, other, later + INVITED_BY_ASKER)


@pytest.mark.parametrize("matter", list(Matter))
async def test_safety_whatever_takes_two_takes_two_settled_accounts(stage: Stage, matter: Matter) -> None:
    asker, other = await two(stage, invited_by_asker=False)
    async with stage.service.database.writing() as tx:
        await by_two.ask(tx, asker, matter, "x", NOW)
        with pytest.raises(TakesAnother):
            await by_two.agree(tx, other, matter, "x", NOW + DAY)


async def test_safety_a_new_account_agrees_to_no_change_of_a_contact(stage: Stage) -> None:
    asker, other = await two(stage, invited_by_asker=False)
    person = (await stage.enrol()).participant
    async with stage.service.database.writing() as tx:
        found = await participants.get(tx, person)
        name = await contact_change.ask(tx, asker, found, Change(Channel.SMS, "+381641234567"), NOW)
        waiting = next(each for each in await approvals.standing(tx, NOW) if each.id == name)
        with pytest.raises(ChangeRefused):
            await contact_change.grant(tx, stage.service, other, waiting, NOW + 2 * DAY)
        assert await contact_change.waiting(tx, person) is not None
