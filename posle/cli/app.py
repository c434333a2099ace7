"""Every command there is, by group. Importing it must stay cheap: a command imports what it needs when it is called."""

from typing import Annotated

import typer

from posle.cli import (
    accessing,
    alerts,
    assessing,
    attesting,
    calling,
    checking,
    confirming,
    demo,
    exports,
    forms,
    keys,
    people,
    planned,
    reconfirming,
    records,
    running,
    safety,
    staff,
    starting,
    stopping,
    texts,
    waiting,
)

app = typer.Typer(
    name="posle",
    help="Follow-up surveys after a perpetrator programme, one side at a time.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for group in (
    demo,
    starting,
    checking,
    confirming,
    reconfirming,
    calling,
    accessing,
    attesting,
    exports,
    assessing,
    people,
    planned,
    waiting,
    alerts,
    running,
    safety,
    stopping,
    texts,
    records,
    keys,
    forms,
    staff,
):
    group.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(version("posle"))
        raise typer.Exit


@app.callback()
def posle(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Follow-up surveys after a perpetrator programme, one side at a time.

    Exit status: 0 done; 1 refused, with one line that says why, and nothing half done; 2 wrong use.
    """
