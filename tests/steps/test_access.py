"""A copy of one's own data: complete for the person, silent about everybody else, the same sentence for every man."""

from pathlib import Path

from surveys.records import audit
from surveys.records.database import Database
from surveys.steps.access import copy_of
from tests.steps.her_stage import PHONE, make_her_stage
from tests.steps.stage import Stage


async def test_safety_every_mans_copy_says_the_same_of_others_whatever_stands_in_his_record(stage: Stage) -> None:
    said = set()
    for number, word in enumerate(("supruga", "bivša")):
        person = (await stage.enrol(case_code=f"KG-{number}", other_word=word, language="sr_Latn")).participant
        async with stage.service.database.writing() as tx:
            copied = await copy_of(tx, stage.service, person, "by:one", stage.now)
        assert copied["other_word"] == word
        said.add(copied["about_others"])
    (sentence,) = said
    assert "ni da, ni ne" in sentence


async def test_her_copy_is_whole_but_for_words_that_nobody_can_read_and_is_audited(
    database: Database, tmp_path: Path
) -> None:
    her = await make_her_stage(database, tmp_path)
    person = (await her.enrol()).participant
    async with her.service.database.writing() as tx:
        copied = await copy_of(tx, her.service, person, "by:one", her.now)
    assert copied["contacts"] == [{"channel": "sms", "address": PHONE}]
    (safe,) = copied["safe_contact"]
    assert safe["duress_plan"] == "Pozovite sestru."
    assert not {"code", "duress"} & set(safe)
    async with her.service.database.reading() as tx:
        assert "person.copied" in [each.action for each in await audit.of_subject(tx, person)]
