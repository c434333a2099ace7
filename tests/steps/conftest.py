"""Fixtures of the tests of steps: a whole side on each database."""

from pathlib import Path

import pytest_asyncio

from surveys.records.database import Database
from tests.databases import database, database_url, fresh_url, seals
from tests.quick import quick_hashes
from tests.steps.stage import Stage, make_stage

__all__ = ["database", "database_url", "fresh_url", "quick_hashes", "seals", "stage"]


@pytest_asyncio.fixture
async def stage(database: Database, tmp_path: Path) -> Stage:
    """An ex-perpetrators' side with nobody enrolled yet."""
    return await make_stage(database, tmp_path)
