"""A text that staff wrote and one that ships never share a number, and the newer shipped one holds after an upgrade."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from surveys.library import SHIPPED, LibraryRefused, load_library
from surveys.library.configured import Configured
from surveys.library.wording import OWN, Text
from surveys.rules.vocabulary import Side

NAME, NOW = "consent_wave", datetime(2027, 1, 1, tzinfo=UTC)


def shipped(version: int = 1) -> Text:
    return replace(load_library(Side.EX_PERPETRATORS).texts[NAME], version=version)


def written(*versions: int) -> Configured:
    held = tuple((NOW + timedelta(days=place), shipped(each)) for place, each in enumerate(versions))
    return Configured(texts={NAME: held})


@pytest.mark.parametrize(
    ("own", "ships", "holds"),
    [(OWN + 1, 1, "1.1"), (OWN + 2, 1, "1.2"), (OWN + 2, 2, "2"), (2 * OWN + 1, 2, "2.1"), (2, 1, "2"), (2, 2, "2")],
)
def test_what_was_written_holds_until_a_newer_text_ships(own: int, ships: int, holds: str) -> None:
    library = load_library(Side.EX_PERPETRATORS)
    library = replace(library, texts={**library.texts, NAME: shipped(ships)})
    assert written(own).on(library).text_version(NAME) == holds
    assert written(own).text_at(shipped(ships), NOW).number == holds


def test_no_text_can_ship_under_a_number_that_staff_may_have_given(tmp_path: Path) -> None:
    for side in ("ex-perpetrators", "survivors"):
        (tmp_path / side).mkdir()
        for each in (SHIPPED / side).iterdir():
            (tmp_path / side / each.name).symlink_to(each)
    (tmp_path / "centres.toml").symlink_to(SHIPPED / "centres.toml")
    texts = tmp_path / "ex-perpetrators" / "texts.toml"
    words = texts.read_text(encoding="utf-8")
    for number in (0, OWN, OWN + 1):
        texts.unlink()
        texts.write_text(words.replace("version = 1", f"version = {number}", 1), encoding="utf-8")
        with pytest.raises(LibraryRefused, match="version"):
            load_library(Side.EX_PERPETRATORS, tmp_path)
