"""A whole interview by SMS, over HTTP against a strict provider, by a service of its own process."""

from pathlib import Path

import pytest

from surveys.language.script import fold, segments, to_latin
from tests.journeys.sms_house import PHONE, sms_house

LONGEST = 60


@pytest.mark.parametrize(
    ("language", "said"), [("sr_Cyrl", str), ("sr_Latn", to_latin), ("sr_Latn", fold), ("en", str)]
)
async def test_a_two_way_interview_is_completed_by_sms(tmp_path: Path, language: str, said: type[str]) -> None:
    yes, onward, never = ("YES", "next", "not once") if language == "en" else ("ДА", "даље", "ниједном")
    async with sms_house(tmp_path) as house:
        person = await house.enrol(language=language)
        await house.side.serve()
        await house.noticed()
        assert segments(house.newest()) == 1
        asked = await house.text(said(yes))
        asked = await house.text("1")
        cost = 0
        for _ in range(LONGEST):
            if "/" not in asked.split(" ")[0] and not asked.startswith(("Pitanja koja", "The next")):
                break
            note = "/" not in asked.split(" ")[0]
            cost += segments(asked)
            assert note or segments(asked) <= 2, asked
            counted = "\na) " in asked
            asked = await house.text(said(onward) if note else said(never) if counted else "1")
        stored = await house.stored(person)
        assert len(stored) > 10, asked
        await house.holds_nothing()
        await house.side.noticed_nothing_of(PHONE, PHONE[1:], "KG-4567")
        print(f"{language}: {cost} segments for the items of one completed interview")
