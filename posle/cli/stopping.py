"""`posle hold` and `release`: the kill switch."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json, Two
from posle.cli.output import print_json

Centre = Annotated[str | None, typer.Option(metavar="CENTRE", help="Only this centre, such as nis.")]
Person = Annotated[str | None, typer.Option("--participant", metavar="ID", help="Only this participant.")]
Reason = Annotated[str, typer.Option(metavar="WORDS", help="Why, in a few words; kept in clear, so no names.")]
Entered = Annotated[
    bool, typer.Option("--withdrawals-entered", help="Every withdrawal since the backup was entered again.")
]
By = Annotated[str | None, typer.Option(metavar="NAME", help="Who; the audit keeps an opaque code.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("hold", epilog='Example: posle hold /srv/posle/his --reason "wrong texts went out"')(hold)
    app.command("release", epilog='Example: posle release /srv/posle/his --by "Mira Jović" --by "Petar Ilić"')(release)


def hold(
    folder: Dir,
    centre: Centre = None,
    participant: Person = None,
    reason: Reason = "stopped by hand",
    by: By = None,
    cover_burned: Annotated[
        bool,
        typer.Option(
            "--cover-burned",
            help="Somebody may know what the page is: holds the side until another cover stands in posle.toml.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Stop every message that the service starts, within a minute: on the side, in one centre, or to one person.

    Answers to people who write, withdrawals and staff alerts go on.
    """
    from posle import holding

    _one(centre, participant)
    if cover_burned and (centre or participant):
        raise typer.BadParameter("a cover is the whole side's; give no centre or participant")
    now = datetime.now(UTC)
    if cover_burned:
        placed = asyncio.run(holding.hold_burned(folder, by, now))
    else:
        placed = asyncio.run(holding.hold(folder, centre, participant, reason, by, now))
    if json:
        print_json({"hold": placed})
    else:
        print(f"Held ({placed}). Two people lift it with: posle release")


def release(
    folder: Dir,
    by: Two,
    centre: Centre = None,
    participant: Person = None,
    withdrawals_entered: Entered = False,
    json: Json = False,
) -> None:
    """Lift a hold; two different people must agree.

    A backup that came back without the tombstone file is not released until the file is back, or somebody says that
    every withdrawal since was entered again.
    """
    from posle import holding

    _one(centre, participant)
    lifted = asyncio.run(
        holding.release(folder, centre, participant, by, datetime.now(UTC), entered=withdrawals_entered)
    )
    if json:
        print_json({"lifted": lifted})
    else:
        print("Released. What fell due meanwhile goes out in the next allowed hours.")


def _one(centre: str | None, participant: str | None) -> None:
    if centre and participant:
        raise typer.BadParameter("give a centre or a participant, not both", param_hint="--centre / --participant")
