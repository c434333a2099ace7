"""`posle alerts`, `acknowledge`, `close` and `drill`: somebody is in danger, or is said to be."""

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json, print_table


class YesNo(StrEnum):
    """An answer that must be given."""

    YES = "yes"
    NO = "no"


AlertId = Annotated[
    str, typer.Argument(metavar="ALERT", help="The alert's id, as `posle alerts` lists it.", show_default=False)
]
By = Annotated[str, typer.Option(metavar="NAME", help="Who; the audit keeps an opaque code.", show_default=False)]
Informed = Annotated[
    YesNo | None,
    typer.Option(
        help="Ex-perpetrators' side: was the survivors' service informed, person to person, outside the system? "
        "Asked for every man, whether or not there is a woman."
    ),
]
CouldInfer = Annotated[
    YesNo | None, typer.Option(help="Survivors' side: could what is done let him infer where it comes from?")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("alerts", epilog="Example: posle alerts /srv/posle/his")(alerts)
    app.command("acknowledge", epilog='Example: posle acknowledge /srv/posle/his a-7k2m4… --by "Mira Jović"')(
        acknowledge
    )
    app.command("close", epilog='Example: posle close /srv/posle/his a-7k2m4… --by "Mira Jović" --informed yes')(close)
    app.command("drill", epilog="Example: posle drill /srv/posle/his --centre nis")(drill)


def alerts(
    folder: Dir, every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False, json: Json = False
) -> None:
    """List alerts, red ones first, with the minutes until the next person is told; never what was answered.

    Red is what nobody took in time. `told` counts whose turn it was, also where the message to them did not leave: then
    a task alert_not_told is open.
    """
    from posle.alerts import listed

    found = asyncio.run(listed(folder, every, datetime.now(UTC)))
    if json:
        print_json(found)
        return
    rows = [
        ("RED" if each["red"] else each["state"], each["urgency"] + (" (drill)" if each["drill"] else ""),
         each["centre"], each["participant"], each["opened_at"], each["told"],
         "" if each["minutes"] is None else f"{each['minutes']} min",
         "may be called" if each["call_consented"] else "no call", each["id"])
        for each in found
    ]  # fmt: skip
    print_table(("state", "urgency", "centre", "participant", "since", "told", "next", "call", "id"), rows)


def acknowledge(folder: Dir, alert: AlertId, by: By, json: Json = False) -> None:
    """Take an alert: nobody else is told any more. After a duress word it shows what was agreed on for that case."""
    from posle.alerts import acknowledge
    from surveys.steps.duress import DO_NOT

    plan = asyncio.run(acknowledge(folder, alert, by, datetime.now(UTC)))
    if plan is None:
        _said(alert, "acknowledged", json)
    elif json:
        print_json({"alert": alert, "state": "acknowledged", "duress_plan": plan, "do_not": DO_NOT})
    else:
        print(f"{alert}: acknowledged\nDURESS. {DO_NOT}\nAgreed plan: {plan or 'none'}")


def close(
    folder: Dir,
    alert: AlertId,
    by: By,
    informed: Informed = None,
    could_infer: CouldInfer = None,
    note: Annotated[str | None, typer.Option(metavar="WORDS", help="What was done; kept sealed.")] = None,
    json: Json = False,
) -> None:
    """Close an alert that was taken. The side's own question must be answered: --informed or --could-infer."""
    from posle.alerts import close

    asyncio.run(close(folder, alert, by, _flag(informed), _flag(could_infer), note, datetime.now(UTC)))
    _said(alert, "closed", json)


def drill(
    folder: Dir,
    centre: Annotated[str, typer.Option(metavar="CENTRE", help="Whose workers are told first.", show_default=False)],
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who; the audit keeps an opaque code.")] = None,
    json: Json = False,
) -> None:
    """Open an alert about nobody, marked as a drill: it goes the whole way until somebody takes it."""
    from posle.alerts import drill

    opened = asyncio.run(drill(folder, centre, by, datetime.now(UTC)))
    _said(opened, "opened", json)


def _flag(answer: YesNo | None) -> bool | None:
    return None if answer is None else answer is YesNo.YES


def _said(alert: str, what: str, json: bool) -> None:
    if json:
        print_json({"alert": alert, "state": what})
    else:
        print(f"{alert}: {what}")
