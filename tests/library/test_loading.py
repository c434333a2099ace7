"""The library is read strictly: whatever is missing, malformed or unknown is refused with its file and key."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from surveys.library import SHIPPED, Library, LibraryRefused, load_library
from surveys.library.recall import EARLIER
from surveys.rules.vocabulary import Side

NINE = ["belgrade", "kragujevac", "nis", "novi_sad", "subotica", "kraljevo", "cacak", "krusevac", "leskovac"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped data that a test may damage."""
    for name in ("centres.toml", *Side):
        source = SHIPPED / str(name)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / str(name))
    return tmp_path


def test_both_sides_load(library: Library) -> None:
    assert [wave.name for wave in library.protocol.waves if not wave.optional] == ["m3", "m6"]
    assert {wave.instrument for wave in library.protocol.waves} == set(library.instruments) == {"check-in"}
    assert list(library.centres) == NINE
    assert {centre.phone for centre in library.centres.values()} == {""}
    assert library.centres["cacak"].said("sr_Latn") == "Čačak"


def test_the_baseline_wave_is_switched_off(library: Library) -> None:
    assert [wave.name for wave in library.protocol.waves if wave.optional] == ["m0"]


def test_m6_asks_about_the_last_three_months_and_m3_since_the_completion_where_that_is_kept(library: Library) -> None:
    completed, today = date(2026, 11, 28), date(2027, 5, 28)
    kept = None if library.protocol.safe_contact else completed
    m3, m6, rest = library.recall("m3"), library.recall("m6"), library.recall("m6", EARLIER)
    assert m3 is not None
    assert m3.starts(kept, date(2027, 2, 28)) == completed
    assert m6 is not None
    assert m6.starts(kept, today) == date(2027, 2, 28)
    assert rest is not None
    assert rest.starts(kept, today) == completed
    assert library.recall("m3", EARLIER) is None


DAMAGE = [
    ("centres.toml", 'phone = ""', "phone = 5", "centre[0].phone"),
    ("centres.toml", 'id = "nis"', 'id = "Niš"', "centre[2].id"),
    ("centres.toml", 'id = "nis"', 'id = "belgrade"', "belgrade"),
    ("centres.toml", "pilot = true", "pilot = true\ncity = 1", "centre[0].city"),
    ("survivors/texts.toml", 'sr_Cyrl = "Пристајем"', "", "text.consent_agree.sr_Cyrl"),
    ("survivors/texts.toml", 'en = "I agree"', "en = 1", "text.consent_agree.en"),
    ("survivors/texts.toml", 'stage = "before"', 'stage = "soon"', "text.start_greeting.stage"),
    ("survivors/reviews.toml", 'en = "no"', 'en = "yes"', "check-in.md.en"),
    ("survivors/reviews.toml", 'en = "no"', 'en = "Ana Anić, 2027-02-31"', "check-in.md.en"),
    ("survivors/texts.toml", "unknown = {", "nobody = {", "other_word.unknown"),
    ("survivors/notices.toml", "Ucesce je dobrovoljno: {link}", "Ucesce je dobrovoljno", "notice[0].ascii"),
    ("survivors/notices.toml", "Kratka anketa", "Kratka anketa č", "notice[0].ascii"),
    ("survivors/notices.toml", 'channel = "sms"', 'channel = "pigeon"', "notice[0].channel"),
    ("survivors/notices.toml", 'id = "new_round"', 'id = "everyday_life"', "everyday_life"),
    ("survivors/helplines.toml", 'verified_on = ""', 'verified_on = "yesterday"', "line[0].verified_on"),
    ("survivors/helplines.toml", "always = true", "always = false", "line[0].always"),
    ("survivors/helplines.toml", 'audience = "hers"', 'audience = "his"', "line[2].audience"),
    ("survivors/helplines.toml", 'days = "mon-sun"', 'days = "sun-mon"', "line[0].hours[0].days"),
    ("survivors/helplines.toml", 'to = "24:00"', 'to = "25:00"', "line[0].hours[0].to"),
    ("survivors/protocol.toml", 'since = "months"', 'since = "always"', "recall[0].since"),
    ("survivors/protocol.toml", "months = 3\ninstrument", 'months = "three"\ninstrument', "protocol"),
    ("survivors/protocol.toml", 'instrument = "check-in"', 'instrument = "nowhere"', "instrument of m0"),
    ("survivors/protocol.toml", 'version = "1"', 'version = "1"\nsurprise = 1', "protocol"),
    ("survivors/protocol.toml", "[closing]", "[closing", "file"),
]


@pytest.mark.parametrize(("file", "old", "new", "key"), DAMAGE)
def test_damaged_data_is_refused_with_file_and_key(copy: Path, file: str, old: str, new: str, key: str) -> None:
    path = copy / file
    whole = path.read_text(encoding="utf-8")
    assert old in whole
    path.write_text(whole.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LibraryRefused) as refused:
        load_library(Side.SURVIVORS, copy)
    assert refused.value.file == path.name
    assert refused.value.key == key
    assert str(refused.value).count("\n") == 0


@pytest.mark.parametrize("file", ["protocol.toml", "texts.toml", "notices.toml", "helplines.toml"])
def test_a_missing_file_is_refused(copy: Path, file: str) -> None:
    (copy / "survivors" / file).unlink()
    with pytest.raises(LibraryRefused, match=file):
        load_library(Side.SURVIVORS, copy)


def test_a_file_that_is_no_text_is_refused(copy: Path) -> None:
    (copy / "survivors" / "texts.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(LibraryRefused, match="UTF-8"):
        load_library(Side.SURVIVORS, copy)


def test_safety_a_side_reads_nothing_of_the_other_sides_folder(copy: Path) -> None:
    shutil.rmtree(copy / Side.EX_PERPETRATORS.value)
    assert load_library(Side.SURVIVORS, copy).side is Side.SURVIVORS


def test_safety_a_womens_line_on_his_list_is_refused(copy: Path) -> None:
    hers = (copy / "survivors" / "helplines.toml").read_text(encoding="utf-8")
    (copy / "ex-perpetrators" / "helplines.toml").write_text(hers, encoding="utf-8")
    with pytest.raises(LibraryRefused) as refused:
        load_library(Side.EX_PERPETRATORS, copy)
    assert refused.value.key == "line[2].audience"
