"""`posle form …`: look at an instrument, play it, publish it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posle.cli.arguments import Dir, Json
from posle.cli.output import print_json, print_table, warn

if TYPE_CHECKING:
    from posle.trying import Play
    from surveys.instruments.asking import Ask
    from surveys.instruments.model import Instrument

File = Annotated[Path, typer.Argument(metavar="FILE", help="An XLSForm: .xlsx, or Markdown tables in .md.")]
FileOrDir = Annotated[Path, typer.Argument(metavar="FILE|DIR", help="An XLSForm, or a side's folder.")]
Language = Annotated[str | None, typer.Option(metavar="L", help="sr_Cyrl, sr_Latn, en … (default: the form's own).")]
Translated = Annotated[
    Path | None,
    typer.Option(metavar="T", help="Read it with an added language too: LANGUAGES/mk/ex-perpetrators.toml."),
]
DAY = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    form = typer.Typer(help="Check, show, try and publish instruments (XLSForms).", rich_markup_mode=None)
    form.command("check", epilog="Example: posle form check check-in.xlsx")(check)
    form.command("show", epilog="Example: posle form show check-in.xlsx --language sr_Latn")(show)
    form.command("publish", epilog="Example: posle form publish /srv/posle/his check-in-2.xlsx")(publish)
    form.command("try", epilog="Example: posle form try check-in.xlsx --language sr_Latn --today 2027-02-14")(try_it)
    app.add_typer(form, name="form")


def check(file: File, translation: Translated = None, json: Json = False) -> None:
    """Say whether an instrument can be published; what is not supported is refused with sheet and row.

    With --translation: whether that language has words for every item and choice; what its messages.po translates and
    the service never says is named as a warning.
    """
    from posle.translating import complete, never_said_beside

    instrument = complete(_compiled(file, None), translation) if translation else _compiled(file, None)
    warn(never_said_beside(translation) if translation else ())
    if json:
        print_json(_summary(instrument))
        return
    asked = sum(item.kind.asked for item in instrument.items)
    languages = ", ".join(instrument.languages)
    print(f"{instrument.name}, version {instrument.version}: {asked} items in {languages}. In order.")


def show(
    file: FileOrDir,
    language: Language = None,
    translation: Translated = None,
    sms: Annotated[
        bool, typer.Option("--sms", help="Each question as it goes by SMS, in every choice of letters.")
    ] = False,
    json: Json = False,
) -> None:
    """Print what an instrument asks, in order, with its choices, conditions and risk rules.

    With --sms: segments of each question by sms_script, and in which letters it goes: what would take more than two
    segments goes in plain ones. With a side's folder: which instruments and versions it has published.
    """
    from posle.showing import SMS_COLUMNS, document, rows, sms_rows

    if file.is_dir():
        _list_published(file, json)
        return
    instrument = _compiled(file, translation)
    if sms:
        table = list(sms_rows(instrument, language))
        if json:
            print_json([dict(zip(SMS_COLUMNS, row, strict=True)) for row in table])
        else:
            print_table(SMS_COLUMNS, table)
    elif json:
        print_json(document(instrument))
    else:
        print_table(("item", "type", "construct", "text", "choices", "asked if"), rows(instrument, language))


def _list_published(folder: Path, json: bool) -> None:
    import asyncio

    from posle.publishing import published

    columns = ("name", "version", "digest", "published_at")
    lines = [[getattr(each, column) for column in columns] for each in asyncio.run(published(folder))]
    if json:
        print_json([dict(zip(columns, line, strict=True)) for line in lines])
    else:
        print_table(columns, lines)


def publish(folder: Dir, file: File, json: Json = False) -> None:
    """Publish an instrument on a side. It never changes afterwards: an edit of its content is a new version.

    People who have begun go on with what they began; the next invitations use the version published last.
    """
    import asyncio

    from posle.publishing import publish

    instrument, fresh = asyncio.run(publish(folder, file, datetime.now(UTC)))
    if json:
        print_json(_summary(instrument) | {"new": fresh})
    else:
        print(f"{'Published' if fresh else 'Was published already:'} {instrument.name}, version {instrument.version}.")


def try_it(
    file: File,
    language: Language = None,
    today: Annotated[datetime | None, typer.Option(formats=DAY, metavar="DATE", help="Play as if on this day.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="What is recorded, such as wave=m6.")
    ] = None,
    translation: Translated = None,
    json: Json = False,
) -> None:
    """Play an instrument in the terminal; nothing is kept.

    With --json: one JSON string a line in, one JSON object a line out, the first before anything is read.
    """
    from posle.trying import begin, exchange
    from surveys.instruments.form import Form

    facts = _recorded(translation) | _facts(fact or [])
    play = begin(Form(_compiled(file, translation)), language, facts, _noon(today))
    if json:
        for each in exchange(play, sys.stdin):
            print_json(each)
    else:
        _converse(play)


def _compiled(file: Path, translation: Path | None) -> "Instrument":
    from posle.translating import translated
    from surveys.instruments.compile import compile_form

    instrument = compile_form(file)
    return translated(instrument, translation) if translation else instrument


def _summary(instrument: "Instrument") -> dict[str, object]:
    return {
        "name": instrument.name,
        "version": instrument.version,
        "title": dict(instrument.title),
        "languages": instrument.languages,
        "items": sum(item.kind.asked for item in instrument.items),
        "digest": instrument.digest,
    }


def _recorded(translation: Path | None) -> dict[str, str]:
    """What the other person is called in an added language, where nothing is recorded."""
    from surveys.instruments.wording import in_own_words
    from surveys.library.translation import read_translation

    if translation is None:
        return {}
    own = read_translation(translation)
    return {in_own_words("other_word", own.language): own.need("other_word", "unknown")}


def _facts(given: list[str]) -> dict[str, str]:
    for each in given:
        if "=" not in each:
            raise typer.BadParameter("must be NAME=VALUE, such as wave=m6", param_hint="--fact")
    return dict(each.split("=", 1) for each in given)


def _noon(today: datetime | None) -> datetime:
    """Noon of that day, or now, on the clock of the people asked."""
    from zoneinfo import ZoneInfo

    from posle.settings.reading import TIMEZONE

    zone = ZoneInfo(TIMEZONE)
    return today.replace(hour=12, tzinfo=zone) if today else datetime.now(UTC).astimezone(zone)


def _converse(play: "Play") -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)

    def tell(shown: "Ask") -> None:
        place = "" if shown.kind == "note" else f"  [dim]{shown.position}/{shown.total}[/dim]"
        console.print(f"\n[bold]{escape(shown.text)}[/bold]{place}")
        if shown.hint:
            console.print(f"[dim]{escape(shown.hint)}[/dim]")
        for number, choice in enumerate(shown.choices):
            mark = chr(ord("a") + number) if shown.counts else str(number + 1)
            console.print(f"  {mark}. {escape(choice.label)}")

    while (shown := play.ask) is not None:
        tell(shown)
        try:
            heard = play.hear(console.input("> "))
        except EOFError:
            break
        if not heard.accepted:
            console.print(f"[yellow]{escape(play.objection(heard) or '')}[/yellow]")
    console.print(f"\n[dim]{play.state.ended or 'not finished'}[/dim]")
    print_table(("item", "answer"), play.answers.items())
