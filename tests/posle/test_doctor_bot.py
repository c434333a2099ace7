"""What the doctor says of the bot, asked of a real server on the loopback."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from posle.doctor import examine
from posle.doctor.finding import Finding, Verdict
from posle.founding import found
from posle.opening import opened
from surveys.records import stamps
from surveys.rules.vocabulary import Side
from tests.bot.provider import Answer, answers, provider, refuses, resets
from tests.posle.test_settings import TOKEN

NOW = datetime(2027, 2, 14, 12, tzinfo=UTC)
NAMELESS = {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "a"}}


async def look(folder: Path, *said: Answer) -> dict[str, Finding]:
    async with provider(TOKEN) as telegram:
        telegram.plan("getMe", *said)
        with (folder / "posle.toml").open("a") as file:
            file.write(f'[telegram]\ntoken = "{TOKEN}"\napi_url = "{telegram.url}"\n')
        return {finding.check: finding for finding in await examine(folder, NOW)}


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    await found(tmp_path / "his", Side.EX_PERPETRATORS, evaluators=None, database=None, now=NOW)
    return tmp_path / "his"


async def test_a_bot_that_answers_is_in_order(folder: Path) -> None:
    findings = await look(folder)
    assert findings["telegram"].verdict is Verdict.OK
    assert findings["bot"].verdict is Verdict.OK


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (refuses(401, "Unauthorized"), Verdict.WRONG),
        (refuses(404, "Not Found"), Verdict.WRONG),
        (answers(200, NAMELESS), Verdict.WRONG),
        (refuses(500, "Internal Server Error"), Verdict.MISSING),
        (answers(502, b"<html>bad gateway</html>"), Verdict.MISSING),
        (resets, Verdict.MISSING),
    ],
)
async def test_what_is_wrong_with_the_bot_is_told_apart_from_a_provider_in_trouble(
    folder: Path, said: Answer, verdict: Verdict
) -> None:
    finding = (await look(folder, said, said, said))["telegram"]
    assert finding.verdict is verdict
    assert TOKEN not in finding.advice
    assert "127.0.0.1" not in finding.advice


async def test_another_bot_than_the_one_that_people_started_is_wrong(folder: Path) -> None:
    async with opened(folder) as (_, database), database.writing() as tx:
        await stamps.set_bot(tx, "99")
    assert (await look(folder))["bot"].verdict is Verdict.WRONG


@pytest.mark.parametrize("profile", [{"username": "podrska_bot"}, {"first_name": "Подршка жртвама"}])
async def test_safety_a_bot_whose_names_say_what_it_is_for_is_not_in_order(
    folder: Path, profile: dict[str, str]
) -> None:
    me = {"id": 1, "is_bot": True, "first_name": "Anketa", "username": "ordinary_bot"} | profile
    finding = (await look(folder, answers(200, {"ok": True, "result": me})))["telegram"]
    assert finding.verdict is Verdict.MISSING
    assert "vocabulary" in finding.advice
