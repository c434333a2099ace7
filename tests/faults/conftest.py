"""Where a service under fault keeps its records."""

from collections.abc import Iterator

import pytest

from tests.databases import drop_postgres, fresh_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield "sqlite:///posle.db"
        return
    url = fresh_postgres(migrated=False)
    yield url
    drop_postgres(url)
