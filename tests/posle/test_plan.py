"""`posle plan` shows every wave of everybody: what is sent when, what it waits for, or why nothing is sent."""

from datetime import datetime
from pathlib import Path

from posle import holding, leaving
from posle.enrolling import enrol
from posle.upcoming import in_words, look_ahead
from surveys.rules.reasons import Reason
from surveys.rules.vocabulary import Disposition
from surveys.steps.outlook import Wave
from tests.bot.provider import Provider
from tests.posle.conftest import Posle
from tests.posle.test_people import NOW, PERSON, folder, telegram

__all__ = ["folder", "telegram"]


async def waves_of(folder: Path) -> dict[str, Wave]:
    return {each["wave"]: each for each in await look_ahead(folder)}


async def test_each_wave_shows_its_messages_in_local_time(folder: Path, telegram: Provider) -> None:
    participant = (await enrol(folder, PERSON, NOW))["participant"]
    found = await waves_of(folder)
    assert set(found) == {"m3", "m6"}
    m3 = found["m3"]
    assert (m3["participant"], m3["due_on"], m3["reason"]) == (participant, "2027-04-15", None)
    assert m3["messages"][0]["kind"] == "notice"
    for message in m3["messages"]:
        at = datetime.fromisoformat(message["at"])
        assert at.utcoffset() is not None
        assert 9 <= at.hour < 20
    assert m3["waits_for"] == Reason.NOT_BOUND


async def test_a_wave_that_is_over_says_so(folder: Path) -> None:
    await enrol(folder, PERSON | {"completed_on": "2026-09-01"}, NOW)
    assert (await waves_of(folder))["m3"]["reason"] == Reason.ENTERED_TOO_LATE


async def test_what_stands_in_the_way_is_named(folder: Path) -> None:
    participant = (await enrol(folder, PERSON, NOW))["participant"]
    await holding.hold(folder, None, participant, "a reason", None, NOW)
    assert (await waves_of(folder))["m3"]["waits_for"] == Reason.PERSON_HELD
    await holding.hold(folder, None, None, "a reason", None, NOW)
    assert (await waves_of(folder))["m3"]["waits_for"] in (Reason.PERSON_HELD, Reason.SIDE_HELD)


async def test_after_a_withdrawal_nothing_is_sent_and_the_plan_says_why(folder: Path) -> None:
    participant = (await enrol(folder, PERSON, NOW))["participant"]
    await leaving.withdraw(folder, participant, None, NOW)
    for wave in (await waves_of(folder)).values():
        assert (wave["reason"], wave["waits_for"]) == (Reason.WITHDRAWN, None)


async def test_a_purged_person_is_still_counted(folder: Path) -> None:
    participant = (await enrol(folder, PERSON, NOW))["participant"]
    await leaving.purge(folder, participant, "Mira", NOW)
    assert {wave["participant"] for wave in (await waves_of(folder)).values()} == {participant}


def test_people_read_a_table(his: Path, posle: Posle) -> None:
    assert posle("plan", his).out == "participant\twave\twhat\twhen\twhy not\n"
    assert posle("plan", his, "--json").out == "[]\n"
    assert in_words("withdrawn") == "The person withdrew; nothing is ever sent again."
    assert in_words("complete") == "The wave was answered."


def test_what_became_of_a_wave_is_said_in_words() -> None:
    assert {each.value for each in Disposition if in_words(each) == each.value} == set()
    assert in_words("sent").startswith("Every message of this wave was sent")
