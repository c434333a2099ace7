"""Fixtures of the console's tests."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.databases import database, database_url, fresh_url, seals
from tests.quick import quick_hashes
from tests.staff.office import Office, opened
from tests.steps.conftest import stage
from tests.steps.stage import Stage

__all__ = ["database", "database_url", "fresh_url", "office", "quick_hashes", "seals", "stage"]


@pytest_asyncio.fixture
async def office(stage: Stage) -> AsyncIterator[Office]:
    """The console of a side with nobody enrolled yet."""
    async with opened(stage) as office:
        yield office
