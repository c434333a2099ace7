"""What an attacker tries at the console: forged forms, planted sessions, hostile values, other sites, huge bodies."""

import pytest

from staff.pages.access import inside
from surveys.records import alerts, audit
from surveys.records.alerts import NewAlert
from surveys.rules.roles import Role
from surveys.rules.vocabulary import Urgency
from tests.staff.office import PASSWORD, Client, Office

HOSTILE = '"><script>alert(1)</script>'


async def test_a_form_without_the_sessions_token_changes_nothing(office: Office) -> None:
    client = await office.client()
    for csrf in ("", "0" * 64):
        assert (await client.http.post("/staff/me/language", data={"language": "en", "csrf": csrf})).status_code == 403
    assert 'lang="sr-Cyrl"' in (await client.get("/staff/me")).text


async def test_a_form_of_another_site_changes_nothing(office: Office) -> None:
    client = await office.client()
    form = {"language": "en", "csrf": await client.csrf()}
    for origin in ("https://example.org", "null"):
        assert (await client.http.post("/staff/me/language", data=form, headers={"Origin": origin})).status_code == 403


async def test_every_answer_forbids_frames_foreign_bytes_and_keeping(office: Office) -> None:
    client = await office.client()
    for path in ("/staff/", "/staff/sign-in", "/staff/nothing", "/staff/static/console.css"):
        headers = (await client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


async def test_the_session_cookie_is_for_the_browser_and_this_site_alone(office: Office) -> None:
    login = await office.account()
    browser = office.open()
    answer = await browser.post("/staff/sign-in", data={"login": login, "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert answer.headers["location"] == "/staff/second"
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


async def test_a_wrong_login_and_a_wrong_password_show_the_same_page(office: Office) -> None:
    login = await office.account()
    shown = [
        await office.open().post("/staff/sign-in", data={"login": name, "password": "wrong wrong wrong"})
        for name in (login, "nobody@example.org")
    ]
    assert shown[0].status_code == shown[1].status_code == 422
    assert shown[0].text == shown[1].text


async def test_what_people_write_is_never_markup(office: Office) -> None:
    client = await office.client(Role.ADMINISTRATOR)
    form = {"login": "x@example.org", "name": HOSTILE, "role": "worker", "centre": "nis", "language": "en"}
    shown = await client.post("/staff/accounts", **form)
    assert "/staff/invitation/" in shown.text
    assert HOSTILE not in shown.text
    searched = await client.get("/staff/audit?subject=" + HOSTILE)
    assert HOSTILE not in searched.text


async def test_an_enrolment_that_is_wrong_names_the_field_and_enrols_nobody(office: Office) -> None:
    client = await office.client()
    form = {"case_code": "K-1", "completed_on": "2026-09-01", "channel": "telegram", "language": "en", "adult": "yes"}
    shown = await client.post("/staff/people/new", **form, centre="kragujevac")
    assert shown.status_code == 422
    shown = await client.post("/staff/people/new", **form, centre="nis", contact="yes")
    assert shown.status_code == 404, "another centre's"
    assert "p-" not in (await client.get("/staff/people")).text.partition("<main")[2]


async def test_a_person_is_enrolled_with_a_link_and_its_picture_shown_once(office: Office) -> None:
    client = await office.client()
    form = {"case_code": "K-1", "centre": "kragujevac", "completed_on": "2026-09-01", "channel": "telegram"}
    form |= {"adult": "yes"}
    shown = await client.post("/staff/people/new", **form, language="sr_Cyrl", contact="yes", evaluation="yes")
    assert shown.status_code == 200
    assert "https://t.me/upitnik0001_bot?start=" in shown.text
    listed = await client.get("/staff/people")
    assert "t.me" not in listed.text
    assert 'href="/staff/people/p-' in listed.text


async def test_an_alert_is_closed_only_with_its_question_answered_and_the_answer_is_kept(office: Office) -> None:
    client, stage = await office.client(), office.stage
    enrolled = await stage.enrol()
    async with stage.service.database.writing() as tx:
        new = NewAlert(enrolled.participant, "kragujevac", "rule", Urgency.URGENT, True)
        alert = str(await alerts.open_one(tx, new, stage.now))
    assert (await client.post(f"/staff/alerts/{alert}/close", answer="yes")).status_code == 404, "not taken yet"
    await client.post(f"/staff/alerts/{alert}/acknowledge")
    assert (await client.post(f"/staff/alerts/{alert}/close")).status_code == 422
    assert (await client.post(f"/staff/alerts/{alert}/close", answer="no")).status_code == 303
    async with stage.service.database.reading() as tx:
        entries = await audit.of_subject(tx, alert)
    assert '"informed":false' in entries[-1].detail


async def test_a_hold_is_lifted_by_two_people_and_never_by_one(office: Office) -> None:
    first, second = await office.client(), await office.client()
    enrolled = await office.stage.enrol()
    page = f"/staff/people/{enrolled.participant}"
    await first.post(f"{page}/hold")
    assert (await first.post(f"{page}/release")).status_code == 303
    asked = (await second.get("/staff/")).text.partition("/staff/approvals/")[2].partition('"')[0]
    assert (await first.post(f"/staff/approvals/{asked}")).status_code == 422
    assert (await second.post(f"/staff/approvals/{asked}")).status_code == 303
    assert f"{page}/hold" in (await first.get(page)).text


async def test_bodies_are_bounded(office: Office) -> None:
    client = await office.client()
    answer = await client.http.post("/staff/me/language", content=b"a" * (2 * 1024 * 1024 + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "address", ["https://example.org", "//example.org", "/staff/..//x", "/other", "/staff/\\x", "/staff/a\nb", ""]
)
def test_nobody_is_sent_to_another_site(address: str) -> None:
    assert inside(address) == "/staff/"


async def test_an_expired_or_revoked_session_is_none(office: Office) -> None:
    client = await office.client()
    await client.post("/staff/me/sessions")
    assert (await client.get("/staff/me")).headers["location"] == "/staff/sign-in"


async def test_another_cookie_than_ours_is_nobodys(office: Office) -> None:
    stranger = Client(office.open({office.cookie: "x" * 32}))
    assert (await stranger.get("/staff/me")).status_code == 303


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/staff/people/new", "/staff/people/new"), ("/staff/sign-in?language=en", "/staff/sign-in?language=en"),
        ("/staff/settings/centres", "/staff/settings/centres"),
    ],
)  # fmt: skip
async def test_back_and_reload_of_what_answered_a_form_lead_to_a_page_and_send_nothing_again(
    office: Office, path: str, place: str
) -> None:
    client = Client(office.open()) if "sign-in" in path else await office.client(Role.COORDINATOR)
    if path == "/staff/people/new":
        client = await office.client()
    answer = await client.post(
        path, channel="sms", language="en", centre="kragujevac", sr_Cyrl="x", login="a@example.org"
    )
    assert f'data-place="{place}"' in answer.text, answer.text[:900]
    assert "data-place" not in (await client.get(place)).text


async def test_an_enrolled_persons_page_is_where_back_leads(office: Office) -> None:
    client = await office.client()
    form = {"case_code": "K-1", "centre": "kragujevac", "completed_on": "2026-09-01", "channel": "telegram"}
    form |= {"adult": "yes", "language": "sr_Cyrl", "contact": "yes"}
    shown = (await client.post("/staff/people/new", **form)).text
    assert 'data-place="/staff/people/p-' in shown
