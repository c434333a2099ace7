"""A protocol that two people changed: whom it plans, whom it leaves as they are, what it stops until it is attested."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from surveys.instruments.state import from_json
from surveys.records import (
    accounts,
    audit,
    deliveries,
    holds,
    interviews,
    invitations,
    links,
    participants,
    safe_contacts,
)
from surveys.records import configured as records
from surveys.records.accounts import NewAccount
from surveys.records.database import Database
from surveys.rules.calendar import due_on, local_day
from surveys.rules.protocol import Protocol
from surveys.rules.protocol_parts import PartsRefused, document_of, said
from surveys.rules.reasons import Reason
from surveys.rules.roles import EVERY_CENTRE, Reader, Role
from surveys.rules.vocabulary import DeliveryKind, Disposition
from surveys.steps import by_two, configured, protocol_set, staff_access
from surveys.steps.amend import amend
from surveys.steps.amend import read as read_amended
from surveys.steps.by_two import Matter, TakesAnother
from surveys.steps.configured import Kind, protocol_of
from surveys.steps.outlook import waves_of
from surveys.steps.protocol_set import OneAtATime
from surveys.steps.responses import response_of
from surveys.steps.service import Recorded, Service
from tests.steps.her_stage import HerStage, make_her_stage
from tests.steps.stage import ZONE, Stage
from tests.steps.test_checkin import finish


async def two(stage: Stage) -> tuple[Reader, Reader]:
    """Two people who may change settings, made once."""
    async with stage.service.database.writing() as tx:
        known = await accounts.everyone(tx)
        for name in ("ana", "vera") if not known else ():
            new = NewAccount(f"{name}@example.org", name, Role.ADMINISTRATOR, EVERY_CENTRE, "sr_Cyrl", "operator")
            await staff_access.invite(tx, stage.service, new, stage.now)
        first, second, *_ = sorted(await accounts.everyone(tx), key=lambda each: each.login)
    return tuple(Reader(each.id, Role.ADMINISTRATOR, EVERY_CENTRE) for each in (first, second))  # type: ignore[return-value]


async def proposed(stage: Stage, **changes: str) -> str:
    """Asked for by Ana; in a name `__` stands for a dot."""
    typed, (ana, _) = {name.replace("__", "."): value for name, value in changes.items()}, await two(stage)
    async with stage.service.database.writing() as tx:
        held = await protocol_set.in_force(tx, stage.service)
        return await protocol_set.propose(tx, stage.service, ana, said(held) | typed, stage.now)


async def approved(stage: Stage, **changes: str) -> Protocol:
    """Asked for by Ana, approved by Vera, known to this process."""
    row, (_, vera) = await proposed(stage, **changes), await two(stage)
    async with stage.service.database.writing() as tx:
        await protocol_set.approve(tx, stage.service, vera, row, stage.now)
    await configured.reread(stage.service, stage.now)
    return stage.service.library.protocol


async def plan_of(stage: Stage, participant: str, service: Service | None = None) -> str:
    """Everything that `posle plan` says of a person, as text."""
    async with stage.service.database.reading() as tx:
        person, standing = await participants.get(tx, participant), await holds.standing(tx)
        return json.dumps(await waves_of(tx, service or stage.service, person, standing), sort_keys=True)


async def kinds(stage: Stage, participant: str, kind: DeliveryKind = DeliveryKind.NOTICE) -> list[deliveries.Delivery]:
    """What is planned or sent of that kind in the first wave."""
    async with stage.service.database.reading() as tx:
        every = await deliveries.of_participant(tx, participant)
    first = next(each.invitation for each in every if each.kind is DeliveryKind.NOTICE)
    return [each for each in every if each.kind is kind and each.invitation == first]


async def test_a_version_is_named_after_what_shipped_and_stays_for_ever(stage: Stage) -> None:
    assert (await approved(stage, closing__after_days="44")).version == "1.1"
    await proposed(stage, closing__after_days="43")
    _, vera = await two(stage)
    async with stage.service.database.writing() as tx:
        row = await protocol_set.waiting(tx, stage.service, stage.now)
        assert row is not None
        assert row.row is not None
        await protocol_set.drop(tx, vera, row.row.id, stage.now)
    assert (await approved(stage, closing__after_days="42")).version == "1.3", "a rejected name is never used again"
    async with stage.service.database.reading() as tx:
        found = await protocol_set.versions(tx, stage.service)
    assert [(each.name, each.protocol.closing_after_days, each.holds) for each in found] == [
        ("1.3", 42, True), ("1.1", 44, False), ("1", 45, False),
    ]  # fmt: skip


async def test_safety_nobody_approves_their_own_protocol_and_what_was_dropped_is_approved_by_nobody(
    stage: Stage,
) -> None:
    (ana, vera), row = await two(stage), await proposed(stage, closing__after_days="44")
    for who, drop in ((ana, False), (vera, True)):
        async with stage.service.database.writing() as tx:
            if drop:
                await protocol_set.drop(tx, vera, row, stage.now)
        async with stage.service.database.writing() as tx:
            with pytest.raises(TakesAnother):
                await protocol_set.approve(tx, stage.service, who, row, stage.now)
    async with stage.service.database.reading() as tx:
        assert (await protocol_set.in_force(tx, stage.service)).version == "1"
        assert await audit.verify(tx) is None


async def test_one_proposal_waits_at_a_time_and_a_late_agreement_holds_nothing(stage: Stage) -> None:
    (_, vera), row = await two(stage), await proposed(stage, closing__after_days="44")
    with pytest.raises(OneAtATime):
        await proposed(stage, closing__after_days="43")
    stage.now += by_two.VALID + timedelta(minutes=1)
    async with stage.service.database.writing() as tx:
        with pytest.raises(TakesAnother):
            await protocol_set.approve(tx, stage.service, vera, row, stage.now)
    await proposed(stage, closing__after_days="43")


async def test_a_proposal_made_from_what_holds_no_more_is_said_to_be_so_and_approved_by_nobody(stage: Stage) -> None:
    (_, vera), row = await two(stage), await proposed(stage, closing__after_days="44")
    newer = replace(stage.service.shipped, protocol=replace(stage.service.shipped.protocol, version="2"))
    other = replace(stage.service, shipped=newer, recorded=Recorded())
    async with stage.service.database.writing() as tx:
        found = [await protocol_set.waiting(tx, service, stage.now) for service in (stage.service, other)]
        assert [each.late for each in found if each is not None] == [False, True]
        with pytest.raises(TakesAnother):
            await protocol_set.approve(tx, other, vera, row, stage.now)


async def test_what_changes_nothing_is_no_version(stage: Stage) -> None:
    with pytest.raises(PartsRefused, match="same"):
        await proposed(stage)


async def test_safety_a_kept_version_that_breaks_a_rule_is_never_approved_nor_followed(stage: Stage) -> None:
    ana, vera = await two(stage)
    document = document_of(stage.service.shipped.protocol) | {"version": "1.1", "closing": {"after_days": 46}}
    kept = json.dumps({"base": "1", "from": "1", "protocol": document})
    async with stage.service.database.writing() as tx:
        row = await records.keep(tx, Kind.PROTOCOL, kept, ana.account, stage.now, in_force=False)
        await by_two.ask(tx, ana, Matter.PROTOCOL, row, stage.now)
        with pytest.raises(TakesAnother):
            await protocol_set.approve(tx, stage.service, vera, row, stage.now)
        await records.put_in_force(tx, row, vera.account, stage.now)
    await configured.reread(stage.service, stage.now)
    assert stage.service.library.protocol.version == "1"
    assert stage.service.recorded.configured.unreadable == ("1.1",)


async def test_safety_what_is_no_field_is_never_approved_as_changed(stage: Stage) -> None:
    ana, vera = await two(stage)
    document = document_of(stage.service.shipped.protocol) | {"version": "1.1"}
    document["wave"][1]["months"] = 4
    kept = json.dumps({"base": "1", "from": "1", "protocol": document})
    async with stage.service.database.writing() as tx:
        row = await records.keep(tx, Kind.PROTOCOL, kept, ana.account, stage.now, in_force=False)
        await by_two.ask(tx, ana, Matter.PROTOCOL, row, stage.now)
        with pytest.raises(TakesAnother):
            await protocol_set.approve(tx, stage.service, vera, row, stage.now)


async def test_a_console_version_ends_where_the_program_ships_another_protocol(stage: Stage) -> None:
    await approved(stage, closing__after_days="44")
    enrolled = await stage.enrol()
    newer = replace(stage.service.shipped, protocol=replace(stage.service.shipped.protocol, version="2"))
    other = replace(stage.service, shipped=newer, recorded=Recorded())
    await configured.reread(other, stage.now)
    assert other.library.protocol.version == "2"
    async with stage.service.database.reading() as tx:
        person = await participants.get(tx, enrolled.participant)
        assert (await protocol_of(tx, other, person.protocol)).closing_after_days == 44, "theirs is kept for them"


async def test_safety_who_is_enrolled_keeps_their_plan_byte_for_byte_and_who_comes_is_planned_anew(
    stage: Stage,
) -> None:
    before = await stage.enrol()
    plan = await plan_of(stage, before.participant)
    own = {"hours__0__from": "12:00", "hours__0__to": "13:00", "reminders__after_days": "20, 25",
           "closing__after_days": "40", "deep_link__valid_days": "100", "wave__m0": "yes"}  # fmt: skip
    held = await approved(stage, **own)
    assert await plan_of(stage, before.participant) == plan
    after = await stage.enrol()
    said = json.loads(await plan_of(stage, after.participant))
    assert [each["wave"] for each in said] == ["m0", "m3", "m6"]
    assert {each["protocol"] for each in said} == {held.version}
    assert {each["at"][11:13] for wave in said for each in wave["messages"]} == {"12"}
    assert [each["wave"] for each in json.loads(plan)] == ["m3", "m6"]
    async with stage.service.database.reading() as tx:
        link = await links.look(tx, "telegram", str(after.token))
    assert link is not None
    assert local_day(link.expires_at, ZONE) == local_day(stage.now, ZONE) + timedelta(days=100)


async def test_the_wave_at_the_end_of_the_programme_is_asked_with_its_own_window(stage: Stage) -> None:
    await approved(stage, wave__m0="yes")
    enrolled = await stage.enrol(completed_on="2026-09-01")
    who = enrolled.participant
    await stage.start(enrolled.token)
    await stage.press("Pristajem")
    await finish(stage)
    async with stage.service.database.reading() as tx:
        (wave, *_) = await invitations.of_participant(tx, who)
        response = await response_of(tx, stage.service, wave)
    windows = {entry.window for entry in response.entries if entry.window}
    today = stage.service.local(stage.now).date()
    assert (wave.wave, wave.disposition) == ("m0", Disposition.COMPLETE)
    assert windows == {(due_on(today, -3), today)}


async def test_who_missed_the_wave_at_the_end_is_not_asked_at_six_months_about_time_that_was_asked_about(
    stage: Stage,
) -> None:
    await approved(stage, wave__m0="yes")
    enrolled = await stage.enrol(completed_on="2026-09-01")
    async with stage.service.database.writing() as tx:
        end, third, sixth = await invitations.of_participant(tx, enrolled.participant)
        await invitations.close(tx, end.id, Disposition.EXPIRED, stage.now)
        await invitations.close(tx, third.id, Disposition.COMPLETE, stage.now)
        for each in await deliveries.of_participant(tx, enrolled.participant):
            if each.invitation in (end.id, third.id):
                await deliveries.cancel(tx, each.id, Reason.ANSWERED, stage.now)
        await invitations.move(tx, sixth.id, stage.service.local(stage.now).date(), stage.now, sixth.closes_at)
    await stage.start(enrolled.token)
    await stage.press("Pristajem")
    async with stage.service.database.reading() as tx:
        live = await interviews.live(tx, enrolled.participant)
    assert live is not None
    facts = dict(from_json(str(live.state)).facts)
    assert (facts["wave"], facts["earlier_missed"]) == ("m6", "no")


async def test_another_process_goes_by_a_version_that_was_made_a_moment_ago(stage: Stage) -> None:
    stale = replace(stage.service, recorded=Recorded())
    await configured.reread(stale, stage.now)
    await approved(stage, closing__after_days="40")
    enrolled = await stage.enrol()
    assert stale.protocol_of("1.1").closing_after_days == 45, "it has not read it yet"
    async with stage.service.database.reading() as tx:
        person = await participants.get(tx, enrolled.participant)
        assert (await protocol_of(tx, stale, person.protocol)).closing_after_days == 40
    await configured.refresh(stale, stage.now + timedelta(seconds=31))
    assert stale.library.protocol.version == "1.1"


@pytest.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    """Her side, attested for what ships."""
    made = await make_her_stage(database, tmp_path)
    await made.ready()
    return made


async def test_safety_nothing_is_sent_to_her_under_a_version_that_readiness_does_not_name(her: HerStage) -> None:
    person = (await her.enrol()).participant
    (notice, *_) = await kinds(her, person)
    her.now = notice.due_at
    stale = replace(her.service, recorded=Recorded())
    await configured.reread(stale, her.now)
    await approved(her, caps__per_wave="3")
    her.service = stale
    assert stale.library.protocol.version == "1", "this process does not know yet"
    await her.tick()
    assert not her.ledger, "and sends nothing all the same"
    await her.ready(protocol_version="1.1")
    her.now += timedelta(minutes=11)
    await her.tick()
    assert len(her.ledger) == 1


async def needed(her: HerStage, participant: str) -> list[date | None]:
    """From when on a confirmation counts, wave by wave."""
    async with her.service.database.reading() as tx:
        waves = await invitations.of_participant(tx, participant)
        return [await safe_contacts.needed_from(tx, each.id) for each in waves]


async def test_safety_her_waves_go_by_her_own_version_also_after_a_correction(her: HerStage) -> None:
    before = (await her.enrol(phone="+381641234501")).participant
    plan = await plan_of(her, before)
    await approved(her, first_contact__from_day="7", safe_contact__valid_days="10")
    assert '"waits_for": "not_ready"' in await plan_of(her, before), "until it is attested"
    await her.ready(protocol_version="1.1")
    after = (await her.enrol()).participant
    assert await plan_of(her, before) == plan
    (first, *_) = json.loads(await plan_of(her, after))
    assert first["messages"][0]["at"][:10] >= "2026-09-17", "no earlier than seven days after 10 September"
    given = {"participant": before, "kind": "completed_on", "completed_on": "2026-06-12", "recorded_by": "Ana"}
    await amend(her.service, read_amended(her.service, given, her.now), "by:ana", her.now)
    assert (await needed(her, before))[0] == date(2026, 8, 13), "thirty days before the day of the wave"
    assert (await needed(her, after))[0] == date(2026, 8, 31), "ten days before it"


async def test_a_second_course_goes_by_the_version_in_force_as_it_begins(stage: Stage) -> None:
    who = (await stage.enrol()).participant
    await approved(stage, wave__m0="yes")
    consent = {"contact": True, "evaluation": True, "call": False, "recorded_by": "Ana", "version": "1"}
    stage.now += timedelta(days=20)
    given = {"participant": who, "kind": "second_course", "completed_on": "2026-09-20", "consent": consent,
             "recorded_by": "Ana"}  # fmt: skip
    await amend(stage.service, read_amended(stage.service, given, stage.now), "by:ana", stage.now)
    said = json.loads(await plan_of(stage, who))
    assert [each["wave"] for each in said if each["course"] == 2] == ["m0", "m3", "m6"]
    assert {each["protocol"] for each in said} == {"1.1"}


async def test_a_version_of_the_console_is_what_readiness_must_name(her: HerStage) -> None:
    await approved(her, closing__after_days="45", safe_contact__valid_days="20")
    async with her.service.database.reading() as tx:
        assert await protocol_set.attested(tx) == "1"
    await her.ready(protocol_version="1.1")
    async with her.service.database.reading() as tx:
        assert await protocol_set.attested(tx) == "1.1"


@pytest.mark.parametrize("lost", ["safe_contact", "traces"])
async def test_safety_a_version_without_a_rule_of_her_side_holds_for_nobody(
    database: Database, tmp_path: Path, lost: str
) -> None:
    """Whoever put it there: what is asked before she is written to is asked only where the protocol has the rule."""
    stage = await make_her_stage(database, tmp_path)
    shipped = stage.service.shipped.protocol
    made = {key: table for key, table in document_of(shipped).items() if key != lost} | {"version": "1.1"}
    document = json.dumps({"base": shipped.version, "from": shipped.version, "protocol": made})
    async with database.writing() as tx:
        await records.keep(tx, Kind.PROTOCOL, document, "u-1", stage.now, in_force=True)
    await configured.reread(stage.service, stage.now)
    assert stage.service.library.protocol == shipped
    assert stage.service.protocol_of("1.1") == shipped
