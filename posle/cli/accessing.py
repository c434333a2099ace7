"""`posle access`: a copy of one's own data, and the sentence that neither confirms nor denies anything of others."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json, Participant
from posle.cli.output import print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("access", epilog='Example: posle access /srv/posle/his p-7k2m4… --by "Mira Jović"')(access)


def access(
    folder: Dir,
    participant: Participant,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who; the audit keeps an opaque code.")],
    json: Json = False,  # noqa: ARG001 - it prints JSON in any case
) -> None:
    """Print everything kept about a participant, for themselves, with the sentence that is the same for everybody.

    A survivor's copy is handed over by her safe channel alone.
    """
    from posle.accessing import answer

    print_json(asyncio.run(answer(folder, participant, by, datetime.now(UTC))))
