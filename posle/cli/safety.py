"""`posle safety`: what was sent, held, alarmed and erased, for the ethics board."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json
from posle.cli.refusing import Refused
from surveys.rules.vocabulary import SHIPPED_LANGUAGES

Out = Annotated[Path, typer.Option(metavar="FOLDER", help="A folder that is not there yet, or empty.")]
By = Annotated[list[str] | None, typer.Option("--by", metavar="NAME", help="Who asks; the audit keeps codes.")]
Language = Annotated[str, typer.Option(metavar="CODE", help="sr_Cyrl, sr_Latn or en.")]
EXAMPLE = 'Example: posle safety /srv/posle/hers --out safety --by "Mira Jović"'


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("safety", epilog=EXAMPLE)(safety)


def safety(folder: Dir, out: Out, by: By = None, language: Language = "sr_Cyrl", json: Json = False) -> None:
    """Write the safety report of one side: safety.html to read, and its rows as CSV files.

    Every message with its time and the rule that allowed it, or why it was not sent; minutes until an alert was taken;
    withdrawals and erasures held against the records; what was to go
    from chats and from the SMS provider. Ids are drawn anew: they fit no other file.
    """
    from posle.safety import report

    if language not in SHIPPED_LANGUAGES:
        raise Refused(f"--language: must be one of {', '.join(SHIPPED_LANGUAGES)}")

    told = asyncio.run(report(folder, out.absolute(), by or [], datetime.now(UTC), language))
    if json:
        print_json(told)
        return
    print(
        f"Wrote {told.messages} messages, {told.holds} holds, {told.alerts} alerts, {told.erasures} erasures to {out}"
    )
    print("The audit chain is intact." if told.audit_intact else "THE AUDIT CHAIN IS BROKEN; see posle audit.")
