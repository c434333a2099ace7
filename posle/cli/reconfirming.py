"""`posle reconfirm`: a safe contact is confirmed anew with the person, before a wave."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from posle.cli.arguments import Dir, Json, Participant
from posle.cli.output import print_json

EXAMPLE = 'Example: posle reconfirm /srv/posle/hers p-7k2m4… --by "Ana Marić" --changes new-words.json'


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reconfirm", epilog=EXAMPLE)(reconfirm)


def reconfirm(
    folder: Dir,
    participant: Participant,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who spoke with her; the audit keeps an opaque code.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="When it was confirmed; today, if left out.")] = None,
    changes: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON with the keys of safe_contact that are said anew, such as the words."),
    ] = None,
    words_agreed: Annotated[
        bool, typer.Option("--words-agreed", help="She herself wants her code word and duress word to stay.")
    ] = False,
    json: Json = False,
) -> None:
    """Note that a safe contact was confirmed with the person: without it no wave is sent. Agree on new words each time;
    only where she herself wants the old ones to stay say --words-agreed.

    Keys of --changes: hours, blackout, notice, code_word, duress_word, duress_plan, interview, reminders, shared_phone,
    synced, used_by_child, pin_known_by, bill_paid_by, do_not_contact. What is left out stays as it is.
    """
    from posle.reconfirming import reconfirm_one

    given = _read(changes) | ({"confirmed_on": on} if on else {})
    asyncio.run(reconfirm_one(folder, participant, given, by, datetime.now(UTC), words_stay=words_agreed))
    if json:
        print_json({"participant": participant, "reconfirmed": True})
    else:
        print(f"The safe contact of {participant} is confirmed.")


def _read(changes: Path | None) -> dict[str, Any]:
    from posle.cli.given import parse_object
    from posle.cli.refusing import Refused

    if changes is None:
        return {}
    try:
        return parse_object(changes.read_bytes(), "--changes")
    except OSError:
        raise Refused("--changes: there is no such file that can be read") from None
