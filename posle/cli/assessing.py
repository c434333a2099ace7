"""`posle assess`: the ex-post assessment, from both sides' research exports."""

from pathlib import Path
from typing import Annotated

import typer

from posle.cli.arguments import Json
from posle.cli.output import print_json
from posle.cli.refusing import Refused

EXAMPLE = "Example: posle assess --ex his-rows --survivors her-rows --key evaluators.key --out report"
LANGUAGES = ("sr_Cyrl", "sr_Latn", "en")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("assess", epilog=EXAMPLE)(assess)


def assess(
    ex: Annotated[Path | None, typer.Option(metavar="FOLDER", help="The men's export --research.")] = None,
    survivors: Annotated[Path | None, typer.Option(metavar="FOLDER", help="The survivors' export --research.")] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="The evaluators' private key.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A folder that is not there yet, or empty.")
    ] = None,
    language: Annotated[str, typer.Option(metavar="CODE", help="sr_Cyrl, sr_Latn or en.")] = "sr_Cyrl",
    plan: Annotated[bool, typer.Option("--plan", help="Only say how many completers are needed.")] = False,
    width: Annotated[float, typer.Option(metavar="SHARE", help="With --plan: how wide the interval may be.")] = 0.2,
    response: Annotated[float, typer.Option(metavar="SHARE", help="With --plan: which share answers.")] = 0.39,
    expected: Annotated[float, typer.Option(metavar="SHARE", help="With --plan: which share is expected.")] = 0.8,
    json: Json = False,
) -> None:
    """Write one report on how things are three and six months on, from both sides' research exports.

    Pairs are joined here alone, with the evaluators' private key. Cells that could identify somebody are hidden. With
    --plan no export is needed.
    """
    from posle import assessing

    if plan:
        _planned(assessing.plan(width, response, expected), json)
        return
    if ex is None or key is None or out is None:
        raise Refused("assess: needs --ex, --key and --out (and --survivors, where there is her side)")
    if language not in LANGUAGES:
        raise Refused(f"--language: must be one of {', '.join(LANGUAGES)}")
    report = assessing.assess(ex, survivors, key, out.absolute(), language)
    print_json({"report": report}) if json else print(f"Wrote {report}")


def _planned(needed: int, json: bool) -> None:
    if json:
        print_json({"completers": needed})
    else:
        print(f"{needed} men must complete the programme for an interval of that width at that response rate.")
