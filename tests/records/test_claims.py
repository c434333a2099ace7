"""The claim: one delivery, one worker, with true facts, fenced by its lease."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from surveys.records import claims, consents, contacts, deliveries, holds, invitations, keys, participants
from surveys.records.claims import Claimed
from surveys.records.consents import NewConsent
from surveys.records.contacts import NewContact
from surveys.records.database import Database, Tx
from surveys.records.deliveries import Finished, ForeignLease, NewDelivery
from surveys.records.failures import AlreadyThere
from surveys.records.holds import Scope
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState, Disposition, Purpose, Status

from .cast import DAY, DAY_START, NOW, invited, somebody

MINUTE = timedelta(minutes=1)


async def _notice(tx: Tx, participant: str, invitation: str, sequence: int = 0, minutes: int = 0) -> None:
    due = NOW + minutes * MINUTE
    new = NewDelivery(DeliveryKind.NOTICE, sequence, Channel.TELEGRAM, due, "due", participant, invitation)
    assert await deliveries.plan(tx, [new]) == 1


async def _one_due(database: Database) -> tuple[str, str]:
    async with database.writing() as tx:
        person = await somebody(tx)
        invitation = await invited(tx, person.id)
        await _notice(tx, person.id, invitation)
    return person.id, invitation


async def _claim(database: Database, now_minutes: int = 0) -> list[Claimed]:
    async with database.writing() as tx:
        return await claims.claim_due(tx, NOW + now_minutes * MINUTE, DAY_START, 100)


async def test_a_claim_brings_every_fact_of_the_contact_rule(database: Database) -> None:
    person, invitation = await _one_due(database)
    [claimed] = await _claim(database)
    assert (claimed.participant, claimed.invitation, claimed.wave) == (person, invitation, "m3")
    assert (claimed.status, claimed.centre, claimed.chosen_channel) == (Status.ACTIVE, "nis", Channel.TELEGRAM)
    assert claimed.address == "700100200"
    assert claimed.verified_at == NOW
    assert claimed.suspended_at is None
    assert claimed.consent is True
    assert (claimed.side_held, claimed.centre_held, claimed.person_held) == (False, False, False)
    assert (claimed.sent_today, claimed.sent_this_wave) == (0, 0)
    assert (claimed.invitation_state, claimed.closes_at) == ("planned", NOW + 45 * DAY)
    assert "700100200" not in repr(claimed)


async def test_what_is_not_due_is_not_claimed(database: Database) -> None:
    await _one_due(database)
    assert await _claim(database, -1) == []
    async with database.reading() as tx:
        assert await deliveries.next_due(tx) == NOW
        assert not await deliveries.anything_due(tx, NOW - MINUTE)
        assert await deliveries.anything_due(tx, NOW)


async def test_i2_a_delivery_is_claimed_once_by_many_workers_at_the_same_time(database: Database) -> None:
    async with database.writing() as tx:
        for number in range(20):
            person = await somebody(tx, f"7001{number}")
            await _notice(tx, person.id, await invited(tx, person.id))
    other = await Database.open(database.url, database.seals)
    several = await asyncio.gather(*(_claim_few(db) for _ in range(8) for db in (database, other)))
    rest = await _claim(database)
    await other.close()
    counts = Counter(claimed.delivery for each in (*several, rest) for claimed in each)
    assert len(counts) == 20
    assert set(counts.values()) == {1}


async def _claim_few(db: Database) -> list[Claimed]:
    async with db.writing() as tx:
        found = await claims.claim_due(tx, NOW, DAY_START, 3)
        await asyncio.sleep(0)
        return found


async def test_i2_one_named_delivery_is_claimed_once(database: Database) -> None:
    await _one_due(database)
    async with database.reading() as tx:
        [planned] = await deliveries.of_participant(tx, (await participants.page(tx))[0].id)

    async def go() -> Claimed | None:
        async with database.writing() as tx:
            return await claims.claim(tx, planned.id, NOW, DAY_START)

    outcomes = await asyncio.gather(*(go() for _ in range(6)))
    assert sum(each is not None for each in outcomes) == 1


async def test_i2_the_same_invitation_kind_and_sequence_is_planned_once(database: Database) -> None:
    person, invitation = await _one_due(database)
    new = NewDelivery(DeliveryKind.NOTICE, 0, Channel.TELEGRAM, NOW + DAY, "again", person, invitation)
    async with database.writing() as tx:
        assert await deliveries.plan(tx, [new]) == 0
        assert await deliveries.next_due(tx) == NOW
        assert await deliveries.next_sequence(tx, invitation, DeliveryKind.NOTICE) == 1
    with pytest.raises(AlreadyThere):
        await _born(database, new)


async def _born(database: Database, new: NewDelivery) -> None:
    async with database.writing() as tx:
        await deliveries.born_claimed(tx, new, NOW)


async def test_i19_two_deliveries_of_one_person_are_never_claimed_together_and_the_second_counts_the_first(
    database: Database,
) -> None:
    async with database.writing() as tx:
        person = await somebody(tx)
        first, second = await invited(tx, person.id, "m3"), await invited(tx, person.id, "m6")
        await _notice(tx, person.id, second, minutes=-1)
        await _notice(tx, person.id, first)
    [one] = await _claim(database)
    assert (one.wave, one.sent_today) == ("m6", 0)
    [two] = await _claim(database)
    assert (two.wave, two.sent_today, two.sent_this_wave) == ("m3", 1, 0)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.FAILED])
async def test_i19_messages_that_were_or_may_have_been_sent_count_and_failed_ones_do_not(
    database: Database, state: DeliveryState
) -> None:
    person, invitation = await _one_due(database)
    [first] = await _claim(database)
    async with database.writing() as tx:
        assert not await deliveries.mark_many(tx, [Finished(first.delivery, first.lease, state, "m-1")], NOW)
        await _notice(tx, person, invitation, sequence=1)
        reply = NewDelivery(DeliveryKind.REPLY, 0, Channel.TELEGRAM, NOW, "answer", person, invitation)
        await deliveries.born_claimed(tx, reply, NOW)
    [second] = await _claim(database)
    expected = int(state is not DeliveryState.FAILED)
    assert (second.sent_today, second.sent_this_wave) == (expected, expected)


async def test_i19_yesterdays_messages_do_not_count_for_today(database: Database) -> None:
    person, invitation = await _one_due(database)
    [first] = await _claim(database)
    async with database.writing() as tx:
        await deliveries.mark_sent(tx, first.delivery, first.lease, NOW, "m-1")
        await _notice(tx, person, invitation, sequence=1)
        [second] = await claims.claim_due(tx, NOW + DAY, DAY_START + DAY, 10)
    assert (second.sent_today, second.sent_this_wave) == (0, 1)


@pytest.mark.parametrize("scope", list(Scope))
async def test_i20_a_hold_shows_in_the_claim_until_it_is_released(database: Database, scope: Scope) -> None:
    person, _ = await _one_due(database)
    target = {Scope.SIDE: "", Scope.CENTRE: "nis", Scope.PERSON: person}[scope]
    async with database.writing() as tx:
        await holds.place(tx, Scope.CENTRE, "kragujevac", "x", "staff", NOW)
        await holds.place(tx, Scope.PERSON, "p-else", "x", "staff", NOW)
        await holds.place(tx, scope, target, "drill", "staff", NOW)
    [claimed] = await _claim(database)
    held = {Scope.SIDE: claimed.side_held, Scope.CENTRE: claimed.centre_held, Scope.PERSON: claimed.person_held}
    assert held == {each: each is scope for each in Scope}
    async with database.writing() as tx:
        await deliveries.put_back(tx, claimed.delivery, claimed.lease, NOW + MINUTE, "held", tried=False)
        assert await holds.release(tx, scope, target, "staff,staff2", NOW) == 1
    [again] = await _claim(database, 1)
    assert (again.side_held, again.centre_held, again.person_held) == (False, False, False)
    assert len(await _standing(database)) == 2


async def _standing(database: Database) -> list[holds.Hold]:
    async with database.reading() as tx:
        return await holds.standing(tx)


async def test_i3_the_latest_word_on_being_contacted_counts_and_a_refusal_wins_a_tie(database: Database) -> None:
    person, invitation = await _one_due(database)
    async with database.writing() as tx:
        await consents.record(tx, NewConsent(person, Purpose.CONTACT, False, "1"), NOW)
        assert not await consents.in_force(tx, person, Purpose.CONTACT)
    [claimed] = await _claim(database)
    assert claimed.consent is False
    async with database.writing() as tx:
        await deliveries.put_back(tx, claimed.delivery, claimed.lease, NOW, "no", tried=False)
        await consents.record(tx, NewConsent(person, Purpose.CONTACT, True, "2"), NOW + MINUTE)
        await consents.record(
            tx, NewConsent(person, Purpose.CONTACT, False, "2", invitation=invitation), NOW + 2 * MINUTE
        )
        await consents.record(tx, NewConsent(person, Purpose.EVALUATION, False, "2"), NOW + 2 * MINUTE)
        assert await consents.in_force(tx, person, Purpose.CONTACT)
    [again] = await _claim(database)
    assert again.consent is True


async def test_i5_the_address_is_the_current_one_and_a_suspension_shows(database: Database) -> None:
    person, _ = await _one_due(database)
    async with database.writing() as tx:
        assert await contacts.replace(tx, person, Channel.TELEGRAM, NOW) == 1
        new = await contacts.add(tx, NewContact(person, Channel.TELEGRAM, "888"), NOW)
        await contacts.suspend(tx, new.id, "blocked", NOW)
    [claimed] = await _claim(database)
    assert (claimed.address, claimed.verified_at, claimed.suspended_at) == ("888", None, NOW)


async def test_somebody_without_address_or_keys_is_claimed_without_address(database: Database) -> None:
    person, _ = await _one_due(database)
    async with database.writing() as tx:
        await keys.destroy(tx, person)
    [claimed] = await _claim(database)
    assert claimed.address is None


async def test_a_worker_past_its_lease_cannot_touch_a_delivery(database: Database) -> None:
    await _one_due(database)
    [old] = await _claim(database)
    async with database.writing() as tx:
        await deliveries.put_back(tx, old.delivery, old.lease, NOW, "stalled", tried=True)
    [new] = await _claim(database)
    assert new.attempts == 1
    for late in (deliveries.mark_failed, deliveries.mark_unknown, deliveries.mark_sent):
        with pytest.raises(ForeignLease):
            await _late(database, late, old)
    async with database.writing() as tx:
        finished = [
            Finished(old.delivery, old.lease, DeliveryState.FAILED, error="late"),
            Finished(new.delivery, new.lease, DeliveryState.SENT, "m-7"),
        ]
        assert await deliveries.mark_many(tx, finished, NOW) == finished[:1]
        sent = await deliveries.get(tx, new.delivery)
        assert sent is not None
        assert (sent.state, sent.finished_at, sent.provider_message) == (DeliveryState.SENT, NOW, "m-7")


async def _late(database: Database, mark: object, old: Claimed) -> None:
    async with database.writing() as tx:
        await mark(tx, old.delivery, old.lease, NOW, "x")  # type: ignore[operator]


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN])
async def test_i13_a_finished_delivery_is_never_claimed_again(database: Database, state: DeliveryState) -> None:
    await _one_due(database)
    [claimed] = await _claim(database)
    async with database.writing() as tx:
        await deliveries.mark_many(tx, [Finished(claimed.delivery, claimed.lease, state)], NOW)
    assert await _claim(database, 9999) == []
    with pytest.raises(ForeignLease):
        async with database.writing() as tx:
            await deliveries.put_back(tx, claimed.delivery, claimed.lease, NOW, "again", tried=True)


async def test_i12_an_abandoned_claim_is_found_with_its_lease(database: Database) -> None:
    await _one_due(database)
    [claimed] = await _claim(database)
    async with database.writing() as tx:
        assert await deliveries.abandoned(tx, NOW, 10) == []
        [lost] = await deliveries.abandoned(tx, NOW + MINUTE, 10)
        await deliveries.mark_unknown(tx, lost.id, lost.lease or "", NOW, "abandoned")
        found = await deliveries.get(tx, claimed.delivery)
    assert found is not None
    assert (found.state, found.error) == (DeliveryState.UNKNOWN, "abandoned")


async def test_a_withdrawal_cancels_what_is_planned_and_leaves_what_is_done(database: Database) -> None:
    person, invitation = await _one_due(database)
    async with database.writing() as tx:
        await _notice(tx, person, invitation, sequence=1, minutes=5)
    [claimed] = await _claim(database)
    async with database.writing() as tx:
        assert await deliveries.cancel_of_participant(tx, person, "withdrawn", NOW) == 1
        assert await invitations.close_open(tx, person, Disposition.WITHDRAWN, NOW, "withdrawn") == 1
        await deliveries.drop(tx, claimed.delivery, claimed.lease, NOW, "withdrawn")
    async with database.reading() as tx:
        states = [(each.state, each.reason) for each in await deliveries.of_participant(tx, person)]
        assert states == [(DeliveryState.CANCELLED, "withdrawn")] * 2
        assert await deliveries.counts(tx) == {(DeliveryKind.NOTICE, DeliveryState.CANCELLED): 2}
    assert await _claim(database, 9999) == []


async def test_a_planned_delivery_can_be_moved_and_cancelled_and_a_claimed_one_cannot(database: Database) -> None:
    person, invitation = await _one_due(database)
    async with database.writing() as tx:
        await _notice(tx, person, invitation, sequence=1)
        first, second = (each.id for each in await deliveries.of_participant(tx, person))
        assert await deliveries.move(tx, first, NOW + DAY, NOW + 2 * DAY, "corrected")
        assert await deliveries.cancel(tx, second, "answered", NOW)
        assert not await deliveries.cancel(tx, second, "answered", NOW)
        assert await deliveries.cancel_of_invitation(tx, invitation, "over", NOW) == 1
        assert not await deliveries.move(tx, first, NOW, None)
