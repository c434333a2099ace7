"""`posle doctor`: what is missing or wrong."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json, print_table

Against = Annotated[Path | None, typer.Option(metavar="OTHER_DIR", help="The other side's folder: what do they share?")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", epilog="Example: posle doctor /srv/posle/his --against /srv/posle/hers")(doctor)


def doctor(folder: Dir, against: Against = None, json: Json = False) -> None:
    """List what is in order, missing or wrong, and what to do.

    Exit status 1 where something is wrong or, with --against, where the two sides share what they must not.
    The numbers that staff typed in the console are those of DIR alone: run it from the other side too.
    """
    import asyncio

    from posle.doctor import anything_wrong, compare_folders, examine

    look = compare_folders(folder, against) if against else examine(folder, datetime.now(UTC))
    findings = asyncio.run(look)
    if json:
        print_json({"ok": not anything_wrong(findings), "checks": findings})
    else:
        print_table(("check", "verdict", "what to do"), ((each.check, each.verdict, each.advice) for each in findings))
    if anything_wrong(findings):
        raise typer.Exit(1)
