"""Serbian Cyrillic has italic letters of its own: every stylesheet asks for them, in letters that have them."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHEETS = ("bot/page/templates/page.css", "staff/static/console.css", "assessment/templates/report.css")


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_forms_of_serbian_cyrillic_are_asked_for(sheet: str) -> None:
    css = (ROOT / sheet).read_text(encoding="utf-8")
    assert ":lang(sr-Cyrl)" in css
    assert "font-feature-settings" in css
    assert '"locl"' in css
    assert '"Noto Sans"' in css


def test_make_check_reads_the_catalogues() -> None:
    assert "locales.build --check" in (ROOT / "Makefile").read_text(encoding="utf-8")
