"""The statistics files of an export, read back: labels in the chosen script, and every kind of missing still itself."""

import hashlib
import json
import stat
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat
import pytest

from assessment.files import write_beside
from assessment.wide import CODES, wide
from surveys.instruments.compile import compile_form
from surveys.library import load_library
from surveys.rules.vocabulary import Missing, Side
from surveys.steps.export import Exported, export
from tests.steps.stage import Stage
from tests.steps.test_checkin import begun, last

FILES = {"answers.csv", "responses.csv", "dispositions.csv", "contacts.csv", "wide.csv", "answers.xlsx", "answers.sav",
         "answers.dta", "codebook.html", "codebook.xlsx", "manifest.json"}  # fmt: skip
SAID = {"contact_now": Missing.SKIPPED, "insulted": Missing.REFUSED, "own_change": Missing.NOT_REACHED,
        "earlier_harm": Missing.NOT_APPLICABLE}  # fmt: skip


async def asked(stage: Stage) -> str:
    """One man who skipped, refused and answered; his id."""
    person = await begun(stage)
    await stage.press("Preskoči")
    await stage.press("Dalje")
    await stage.press("Ne želim da odgovorim")
    await stage.press_data(last(stage).buttons[0][0].data, last(stage))
    return person


async def made(stage: Stage, out: Path, language: str = "sr_Latn") -> Path:
    """The export of this man."""
    await asked(stage)
    return await written(stage, out, language)


async def written(stage: Stage, out: Path, language: str = "sr_Latn") -> Path:
    await export(stage.service, out, "by:a+by:b", stage.now, research=True, beside=partial(write_beside, language))
    return out


async def test_spss_and_stata_files_keep_labels_and_every_kind_of_missing(stage: Stage, tmp_path: Path) -> None:
    out = await made(stage, tmp_path / "out")
    sav: Any
    dta: Any
    rows, sav = pyreadstat.read_sav(out / "answers.sav", user_missing=True)
    answered = rows[rows.wave == "m3"].iloc[0]
    assert {item: answered[item] for item in SAID} == {item: CODES[missing] for item, missing in SAID.items()}
    assert answered.controlled == 1
    assert sav.column_names_to_labels["controlled"].startswith("Koliko puta ste")
    assert sav.variable_value_labels["controlled"][1] == "Nijednom"
    assert not [label for label in sav.column_names_to_labels.values() if "{" in label]
    assert sav.column_names_to_labels["contact_now"] == "Kakav je sada Vaš kontakt sa osobom o kojoj pitamo?"
    assert sav.variable_value_labels["controlled"][CODES[Missing.REFUSED]] == "odbijeno"
    assert sav.missing_ranges["controlled"] == [{"lo": -5, "hi": -1}]
    plain, _ = pyreadstat.read_sav(out / "answers.sav")
    assert plain[plain.wave == "m3"].iloc[0].isna()[list(SAID)].all(), "who does not ask for them gets none of them"
    rows, dta = pyreadstat.read_dta(out / "answers.dta", user_missing=True)
    answered = rows[rows.wave == "m3"].iloc[0]
    assert {item: answered[item] for item in SAID} == dict(zip(SAID, "abdc", strict=True))
    assert dta.variable_value_labels["controlled"]["b"] == "odbijeno"
    assert dta.column_names_to_labels["controlled"].startswith("Koliko puta ste")


async def test_every_file_is_in_the_manifest_by_its_digest_and_readable_by_its_owner_alone(
    stage: Stage, tmp_path: Path
) -> None:
    out = await made(stage, tmp_path / "out")
    assert {file.name for file in out.iterdir()} == FILES
    told = json.loads((out / "manifest.json").read_text())
    assert told["files"] == {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in FILES - {"manifest.json"}
    }
    assert (told["purpose"], told["approved_by"]) == ("evaluation of the programme", ["by:a", "by:b"])
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}


@pytest.mark.parametrize(("language", "word"), [("sr_Cyrl", "Колико"), ("sr_Latn", "Koliko"), ("en", "How many")])
async def test_the_codebook_says_each_item_in_the_chosen_script(
    stage: Stage, tmp_path: Path, language: str, word: str
) -> None:
    out = await made(stage, tmp_path / "out", language)
    book: Any = openpyxl.load_workbook(out / "codebook.xlsx", read_only=True)["codebook"]
    rows = {row[0]: dict(zip(HEAD, row, strict=True)) for row in book.iter_rows(min_row=2, values_only=True)}
    assert rows["controlled"]["wording"].startswith(word)
    assert (rows["controlled"]["construct"], rows["controlled"]["version"]) == ("control", "1")
    assert rows["controlled"]["window"]
    assert word in (out / "codebook.html").read_text()
    assert rows["controlled"]["values"].startswith("never (1) = ")
    assert rows["controlled"]["missing"].startswith("skipped (-1) = ")


@pytest.mark.parametrize("language", ["sr_Cyrl", "sr_Latn", "en"])
@pytest.mark.parametrize("side", Side)
def test_no_two_values_of_an_item_are_said_alike(side: Side, language: str) -> None:
    form = compile_form(load_library(side).instruments["check-in"])
    table = wide(Exported(side, True, ("participant", "wave", "course"), (), (), (form,), {}, {}), language)
    assert len(table.columns) > 10
    for column in table.columns:
        said = list(column.labels().values())
        assert len(set(said)) == len(said), column.name


HEAD = ("column", "item", "wording", "construct", "window", "instrument", "version", "values", "missing")


async def test_safety_no_file_holds_an_id_of_ours_a_case_code_or_a_day(stage: Stage, tmp_path: Path) -> None:
    person = await asked(stage)
    out = await written(stage, tmp_path / "out")
    everything = b"".join(file.read_bytes() for file in out.iterdir())
    for token in (person, "KG-7Q2M-11", "2026-12-0", "2026-12-1"):
        assert token.encode() not in everything
    book: Any = openpyxl.load_workbook(out / "answers.xlsx", read_only=True)
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert not {person, "KG-7Q2M-11"} & cells


async def test_how_many_left_is_in_numbers_that_may_be_shown(stage: Stage, tmp_path: Path) -> None:
    out = await made(stage, tmp_path / "out")
    lines = (out / "dispositions.csv").read_text().splitlines()[1:]
    assert any(line.startswith("m3,withdrawn,") for line in lines)
    assert {line.rpartition(",")[2] for line in lines} == {""}, "two waves of one man"
