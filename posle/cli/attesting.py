"""`posle ready`: what the host organisation attests."""

from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ready", epilog="Example: posle ready /srv/posle/his < readiness.json")(ready)


def ready(
    folder: Dir,
    json: Json = False,
    replace_rota: Annotated[
        bool, typer.Option("--replace-rota", help="Take this on-call list though the console changed it since.")
    ] = False,
) -> None:
    """Record a side's readiness: one JSON object on standard input; the last record counts.

    Keys: protocol_version, on_call (a list of centre or "*", name, phone, email, order; hours where limited:
    days, from, to; 20:00 to 08:00 is a night), helplines_verified_on, dpia_reference, ethics_reference,
    wording_approved_by, wording_approved_on, host_organisation, sides_disjoint_attested_by, recorded_by, recorded_on.
    May be added: host_phone, host_email, where the host organisation is told of an alert that nobody answers.
    """
    import asyncio
    from datetime import UTC, datetime

    from posle.attesting import record
    from posle.cli.given import read_object

    name = asyncio.run(record(folder, read_object(), datetime.now(UTC), replace_rota=replace_rota))
    if json:
        print_json({"readiness": name})
    else:
        print(f"Recorded ({name}).")
