"""A person's alerts are one entry on the console: seen, taken and closed together, each a row of its own."""

import re
from datetime import timedelta

import pytest

from staff.pages.alerts import RULES
from surveys.records import alerts, audit, interviews, invitations
from surveys.records.alerts import Alert, NewAlert
from surveys.records.interviews import NewInterview
from surveys.rules.roles import Reader, Role
from surveys.rules.vocabulary import Channel, Urgency
from surveys.steps import raised
from surveys.steps.gate import DURESS
from tests.staff.office import Client, Office


async def respond(office: Office, *items: str) -> tuple[str, str, list[str]]:
    """A man whose answers to these items are a risk: who, his wave's invitation, the alerts."""
    stage, person = office.stage, (await office.stage.enrol()).participant
    async with stage.service.database.writing() as tx:
        wave = (await invitations.of_participant(tx, person))[0]
        new = NewInterview(wave.id, person, "check-in", "1", "items", Channel.TELEGRAM)
        talk = (await interviews.start(tx, new, stage.now)).id
    return person, wave.id, [await risen(office, person, "answer", talk, item) for item in items]


async def risen(office: Office, person: str, rule: str, talk: str | None = None, item: str | None = None) -> str:
    async with office.stage.service.database.writing() as tx:
        new = NewAlert(person, "kragujevac", rule, Urgency.URGENT, rule != DURESS, talk, item)
        return str(await alerts.open_one(tx, new, office.stage.now))


async def seen(office: Office, *names: str) -> list[Alert]:
    async with office.stage.service.database.reading() as tx:
        return [found for name in names if (found := await alerts.get(tx, name))]


async def press(client: Client, page: str, action: str, **more: str) -> int:
    """Send the form of this page whose address ends so, as the page has it."""
    form = re.search(rf'action="([^"]*/{action})"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form, page
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[2]))
    return (await client.post(form[1], **(fields | more))).status_code


async def test_i10_a_response_with_several_risk_answers_is_one_entry_and_each_alert_is_taken_closed_and_audited(
    office: Office,
) -> None:
    person, _, names = await respond(office, "weapon", "strangled", "children")
    client = await office.client()
    today = (await client.get("/staff/")).text
    assert today.count(f'href="/staff/people/{person}"') == 1
    assert "укупно: 3" in today
    assert await press(client, today, "acknowledge") == 303
    assert {each.state for each in await seen(office, *names)} == {"acknowledged"}
    page = (await client.get(f"/staff/alerts/{names[1]}")).text
    assert await press(client, page, "close", answer="no") == 303
    assert {(each.state, each.answered) for each in await seen(office, *names)} == {("closed", False)}
    async with office.stage.service.database.reading() as tx:
        for name in names:
            done = [each.action for each in await audit.of_subject(tx, name)]
            assert done == ["alert.acknowledged", "alert.read", "alert.closed"]


async def test_safety_an_alert_that_was_opened_meanwhile_is_neither_taken_nor_closed_unseen(office: Office) -> None:
    person, _, (first,) = await respond(office, "weapon")
    client = await office.client()
    today = (await client.get("/staff/")).text
    second = await risen(office, person, "suicide")
    await press(client, today, "acknowledge")
    assert [each.state for each in await seen(office, first, second)] == ["acknowledged", "open"]
    page = (await client.get(f"/staff/alerts/{first}")).text
    assert await press(client, page, "acknowledge") == 303
    third = await risen(office, person, "threat")
    page = (await client.get(f"/staff/alerts/{first}")).text
    await press(client, page, "close", answer="yes")
    assert [each.state for each in await seen(office, first, second, third)] == ["closed", "closed", "open"]


async def test_safety_what_a_colleague_took_about_the_same_person_is_not_closed_beside_ones_own(office: Office) -> None:
    person, _, (own,) = await respond(office, "weapon")
    client, colleague = await office.client(), await office.client()
    await press(client, (await client.get("/staff/")).text, "acknowledge")
    other = await risen(office, person, "suicide")
    await press(colleague, (await colleague.get("/staff/")).text, "acknowledge")
    page = (await client.get(f"/staff/alerts/{other}")).text
    await press(client, page, "close", answer="no", shown=f"{own} {other}")
    assert [each.state for each in await seen(office, own, other)] == ["closed", "acknowledged"]
    await press(client, (await client.get(f"/staff/alerts/{other}")).text, "close", answer="no")
    assert (await seen(office, other))[0].state == "closed", "on purpose, one by one"


@pytest.mark.parametrize("role", [Role.WORKER, Role.COORDINATOR])
async def test_safety_what_raised_an_alert_and_the_way_to_the_answers_are_for_who_may_read_them(
    office: Office, role: Role
) -> None:
    person, wave, (name,) = await respond(office, "weapon")
    await risen(office, person, "suicide")
    page = (await (await office.client(role)).get(f"/staff/alerts/{name}")).text
    reads = role is Role.WORKER
    assert (f'href="/staff/responses/{wave}"' in page, RULES["suicide"] in page) == (reads, reads)
    assert "weapon" not in page, "an alert never says what was answered"


async def test_safety_beside_a_duress_word_no_other_alert_says_that_she_may_be_called(office: Office) -> None:
    person, _, (name,) = await respond(office, "weapon")
    client = await office.client()
    assert "сме да се позове" in (await client.get(f"/staff/alerts/{name}")).text
    await risen(office, person, DURESS)
    async with office.stage.service.database.reading() as tx:
        both = tuple(await alerts.of_participant(tx, person))
    assert len(both) == 2
    assert not raised.Raised(both).call_consented
    assert not raised.Raised(both[::-1]).call_consented
    page = (await client.get(f"/staff/alerts/{name}")).text
    assert "Немојте звати ни писати." in page
    today, one = (await client.get("/staff/")).text, (await client.get(f"/staff/people/{person}")).text
    assert "сме да се позове" not in page + today
    assert "Немојте звати ни писати." in today
    assert "Немојте звати ни писати." in one
    assert f"/staff/people/{person}/call" not in one
    call = (await client.get(f"/staff/people/{person}/call")).text
    assert "Немојте звати ни писати." in call
    assert "Покажи број" not in call


async def test_safety_a_duress_word_on_another_page_of_alerts_is_part_of_the_entry_on_this_one(office: Office) -> None:
    person, _, names = await respond(office, "weapon")
    await risen(office, person, DURESS)
    reader = Reader("s-1", Role.WORKER, "kragujevac")
    async with office.stage.service.database.reading() as tx:
        first = await alerts.get(tx, names[0])
        assert first is not None
        entry, *others = await raised.entries(tx, reader, [first])
        assert await raised.entries(tx, Reader("s-2", Role.WORKER, "nis"), []) == []
    assert others == []
    assert entry.duress
    assert not entry.call_consented


async def test_i17_nobody_elses_alert_is_taken_by_naming_it_in_the_form(office: Office) -> None:
    _, _, (own,) = await respond(office, "weapon")
    _, _, (other,) = await respond(office, "weapon")
    client = await office.client()
    await client.post(f"/staff/alerts/{own}/acknowledge", shown=f"{own} {other}")
    assert [each.state for each in await seen(office, own, other)] == ["acknowledged", "open"]


def test_everything_that_raises_an_alert_is_said_in_words() -> None:
    assert set(raised.RULES) == set(RULES)


async def test_a_drill_stands_below_everybody_whom_an_alert_is_about(office: Office) -> None:
    async with office.stage.service.database.writing() as tx:
        new = NewAlert(None, "kragujevac", "drill", Urgency.URGENT, False, drill=True)
        await alerts.open_one(tx, new, office.stage.now)
    office.stage.now += timedelta(minutes=1)
    person, _, _ = await respond(office, "weapon")
    today = (await (await office.client()).get("/staff/")).text
    assert today.index(person) < today.index("вежба")
