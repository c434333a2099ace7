"""His side is played with one seed and one clock, and her side beside it in every state: what he gets is the same."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from surveys.records.database import Database
from surveys.rules.chance import Chance, SeededChance
from surveys.steps.page_said import Do, View
from tests.databases import any_seals, fresh_sqlite
from tests.steps.her_stage import CODE, DURESS, HerStage, Phone, make_her_stage, safe
from tests.steps.stage import Stage, make_stage

COMPLETED, DAYS = "2026-09-01", 125
NUMBER = "+381641234567"
Wire = list[tuple[datetime, str]]
"""Everything that left his side, to the last byte, with when."""
Life = Callable[[HerStage], Awaitable[None]]


async def nobody(_: HerStage) -> None:
    """A side without people."""


async def silent(her: HerStage) -> None:
    """She never opens what she gets."""


async def _gate(her: HerStage, word: str) -> Phone:
    phone = Phone(her, her.token())
    await phone.gate(word)
    return phone


async def answering(her: HerStage) -> None:
    """She answers everything, the hardest answers first."""
    phone = await _gate(her, CODE)
    await phone.do(Do.AGREE)
    for _ in range(30):
        if phone.screen.view is not View.ITEM or phone.screen.asked is None:
            return
        choices = phone.screen.asked.choices
        await phone.do(Do.NEXT, *([f"c{len(choices) - 1}"] if choices else []))


async def withdrawn(her: HerStage) -> None:
    """She types a word of withdrawal on the cover."""
    await _gate(her, "STOP")


async def alarmed(her: HerStage) -> None:
    """She types the duress word."""
    await _gate(her, DURESS)


async def his_side(root: Path) -> Stage:
    return await make_stage(await opened(root, SeededChance(11)), root)


async def opened(root: Path, chance: Chance) -> Database:
    root.mkdir(parents=True)  # noqa: ASYNC240 - a folder of the test's own
    return await Database.open(fresh_sqlite(root), any_seals(), chance)


async def her_side(root: Path, life: Life, chance: Chance) -> HerStage:
    her = await make_her_stage(await opened(root, chance), root)
    await her.ready()
    if life is not nobody:
        own = safe(confirmed_on="2026-11-20")
        her.now = datetime.fromisoformat("2026-11-20T09:00:00+00:00")
        await her.enrol(completed_on=COMPLETED, phone=NUMBER, safe_contact=own)
    return her


async def he_acts(his: Stage, hour: int) -> None:
    """He agrees and answers two items an hour after his notice, types words of danger later, and stops."""
    offers = [each for each in his.ledger if each.buttons]
    if not offers or len(his.ledger) > 12:
        return
    if len(offers) == 1:
        await his.press("DA")
        await his.press("Pristajem")
    elif len(offers) < 5:
        shown = his.ledger[-1]
        if shown.buttons:
            await his.press_data(shown.buttons[0][0].data, shown)
    elif hour % 7 == 0:
        await his.say("ubiću je")


async def played(root: Path, life: Life | None, *, shared: bool = False) -> Wire:
    """Both sides hour by hour; his wire. `shared` plants a leak: hers draws from his source of chance."""
    his = await his_side(root)
    enrolled = await his.enrol(completed_on=COMPLETED)
    her: HerStage | None = None
    if life is not None:
        chance = his.service.database.chance if shared else SeededChance(12)
        her = await her_side(root / "hers", life, chance)
        her.service = replace(her.service, chance=chance)
    await his.start(enrolled.token)
    wire: Wire = [(his.now, repr(each)) for each in his.ledger]
    reached = False
    for hour in range(24 * DAYS):
        his.now += timedelta(hours=1)
        await his.tick()
        await he_acts(his, hour)
        wire += [(his.now, repr(each)) for each in his.ledger[len(wire) :]]
        if her is not None and her.now <= his.now:
            her.now = his.now
            await her.tick()
            if life is not None and her.ledger and not reached:
                reached = True
                await life(her)
    assert her is None or life is nobody or reached, "her life was not played"
    await his.service.database.close()
    if her is not None:
        await her.service.database.close()
    return wire


@pytest.mark.parametrize("life", [nobody, silent, answering, withdrawn, alarmed], ids=lambda life: str(life.__name__))
async def test_safety_what_he_gets_is_the_same_to_the_byte_whatever_she_does(tmp_path: Path, life: Life) -> None:
    alone = await played(tmp_path / "alone", None)
    assert len(alone) > 6
    assert await played(tmp_path / "beside", life) == alone


async def test_a_source_of_chance_that_both_sides_share_would_be_found(tmp_path: Path) -> None:
    alone = await played(tmp_path / "alone", None)
    assert await played(tmp_path / "beside", answering, shared=True) != alone
