"""`posle call`: the number of somebody who is to be called, where the call may be made now."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json, Participant
from posle.cli.output import print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("call", epilog='Example: posle call /srv/posle/hers p-7k2m4… --by "Ana Marić"')(call)


def call(
    folder: Dir,
    participant: Participant,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who calls; the audit keeps an opaque code.")],
    json: Json = False,
) -> None:
    """Show the number of a participant who is to be called, inside their own hours only, and what to say if somebody
    else answers: for a wave by telephone, to confirm a safe contact before a wave, or because they asked for it. Each
    call counts like a message."""
    from posle.calling import call as open_one

    shown = asyncio.run(open_one(folder, participant, by, datetime.now(UTC)))
    if json:
        print_json(shown)
        return
    print(f"Call {shown['number']} until {shown['call_until']}.")
    if shown["someone_else_answers"]:
        print(f"If somebody else answers:\n{shown['someone_else_answers']}")
