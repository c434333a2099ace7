"""Corrections and the ordinary events of a life: what follows from each, and what nothing may undo."""

from datetime import date, timedelta
from typing import Any

import pytest

from surveys.language.catalogue import languages
from surveys.records import audit, consents, contacts, deliveries, invitations, participants, tasks
from surveys.records.deliveries import Delivery
from surveys.records.invitations import Invitation
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState, Disposition, Purpose, Status
from surveys.steps.amend import Amended, AmendmentRefused, amend, read
from surveys.steps.amendment import read_amendment
from surveys.steps.enrolment import EnrolmentRefused
from surveys.steps.expire import expire
from surveys.steps.withdraw import withdraw
from tests.steps.stage import START, Stage, given
from tests.steps.test_checkin import begun, bound, finish, last, noticed

BY = "by:0123456789abcdef"


async def amended(stage: Stage, participant: str, kind: str, **values: Any) -> Amended:
    record = {"participant": participant, "kind": kind, "recorded_by": "Mira Jović", **values}
    return await amend(stage.service, read(stage.service, record, stage.now), BY, stage.now)


async def waves(stage: Stage, person: str) -> list[Invitation]:
    async with stage.service.database.reading() as tx:
        return await invitations.of_participant(tx, person)


async def messages(stage: Stage, person: str, state: DeliveryState) -> list[Delivery]:
    async with stage.service.database.reading() as tx:
        return [
            row for row in await deliveries.of_participant(tx, person)
            if row.state is state and row.kind in (DeliveryKind.NOTICE, DeliveryKind.REMINDER)
        ]  # fmt: skip


async def status(stage: Stage, person: str) -> Status:
    async with stage.service.database.reading() as tx:
        return (await participants.get(tx, person)).status


async def test_a_corrected_date_moves_waves_and_messages(stage: Stage) -> None:
    person = await bound(stage)
    before = await messages(stage, person, DeliveryState.PLANNED)
    done = await amended(stage, person, "completed_on", completed_on="2026-09-21")
    after = await messages(stage, person, DeliveryState.PLANNED)
    assert done.moved == ("m3", "m6")
    assert [wave.due_on for wave in await waves(stage, person)] == [date(2026, 12, 21), date(2027, 3, 21)]
    assert {row.id for row in after} == {row.id for row in before}
    assert min(row.due_at for row in after).date() >= date(2026, 12, 21)
    async with stage.service.database.reading() as tx:
        entry = (await audit.of_subject(tx, person))[-1]
    assert (entry.actor, entry.action, entry.detail) == (BY, "participant.amended", '{"kind":"completed_on"}')


async def test_i2_a_notice_that_was_sent_is_not_sent_again_after_a_corrected_date(stage: Stage) -> None:
    person = await noticed(stage)
    await amended(stage, person, "completed_on", completed_on="2026-09-15")
    await stage.forward(stage.now + timedelta(days=60))
    first = (await waves(stage, person))[0]
    sent = [row for row in await messages(stage, person, DeliveryState.SENT) if row.invitation == first.id]
    assert [row.kind for row in sent].count(DeliveryKind.NOTICE) == 1


async def test_a_corrected_date_leaves_what_was_answered(stage: Stage) -> None:
    person = await begun(stage)
    await finish(stage)
    before = (await waves(stage, person))[0]
    done = await amended(stage, person, "completed_on", completed_on="2026-09-10")
    assert done.moved == ("m6",)
    assert (await waves(stage, person))[0] == before


async def test_a_sitting_goes_on_when_the_date_moves_into_the_future(stage: Stage) -> None:
    person = await begun(stage)
    await amended(stage, person, "completed_on", completed_on="2026-11-30")
    await stage.press_data(last(stage).buttons[0][0].data, last(stage))
    assert last(stage).buttons
    assert (await waves(stage, person))[0].state == "open"


async def test_a_date_that_is_too_long_ago_leaves_tasks_and_nothing_planned(stage: Stage) -> None:
    person = await bound(stage)
    done = await amended(stage, person, "completed_on", completed_on="2025-09-01")
    assert [late.wave for late in done.tasks] == ["m3", "m6"]
    assert await messages(stage, person, DeliveryState.PLANNED) == []
    async with stage.service.database.reading() as tx:
        assert len([task for task in await tasks.of_participant(tx, person) if task.state == "open"]) == 2


async def test_a_new_account_gets_a_link_and_the_old_chat_is_nobody(stage: Stage) -> None:
    person = await begun(stage)
    old = last(stage)
    done = await amended(stage, person, "telegram")
    stranger = await stage.press_data(old.buttons[0][0].data, old)
    assert stranger is not None
    assert not stranger.buttons
    await stage.start(done.token, chat="44")
    assert last(stage).address == "44"
    assert last(stage).text == old.text


async def test_a_new_phone_takes_the_place_of_the_old_one(stage: Stage) -> None:
    enrolled = await stage.enrol(phone="064 123 4567")
    await amended(stage, enrolled.participant, "phone", phone="065 765 4321")
    async with stage.service.database.reading() as tx:
        now = await contacts.current(tx, enrolled.participant, Channel.PHONE)
        assert await contacts.find(tx, Channel.PHONE, "+381641234567") == []
    assert now is not None
    assert now.address == "+381657654321"


async def test_words_and_language_are_changed_and_a_word_can_be_taken_back(stage: Stage) -> None:
    person = await bound(stage)
    await amended(stage, person, "language", language="sr_Cyrl")
    await amended(stage, person, "word", other_word="bivša supruga")
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).language == "sr_Cyrl"
        assert (await participants.private(tx, person)).other_word == "bivša supruga"
    await amended(stage, person, "word", other_word=None)
    async with stage.service.database.reading() as tx:
        assert (await participants.private(tx, person)).other_word is None


async def test_a_second_course_has_its_own_waves_and_consent(stage: Stage) -> None:
    person = await begun(stage)
    consent = given()["consent"] | {"evaluation": False}
    await amended(stage, person, "second_course", completed_on="2027-02-01", consent=consent)
    first, second, third, fourth = await waves(stage, person)
    assert [each.disposition for each in (first, second)] == [Disposition.BREAK_OFF, Disposition.NON_CONTACT]
    assert [(each.course, each.due_on) for each in (third, fourth)] == [(2, date(2027, 5, 1)), (2, date(2027, 8, 1))]
    planned = await messages(stage, person, DeliveryState.PLANNED)
    assert {row.invitation for row in planned} == {third.id, fourth.id}
    async with stage.service.database.reading() as tx:
        assert not await consents.in_force(tx, person, Purpose.EVALUATION)
        assert await consents.in_force(tx, person, Purpose.CONTACT)


async def test_in_custody_nothing_is_sent_and_waves_that_pass_say_so(stage: Stage) -> None:
    person = await bound(stage)
    await amended(stage, person, "in_custody")
    while stage.now < START + timedelta(days=140):
        stage.now += timedelta(days=1)
        await stage.tick()
    assert not [each for each in stage.ledger if each.buttons]
    await expire(stage.service, stage.now)
    assert (await waves(stage, person))[0].disposition is Disposition.IN_CUSTODY
    await amended(stage, person, "released")
    assert await status(stage, person) is Status.ACTIVE
    while stage.now < START + timedelta(days=195):
        stage.now += timedelta(days=1)
        await stage.tick()
    assert [each for each in stage.ledger if each.buttons]


@pytest.mark.parametrize("kind", ["moved_abroad", "deceased"])
async def test_emigration_and_death_end_everything_with_their_disposition(stage: Stage, kind: str) -> None:
    person = await begun(stage)
    await amended(stage, person, kind)
    sent = len(stage.ledger)
    while stage.now < START + timedelta(days=220):
        stage.now += timedelta(days=1)
        await stage.tick()
    assert len(stage.ledger) == sent
    assert {wave.disposition for wave in await waves(stage, person)} == {Disposition(kind)}
    assert await messages(stage, person, DeliveryState.PLANNED) == []


EVERY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("completed_on", {"completed_on": "2026-09-03"}), ("phone", {"phone": "0641234567"}), ("telegram", {}),
    ("second_course", {"completed_on": "2026-10-01", "consent": given()["consent"]}), ("in_custody", {}),
    ("released", {}), ("moved_abroad", {}), ("deceased", {}), ("language", {"language": "en"}),
)  # fmt: skip


async def test_i11_no_amendment_brings_back_somebody_who_withdrew(stage: Stage) -> None:
    person = await bound(stage)
    async with stage.service.database.writing() as tx:
        await withdraw(tx, stage.service, person, BY, stage.now)
    for kind, values in EVERY:
        with pytest.raises(AmendmentRefused):
            await amended(stage, person, kind, **values)
    assert await status(stage, person) is Status.WITHDRAWN
    assert await messages(stage, person, DeliveryState.PLANNED) == []


@pytest.mark.parametrize(
    ("record", "key"),
    [
        ({"kind": "resurrected"}, "kind"),
        ({"kind": ["phone"]}, "kind"),
        ({"kind": "phone"}, "phone"),
        ({"kind": "phone", "phone": "011 3333 333"}, "phone"),
        ({"kind": "completed_on", "completed_on": "1. 9. 2026."}, "completed_on"),
        ({"kind": "completed_on", "completed_on": "2036-09-01"}, "completed_on"),
        ({"kind": "language", "language": "xx-unheard"}, "language"),
        ({"kind": "word"}, "other_word"),
        ({"kind": "word", "other_word": "x1"}, "other_word"),
        ({"kind": "deceased", "phone": "0641234567"}, "phone"),
        ({"kind": "second_course", "completed_on": "2026-12-01"}, "consent"),
        ({"kind": "deceased", "recorded_by": "Mira\nJ"}, "recorded_by"),
        ({"kind": "deceased", "participant": 7}, "participant"),
    ],
)
def test_what_is_wrong_is_named_and_never_repeated(record: dict[str, Any], key: str) -> None:
    whole = {"participant": "p-1", "recorded_by": "Mira"} | record
    with pytest.raises(EnrolmentRefused) as refusal:
        read_amendment(whole, today=START.date(), languages=languages())
    said = str(refusal.value)
    assert key in said
    assert "\n" not in said
    assert not [value for value in record.values() if value not in ("phone", "word", key) and str(value) in said]


async def test_a_second_course_that_ends_before_the_first_changes_nothing(stage: Stage) -> None:
    person = await bound(stage)
    before = await waves(stage, person)
    with pytest.raises(AmendmentRefused, match="completed_on"):
        await amended(stage, person, "second_course", completed_on="2026-08-01", consent=given()["consent"])
    assert await waves(stage, person) == before
    with pytest.raises(AmendmentRefused, match="custody"):
        await amended(stage, person, "released")
