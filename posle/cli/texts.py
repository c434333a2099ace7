"""`posle texts`: every text where it appears, in all languages, on one page for translators."""

from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The HTML file to write; it is opened in a browser.")]
Added = Annotated[
    Path | None, typer.Option("--languages", metavar="FOLDER", help="Your own languages ([side] languages), shown too.")
]
Spoken = Annotated[
    str, typer.Option("--language", metavar="L", help="What the page itself is written in: sr_Latn, sr_Cyrl, en.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("texts", epilog="Example: posle texts --out texts.html --languages languages")(texts)


def texts(out: Out, languages: Added = None, language: Spoken = "sr_Latn") -> None:
    """Write every text that anybody can read, in all languages side by side, as one HTML page for translators."""
    from posle.texts import page
    from surveys.language.catalogue import languages as known

    if language not in known():
        raise typer.BadParameter(f"must be one of {', '.join(known())}", param_hint="--language")
    out.write_text(page(language, languages), encoding="utf-8")
    print(f"Written: {out}")
