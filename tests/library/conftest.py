"""Both sides' shipped data, read once."""

import pytest

from surveys.library import Library, load_library
from surveys.rules.vocabulary import Side


@pytest.fixture(scope="session", params=list(Side))
def library(request: pytest.FixtureRequest) -> Library:
    return load_library(request.param)
