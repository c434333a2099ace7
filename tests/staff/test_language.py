"""What somebody chose to read is what every page speaks, from the sign-in on; nobody else's choice changes it."""

import pyotp

from surveys.records import accounts
from surveys.records.accounts import NewAccount
from surveys.rules.roles import Role
from surveys.steps import staff_access
from tests.staff.office import PASSWORD, SECRET, Client, Office

TAG = {"sr_Cyrl": '<html lang="sr-Cyrl">', "sr_Latn": '<html lang="sr-Latn">', "en": '<html lang="en">'}


async def signed_in(office: Office, login: str, query: str) -> Client:
    """Through both pages of the sign-in, as a browser goes."""
    http = office.open()
    form = (await http.get(f"/staff/sign-in{query}")).text
    action = form.partition('method="post" action="')[2].partition('"')[0]
    began = await http.post(action, data={"login": login, "password": PASSWORD})
    assert began.status_code == 303
    second = (await http.get("/staff/second")).text
    csrf = second.partition('name="csrf" value="')[2].partition('"')[0]
    assert (await http.post("/staff/second", data={"csrf": csrf, "code": office.code()})).status_code == 303
    return Client(http)


async def test_the_language_chosen_at_the_sign_in_is_the_accounts_from_then_on(office: Office) -> None:
    login = await office.account()
    for query, language in (
        ("", "sr_Cyrl"),
        ("?language=sr_Latn", "sr_Latn"),
        ("", "sr_Latn"),
        ("?language=xx", "sr_Latn"),
    ):
        client = await signed_in(office, login, query)
        for page in ("/staff/", "/staff/people", "/staff/me", "/staff/overview"):
            assert TAG[language] in (await client.get(page)).text, (query, page)
        office.stage.now += staff_access.FRESH


async def test_an_invited_persons_pages_speak_their_language_or_the_one_they_choose(office: Office) -> None:
    async with office.stage.service.database.writing() as tx:
        new = NewAccount("new@example.org", "Ана", Role.WORKER, "nis", "en", "operator")
        link = f"/staff/invitation/{(await staff_access.invite(tx, office.stage.service, new, office.stage.now)).token}"
    http = office.open()
    assert (await http.get(link)).headers["location"] == f"{link}?language=en"
    assert TAG["en"] in (await http.get(f"{link}?language=en")).text
    before = pyotp.TOTP(SECRET).at(office.stage.now)
    form = {"secret": SECRET, "password": PASSWORD, "code": before}
    done = (await http.post(f"{link}?language=sr_Latn", data=form)).text
    assert TAG["sr_Latn"] in done
    assert 'href="/staff/sign-in?language=sr_Latn"' in done
    async with office.stage.service.database.reading() as tx:
        found = await accounts.find(tx, "new@example.org")
    assert found is not None
    assert found.language == "sr_Latn"
