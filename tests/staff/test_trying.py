"""A questionnaire is tried on a simulated telephone before it is published: by language and channel."""

import re

import pytest

from surveys.library import load_library
from surveys.records import instruments
from surveys.rules.roles import Role
from surveys.rules.vocabulary import Side
from tests.staff.office import Client, Office


async def uploaded(client: Client, version: bytes = b"2", name: str = "x.xlsx") -> str:
    """The draft's address; the name says another kind than the file is."""
    data = load_library(Side.EX_PERPETRATORS).instruments["check-in"].read_bytes()
    data = data.replace(b"| check-in | 1 |", b"| check-in | " + version + b" |")
    fields = {"csrf": await client.csrf(), "kind": ".xlsx"}
    answer = await client.http.post("/staff/questionnaires", data=fields, files={"file": (name, data)})
    assert answer.status_code == 303, answer.text[:2000]
    return str(answer.headers["location"])


async def begun(client: Client, draft: str, **more: str) -> str:
    given = {"language": "sr_Latn", "channel": "chat", "gender": "male", "other_gender": "female"} | more
    assert (await client.post(f"{draft}/begin", **given)).status_code == 303
    return (await client.get(draft)).text


@pytest.mark.parametrize("channel", ["chat", "sms", "page"])
@pytest.mark.parametrize("language", ["sr_Cyrl", "sr_Latn", "en"])
async def test_a_draft_is_played_in_each_language_and_channel(office: Office, channel: str, language: str) -> None:
    client = await office.client()
    draft = await uploaded(client)
    shown = await begun(client, draft, channel=channel, language=language)
    assert "bubble" in shown
    for _ in range(60):
        if "Крај разговора" in shown:
            break
        assert "{window}" not in shown
        assert "{other" not in shown
        await client.post(f"{draft}/say", skip="yes")
        skipped = (await client.get(draft)).text
        if skipped == shown:
            await client.post(f"{draft}/say", text="1")
            skipped = (await client.get(draft)).text
        shown = skipped
    assert "Крај разговора" in shown


async def test_an_sms_says_its_segments_and_its_price(office: Office) -> None:
    client = await office.client()
    draft = await uploaded(client)
    assert "Делова SMS-а: " in await begun(client, draft, channel="sms")
    assert re.search(r"Цена: \d+,[05]0\.", (await client.get(f"{draft}?price=4,5")).text)


async def test_a_trial_keeps_what_was_chosen_for_it(office: Office) -> None:
    client = await office.client()
    shown = await begun(client, await uploaded(client), other_word="Марија")
    for kept in ('value="male" selected', 'value="female" selected', 'value="Марија"'):
        assert kept in shown


async def test_a_trial_says_the_word_for_the_other_person_by_the_gender_that_was_chosen(office: Office) -> None:
    client = await office.client()
    draft = await uploaded(client)
    words = office.stage.service.library.other_word
    for gender in ("female", "male"):
        assert words(gender, "sr_Latn") in await begun(client, draft, other_gender=gender)


async def test_what_was_tried_is_published_by_who_may_and_nobody_else_sees_the_draft(office: Office) -> None:
    worker, coordinator = await office.client(), await office.client(Role.COORDINATOR)
    draft = await uploaded(coordinator)
    for path in (draft, "/staff/questionnaires/try/none"):
        assert (await worker.get(path)).status_code == 404
    assert (await worker.post(f"{await uploaded(worker)}/publish")).status_code == 404
    assert f"{draft}/publish" in (await coordinator.get(draft)).text
    assert (await coordinator.post(f"{draft}/publish")).status_code == 303
    assert f"{draft}/publish" not in (await coordinator.get(draft)).text, "there is nothing more to publish"
    async with office.stage.service.database.reading() as tx:
        assert await instruments.get(tx, "check-in", "2") is not None
