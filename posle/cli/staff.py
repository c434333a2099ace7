"""`posle staff …`: who may use the console."""

from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json, print_table
from surveys.rules.roles import EVERY_CENTRE, Role

Login = Annotated[str, typer.Option("--email", metavar="ADDRESS", help="What they sign in with.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    staff = typer.Typer(help="Invite people to the console, list and close their accounts.", rich_markup_mode=None)
    add_example = 'Example: posle staff add /srv/posle/his --email mira@example.org --name "Mira Jović" --centre nis'
    staff.command("add", epilog=add_example)(add)
    staff.command("list", epilog="Example: posle staff list /srv/posle/his")(list_all)
    staff.command("close", epilog="Example: posle staff close /srv/posle/his --email mira@example.org")(close)
    app.add_typer(staff, name="staff")


def add(
    folder: Dir,
    login: Login,
    name: Annotated[str, typer.Option(help="Name, as colleagues know it.")],
    role: Annotated[Role, typer.Option(help="What they do here.")] = Role.WORKER,
    centre: Annotated[str, typer.Option(help="A worker's centre; * for everybody else.")] = EVERY_CENTRE,
    language: Annotated[str, typer.Option(help="What the console speaks to them.")] = "sr_Cyrl",
    json: Json = False,
) -> None:
    """Invite somebody: prints a link that works once, for three days. Hand it over in person.

    A worker belongs to one centre. On his side it must never be a man's own therapist.
    """
    import asyncio
    from datetime import UTC, datetime

    from posle.staffing import invite

    link = asyncio.run(invite(folder, login, name, role, centre, language, datetime.now(UTC)))
    if json:
        print_json({"link": link})
    else:
        print(f"Give this link to them in person; it works once, for three days:\n{link}")


def list_all(folder: Dir, json: Json = False) -> None:
    """List every account, closed ones too."""
    import asyncio

    from posle.staffing import everyone

    found = asyncio.run(everyone(folder))
    if json:
        print_json(found)
    else:
        columns = ("account", "e-mail", "name", "role", "centre", "state", "since")
        rows = ((e.account, e.login, e.name, e.role, e.centre, e.state, e.since.date()) for e in found)
        print_table(columns, rows)


def close(
    folder: Dir,
    login: Login,
    to: Annotated[
        str, typer.Option("--to", metavar="ADDRESS", help="Who takes its places on the on-call list and its work.")
    ] = "",
    phone: Annotated[
        str, typer.Option(help="The number that person is called at; left out, the one that the list has.")
    ] = "",
    json: Json = False,
) -> None:
    """Close an account: it signs in no more, and every session of it ends now.

    Who is on call is closed only where --to names a colleague of the same role and centre. Alerts that the account
    took open again and reach whoever is on call, until somebody takes them.
    """
    import asyncio
    from datetime import UTC, datetime

    from posle.staffing import close as close_account

    asyncio.run(close_account(folder, login, datetime.now(UTC), to, phone))
    if json:
        print_json({"closed": True})
    else:
        print("Closed.")
