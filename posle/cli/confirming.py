"""`posle confirm`: a number is confirmed by a test message, in the presence of a member of staff."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json, Participant
from posle.cli.output import print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("confirm", epilog='Example: posle confirm /srv/posle/his p-7k2m4… --by "Mira Jović" --seen')(confirm)


def confirm(
    folder: Dir,
    participant: Participant,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who; the audit keeps an opaque code.")],
    seen: Annotated[bool, typer.Option("--seen", help="The test message arrived, and was deleted together.")] = False,
    json: Json = False,
) -> None:
    """Send a test SMS to a participant who sits beside you; with --seen, note that it arrived. A number
    that nobody tested stays a task for staff."""
    from posle import confirming

    work = confirming.note_seen if seen else confirming.send_test
    asyncio.run(work(folder, participant, by, datetime.now(UTC)))
    if json:
        print_json({"participant": participant, "confirmed": seen})
    else:
        print("The number is confirmed." if seen else "Sent. When it has arrived, delete it together and add --seen.")
