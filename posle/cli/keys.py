"""`posle keys …`: the evaluators' pair."""

from pathlib import Path
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json


def register(app: typer.Typer) -> None:
    """Add the commands."""
    keys = typer.Typer(help="Make and rotate keys.", rich_markup_mode=None)
    keys.command("evaluators", epilog="Example: posle keys evaluators --out /media/stick")(evaluators)
    keys.command("rotate", epilog="Example: posle keys rotate /srv/posle/his")(rotate)
    app.add_typer(keys, name="keys")


def evaluators(
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to write the two files.")],
    json: Json = False,
) -> None:
    """Make the evaluators' pair: evaluators.pub for both sides, and evaluators.key, which neither ever sees.

    Run it on the evaluators' own machine.
    """
    from surveys.records.evaluators import make_evaluator_keys

    public, private = make_evaluator_keys(out)
    if json:
        print_json({"public": public, "private": private})
    else:
        print(f"Give {public} to both sides. Keep {private} with the evaluators alone, away from both sides' machines.")


def rotate(folder: Dir, json: Json = False) -> None:
    """Make a new generation of the side's keys, move everything under it, retire the old one.

    It can be killed and run again, and the service may go on meanwhile. Afterwards renew the copy in the safe.
    """
    import asyncio
    from datetime import UTC, datetime

    from posle.turning import turn_keys

    turned = asyncio.run(turn_keys(folder, datetime.now(UTC)))
    if json:
        print_json(turned)
    else:
        print(f"Moved {turned.moved} values, retired {len(turned.retired)} old keys. Renew the copy in the safe.")
