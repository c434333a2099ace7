"""`posle tasks` and `done`: what waits for staff, and that it was seen to."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json, print_table

Centre = Annotated[str | None, typer.Option(metavar="CENTRE", help="Only this centre, such as nis.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids as `posle tasks` lists them.", show_default=False)]
By = Annotated[str, typer.Option(metavar="NAME", help="Who; the audit keeps an opaque code.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("tasks", epilog="Example: posle tasks /srv/posle/his --centre nis")(tasks)
    app.command("done", epilog='Example: posle done /srv/posle/his a-7k2m4… --by "Mira Jović"')(done)


def tasks(folder: Dir, centre: Centre = None, json: Json = False) -> None:
    """List open alerts and tasks: urgent alerts first. Look here at least once a day."""
    from posle.waiting import waiting

    listed = asyncio.run(waiting(folder, centre, datetime.now(UTC)))
    if json:
        print_json(listed)
        return
    call = {True: "may be called", False: "no call", None: ""}
    rows = [
        (each["what"], each["kind"] + (" LATE" if each["late"] else ""), each["centre"], each["participant"],
         each["since"], call[each["call_consented"]], each["id"])
        for each in listed
    ]  # fmt: skip
    print_table(("what", "kind", "centre", "participant", "since", "call", "id"), rows)


def done(folder: Dir, ids: Ids, by: By, json: Json = False) -> None:
    """Say that you saw to it: an open alert is acknowledged (then `posle close` it), a task is closed."""
    from posle.waiting import settle

    settled = asyncio.run(settle(folder, ids, by, datetime.now(UTC)))
    if json:
        print_json(dict(zip(ids, settled, strict=True)))
    else:
        print("\n".join(f"{each}: {what}" for each, what in zip(ids, settled, strict=True)))
