"""`posle serve`: runs a side."""

from typing import Annotated, Literal

import typer

from posle.cli.arguments import Dir

Part = Annotated[Literal["all", "web", "worker"], typer.Option(help="Everything, or only its web or its worker half.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", epilog="Example: posle serve /srv/posle/his")(serve)


def serve(folder: Dir, role: Part = "all") -> None:
    """Run a side until it is told to stop: webhooks, the scheduler and everything that is due.

    Split it over processes with --role, on PostgreSQL only.
    """
    print(f"starting {folder} …", flush=True)
    from posle.serving.process import Role, run

    run(folder, Role(role))
