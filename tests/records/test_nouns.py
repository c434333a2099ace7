"""Each noun keeps, finds and changes what it says, on both databases."""

import asyncio
from datetime import date

import pytest

from surveys.records import (
    alerts,
    answers,
    consents,
    contacts,
    inbox,
    instruments,
    interviews,
    invitations,
    keys,
    links,
    participants,
    readiness,
    tasks,
    ticks,
)
from surveys.records.alerts import NewAlert
from surveys.records.answers import Answer
from surveys.records.contacts import NewContact
from surveys.records.database import Database
from surveys.records.failures import AlreadyThere
from surveys.records.instruments import AlreadyPublished, Published
from surveys.records.interviews import InterviewMoved, NewInterview
from surveys.records.invitations import WaveClosed
from surveys.records.keys import KeysDestroyed
from surveys.records.participants import NewParticipant, NoSuchParticipant
from surveys.records.tasks import NewTask
from surveys.rules.vocabulary import Channel, Disposition, Purpose, Status, Urgency

from .cast import DAY, NOW, invited, somebody
from .looked import arrived, fate


async def test_a_participant_is_kept_and_what_identifies_is_read_apart(database: Database) -> None:
    async with database.writing() as tx:
        made = await somebody(tx)
    database.remembered_keys.clear()
    async with database.reading() as tx:
        assert await participants.get(tx, made.id) == made
        private = await participants.private(tx, made.id)
    assert (private.other_word, private.born_on, private.completed_on) == ("bivša", date(1980, 5, 1), date(2026, 8, 24))
    assert "bivša" not in repr(private)


async def test_a_participant_changes_with_a_new_version_each_time(database: Database) -> None:
    async with database.writing() as tx:
        person = (await somebody(tx)).id
        await participants.change(tx, person, NOW + DAY, language="en", status=Status.SUSPENDED)
        await participants.change(tx, person, NOW + DAY, completed_on=date(2026, 9, 1), other_word=None)
        changed, private = await participants.get(tx, person), await participants.private(tx, person)
        assert (changed.language, changed.status, changed.version) == ("en", Status.SUSPENDED, 3)
        assert (private.completed_on, private.other_word, private.born_on) == (date(2026, 9, 1), None, date(1980, 5, 1))
        with pytest.raises(NoSuchParticipant):
            await participants.change(tx, "p-nobody", NOW, language="en")
        with pytest.raises(TypeError):
            await participants.change(tx, person, NOW, version=9)


async def test_a_missing_participant_is_said_to_be_missing(database: Database) -> None:
    async with database.reading() as tx:
        for look in (participants.get, participants.private):
            with pytest.raises(NoSuchParticipant):
                await look(tx, "p-nobody")
        with pytest.raises(KeysDestroyed):
            await keys.of(tx, "p-nobody")


async def test_participants_are_paged_by_centre_and_counted(database: Database) -> None:
    async with database.writing() as tx:
        for number in range(7):
            await somebody(tx, f"700{number}", "nis" if number % 2 else "kragujevac")
    async with database.reading() as tx:
        first = await participants.page(tx, limit=4)
        rest = await participants.page(tx, after=first[-1].id, limit=4)
        assert len({each.id for each in (*first, *rest)}) == 7
        assert len(await participants.page(tx, centre="nis")) == 3
        assert await participants.counts(tx) == {("nis", Status.ACTIVE): 3, ("kragujevac", Status.ACTIVE): 4}


async def test_a_thousand_people_are_enrolled_in_one_transaction(database: Database) -> None:
    async with database.writing(long=True) as tx:
        new = NewParticipant("nis", Channel.TELEGRAM, "sr_Latn", None, completed_on=date(2026, 8, 24))
        made = await participants.add_many(tx, [new] * 1000, NOW)
        await contacts.add_many(tx, [NewContact(each.id, Channel.SMS, f"+3816{n}") for n, each in enumerate(made)], NOW)
    database.remembered_keys.clear()
    async with database.reading() as tx:
        assert (await participants.private(tx, made[999].id)).completed_on == date(2026, 8, 24)
        assert [found.participant for found in await contacts.find(tx, Channel.SMS, "+3816500")] == [made[500].id]


async def test_an_address_is_found_by_its_channel_until_it_is_replaced(database: Database) -> None:
    async with database.writing() as tx:
        one, two = await somebody(tx, "700"), await somebody(tx, "700", "kragujevac")
        assert [each.centre for each in await contacts.find(tx, Channel.TELEGRAM, "700")].count("nis") == 1
        assert {each.participant for each in await contacts.find(tx, Channel.TELEGRAM, "700")} == {one.id, two.id}
        assert await contacts.find(tx, Channel.SMS, "700") == []
        await contacts.replace(tx, one.id, Channel.TELEGRAM, NOW)
        assert [each.participant for each in await contacts.find(tx, Channel.TELEGRAM, "700")] == [two.id]
        assert await contacts.current(tx, one.id, Channel.TELEGRAM) is None
        [old] = await contacts.of_participant(tx, one.id)
        assert (old.address, old.replaced_at) == ("700", NOW)


async def test_a_contact_is_suspended_with_a_reason_and_resumed(database: Database) -> None:
    async with database.writing() as tx:
        person = (await somebody(tx, "700")).id
        [found] = await contacts.find(tx, Channel.TELEGRAM, "700")
        await contacts.suspend(tx, found.contact, "blocked", NOW)
        suspended = await contacts.current(tx, person, Channel.TELEGRAM)
        assert suspended is not None
        assert (suspended.suspended_at, suspended.reason) == (NOW, "blocked")
        await contacts.resume(tx, found.contact)
        await contacts.verify(tx, found.contact, NOW + DAY)
        resumed = await contacts.current(tx, person, Channel.TELEGRAM)
        assert resumed is not None
        assert (resumed.suspended_at, resumed.reason, resumed.verified_at) == (None, None, NOW + DAY)


async def test_a_link_is_used_once_until_it_expires_or_is_revoked(database: Database) -> None:
    async with database.writing() as tx:
        person = (await somebody(tx)).id
        good, late, revoked = [await links.issue(tx, person, "bind", NOW, NOW + DAY) for _ in range(3)]
        assert len({good, late, revoked}) == 3
        assert len(good) == 32
        assert await links.use(tx, "other", good, NOW) is None
        assert await links.use(tx, "bind", good, NOW) == person
        assert await links.use(tx, "bind", good, NOW) is None
        assert await links.use(tx, "bind", late, NOW + DAY) is None
        assert await links.use(tx, "bind", "a" * 32, NOW) is None
        assert await links.revoke(tx, person, None, NOW) == 2
        assert await links.use(tx, "bind", revoked, NOW) is None
        again = await links.issue(tx, person, "bind", NOW, NOW + DAY)
        assert await links.revoke(tx, person, "bind", NOW) == 1
        seen = await links.look(tx, "bind", again)
        assert seen is not None
        assert seen.revoked_at == NOW


async def test_a_link_pressed_twice_at_the_same_time_binds_once(database: Database) -> None:
    async with database.writing() as tx:
        person = (await somebody(tx)).id
        token = await links.issue(tx, person, "bind", NOW, NOW + DAY)

    async def press() -> str | None:
        async with database.writing() as tx:
            return await links.use(tx, "bind", token, NOW)

    assert sorted(map(str, await asyncio.gather(*(press() for _ in range(5))))) == ["None"] * 4 + [person]


async def test_a_consent_keeps_its_text_and_who_wrote_it_down(database: Database) -> None:
    async with database.writing() as tx:
        person = (await somebody(tx)).id
        [consent] = await consents.of_participant(tx, person)
        assert (consent.purpose, consent.given, consent.version) == (Purpose.CONTACT, True, "1")
        assert await consents.recorded_by(tx, consent.id) == "Marija Marić"
        assert await consents.recorded_by(tx, "g-none") is None
        assert not await consents.in_force(tx, person, Purpose.EVALUATION)


async def test_an_invitation_opens_and_closes_once(database: Database) -> None:
    async with database.writing() as tx:
        person = (await somebody(tx)).id
        name = await invited(tx, person)
        assert await invitations.current(tx, person, NOW - DAY) is None
        assert await invitations.current(tx, person, NOW + 45 * DAY) is None
        await invitations.opened(tx, name, NOW)
        await invitations.opened(tx, name, NOW + DAY)
        now = await invitations.current(tx, person, NOW + DAY)
        assert now is not None
        assert (now.id, now.state, now.opened_at) == (name, "open", NOW)
        assert await invitations.closing(tx, NOW + 44 * DAY, 9) == []
        assert [each.id for each in await invitations.closing(tx, NOW + 45 * DAY, 9)] == [name]
        assert await invitations.next_closing(tx) == NOW + 45 * DAY
        await invitations.close(tx, name, Disposition.PARTIAL, NOW + 45 * DAY, "expired")
        with pytest.raises(WaveClosed):
            await invitations.close(tx, name, Disposition.COMPLETE, NOW)
        with pytest.raises(WaveClosed):
            await invitations.opened(tx, name, NOW)
        with pytest.raises(WaveClosed):
            await invitations.move(tx, name, NOW.date(), NOW, NOW)
        closed = await invitations.get(tx, name)
        assert closed is not None
        assert (closed.disposition, closed.reason) == (Disposition.PARTIAL, "expired")
        assert await invitations.counts(tx) == [("m3", "closed", Disposition.PARTIAL, 1)]
        assert [each.id for each in await invitations.page(tx)] == [name]


async def test_a_wave_of_a_course_is_planned_once(database: Database) -> None:
    async with database.writing() as tx:
        person = (await somebody(tx)).id
        name = await invited(tx, person)
        await invitations.move(tx, name, date(2026, 12, 1), NOW + DAY, NOW + 46 * DAY)
        [moved] = await invitations.of_participant(tx, person)
        assert (moved.due_on, moved.opens_at) == (date(2026, 12, 1), NOW + DAY)
    with pytest.raises(AlreadyThere):
        async with database.writing() as tx:
            await invited(tx, person)


async def _begun(database: Database) -> tuple[str, interviews.Interview]:
    async with database.writing() as tx:
        person = (await somebody(tx)).id
        new = NewInterview(await invited(tx, person), person, "checkin", "1", "consent", Channel.TELEGRAM)
        return person, await interviews.start(tx, new, NOW)


async def test_an_interview_keeps_its_state_sealed_and_moves_turn_by_turn(database: Database) -> None:
    person, begun = await _begun(database)
    async with database.writing() as tx:
        await interviews.save(tx, begun, "items", '{"at":"q1"}', "m-1", NOW + DAY)
        now = await interviews.live(tx, person)
        assert now is not None
        assert (now.stage, now.state, now.turn, now.bubble, now.last_at) == (
            "items",
            '{"at":"q1"}',
            1,
            "m-1",
            NOW + DAY,
        )
        assert "q1" not in repr(now)
        with pytest.raises(InterviewMoved):
            await interviews.save(tx, begun, "items", "{}", None, NOW)
        assert await interviews.set_bubble(tx, begun.id, 1, "m-2")
        assert not await interviews.set_bubble(tx, begun.id, 0, "m-0")
        assert await interviews.end(tx, begun.id, "complete", NOW)
        assert not await interviews.end(tx, begun.id, "left", NOW)
        assert await interviews.live(tx, person) is None
        [ended] = await interviews.of_invitation(tx, begun.invitation)
        assert (ended.id, ended.outcome, ended.bubble) == (begun.id, "complete", "m-2")


async def test_an_invitation_has_one_live_interview(database: Database) -> None:
    person, begun = await _begun(database)
    new = NewInterview(begun.invitation, person, "checkin", "1", "consent", Channel.TELEGRAM)
    with pytest.raises(AlreadyThere):
        async with database.writing() as tx:
            await interviews.start(tx, new, NOW)
    async with database.writing() as tx:
        assert await interviews.end_live(tx, person, "left", NOW) == 1
        await interviews.start(tx, new, NOW + DAY)
        assert len(await interviews.of_invitation(tx, begun.invitation)) == 2


async def test_an_answer_is_replaced_and_removed(database: Database) -> None:
    person, begun = await _begun(database)

    def answer(item: str, value: str) -> Answer:
        end = date(2026, 11, 1) if item == "q1" else None
        return Answer(begun.id, item, begun.invitation, person, None, end, NOW, Channel.TELEGRAM, value)

    async with database.writing() as tx:
        await answers.put(tx, [answer("q1", "a"), answer("q2", "b"), answer("q3", "c")])
        await answers.put(tx, [answer("q2", "нешто")])
        await answers.remove(tx, begun.id, ["q3", "q9"])
    database.remembered_keys.clear()
    async with database.reading() as tx:
        kept = await answers.of_interview(tx, begun.id)
        assert [(each.item, each.value) for each in kept] == [("q1", "a"), ("q2", "нешто")]
        assert kept[0].window_end == date(2026, 11, 1)
        assert await answers.of_participant(tx, person) == kept
        assert "нешто" not in repr(kept)


async def test_a_risk_answer_has_exactly_one_alert_which_escalates_until_somebody_takes_it(database: Database) -> None:
    person, begun = await _begun(database)
    new = NewAlert(person, "nis", "weapon", Urgency.URGENT, True, begun.id, "q1", NOW + DAY)
    async with database.writing() as tx:
        name = await alerts.open_one(tx, new, NOW)
        assert name
        assert await alerts.open_one(tx, new, NOW) is None
        assert await alerts.unanswered(tx, NOW, 9) == []
        assert [each.id for each in await alerts.unanswered(tx, NOW + DAY, 9)] == [name]
        assert await alerts.escalate(tx, name, None)
        assert await alerts.unanswered(tx, NOW + 9 * DAY, 9) == []
        assert not await alerts.close(tx, name, "s-1", NOW)
        assert await alerts.acknowledge(tx, name, "s-1", NOW)
        assert not await alerts.acknowledge(tx, name, "s-2", NOW)
        assert [each.state for each in await alerts.standing(tx)] == ["acknowledged"]
        assert await alerts.close(tx, name, "s-1", NOW, answered=True, note="tajna beleška")
        [alert] = await alerts.of_participant(tx, person)
        assert (alert.escalations, alert.acknowledged_by, alert.state) == (1, "s-1", "closed")
        assert await alerts.get(tx, name) == alert
        assert await alerts.counts(tx) == {(Urgency.URGENT, "closed"): 1}


async def test_one_task_of_a_kind_about_a_subject_is_open_at_a_time(database: Database) -> None:
    async with database.writing() as tx:
        person = (await somebody(tx)).id
        name = await tasks.open_one(tx, NewTask("nis", "late", person, person, NOW + DAY, "позвати"), NOW)
        assert name
        assert await tasks.open_one(tx, NewTask("nis", "late", person, person), NOW) is None
        assert await tasks.open_one(tx, NewTask("*", "inbox_dead", "17"), NOW)
        assert await tasks.note(tx, name) == "позвати"
        await tasks.set_note(tx, name, "јавио се")
        assert await tasks.note(tx, name) == "јавио се"
        assert [each.id for each in await tasks.standing(tx, "nis")] == [name]
        assert await tasks.counts(tx) == {"late": 1, "inbox_dead": 1}
        assert await tasks.close(tx, name, "s-1", NOW)
        assert not await tasks.close(tx, name, "s-1", NOW)
        [dead] = await tasks.standing(tx)
        assert await tasks.close(tx, dead.id, "s-1", NOW)
        assert await tasks.standing(tx) == []
        assert await tasks.open_one(tx, NewTask("nis", "late", person, person), NOW)
        assert len(await tasks.of_participant(tx, person)) == 2
        done = await tasks.get(tx, name)
        assert done is not None
        assert (done.state, done.closed_by) == ("closed", "s-1")


async def test_i7_i8_an_update_is_kept_once_and_forgotten_when_it_is_done(database: Database) -> None:
    async with database.writing() as tx:
        first = await inbox.put(tx, "telegram", "17", b"\x00\xff raw", NOW)
        assert first
        assert await inbox.put(tx, "telegram", "17", b"again", NOW) is None
        assert await inbox.put_done(tx, "telegram", "17", NOW) is None
        assert await inbox.put(tx, "sms", "17", b"other", NOW)
        assert [each.payload for each in await inbox.unhandled(tx)] == [b"\x00\xff raw", b"other"]
        assert await inbox.done(tx, first, NOW)
        assert not await inbox.done(tx, first, NOW)
        assert await inbox.put(tx, "telegram", "17", b"replayed", NOW) is None
        assert await arrived(tx) == {"done": 1, "new": 1}


async def test_i7_an_update_that_keeps_failing_is_dead_after_the_last_attempt(database: Database) -> None:
    async with database.writing() as tx:
        seq = await inbox.put(tx, "telegram", "17", b"poison", NOW, failure="KeyError")
        assert seq
        assert not await inbox.failed(tx, seq, "KeyError", 3, NOW)
        assert await fate(tx, seq) == ("new", 2, "KeyError")
        assert await inbox.failed(tx, seq, "ValueError", 3, NOW)
        assert await fate(tx, seq) == ("dead", 3, "ValueError")
        assert not await inbox.failed(tx, seq, "ValueError", 3, NOW)
        assert await inbox.unhandled(tx) == []
        with pytest.raises(ValueError, match="never its message"):
            await inbox.failed(tx, seq, "no such number 064", 3, NOW)
        assert await inbox.forget_dead(tx, NOW + DAY) == 1


async def test_a_published_instrument_never_changes(database: Database) -> None:
    first = Published("checkin", "1", "d1", "{}", NOW, "s-1")
    async with database.writing() as tx:
        assert await instruments.publish(tx, first)
        assert not await instruments.publish(tx, first)
        with pytest.raises(AlreadyPublished):
            await instruments.publish(tx, Published("checkin", "1", "d2", "{}", NOW, "s-1"))
        second = Published("checkin", "2", "d2", "{}", NOW + DAY, "s-1")
        assert await instruments.publish(tx, second)
        assert await instruments.latest(tx, "checkin") == second
        assert await instruments.get(tx, "checkin", "1") == first
        assert await instruments.every(tx) == [first, second]


async def test_ticks_and_readiness_keep_the_latest(database: Database) -> None:
    async with database.writing() as tx:
        assert await ticks.latest(tx) is None
        assert await readiness.latest(tx) is None
        for number in range(3):
            await ticks.record(tx, "dispatch", NOW + number * DAY)
            await readiness.record(tx, f'{{"n":{number}}}', NOW + number * DAY)
        await ticks.record(tx, "plan", NOW)
        assert (await ticks.last(tx, "dispatch"), await ticks.latest(tx)) == (NOW + 2 * DAY, NOW + 2 * DAY)
        latest = await readiness.latest(tx)
        assert latest is not None
        assert latest.document == '{"n":2}'
