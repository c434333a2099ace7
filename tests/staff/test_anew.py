"""Consent given anew by somebody who left, and the test message with the person there: both on the console."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from staff.asked import SmsDesk
from surveys.records import contacts, participants, tasks
from surveys.records.database import Database
from surveys.rules.roles import Role
from surveys.rules.vocabulary import Channel, SmsScript, Status
from surveys.steps import enrol, reconsent, withdraw
from surveys.steps.coming_back import AgreementGone
from surveys.steps.ports import Outcome, Outgoing, Sent, Undeliverable
from tests.staff.office import Client, Office, opened
from tests.staff.test_enrolling import HIS, NEW, enrolled
from tests.steps.her_stage import make_her_stage
from tests.steps.stage import Stage, given


@dataclass
class Provider:
    """Keeps what was sent."""

    fate: Outcome = field(default_factory=lambda: Sent("SM1"))
    sent: list[Outgoing] = field(default_factory=list)

    async def send(self, message: Outgoing) -> Outcome:
        self.sent.append(message)
        return self.fate


@pytest.fixture
def provider(office: Office, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The office's console with an SMS account."""
    made = Provider()
    desk = SmsDesk("https://ankete.example.org", 0.3, "EUR", made.send)
    monkeypatch.setattr(office.console, "_sms", desk)
    return made


async def left(stage: Stage, **form: str) -> str:
    """Somebody of Kragujevac who withdrew."""
    person = (await stage.enrol(**form)).participant
    async with stage.service.database.writing() as tx:
        await withdraw.withdraw(tx, stage.service, person, "person", stage.now)
    return person


AGAIN = HIS | {"channel": "phone", "phone": "064 123 4567", "anew_on": "1. 9. 2026."}


async def test_safety_who_left_is_enrolled_anew_only_where_two_people_agreed(office: Office) -> None:
    person = await left(office.stage, case_code=HIS["case_code"])
    first, second = await office.client(), await office.client()
    page = f"/staff/people/{person}"
    assert (await first.post(NEW, **AGAIN, anew=person)).status_code == 404, "nobody agreed"
    assert (await first.post(f"{page}/reconsent")).status_code == 303
    assert (await first.post(f"{page}/reconsent/agree")).status_code == 422, "not with oneself"
    assert (await first.post(NEW, **AGAIN, anew=person)).status_code == 404, "nobody else agreed"
    assert f'href="{page}"' in (await second.get("/staff/")).text.replace("//", "/")
    assert (await second.post(f"{page}/reconsent/agree")).status_code == 303
    assert f"{NEW}?anew={person}" in (await first.get(page)).text
    new, _ = await enrolled(office.stage, first, **AGAIN, anew=person)
    async with office.stage.service.database.reading() as tx:
        assert (await participants.get(tx, person)).status is Status.WITHDRAWN
        assert (await participants.get(tx, new)).status is Status.ACTIVE
    assert (await first.post(NEW, **AGAIN, anew=person)).status_code == 404, "it was worth one enrolment"


async def agreed(office: Office, person: str) -> Client:
    """Two people agreed that this person is enrolled anew; the first of them."""
    first, second = await office.client(), await office.client()
    await first.post(f"/staff/people/{person}/reconsent")
    assert (await second.post(f"/staff/people/{person}/reconsent/agree")).status_code == 303
    return first


async def count(office: Office) -> int:
    async with office.stage.service.database.reading() as tx:
        return len(await participants.page(tx))


async def test_i11_an_agreement_about_one_who_left_frees_nobody_elses_number_or_case_code(office: Office) -> None:
    person = await left(office.stage, case_code="KG-1")
    await left(office.stage, case_code="KG-2", channel="sms", phone="+381641234567")
    first = await agreed(office, person)
    for form in ({"case_code": "KG-1"}, {"case_code": "KG-2", "phone": "064 123 4568"}):
        shown = await first.post(NEW, **(AGAIN | form), anew=person)
        assert (shown.status_code, "некоме другом" in shown.text) == (422, True), form
    assert await count(office) == 2
    await enrolled(office.stage, first, **(AGAIN | {"case_code": "KG-1", "phone": "064 123 4568"}), anew=person)


async def test_i11_of_two_posts_at_once_one_agreement_enrols_one(office: Office) -> None:
    person = await left(office.stage, case_code="KG-1")
    first = await agreed(office, person)
    forms = [AGAIN | {"case_code": f"KG-{n}", "phone": f"064 123 456{n}"} for n in (1, 2, 3)]
    answers = await asyncio.gather(*(first.post(NEW, **form, anew=person) for form in forms))
    assert sorted(each.status_code for each in answers) == [200, 404, 404]
    assert await count(office) == 2


async def test_i11_an_agreement_is_used_up_in_the_transaction_that_enrols(office: Office) -> None:
    person = await left(office.stage, case_code="KG-1")
    stage, form = office.stage, given(case_code="KG-1", reconsent={"recorded_by": "Мира", "on": "2026-09-01"})
    new = enrol.read(stage.service, form, stage.now)
    assert new.reconsent is not None
    new = replace(new, reconsent=replace(new.reconsent, left=person))
    with pytest.raises(AgreementGone):
        await enrol.enrol(stage.service, new, stage.now)
    await agreed(office, person)
    await enrol.enrol(stage.service, new, stage.now)
    with pytest.raises(AgreementGone):
        await enrol.enrol(stage.service, replace(new, case_code="KG-2"), stage.now)
    assert await count(office) == 2


async def test_who_left_twice_comes_back_twice(office: Office) -> None:
    person, form = await left(office.stage, case_code="KG-1"), AGAIN | {"case_code": "KG-1"}
    for _ in range(2):
        first = await agreed(office, person)
        person, _ = await enrolled(office.stage, first, **form, anew=person)
        async with office.stage.service.database.writing() as tx:
            await withdraw.withdraw(tx, office.stage.service, person, "person", office.stage.now)
    assert await count(office) == 3


async def test_consent_anew_is_of_the_day_after_and_of_who_left(office: Office) -> None:
    person, there = await left(office.stage, case_code=HIS["case_code"]), (await office.stage.enrol()).participant
    first, second = await office.client(), await office.client()
    assert (await first.post(f"/staff/people/{there}/reconsent")).status_code == 404
    await first.post(f"/staff/people/{person}/reconsent")
    await second.post(f"/staff/people/{person}/reconsent/agree")
    shown = await first.post(NEW, **(AGAIN | {"anew_on": "30. 8. 2026."}), anew=person)
    assert shown.status_code == 422
    assert "после дана одустанка" in shown.text
    foreign = await office.client(Role.WORKER, "nis")
    assert (await foreign.post(f"/staff/people/{person}/reconsent")).status_code == 404


async def number(client: Client, office: Office) -> str:
    person, _ = await enrolled(office.stage, client, **HIS, channel="sms", phone="064 123 4567", sms_script="latin")
    return person


async def test_a_number_is_tested_with_the_person_there_and_confirmed_once_it_was_seen(
    office: Office, provider: Provider
) -> None:
    client, stage = await office.client(), office.stage
    person = await number(client, office)
    page = f"/staff/people/{person}"
    assert f"{page}/test" in (await client.get(page)).text
    assert (await client.post(f"{page}/test/seen")).status_code == 422, "nothing was sent"
    assert (await client.post(f"{page}/test")).status_code == 303
    assert [each.channel for each in provider.sent] == [Channel.SMS]
    assert "http" not in provider.sent[0].text
    assert (await client.post(f"{page}/test")).status_code == 422, "one has just been sent"
    assert (await client.post(f"{page}/test/seen")).status_code == 303
    async with stage.service.database.reading() as tx:
        (contact,) = await contacts.of_participant(tx, person)
        assert contact.verified_at == stage.now
        assert [each.kind for each in await tasks.of_participant(tx, person) if each.state == "open"] == []
        assert (await participants.get(tx, person)).sms_script is SmsScript.LATIN


async def test_a_test_message_that_the_provider_did_not_take_confirms_nothing(
    office: Office, provider: Provider
) -> None:
    client = await office.client()
    person, provider.fate = await number(client, office), Undeliverable("21211")
    assert (await client.post(f"/staff/people/{person}/test")).status_code == 422
    assert (await client.post(f"/staff/people/{person}/test/seen")).status_code == 422


async def test_letters_of_sms_are_offered_with_what_they_cost(office: Office, provider: Provider) -> None:
    client = await office.client()
    assert provider.sent == []
    shown = (await client.get(f"{NEW}?channel=sms&language=sr_Cyrl")).text
    assert shown.count("EUR)") == 3
    assert (await client.get(f"{NEW}?channel=sms&language=en")).text.count("EUR)") == 2
    assert "EUR)" not in (await client.get(f"{NEW}?channel=phone&language=sr_Cyrl")).text


async def test_a_side_without_sms_has_no_test_message(office: Office) -> None:
    client = await office.client()
    person = await number(client, office)
    assert "/test" not in (await client.get(f"/staff/people/{person}")).text
    assert (await client.post(f"/staff/people/{person}/test")).status_code == 404


async def test_safety_no_test_message_goes_to_her_outside_her_hours_or_with_nobody_on_call(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    her, made = await make_her_stage(database, tmp_path), Provider()
    person = (await her.enrol()).participant
    async with opened(her) as office:
        monkeypatch.setattr(office.console, "_sms", SmsDesk("https://a.example.org", None, "EUR", made.send))
        client = await office.client()
        assert (await client.post(f"/staff/people/{person}/test")).status_code == 422, "not ready"
        await her.ready()
        her.now = her.now.replace(hour=20)
        late = await office.client()
        assert (await late.post(f"/staff/people/{person}/test")).status_code == 422, "outside her hours"
    assert made.sent == []


async def test_safety_an_account_that_was_just_made_does_not_agree_to_a_new_consent(office: Office) -> None:
    person, first = await left(office.stage, case_code=HIS["case_code"]), await office.client()
    await first.post(f"/staff/people/{person}/reconsent")
    made = Client(office.open({office.cookie: await office.token(await office.account())}))
    assert (await made.post(f"/staff/people/{person}/reconsent/agree")).status_code == 422
    assert (await first.post(NEW, **AGAIN, anew=person)).status_code == 404


async def test_safety_an_agreement_that_nobody_else_gave_is_neither_seen_as_given_nor_used(office: Office) -> None:
    person, now = await left(office.stage, case_code=HIS["case_code"]), office.stage.now
    first, second = await office.client(), await office.client()
    await first.post(f"/staff/people/{person}/reconsent")
    async with office.stage.service.database.writing() as tx:
        assert not await reconsent.granted(tx, person, now)
        assert not await reconsent.use(tx, person, now)
    await second.post(f"/staff/people/{person}/reconsent/agree")
    async with office.stage.service.database.writing() as tx:
        assert await reconsent.granted(tx, person, now)
        assert await reconsent.use(tx, person, now)
        assert not await reconsent.use(tx, person, now), "it was worth one enrolment"
