"""Both sides' shipped data and compiled check-ins, read once, and what the tests of this folder share."""

from datetime import UTC, datetime

import pytest

from surveys.instruments.compile import compile_form
from surveys.instruments.form import Form
from surveys.instruments.model import Item, Kind
from surveys.library import Library, load_library
from surveys.rules.vocabulary import Side

NOW = datetime(2027, 2, 14, 10, tzinfo=UTC)
LANGUAGES = ("sr_Cyrl", "sr_Latn", "en")
BANNED = ("zrtv", "nasilnik", "nasilnic", "ucinilac", "ucinioc", "tretman", "prijav", "partner", "seksualna prinuda")


@pytest.fixture(scope="session", params=list(Side))
def library(request: pytest.FixtureRequest) -> Library:
    return load_library(request.param)


@pytest.fixture(scope="session")
def form(library: Library) -> Form:
    return Form(compile_form(library.instruments["check-in"]))


def items(form: Form) -> list[Item]:
    return [item for item in form.instrument.items if item.kind.asked and item.kind is not Kind.NOTE]
