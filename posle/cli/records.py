"""`posle audit`, `backup`, `restore`, `upgrade`: looking after a side's records."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json, print_table

Of = Annotated[
    str | None, typer.Option("--of", metavar="ID", help="Print every entry about this id (of a person, a centre …).")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("audit", epilog="Example: posle audit /srv/posle/his --of p-7k2m…")(audit)
    app.command("backup", epilog="Example: posle backup /srv/posle/his /backup/his-2027-02-14.db")(backup)
    app.command("restore", epilog="Example: posle restore /srv/posle/his /backup/his-2027-02-14.db")(restore)
    app.command("upgrade", epilog="Example: posle upgrade /srv/posle/his")(upgrade)


def audit(folder: Dir, of: Of = None, json: Json = False) -> None:
    """Verify the chain of the audit log; exit status 1 where an entry is missing or was changed.

    Entries cut off at the end show only in the last number: compare it with the one that you noted before.
    """
    from posle.auditing import look

    found = asyncio.run(look(folder, of))
    if json:
        print_json(found)
    else:
        if of:
            print_table(
                ("number", "when", "who", "what", "of what", "how"),
                [list(entry.values()) for entry in found["entries"]],
            )
        print(
            "intact" if found["intact"] else f"BROKEN at entry {found['broken_at']}", f"(last number: {found['last']})"
        )
    if not found["intact"]:
        raise typer.Exit(1)


def backup(
    folder: Dir,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write; never overwritten.")],
    keep_days: Annotated[int, typer.Option(min=1, max=90, help="How long it may be kept; then it is deleted.")] = 35,
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete this side's backups beside it that are overdue.")
    ] = False,
    json: Json = False,
) -> None:
    """Write one consistent copy of the records while the service goes on. It holds no key: keep the key file apart.

    A copy keeps whom the side erases later, so its last day is written into it, and restore refuses it afterwards.
    """
    from datetime import UTC, datetime

    from posle.copying import copy_out

    made = asyncio.run(copy_out(folder, file, datetime.now(UTC), keep_days, prune=prune))
    if json:
        print_json(made)
        return
    print(f"Wrote {file}. Keep the key file and the newest tombstones apart from it; delete it after {made.not_after}.")
    for old in made.overdue:
        print(f"Deleted {old}: its last day is over." if made.pruned else f"Delete {old} now: its last day is over.")


def restore(
    folder: Dir,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup of this side.")],
    past_its_day: Annotated[
        bool, typer.Option("--past-its-day", help="Restore it though its last day is over; audited.")
    ] = False,
    json: Json = False,
) -> None:
    """Bring a backup back into a folder without a database; an existing one is never overwritten.

    Withdrawals and purges since are replayed from the tombstone file, and the side stays on HOLD: see posle release.
    """
    from datetime import UTC, datetime

    from posle.restoring import restore as bring_back

    came = asyncio.run(bring_back(folder, file, datetime.now(UTC), past_its_day=past_its_day))
    if json:
        print_json(came)
        return
    print(f"Restored, and on HOLD. Last audit number: {came.last_audit}. Withdrawn or purged since: {came.replayed}.")
    if not came.tombstones:
        print(
            "There was NO tombstone file: enter every withdrawal since the backup again before two people release it."
        )


def upgrade(folder: Dir, json: Json = False) -> None:
    """Bring the database to this version of the program. Stop the service and make a backup first."""
    from posle.copying import bring_forward

    before, after = asyncio.run(bring_forward(folder))
    if json:
        print_json({"from": before, "to": after})
    else:
        print(f"The database is current ({after})." if before == after else f"Upgraded from {before} to {after}.")
