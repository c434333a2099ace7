"""From Start to the last answer, by a service of its own process: both ways of getting updates, in every script."""

from datetime import datetime
from pathlib import Path

import pytest

from surveys.language.script import fold
from tests.journeys.house import house

LATER = datetime.fromisoformat("2027-02-22T06:00:00+00:00")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_man_goes_through_both_waves_by_pressing(tmp_path: Path, mode: str) -> None:
    async with house(tmp_path, mode=mode) as side:
        await side.enrol(501)
        await side.serve()
        side.follow(501)
        await side.noticed(501)
        assert await side.answer(501) > 10
        first = await side.stored(501)
        assert len(first) > 10
        await side.noticed(501, LATER)
        assert await side.answer(501) > 10
        both = await side.stored(501)
        assert len({each.interview for each in both}) == 2
        assert [each for each in both if each.interview == first[0].interview] == first
        assert {each.kind for each in await side.notices(501)} >= {"notice"}
        assert side.wire.world.ledger.refused == []


@pytest.mark.parametrize(("language", "said"), [("sr_Cyrl", str), ("sr_Latn", str), ("sr_Latn", fold)])
async def test_typed_words_are_answers_in_every_script(tmp_path: Path, language: str, said: type[str]) -> None:
    async with house(tmp_path) as side:
        await side.enrol(502, language=language)
        await side.serve()
        side.follow(502)
        await side.noticed(502)
        await side.answer(502, words=said)
        assert side.buttons(502) == []
        assert len(await side.stored(502)) > 10


@pytest.mark.parametrize("answered", [1, 4])
async def test_the_button_of_a_late_notice_leads_back_to_where_he_stands(tmp_path: Path, answered: int) -> None:
    async with house(tmp_path) as side:
        await side.enrol(503)
        await side.serve()
        side.follow(503)
        await side.shown(503)
        await side.answer(503, answered)
        asked, kept = side.newest(503), await side.stored(503)
        await side.noticed(503)
        await side.answer(503, 1)
        assert side.newest(503) == asked
        assert await side.stored(503) == kept
