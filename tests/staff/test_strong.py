"""What needs a fresh second factor, as one closed set, and the way back from it; no file leaves her side's console."""

from datetime import timedelta
from pathlib import Path

import pytest

from staff.table import PAGES
from surveys.records.database import Database
from surveys.rules.roles import Role
from tests.staff.office import Client, Office, opened
from tests.steps.her_stage import make_her_stage

STRONG = {
    ("POST", "/staff/people/{participant}/call"),
    ("POST", "/staff/people/{participant}/hold"),
    ("POST", "/staff/people/{participant}/release"),
    ("GET", "/staff/people/{participant}/change/{kind}"),
    ("POST", "/staff/people/{participant}/change/{kind}"),
    ("POST", "/staff/approvals/{approval}"),
    ("POST", "/staff/holds/{scope}/{target}/release"),
    ("GET", "/staff/audit/file"),
    ("POST", "/staff/accounts"),
    ("GET", "/staff/accounts/{account}/close"),
    ("POST", "/staff/accounts/{account}/close"),
    ("POST", "/staff/people/{participant}/reconsent"),
    ("POST", "/staff/people/{participant}/reconsent/agree"),
    ("POST", "/staff/people/{participant}/test"),
    ("POST", "/staff/settings/rota"),
    ("POST", "/staff/settings/helplines/{line}"),
    ("POST", "/staff/settings/wording"),
    ("POST", "/staff/settings/texts/waiting/{row}/publish"),
    ("POST", "/staff/settings/centres/{centre}/merge"),
    ("POST", "/staff/settings/days-off"),
    ("POST", "/staff/accounts/{account}/invite"),
    ("POST", "/staff/data/ask"),
    ("POST", "/staff/data/file"),
    ("POST", "/staff/me/codes"),
    ("POST", "/staff/me/passkey"),
    ("POST", "/staff/me/passkey/options"),
    ("POST", "/staff/people/{participant}/contact/keep"),
    ("POST", "/staff/people/{participant}/safe"),
    ("GET", "/staff/people/{participant}/safe"),
    ("POST", "/staff/people/{participant}/test/seen"),
    ("POST", "/staff/questionnaires/try/{draft}/publish"),
    ("POST", "/staff/settings/centres"),
    ("GET", "/staff/settings/centres/{centre}/merge"),
    ("POST", "/staff/settings/days-off/remove"),
    ("POST", "/staff/settings/rota/{place}/remove"),
    ("POST", "/staff/settings/texts/waiting/{row}/drop"),
    ("POST", "/staff/settings/texts/{name}/new"),
    ("POST", "/staff/settings/protocol/new"),
    ("POST", "/staff/settings/protocol/waiting/{row}/approve"),
    ("POST", "/staff/settings/protocol/waiting/{row}/drop"),
}
"""Consent and contact changes, withdrawal, purge, hold and release, numbers, exports, accounts."""


async def later(office: Office, client: Client) -> None:
    """The second factor was given too long ago, and the session goes on."""
    for _ in range(4):
        office.stage.now += timedelta(minutes=10)
        await client.get("/staff/me")


def test_safety_what_could_hurt_needs_a_fresh_second_factor() -> None:
    assert {(page.method, page.path) for page in PAGES if page.strong} == STRONG


@pytest.mark.parametrize(("method", "path"), sorted(STRONG), ids=lambda given: given)
async def test_safety_without_a_fresh_factor_nothing_of_it_is_done(office: Office, method: str, path: str) -> None:
    page = next(each for each in PAGES if (each.method, each.path) == (method, path))
    client = await office.client(next(role for role in Role if page.may is None or _may(role, page.may)))
    await later(office, client)
    ids = {
        "participant": "p-1", "kind": "purge", "approval": "v-1", "scope": "side", "target": "all", "account": "a-1",
        "line": "l", "row": "g-1", "centre": "nis", "draft": "d-1", "place": "0", "name": "consent_contact",
    }  # fmt: skip
    address = path.format(**ids)
    answer = await (client.get(address) if method == "GET" else client.post(address))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/staff/again?next=/staff/")


def _may(role: Role, what: object) -> bool:
    from surveys.rules.roles import MATRIX  # noqa: PLC0415 - used once

    return what in MATRIX[role]


async def test_the_way_back_leads_to_the_task_that_was_begun(office: Office) -> None:
    client = await office.client()
    await later(office, client)
    person = "/staff/people/p-1"
    for address, back in (
        (f"{person}/hold", person), (f"{person}/call", f"{person}/call"),
        (f"{person}/change/phone", f"{person}/change/phone"), ("/staff/approvals/v-1", "/staff/"),
    ):  # fmt: skip
        answer = await client.post(address)
        assert answer.headers["location"] == f"/staff/again?next={back}"


async def test_safety_her_console_hands_out_no_file(database: Database, tmp_path: Path) -> None:
    her = await make_her_stage(database, tmp_path)
    async with opened(her) as office:
        client = await office.client(Role.COORDINATOR)
        answer = await client.get("/staff/audit/file")
        assert (answer.status_code, "content-disposition" in answer.headers) == (404, False)
        assert "/staff/audit/file" not in (await client.get("/staff/audit")).text


async def test_his_console_hands_out_the_audit(office: Office) -> None:
    client = await office.client(Role.COORDINATOR)
    assert (await client.get("/staff/audit/file")).status_code == 200
