"""Consent texts, wording, centres and days off as the console keeps them: two people, nothing lost, nothing undone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from surveys.library.wording import OWN
from surveys.records import configured as kept
from surveys.records import consents, participants, tasks
from surveys.records.holds import Scope, place, release, standing
from surveys.records.tables import metadata
from surveys.records.tasks import NewTask
from surveys.rules.roles import EVERY_CENTRE, Reader, Role
from surveys.steps import configured, consent_texts
from surveys.steps.by_two import TakesAnother
from surveys.steps.consent_texts import parts_of
from surveys.steps.rota_change import listed
from surveys.steps.withdraw import withdraw
from surveys.steps.wording import digest
from tests.staff.office import Client, Office, opened
from tests.steps.on_call import attested, on_call

AT = "/staff/settings"


def parts(office: Office, name: str, **changes: str) -> dict[str, str]:
    """The fields of the text that holds, changed."""
    return parts_of(office.stage.service.library.texts[name]) | changes


async def waiting(client: Client) -> str:
    return (await client.get(f"{AT}/texts")).text.partition("/texts/waiting/")[2].partition("/")[0]


async def two(office: Office) -> tuple[Client, Client]:
    return await office.client(Role.COORDINATOR), await office.client(Role.ADMINISTRATOR)


async def test_a_consent_text_is_published_by_a_second_person_and_the_old_version_stays(office: Office) -> None:
    first, second = await two(office)
    before = office.stage.service.library.texts["consent_contact"]
    said = before.words["sr_Cyrl"] + "\nХвала."
    new = parts(office, "consent_contact", **{"words.sr_Cyrl": said})
    assert (await first.post(f"{AT}/texts/consent_contact/new", **new)).status_code == 303
    row = await waiting(second)
    assert (await first.post(f"{AT}/texts/waiting/{row}/publish")).status_code == 422
    assert office.stage.service.library.texts["consent_contact"] is before
    assert (await second.post(f"{AT}/texts/waiting/{row}/publish")).status_code == 303
    after = office.stage.service.library.texts["consent_contact"]
    assert (after.version, after.said("sr_Latn").splitlines()[-1]) == (OWN * before.version + 1, "Hvala.")
    shown = (await first.get(f"{AT}/texts")).text
    for text in (before, after):
        assert text.digest("sr_Cyrl") in shown
        assert text.digest("sr_Latn") in shown
    enrolling = await (await office.client()).get("/staff/people/new?channel=telegram&language=sr_Cyrl")
    assert "<p>Хвала.</p>" in enrolling.text


async def test_safety_consent_is_recorded_with_the_text_that_was_read_though_a_new_one_holds_by_now(
    office: Office,
) -> None:
    stage = office.stage
    await stage.enrol()
    enrolled = await stage.enrol()
    await stage.start(enrolled.token)
    await stage.forward(stage.now + timedelta(days=120))
    shown = next(each for each in reversed(stage.ledger) if each.buttons)
    await stage.press_data(shown.buttons[0][0].data, shown)
    read = stage.service.library.texts["consent_wave"]
    first, second = await two(office)
    new = parts(office, "consent_wave", **{"words.en": read.words["en"] + "\nThank you."})
    await first.post(f"{AT}/texts/consent_wave/new", **new)
    stage.now += timedelta(minutes=1)
    await second.post(f"{AT}/texts/waiting/{await waiting(second)}/publish")
    assert stage.service.library.texts["consent_wave"] is not read
    stage.now += timedelta(minutes=1)
    await stage.press("Pristajem")
    async with stage.service.database.reading() as tx:
        kept = [each for each in await consents.of_participant(tx, enrolled.participant) if each.invitation]
    assert [(each.version, each.text_hash) for each in kept] == [(str(read.version), read.digest("sr_Latn"))]


async def test_safety_a_process_that_has_not_taken_in_a_new_text_shows_and_records_it_all_the_same(
    office: Office,
) -> None:
    stage = office.stage
    enrolled = await stage.enrol()
    await stage.start(enrolled.token)
    await stage.forward(stage.now + timedelta(days=120))
    old = stage.service.library.texts["consent_wave"]
    first, second = await two(office)
    await first.post(
        f"{AT}/texts/consent_wave/new",
        **parts(office, "consent_wave", **{"words.sr_Cyrl": f"{old.words['sr_Cyrl']}\nХвала."}),
    )
    await second.post(f"{AT}/texts/waiting/{await waiting(second)}/publish")
    stage.service.recorded.configured = type(stage.service.recorded.configured)()
    stage.now += timedelta(seconds=2)
    invited = next(each for each in reversed(stage.ledger) if each.buttons)
    await stage.press_data(invited.buttons[0][0].data, invited)
    assert any("Hvala." in each.text for each in stage.ledger[-2:])
    await stage.press("Pristajem")
    async with stage.service.database.reading() as tx:
        kept = [each for each in await consents.of_participant(tx, enrolled.participant) if each.invitation]
    assert [each.version for each in kept] == [f"{old.version}.1"]


@pytest.mark.parametrize(
    ("part", "said"),
    [("words.sr_Cyrl", ""), ("words.sr_Cyrl", "Добровољно је, по закону, 192, 194."), ("words.en", "Nothing. {phone}"),
     ("words.sr_Cyrl", "Dobrovoljno, po zakonu, 192, 194, {phone}"),
     ("words.sr_Cyrl", "Дoбровољно, закон, 192, 194, {phone}"),
     ("sms.ascii", "Dobrovoljno, po zakonu, 192, 194, š {phone}")],
)  # fmt: skip
async def test_safety_a_consent_text_that_lacks_what_must_be_said_is_refused(
    office: Office, part: str, said: str
) -> None:
    client = await office.client(Role.COORDINATOR)
    shown = await client.post(f"{AT}/texts/consent_wave/new", **parts(office, "consent_wave", **{part: said}))
    assert shown.status_code == 422
    assert 'aria-invalid="true"' in shown.text
    assert await waiting(client) == ""


async def test_safety_an_older_text_that_still_waits_is_never_published_after_a_newer_one(office: Office) -> None:
    first, second = await two(office)
    await first.post(f"{AT}/texts/consent_wave/new", **more(office, "One."))
    older = await waiting(first)
    await first.post(f"{AT}/texts/consent_wave/new", **more(office, "Two."))
    async with office.stage.service.database.reading() as tx:
        (newer,) = [each.id for each in await kept.every(tx) if each.id != older]
    assert (await second.post(f"{AT}/texts/waiting/{newer}/publish")).status_code == 303
    assert (await second.post(f"{AT}/texts/waiting/{older}/publish")).status_code == 422
    async with office.stage.service.database.reading() as tx:
        assert [each.id for each in await kept.every(tx) if each.in_force_from is not None] == [newer]


async def test_after_an_upgrade_the_newer_shipped_text_holds_and_what_waited_over_the_older_one_cannot(
    office: Office,
) -> None:
    first, second = await two(office)
    await first.post(f"{AT}/texts/consent_wave/new", **more(office, "One."))
    await second.post(f"{AT}/texts/waiting/{await waiting(second)}/publish")
    await first.post(f"{AT}/texts/consent_wave/new", **more(office, "Two."))
    row, service = await waiting(second), office.stage.service
    newer = replace(service.shipped.texts["consent_wave"], version=3)
    upgraded = replace(
        service, shipped=replace(service.shipped, texts={**service.shipped.texts, "consent_wave": newer})
    )
    reader = Reader("someone", Role.ADMINISTRATOR, EVERY_CENTRE)
    async with service.database.writing() as tx:
        found = [await consent_texts.versions(tx, each, "consent_wave") for each in (service, upgraded)]
        with pytest.raises(TakesAnother):
            await consent_texts.publish(tx, upgraded, reader, row, office.stage.now)
    assert [[each.text.number for each in several] for several in found] == [["2.2", "2.1", "2"], ["2.2", "3", "2.1"]]
    assert upgraded.library.text_version("consent_wave") == "3"


def more(office: Office, said: str) -> dict[str, str]:
    """The wave's consent with one more sentence."""
    before = office.stage.service.library.texts["consent_wave"].words["en"]
    return parts(office, "consent_wave", **{"words.en": f"{before} {said}"})


async def test_a_dropped_text_is_published_by_nobody(office: Office) -> None:
    first, second = await two(office)
    new = parts(office, "consent_contact", **{"words.en": parts(office, "consent_contact")["words.en"] + " Thanks."})
    await first.post(f"{AT}/texts/consent_contact/new", **new)
    row = await waiting(second)
    await second.post(f"{AT}/texts/waiting/{row}/drop")
    assert (await second.post(f"{AT}/texts/waiting/{row}/publish")).status_code == 422
    assert await waiting(second) == ""


async def test_safety_wording_is_approved_by_two_people_and_only_as_it_was_read(office: Office) -> None:
    await attested(office.stage.service.database, office.stage.now)
    first, second = await two(office)
    seen = digest(office.stage.service.library)
    assert (await first.post(f"{AT}/wording", seen="0" * 64)).status_code == 422
    assert (await first.post(f"{AT}/wording", seen=seen)).status_code == 303
    assert (await first.post(f"{AT}/wording", seen=seen)).status_code == 422
    assert "Одобрено:" not in (await second.get(f"{AT}/wording")).text
    assert (await second.post(f"{AT}/wording", seen=seen)).status_code == 303
    assert "Одобрено:" in (await first.get(f"{AT}/wording")).text


async def test_a_centre_is_added_and_renamed_and_its_id_stays(office: Office) -> None:
    client, second = await two(office)
    form = {"sr_Cyrl": "Ваљево", "en": "Valjevo", "phone": "014 222 333"}
    assert (await client.post(f"{AT}/centres", **form)).status_code == 303
    assert office.stage.service.library.centres["valjevo"].phone == "", "the first number takes two as well"
    assert "нов број чека другу особу" in (await second.get(f"{AT}/centres")).text
    assert (await second.post(f"{AT}/centres", name="valjevo", **form)).status_code == 303
    assert office.stage.service.library.centres["valjevo"].phone == "+38114222333"
    await client.post(f"{AT}/centres", name="valjevo", **(form | {"sr_Cyrl": "Ваљево град"}))
    assert office.stage.service.library.centres["valjevo"].said("sr_Latn") == "Valjevo grad"
    for wrong in ({"sr_Cyrl": "Valjevo"}, {"en": ""}, {"phone": "12"}, {}):
        assert (await client.post(f"{AT}/centres", **(form | wrong))).status_code == 422, wrong
    assert (await client.post(f"{AT}/centres", name="nowhere", **form)).status_code == 404
    assert (await office.stage.enrol(centre="valjevo")).participant


async def test_safety_a_number_that_messages_go_from_is_no_number_where_a_person_answers(office: Office) -> None:
    office.stage.service = replace(office.stage.service, sends_from=frozenset({"+38114222333"}))
    form = {"sr_Cyrl": "Ваљево", "en": "Valjevo", "phone": "014 222 333"}
    async with opened(office.stage) as sending:
        refused = await (await sending.client(Role.ADMINISTRATOR)).post(f"{AT}/centres", **form)
    assert refused.status_code == 422
    assert "Са тог броја се само шаље" in refused.text
    assert "valjevo" not in office.stage.service.library.centres


async def test_a_merge_moves_everything_and_asks_first(office: Office) -> None:
    stage = office.stage
    await attested(stage.service.database, stage.now, [on_call("first", "kragujevac")])
    enrolled, worker = await stage.enrol(), await office.client(Role.WORKER, "nis")
    async with stage.service.database.writing() as tx:
        await tasks.open_one(tx, NewTask("kragujevac", "wants_help", "x", enrolled.participant), stage.now)
    client, page = await office.client(Role.COORDINATOR), f"{AT}/centres/kragujevac/merge"
    assert (await worker.get(f"/staff/people/{enrolled.participant}")).status_code == 404
    assert (await client.post(page, into="nis")).status_code == 422, "not confirmed"
    assert (await client.post(page, into="kragujevac", sure="yes")).status_code == 404
    second = await office.client(Role.COORDINATOR)
    assert (await second.post(page, into="nis", sure="yes")).status_code == 303
    assert (await client.post(page, into="nis", sure="yes")).status_code == 303
    assert "kragujevac" not in stage.service.library.centres
    assert (await worker.get(f"/staff/people/{enrolled.participant}")).status_code == 200
    async with stage.service.database.reading() as tx:
        for table in metadata.sorted_tables:
            if "centre" in table.c:
                left = await tx.rows(select(table.c.centre).where(table.c.centre == "kragujevac"))
                assert left == [], table.name
        assert [row["centre"] for row in (await listed(tx)).rows] == ["nis"]
    assert (await client.post(page, into="nis", sure="yes")).status_code == 404, "there is no such centre any more"


async def test_safety_two_who_share_a_case_code_once_centres_are_merged_are_the_coordinators(office: Office) -> None:
    stage, client = office.stage, await office.client(Role.COORDINATOR)
    await stage.enrol(case_code="KG-SAME-1")
    stage.now += timedelta(minutes=1)
    two_ = (await stage.enrol(case_code="kg-same-1", centre="nis")).participant
    async with stage.service.database.writing() as tx:
        for task in await tasks.of_participant(tx, two_):
            await tasks.close(tx, task.id, "by", stage.now)
        assert await release(tx, Scope.PERSON, two_, "by", stage.now) == 1
    for each in (client, await office.client(Role.COORDINATOR)):
        assert (await each.post(f"{AT}/centres/nis/merge", into="kragujevac", sure="yes")).status_code == 303
    async with stage.service.database.reading() as tx:
        assert [(each.target, each.reason) for each in await standing(tx)] == [(two_, "case_code_shared")]
        kinds = [each.kind for each in await tasks.of_participant(tx, two_) if each.state == "open"]
    assert kinds == ["case_code_shared"]


@pytest.mark.parametrize("who_left", ["nobody", "later", "both"])
async def test_safety_two_who_share_a_number_once_centres_are_merged_are_the_coordinators(
    office: Office, who_left: str
) -> None:
    """Also where it was settled between the two centres before, and one has it for SMS, the other for calls."""
    stage, client = office.stage, await office.client(Role.COORDINATOR)
    one = (await stage.enrol(channel="sms", phone="+381641234567")).participant
    stage.now += timedelta(minutes=1)
    two = (await stage.enrol(channel="phone", phone="+381641234567", centre="nis")).participant
    other = (await stage.enrol(channel="phone", phone="+381641234568", centre="nis")).participant
    async with stage.service.database.writing() as tx:
        for task in await tasks.of_participant(tx, two):
            await tasks.close(tx, task.id, "by", stage.now)
        assert await release(tx, Scope.PERSON, two, "by", stage.now) == 1
        for person in {"nobody": (), "later": (two,), "both": (one, two)}[who_left]:
            await withdraw(tx, stage.service, person, "by", stage.now)
    for each in (client, await office.client(Role.COORDINATOR)):
        assert (await each.post(f"{AT}/centres/nis/merge", into="kragujevac", sure="yes")).status_code == 303
    held = {"nobody": [two], "later": [one], "both": []}[who_left]
    async with stage.service.database.reading() as tx:
        assert [(each.target, each.reason) for each in await standing(tx)] == [(each, "number_shared") for each in held]
        found = [each for each in await tasks.standing(tx) if each.kind == "number_shared"]
        assert await tasks.of_participant(tx, other) == []
    assert [(each.participant, each.centre) for each in found] == [(each, EVERY_CENTRE) for each in held]


async def test_i17_centres_are_merged_by_two_coordinators_and_never_by_one_or_by_an_administrator(
    office: Office,
) -> None:
    first, page = await office.client(Role.COORDINATOR), f"{AT}/centres/kragujevac/merge"
    administrator = await office.client(Role.ADMINISTRATOR)
    assert (await administrator.post(page, into="nis", sure="yes")).status_code == 422
    assert (await first.post(page, into="nis", sure="yes")).status_code == 303
    assert (await first.post(page, into="nis", sure="yes")).status_code == 422, "not with oneself"
    assert (await administrator.post(page, into="nis", sure="yes")).status_code == 422
    assert "чека другог координатора" in (await first.get(f"{AT}/centres")).text
    assert "kragujevac" in office.stage.service.library.centres
    second = await office.client(Role.COORDINATOR)
    assert (await second.post(page, into="uzice", sure="yes")).status_code in (303, 404), "another merge agrees to none"
    assert "kragujevac" in office.stage.service.library.centres
    assert (await second.post(page, into="nis", sure="yes")).status_code == 303
    assert "kragujevac" not in office.stage.service.library.centres


async def test_safety_the_number_that_people_are_told_to_call_takes_two_who_type_the_same(office: Office) -> None:
    first, second = await two(office)
    there = office.stage.service.library.centres["kragujevac"]
    form = {"name": "kragujevac", "sr_Cyrl": there.words["sr_Cyrl"], "en": there.words["en"]}
    at, typed = f"{AT}/centres", {"phone": "034 222 333"}
    assert (await first.post(at, **(form | typed))).status_code == 303
    assert (await first.post(at, **(form | typed))).status_code == 422, "not with oneself"
    assert "нов број чека другу особу" in (await first.get(at)).text
    assert (await second.post(at, **(form | {"phone": "034 222 334"}))).status_code == 303, "another number"
    assert office.stage.service.library.centres["kragujevac"].phone == there.phone
    assert (await second.post(at, **(form | typed))).status_code == 303
    assert office.stage.service.library.centres["kragujevac"].phone == "+38134222333"


async def test_safety_a_centre_that_is_held_is_not_merged_into_one_that_sends(office: Office) -> None:
    stage = office.stage
    enrolled, client = await stage.enrol(), await office.client(Role.COORDINATOR)
    async with stage.service.database.writing() as tx:
        await place(tx, Scope.CENTRE, "kragujevac", "trouble", "operator", stage.now)
    for gone, into in (("kragujevac", "nis"), ("nis", "kragujevac")):
        assert (await client.post(f"{AT}/centres/{gone}/merge", into=into, sure="yes")).status_code == 422
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, enrolled.participant)).centre == "kragujevac"


async def test_safety_nothing_is_started_on_a_day_off_or_its_eve(office: Office) -> None:
    client, service = await office.client(Role.COORDINATOR), office.stage.service
    assert (await client.post(f"{AT}/days-off", day="16. 9. 2026.", why="Слава")).status_code == 303
    assert service.free_days.is_quiet(date(2026, 9, 16))
    assert service.free_days.is_quiet(date(2026, 9, 15))
    assert not service.holidays.is_quiet(date(2026, 9, 16)), "helplines keep their ordinary hours"
    assert "Слава" in (await client.get(f"{AT}/days-off")).text
    for day, why in (("1. 1. 2020.", "x"), ("hm", "x"), ("17. 9. 2026.", "")):
        assert (await client.post(f"{AT}/days-off", day=day, why=why)).status_code == 422
    assert (await client.post(f"{AT}/days-off/remove", day="2026-11-11")).status_code == 422, "a state's holiday"
    assert (await client.post(f"{AT}/days-off/remove", day="2026-09-16")).status_code == 303
    assert not service.free_days.is_quiet(date(2026, 9, 16))


async def test_another_process_takes_in_a_change_within_half_a_minute(office: Office) -> None:
    stage = office.stage
    await (await office.client(Role.COORDINATOR)).post(f"{AT}/days-off", day="16. 9. 2026.", why="Слава")
    other = stage.service.recorded
    other.configured, other.configured_at = type(other.configured)(), stage.now
    await configured.refresh(stage.service, stage.now + timedelta(seconds=29))
    assert not other.configured.days_off
    await configured.refresh(stage.service, stage.now + timedelta(seconds=31))
    assert other.configured.days_off


@pytest.mark.parametrize("role", [Role.WORKER, Role.EVALUATOR])
async def test_who_works_with_people_or_answers_sets_nothing(office: Office, role: Role) -> None:
    client = await office.client(role)
    assert (await client.get(AT)).status_code == 404
    assert "/staff/settings" not in (await client.get("/staff/me")).text
