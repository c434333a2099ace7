"""Enrolment on the console: every channel on both sides, nothing lost where something is wrong, the consent in full."""

import hashlib
import json
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from staff.asked import SmsDesk
from surveys.library.wording import OWN
from surveys.records import configured, consents, contacts, tasks
from surveys.records.database import Database
from surveys.rules.vocabulary import Channel
from surveys.steps.configured import Kind
from surveys.steps.ports import Outcome, Outgoing
from surveys.steps.safe_contact import current
from surveys.steps.standing import words_at
from tests.staff.office import Client, Office, opened
from tests.steps.her_stage import CODE, DURESS, PHONE, HerStage, make_her_stage
from tests.steps.stage import Stage

NEW = "/staff/people/new"
HIS = {
    "case_code": "KG-7Q2M-11", "completed_on": "2026-09-01", "language": "sr_Latn", "gender": "male",
    "contact": "yes", "evaluation": "yes", "other_word": "bivša supruga", "adult": "yes",
}  # fmt: skip
AGREED = {
    "days_1": "mon-fri", "from_1": "09:00", "to_1": "16:00", "blackout": "24. 12. 2026.\n2026-12-28",
    "duress_plan": "Pozovite sestru.", "reminders": "0", "shared_phone": "yes", "synced": "no", "used_by_child": "no",
    "pin_known_by": "niko", "bill_paid_by": "ona", "confirmed_on": "2026-09-01",
}  # fmt: skip
HERS = HIS | AGREED | {"case_code": "KG-8R3N-12", "gender": "female", "completed_on": "2026-06-10", "call": "yes"}
WORDS = {"code_word": CODE, "duress_word": DURESS}


@pytest.fixture
async def her(database: Database, tmp_path: Path) -> HerStage:
    return await make_her_stage(database, tmp_path)


async def enrolled(stage: Stage, client: Client, **form: str) -> tuple[str, str]:
    """The person's id and the page that follows."""
    answer = await client.post(NEW, **form)
    assert answer.status_code == 200, answer.text
    return answer.text.partition('<span class="id">')[2].partition("<")[0], answer.text


@pytest.mark.parametrize("channel", ["telegram", "sms", "phone"])
async def test_he_is_enrolled_by_every_channel(office: Office, channel: str) -> None:
    client = await office.client()
    form = HIS | {"channel": channel} | ({} if channel == "telegram" else {"phone": "064 123 4567"})
    person, page = await enrolled(office.stage, client, **form)
    assert ("https://t.me/" in page, "<svg" in page) == ((True, True) if channel == "telegram" else (False, False))
    async with office.stage.service.database.reading() as tx:
        found = await contacts.of_participant(tx, person)
        kinds = {each.kind for each in await tasks.of_participant(tx, person)}
    assert [each.address for each in found] == ([] if channel == "telegram" else [PHONE])
    assert ("number_untested" in kinds) is (channel == "sms")


@pytest.mark.parametrize("channel", ["telegram", "sms", "phone"])
async def test_she_is_enrolled_by_every_channel_with_the_whole_safe_contact(her: HerStage, channel: str) -> None:
    async with opened(her) as office:
        form = HERS | {"channel": channel, "phone": "064 123 4567"} | ({} if channel == "phone" else WORDS)
        person, page = await enrolled(her, await office.client(), **form)
    for hidden in (CODE, DURESS, PHONE):
        assert hidden not in page
    async with her.service.database.reading() as tx:
        agreed = await current(tx, person)
    assert agreed is not None
    assert agreed.hours == ({"days": "mon-fri", "from": "09:00", "to": "16:00"},)
    assert agreed.blackout == ("2026-12-24", "2026-12-28")
    assert (agreed.reminders, agreed.shared_phone, agreed.confirmed_on) == (0, True, "2026-09-01")
    assert agreed.facts == {"synced": "no", "used_by_child": "no", "pin_known_by": "niko", "bill_paid_by": "ona"}
    assert (agreed.duress_plan, agreed.recorded_by) == ("Pozovite sestru.", "Мира Јовић")
    assert bool(agreed.code) is (channel != "phone")


WRONG: list[tuple[dict[str, str], str, str]] = [
    ({"phone": "011 123 456"}, "phone", "Фиксни и посебни бројеви"),
    ({"born_on": "2015-01-01"}, "born_on", "Млађи од 18"),
    ({"from_1": "17:00"}, "hours", "почетак мора бити пре краја"),
    ({"from_1": "", "to_1": ""}, "hours", "бар један ред"),
    ({"code_word": "kafa kafa", "duress_word": "kafakafa"}, "duress_word", "морају да се разликују"),
    ({"code_word": "stop"}, "code_word", "Та реч је наредба"),
    ({"blackout": "сутра"}, "blackout", "сваки у свом реду"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "field", "said"), WRONG, ids=[each[1] for each in WRONG])
async def test_what_is_wrong_stands_beside_its_field_in_plain_words_and_nothing_is_lost(
    her: HerStage, change: dict[str, str], field: str, said: str
) -> None:
    form: dict[str, Any] = HERS | WORDS | {"channel": "sms", "phone": "064 123 4567"} | change
    async with opened(her) as office:
        answer = await (await office.client()).post(NEW, **form)
    assert answer.status_code == 422
    beside = answer.text.partition(f'id="{field}-wrong"')[2].partition("</p>")[0]
    assert said in beside, answer.text[:3000]
    for kept in ("KG-8R3N-12", "Pozovite sestru.", "bivša supruga", form["pin_known_by"]):
        assert kept in answer.text
    async with her.service.database.reading() as tx:
        assert await contacts.find(tx, Channel.SMS, PHONE) == []


@pytest.mark.parametrize("language", ["sr_Cyrl", "sr_Latn", "en"])
async def test_the_consent_is_read_in_full_in_the_persons_language_and_its_hash_is_of_that_text(
    office: Office, language: str
) -> None:
    stage, client = office.stage, await office.client()
    page = (await client.get(f"{NEW}?channel=phone&language={language}")).text
    text = words_at(stage.service, "kragujevac", stage.service.local(stage.now), Channel.PHONE)(
        "consent_contact", language
    )
    shown = page.partition("<blockquote")[2].partition("</blockquote>")[0]
    assert "…" not in shown
    assert "{" not in shown
    for line in text.splitlines():
        assert line.strip().replace("&", "&amp;").replace("'", "&#39;").replace('"', "&#34;") in shown
    person, _ = await enrolled(stage, client, **HIS | {"channel": "phone", "phone": PHONE, "language": language})
    async with stage.service.database.reading() as tx:
        hashes = {each.text_hash for each in await consents.of_participant(tx, person)}
    assert hashes == {hashlib.sha256(text.encode()).hexdigest()}


async def new_text(office: Office) -> None:
    """Another process publishes a consent text; this one looked a moment ago and has not taken it in."""
    service = office.stage.service
    text = service.library.texts["consent_contact"]
    words = {language: said + "\nХвала." for language, said in text.words.items()}
    document = asdict(replace(text, version=OWN * text.version + 1, words=words))
    async with service.database.writing() as tx:
        await configured.keep(tx, Kind.TEXT, json.dumps(document), "x", office.stage.now, in_force=True)
    service.recorded.configured_at = office.stage.now


async def test_safety_consent_to_a_text_that_is_no_longer_in_force_enrols_nobody_and_the_new_one_is_read_aloud(
    office: Office,
) -> None:
    client, form = await office.client(), HIS | {"channel": "phone", "phone": PHONE, "language": "sr_Cyrl"}
    old = await client.read_aloud("phone", "sr_Cyrl")
    await new_text(office)
    for read in (old, ""):
        refused = await client.post(NEW, **form, read_text=read)
        assert refused.status_code == 422
        assert "Прочитајте наглас нови текст" in refused.text
        assert "<p>Хвала.</p>" in refused.text
        assert "KG-7Q2M-11" in refused.text
        assert not re.search(r'name="(contact|evaluation|call)"[^>]* checked', refused.text), "they are asked again"
    person, _ = await enrolled(office.stage, client, **form)
    async with office.stage.service.database.reading() as tx:
        kept = await consents.of_participant(tx, person)
    assert {each.text_hash for each in kept} == {await client.read_aloud("phone", "sr_Cyrl")}
    assert {each.version for each in kept} == {office.stage.service.shipped.text_version("consent_contact") + ".1"}


async def test_safety_the_form_shows_the_text_that_another_process_just_published(office: Office) -> None:
    client = await office.client()
    await new_text(office)
    assert "<p>Хвала.</p>" in (await client.get(f"{NEW}?channel=phone&language=sr_Cyrl")).text


async def test_i17_nobody_is_enrolled_at_another_centre(office: Office) -> None:
    client = await office.client()
    answer = await client.post(NEW, **HIS | {"channel": "phone", "phone": PHONE, "centre": "nis"})
    assert answer.status_code == 404


async def test_safety_the_console_enrols_nobody_of_whom_it_is_not_said_that_they_are_of_age(office: Office) -> None:
    client = await office.client()
    silent = HIS | {"channel": "telegram", "adult": ""}
    refused = await client.post(NEW, **silent)
    assert refused.status_code == 422
    assert "Млађи од 18" in refused.text
    assert (await client.post(NEW, **silent, born_on="1. 2. 1980.")).status_code == 200


async def test_sms_that_is_not_set_up_is_said_before_anybody_is_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await office.client()
    assert "поруке још не могу да оду" in (await client.get(NEW)).text

    async def send(_: Outgoing) -> Outcome:
        raise AssertionError("nothing is sent by looking")

    monkeypatch.setattr(office.console, "_sms", SmsDesk("https://a.example.org", None, "EUR", send))
    assert "поруке још не могу да оду" not in (await client.get(NEW)).text
