"""`posle export`: answers and responses as tables."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json
from posle.cli.refusing import Refused
from surveys.rules.vocabulary import SHIPPED_LANGUAGES

Out = Annotated[Path, typer.Option(metavar="FOLDER", help="A folder that is not there yet, or empty.")]
Research = Annotated[bool, typer.Option("--research", help="Pseudonymous: fresh ids, months only, rows shuffled.")]
By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="NAME", help="Who agrees; give it twice. The audit keeps codes."),
]
Language = Annotated[str, typer.Option(metavar="CODE", help="Of labels and codebook: sr_Cyrl, sr_Latn or en.")]
TWO = 2
UNAPPROVED = "posle: these rows leave without two people's approval (--by NAME --by NAME); their manifest says so"
EXAMPLE = 'Example: posle export /srv/posle/his --out rows --by "Mira Jović" --by "Petar Ilić"'


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", epilog=EXAMPLE)(export)


def export(
    folder: Dir, out: Out, by: By = None, research: Research = False, language: Language = "sr_Cyrl", json: Json = False
) -> None:
    """Write answers.csv and responses.csv: every answer once, with the ids that enrol printed. Beside them the same as
    one row a response (wide.csv, answers.xlsx, answers.sav, answers.dta), a codebook and a manifest.

    Two different people must agree to rows under the ids that enrol printed. With --research too two should be named;
    without them the rows are written for scripts that rely on it, and the manifest, the audit and every report that is
    made of them say so. `[export] two_people = true` in posle.toml refuses that too. The files are readable by you
    alone: keep them so.
    """
    from posle.exporting import export_rows

    if language not in SHIPPED_LANGUAGES:
        raise Refused(f"--language: must be one of {', '.join(SHIPPED_LANGUAGES)}")

    counted = asyncio.run(
        export_rows(folder, out.absolute(), by or [], datetime.now(UTC), research=research, language=language)
    )
    if json:
        print_json({"folder": out.absolute(), "answers": counted.answers, "responses": counted.responses})
    else:
        waves = f"{counted.responses} responses (one a person and wave, answered or not)"
        print(f"Wrote to {out}: {waves}, {counted.answers} answers")
    if len({" ".join(name.split()).casefold() for name in by or []}) < TWO:
        typer.echo(UNAPPROVED, err=True)
