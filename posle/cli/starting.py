"""`posle init`: begins a side."""

from pathlib import Path
from typing import Annotated

import typer

from posle.cli.output import print_json
from surveys.rules.vocabulary import Side

EXAMPLE = "Example: posle init /srv/posle/his --side ex-perpetrators --evaluators /media/stick/evaluators.pub"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init", epilog=EXAMPLE)(init)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet, or empty.")],
    side: Annotated[Side, typer.Option(help="Whose side this folder is.")],
    evaluators: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The evaluators' public key, to be copied in.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="sqlite:///FILE (default) or postgresql://…")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Begin a side: a commented posle.toml, keys readable by the owner alone, and the database.

    Refuses a folder that has anything in it; if it fails, nothing is left behind.
    """
    import asyncio
    from datetime import UTC, datetime

    from posle.founding import found

    asyncio.run(found(folder.absolute(), side, evaluators=evaluators, database=database, now=datetime.now(UTC)))
    if json:
        print_json({"folder": folder.absolute(), "side": side})
    else:
        print(
            f"Made {folder} for the side {side}. Next: fill in {folder / 'posle.toml'}, then run: posle doctor {folder}"
        )
