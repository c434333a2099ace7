"""`posle assess`: the ex-post assessment, from both sides' research exports."""

from pathlib import Path
from typing import Annotated

import typer

from posle.cli.arguments import Json
from posle.cli.output import print_json
from posle.cli.refusing import Refused
from surveys.rules.vocabulary import SHIPPED_LANGUAGES

EXAMPLE = "Example: posle assess --ex his-rows --survivors her-rows --key evaluators.key --out report"


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
    centres: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Centre records as CSV; article-2012 takes the article's figures."),
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar="NAME", help="Who approved it; the manifest says so.")
    ] = None,
    message_cost: Annotated[
        float | None, typer.Option(metavar="DINARS", help="What one message costs; the report says what all cost.")
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only say how many completers are needed.")] = False,
    width: Annotated[float, typer.Option(metavar="SHARE", help="With --plan: how wide the interval may be.")] = 0.2,
    response: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="With --plan: which share answers; seen in the exports where given."),
    ] = None,
    expected: Annotated[float, typer.Option(metavar="SHARE", help="With --plan: which share is expected.")] = 0.8,
    json: Json = False,
) -> None:
    """Write one report on how things are three and six months on, from both sides' research exports.

    Pairs are joined here alone, with the evaluators' private key. Cells that could identify somebody are hidden, and a
    report that would tell of few people beside an earlier one is refused: the memory of reports lies beside the key.
    With --plan no export is needed; where some are given, with the key, their response rate is taken.
    """
    from assessment.everybody import Costs
    from posle import assessing

    if plan:
        _plan(ex, survivors, key, (width, response, expected), json)
        return
    if ex is None or key is None or out is None:
        raise Refused("assess: needs --ex, --key and --out (and --survivors, where there is her side)")
    if language not in SHIPPED_LANGUAGES:
        raise Refused(f"--language: must be one of {', '.join(SHIPPED_LANGUAGES)}")
    if message_cost is not None and not message_cost >= 0:
        raise Refused("--message-cost: is not below 0, such as 9.5")
    given = assessing.Given(ex, survivors, key, centres, tuple(by or ()), Costs(message_cost))
    report = assessing.assess(given, out.absolute(), language)
    print_json({"report": report}) if json else print(f"Wrote {report}")


def _plan(
    ex: Path | None, survivors: Path | None, key: Path | None, asked: tuple[float, float | None, float], json: bool
) -> None:
    from assessment.simulating import COHORTS
    from posle import planning_aid

    width, response, expected = asked
    if not 0 < width < 1:
        raise Refused("--width: lies between 0 and 1, such as 0.2")
    if response is not None and not 0 < response <= 1:
        raise Refused("--response: is above 0 and at most 1, such as 0.39")
    if not 0 <= expected <= 1:
        raise Refused("--expected: lies between 0 and 1, such as 0.8")
    folder = survivors or ex
    if folder is not None and key is None:
        raise Refused("--key: is needed to read the exports that are given with --plan")
    planned = planning_aid.plan(folder, key, width, response, expected)
    if json:
        print_json(planned)
        return
    print(f"{planned.completers} men must complete the programme for an interval of that width at that response rate.")
    print(f"Response rate taken: {round(100 * planned.response)} % ({planned.source}).")
    for row in planned.simulated:
        seen, low, high, truth = (round(100 * share) for share in (row.seen, row.low, row.high, expected))
        print(
            f"If those without violence answer {row.ratio} times as often: {seen} % is seen where {truth} % is true; "
            f"the bounds are {low} to {high} %."
        )
        one = row.played
        least, most, holds, inside = (
            round(100 * share) for share in (one.least, one.most, one.interval_holds, one.bounds_hold)
        )
        print(
            f"  Played {COHORTS} times: {least} to {most} % is seen; the interval holds the truth in {holds} %, "
            f"the bounds in {inside} %."
        )
