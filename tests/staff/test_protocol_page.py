"""The protocol in the console: proposed by one, rejected, withdrawn or approved by another; nothing half done."""

import re

import pytest

from surveys.records import audit, participants
from surveys.records.audit import Wanted
from surveys.rules.protocol_parts import parts_of, said
from surveys.rules.roles import Role
from surveys.steps import configured, protocol_set
from tests.staff.office import Client, Office, opened
from tests.steps.her_stage import HerStage, make_her_stage
from tests.steps.test_own_protocol import plan_of

AT = "/staff/settings/protocol"
_ROW = re.compile(rf"{AT}/waiting/([^/]+)/drop")


def typed(office: Office, **changes: str) -> dict[str, str]:
    """The form as it stands, changed; in a name `__` stands for a dot."""
    given = said(office.stage.service.library.protocol) | {n.replace("__", "."): v for n, v in changes.items()}
    return {name: value for name, value in given.items() if value}


async def waiting(client: Client) -> str:
    found = _ROW.search((await client.get(AT)).text)
    return found[1] if found else ""


async def two(office: Office) -> tuple[Client, Client]:
    return await office.client(Role.ADMINISTRATOR), await office.client(Role.COORDINATOR)


async def actions(office: Office) -> list[str]:
    async with office.stage.service.database.reading() as tx:
        return [each.action for each in (await audit.look(tx, Wanted(), 100))[0] if each.action.startswith("protocol.")]


async def test_a_protocol_is_proposed_rejected_proposed_again_and_approved_and_plans_whoever_comes(
    office: Office,
) -> None:
    stage = office.stage
    before = (await stage.enrol()).participant
    plan = await plan_of(stage, before)
    first, second = await two(office)
    new = typed(office, first_contact__to_day="4", wave__m0="yes")
    assert (await first.post(f"{AT}/new", **new)).status_code == 303
    shown = (await second.get(AT)).text
    assert re.search(r"<dd>10 → <strong>4</strong></dd>", shown), "old and new, field by field"
    assert re.search(r"<dd>није укључен → <strong>укључен</strong></dd>", shown)
    row = await waiting(second)
    assert (await first.post(f"{AT}/waiting/{row}/approve")).status_code == 422, "not by who proposed it"
    assert (await second.post(f"{AT}/waiting/{row}/drop")).status_code == 303
    assert (await second.post(f"{AT}/waiting/{row}/approve")).status_code == 422, "what was rejected holds never"
    assert await waiting(first) == ""
    await first.post(f"{AT}/new", **new)
    assert (await second.post(f"{AT}/waiting/{await waiting(second)}/approve")).status_code == 303
    assert stage.service.library.protocol.version == "1.2"
    after = (await stage.enrol()).participant
    async with stage.service.database.reading() as tx:
        assert (await participants.get(tx, after)).protocol == "1.2"
    assert '"wave": "m0"' in await plan_of(stage, after)
    assert await plan_of(stage, before) == plan, "byte for byte"
    for person, version in ((before, "1"), (after, "1.2")):
        assert f"По протоколу верзије {version}." in (await second.get(f"/staff/people/{person}")).text
    assert sorted(await actions(office)) == ["protocol.approved", "protocol.rejected"]


async def test_who_proposed_a_protocol_may_withdraw_it(office: Office) -> None:
    first, second = await two(office)
    await first.post(f"{AT}/new", **typed(office, closing__after_days="44"))
    row = await waiting(first)
    assert "/approve" not in (await first.get(AT)).text
    assert (await first.post(f"{AT}/new", **typed(office, closing__after_days="43"))).status_code == 422
    assert (await first.get(f"{AT}/new")).status_code == 303, "one at a time"
    assert (await first.post(f"{AT}/waiting/{row}/drop")).status_code == 303
    assert (await first.post(f"{AT}/waiting/{row}/drop")).status_code == 404
    assert (await second.post(f"{AT}/waiting/{row}/approve")).status_code == 422
    assert await actions(office) == ["protocol.withdrawn"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closing__after_days": "46"}, "closing.after_days"),
        ({"closing__after_days": ""}, "closing.after_days"),
        ({"hours__0__to": "23:00"}, "hours.0.to"),
        ({"hours__0__days": "<script>"}, "hours.0.days"),
        ({"reminders__after_days": "11, 4"}, "reminders.after_days"),
        ({"wave__m0": "maybe"}, "wave.m0"),
        ({"retention__audit_days": "1000"}, "retention.audit_days"),
        ({"caps__per_wave": "1"}, "caps.per_wave"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
async def test_safety_what_may_not_be_is_said_at_its_field_and_nothing_of_it_is_done(
    office: Office, changes: dict[str, str], field: str
) -> None:
    first, _ = await two(office)
    shown = await first.post(f"{AT}/new", **typed(office, **changes))
    assert shown.status_code == 422
    assert shown.text.count('aria-invalid="true"') == 1
    assert f'id="{field}-wrong"' in shown.text
    assert "<script>" not in shown.text
    assert await waiting(first) == ""


async def test_a_form_that_changes_nothing_or_has_too_much_is_refused(office: Office) -> None:
    first, _ = await two(office)
    for more in ({}, {"wave.m3": "", "version": "9", "first_contact.late": "drawn", "wave.m3.months": "9"}):
        shown = await first.post(f"{AT}/new", **(typed(office) | more))
        assert shown.status_code == 422
        assert "Ништа није промењено." in shown.text
    assert await waiting(first) == ""


async def test_the_page_says_whether_readiness_names_the_version_in_force(office: Office) -> None:
    first, second = await two(office)
    assert "Спремност није уписана за верзију 1." in (await first.get(AT)).text
    assert "спремност није уписана" in (await first.get("/staff/settings")).text
    await first.post(f"{AT}/new", **typed(office, closing__after_days="44"))
    await second.post(f"{AT}/waiting/{await waiting(second)}/approve")
    shown = (await first.get(AT)).text
    assert "Спремност није уписана за верзију 1.1." in shown
    assert "Мира Јовић" in shown, "who proposed and approved it"


@pytest.mark.parametrize(("days", "said_once_more"), [("179", True), ("365", False)])
async def test_safety_who_agrees_to_a_shorter_clock_is_told_that_the_older_goes_for_good(
    office: Office, days: str, said_once_more: bool
) -> None:
    first, second = await two(office)
    assert (await first.post(f"{AT}/new", **typed(office, retention__unanswered_days=days))).status_code == 303
    shown = (await second.get(AT)).text
    row = await waiting(second)
    assert ("не може да се врати" in shown) is said_once_more
    asks = shown.partition(f"{AT}/waiting/{row}/approve")[0].rpartition("<details")[2]
    assert ("не може да се врати" in asks) is said_once_more, "asked once more, beside the button"


@pytest.mark.parametrize("role", [Role.WORKER, Role.EVALUATOR])
async def test_safety_nobody_else_sees_or_changes_the_protocol(office: Office, role: Role) -> None:
    client = await office.client(role)
    for path in (AT, f"{AT}/new"):
        assert (await client.get(path)).status_code == 404
    assert (await client.post(f"{AT}/new", **typed(office, closing__after_days="44"))).status_code == 404
    assert office.stage.service.library.protocol.version == "1"


async def test_safety_on_her_side_the_page_says_that_nothing_is_sent_until_readiness_names_the_version(
    database: object, tmp_path: object
) -> None:
    her: HerStage = await make_her_stage(database, tmp_path)  # type: ignore[arg-type]
    await her.ready()
    async with opened(her) as office:
        first, second = await two(office)
        assert "caps.per_day" not in {part.name for part in parts_of(her.service.library.protocol)}
        shown = await first.post(f"{AT}/new", **typed(office, first_contact__from_day="8"))
        assert (shown.status_code, shown.text.count('aria-invalid="true"')) == (422, 1)
        await first.post(f"{AT}/new", **typed(office, first_contact__from_day="7"))
        said = "Чим се одобри, никоме на овој страни се ништа не шаље док се за верзију 1.1 не упише спремност."
        assert said in (await second.get(AT)).text
        await second.post(f"{AT}/waiting/{await waiting(second)}/approve")
        assert "Никоме се ништа не шаље и нико се не зове док се не упише." in (await second.get(AT)).text
        await her.ready(protocol_version="1.1")
        assert "Спремност је уписана за верзију 1.1." in (await second.get(AT)).text


async def test_two_services_on_one_database_see_the_version(office: Office) -> None:
    first, second = await two(office)
    other = office.stage.service.recorded
    await first.post(f"{AT}/new", **typed(office, closing__after_days="44"))
    await second.post(f"{AT}/waiting/{await waiting(second)}/approve")
    other.configured, other.configured_at = type(other.configured)(), None
    await configured.refresh(office.stage.service, office.stage.now)
    assert office.stage.service.library.protocol.version == "1.1"
    async with office.stage.service.database.reading() as tx:
        assert (await protocol_set.in_force(tx, office.stage.service)).closing_after_days == 44
