"""The pair link is in no database: each side holds the case code sealed to the evaluators, and neither can open it."""

from pathlib import Path

from sqlalchemy import select

from surveys.records import participants
from surveys.records.database import Database
from surveys.records.evaluators import ExportOpener, read_evaluators_private
from surveys.records.tables import metadata
from surveys.steps.enrol import CASE_CODE
from tests.steps.her_stage import make_her_stage
from tests.steps.stage import Stage

CODE = "KG-7Q2M-PLANTED"


async def rows(stage: Stage) -> str:
    async with stage.service.database.reading() as tx:
        return " ".join([str(await tx.rows(select(table))) for table in metadata.sorted_tables])


async def test_safety_a_case_code_is_kept_sealed_to_the_evaluators_alone(stage: Stage, tmp_path: Path) -> None:
    person = (await stage.enrol(case_code=CODE)).participant
    async with stage.service.database.reading() as tx:
        box = await participants.case_code(tx, person)
    assert box is not None
    opener = ExportOpener(read_evaluators_private(tmp_path / "evaluators" / "evaluators.key"))
    assert opener.open(box, CASE_CODE) == CODE
    assert CODE not in await rows(stage)


async def test_safety_her_side_keeps_no_index_of_a_case_code_and_no_completion_date(
    database: Database, tmp_path: Path
) -> None:
    her = await make_her_stage(database, tmp_path)
    person = (await her.enrol(case_code=CODE)).participant
    async with database.reading() as tx:
        index = participants.case_index(database.seals, CODE)
        assert await participants.namesakes(tx, index) == []
        assert (await participants.private(tx, person)).completed_on is None
    assert CODE not in await rows(her)
