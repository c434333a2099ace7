"""Covers and notices go together: one cover is active, and only notices that lead to it are used."""

from pathlib import Path

import pytest

from surveys.library import SHIPPED, Library, LibraryRefused, load_library
from surveys.library.wording import NoticeKind
from surveys.rules.vocabulary import Channel, Side
from tests.library.conftest import LANGUAGES

NAMES = ("1-everyday-life", "2-free-time", "3-quality-of-life")


def hers(**changes: object) -> Library:
    return load_library(Side.SURVIVORS, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("active", NAMES)
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.TELEGRAM])
def test_safety_only_notices_of_the_active_cover_are_offered_and_used(active: str, channel: Channel) -> None:
    library = hers(cover=active)
    assert library.covers[0].instrument.name == active
    offered = [library.notices[name] for name in library.notice_names(channel)]
    assert {each.cover for each in offered} <= {active, ""}
    assert library.notice(channel, NoticeKind.NOTICE).cover == active


def test_safety_a_notice_that_names_a_number_of_questions_leads_to_as_many() -> None:
    asked = [item for item in hers(cover=NAMES[2]).covers[0].instrument.items if item.kind.asked]
    assert len(asked) == 12


def test_a_covers_title_is_read_in_each_language_and_never_its_files_name() -> None:
    for cover in hers().covers:
        titles = cover.instrument.title
        assert set(titles) == {"sr_Cyrl", "sr_Latn", "en"}
        assert cover.instrument.name not in titles.values()


def test_an_unknown_cover_is_refused() -> None:
    with pytest.raises(LibraryRefused, match="cover"):
        hers(cover="4-nothing")


def test_covers_and_notices_of_the_sides_folder_stand_in_for_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "covers").mkdir()
    cover = (SHIPPED / "survivors" / "covers" / "2-free-time.md").read_text()
    (tmp_path / "covers" / "9-pets.md").write_text(cover.replace("2-free-time", "9-pets"))
    with pytest.raises(LibraryRefused, match="everyday_life"):
        hers(own_files=tmp_path)
    notices = (SHIPPED / "survivors" / "notices.toml").read_text()
    for name in NAMES:
        notices = notices.replace(name, "9-pets")
    (tmp_path / "notices.toml").write_text(notices)
    library = hers(own_files=tmp_path)
    assert [each.instrument.name for each in library.covers] == ["9-pets"]
    assert library.notice_names(Channel.SMS)


def test_safety_a_notice_of_the_sides_folder_that_is_not_dull_is_refused(tmp_path: Path) -> None:
    notices = (SHIPPED / "survivors" / "notices.toml").read_text()
    (tmp_path / "notices.toml").write_text(notices.replace("Kratka anketa", "Podrska zrtvama nasilja"))
    with pytest.raises(LibraryRefused, match="dull"):
        hers(own_files=tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_safety_no_notice_is_said_on_both_sides(language: str) -> None:
    his = load_library(Side.EX_PERPETRATORS)
    said = [{_bare(n.said(language)) for n in each.notices.values()} for each in (his, hers())]
    assert not said[0] & said[1]
    begins = [{" ".join(text.split()[:3]) for text in each} for each in said]
    assert not begins[0] & begins[1]


def _bare(text: str) -> str:
    return text.replace("{link}", "").casefold().strip()
