"""Forms that ship compiled ahead are exactly what compiling them gives, and no stale one is ever used."""

import shutil
from pathlib import Path

import pytest

from surveys.instruments.compile import compile_form
from surveys.instruments.workbook import FormRefused
from surveys.library import SHIPPED, compiled
from surveys.library.build import build, main, stale, write
from surveys.library.compiled import READY, instrument_of

HIS = SHIPPED / "ex-perpetrators" / "check-in.md"
FORMS = sorted(SHIPPED.glob("*/**/*.md"))


def test_what_is_compiled_ahead_is_up_to_date() -> None:
    assert stale(build()) == [], "run make messages"


@pytest.mark.parametrize("path", FORMS, ids=[path.stem for path in FORMS])
def test_a_form_compiled_ahead_equals_the_one_compiled_now(path: Path) -> None:
    assert instrument_of(path) == compile_form(path)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of his form where forms ship, compiled ahead."""
    monkeypatch.setattr(compiled, "SHIPPED", tmp_path)
    monkeypatch.setattr(compiled, "READY", tmp_path / "compiled")
    (tmp_path / "his").mkdir()
    copy = Path(shutil.copy(HIS, tmp_path / "his" / "form.md"))
    ready = tmp_path / "compiled" / "his.form.json"
    ready.parent.mkdir()
    shutil.copy(READY / "ex-perpetrators.check-in.json", ready)
    return copy


def test_a_form_that_was_changed_since_is_compiled_anew(shipped: Path) -> None:
    assert instrument_of(shipped) == instrument_of(HIS)
    shipped.write_text("| survey |\n| | type | name | label |\n| | text | other | Drugo |\n", encoding="utf-8")
    assert [item.name for item in instrument_of(shipped).items] == ["other"]


def test_a_form_that_was_changed_into_one_that_is_not_fit_is_refused(shipped: Path) -> None:
    shipped.write_text("nothing", encoding="utf-8")
    with pytest.raises(FormRefused):
        instrument_of(shipped)


def test_a_file_that_does_not_ship_is_compiled_whatever_stands_beside_it(tmp_path: Path) -> None:
    copy = Path(shutil.copy(HIS, tmp_path / "check-in.md"))
    assert instrument_of(copy) == compile_form(copy)


def test_what_is_out_of_date_is_named_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("surveys.library.build.READY", tmp_path)
    monkeypatch.setattr(
        "surveys.library.build.build", lambda: {tmp_path / name: "{}\n" for name in ("a.json", "b.json")}
    )
    for name, text in (("a.json", "{}\n"), ("b.json", "{ }\n"), ("gone.json", "{}\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["--check"]) == 1
    assert [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()] == [
        "compiled/b.json", "compiled/gone.json",
    ]  # fmt: skip
    assert len(list(tmp_path.iterdir())) == 3
    assert (main([]), main(["--check"])) == (0, 0)


def test_what_no_form_stands_behind_any_more_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.library.build.READY", tmp_path)
    (tmp_path / "gone.json").write_text("{}", encoding="utf-8")
    write({tmp_path / "his.json": "{}\n"})
    assert [path.name for path in tmp_path.iterdir()] == ["his.json"]
