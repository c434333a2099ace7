"""`posle plan`: what will be sent to whom and when."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json, print_table

if TYPE_CHECKING:
    from surveys.steps.outlook import Wave


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plan", epilog="Example: posle plan /srv/posle/his --json")(plan)


def plan(folder: Dir, json: Json = False) -> None:
    """Show for every participant and wave what will be sent when, or why nothing will."""
    import asyncio

    from posle.upcoming import look_ahead

    waves = asyncio.run(look_ahead(folder))
    if json:
        print_json(waves)
    else:
        print_table(("participant", "wave", "what", "when", "why not"), _lines(waves))


def _lines(waves: "list[Wave]") -> Iterator[tuple[str, str, str, str, str]]:
    from posle.upcoming import in_words

    for wave in waves:
        planned = [each for each in wave["messages"] if each["state"] == "planned"]
        for each in planned:
            yield wave["participant"], wave["wave"], each["kind"], each["at"], in_words(wave["waits_for"])
        if not planned:
            yield wave["participant"], wave["wave"], "nothing", "", in_words(wave["reason"])
