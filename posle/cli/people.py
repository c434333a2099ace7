"""`posle enrol`, `import`, `amend`, `withdraw`, `purge`: people come and go."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from posle.cli.arguments import Dir, Json, Participant
from posle.cli.output import print_json, print_table, warn

ENROL = """Example: echo '{"case_code": "k-7f3a91", "centre": "nis", …}' | posle enrol /srv/posle/his"""
AMEND = """Example: echo '{"participant": "p-7k…", "kind": "deceased", "recorded_by": "Mira"}' | posle amend his"""
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing; for scripts that run on a terminal.")]
Csv = Annotated[Path, typer.Argument(metavar="FILE.csv", help="CSV in UTF-8, with a row of headings.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("enrol", epilog=ENROL)(enrol)
    app.command("import", epilog="Example: posle import /srv/posle/his people.csv")(import_rows)
    app.command("amend", epilog=AMEND)(amend)
    app.command("withdraw", epilog="Example: posle withdraw /srv/posle/his p-7k2m4…")(withdraw)
    app.command("purge", epilog='Example: posle purge /srv/posle/his p-7k2m4… --by "Mira Jović"')(purge)


def enrol(folder: Dir, json: Json = False) -> None:  # noqa: ARG001 - it prints JSON in any case
    """Enrol one person: one JSON object on standard input, one on standard output.

    Keys: case_code, centre, completed_on, channel (telegram, sms or phone), phone, language, consent {contact,
    evaluation, call, recorded_by, version}; optional: born_on, adult (true: seen or
    told to be of age; false is refused), gender, other_gender, other_word, sms_script (ascii,
    latin or cyrillic: its price is printed); for somebody who withdrew and agreed again, reconsent {recorded_by, on}.
    On the survivors' side also safe_contact {hours: [{days, from, to}], blackout, notice, code_word, duress_word,
    duress_plan, interview, reminders, shared_phone, confirmed_on, do_not_contact …}. The channel is phone where it is
    left out; phone needs consent.call, and hours are needed always.
    """
    from posle.cli.given import read_object
    from posle.enrolling import enrol as enrol_one

    enrolled = asyncio.run(enrol_one(folder, read_object(), datetime.now(UTC)))
    print_json(enrolled)
    warn(enrolled.get("warnings", ()))


def amend(folder: Dir, json: Json = False) -> None:  # noqa: ARG001 - it prints JSON in any case
    """Correct what is known of a participant: one JSON object on standard input, one on standard output.

    Keys: participant, kind, recorded_by, and what the kind needs. Kinds: completed_on (completed_on), phone (phone),
    channel (channel, phone), telegram (a new link for a new account), language (language), sms_script (sms_script),
    word (other_word), safe_contact (safe_contact, with the keys that are said anew), second_course (completed_on,
    consent), in_custody, released, moved_abroad, deceased. What follows is planned anew.
    """
    from posle.amending import amend_one
    from posle.cli.given import read_object

    print_json(asyncio.run(amend_one(folder, read_object(), datetime.now(UTC))))


def import_rows(folder: Dir, file: Csv, json: Json = False) -> None:
    """Enrol everybody in a CSV file, or nobody: the first row that is wrong is named.

    Headings are enrol's keys, those of consent written as consent_contact, consent_evaluation and so on, those of
    reconsent as reconsent_recorded_by and reconsent_on.
    """
    from posle.cli.rows import read_rows
    from posle.enrolling import enrol_rows

    enrolled = asyncio.run(enrol_rows(folder, read_rows(file), datetime.now(UTC)))
    warn(f"row {each['row']}: {line}" for each in enrolled for line in each.get("warnings", ()))
    if json:
        print_json(enrolled)
        return
    lines = [(each["row"], each["participant"], each.get("telegram_link"), len(each["tasks"])) for each in enrolled]
    print_table(("row", "participant", "link", "waves too late"), lines)


def withdraw(
    folder: Dir,
    participant: Participant,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who; the audit keeps an opaque code.")] = None,
    delete_answers: Annotated[
        bool, typer.Option("--delete-answers", help="The person wants earlier answers deleted too; also later on.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Take a participant out for good: everything planned is cancelled, and nothing undoes it.

    On a terminal it asks once more; --yes, or a script's standard input, answers that.
    """
    from posle.cli.asking import see_that_it_is_meant
    from posle.leaving import withdraw as withdraw_one

    if not yes:
        see_that_it_is_meant(participant, "taken out for good")
    new = asyncio.run(withdraw_one(folder, participant, by, datetime.now(UTC), and_answers=delete_answers))
    if delete_answers and not new and not json:
        print(f"{participant} was withdrawn already; earlier answers are deleted now, where there were any.")
        return
    _said(json, participant, new, "withdrawn")


def purge(
    folder: Dir,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who; the audit keeps an opaque code.")],
    participant: Annotated[
        str, typer.Argument(metavar="ID", help="The participant's id; left out with --due.", show_default=False)
    ] = "",
    due: Annotated[
        bool, typer.Option("--due", help="Let go, at once, whatever the protocol's retention clocks say is to go.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Destroy what is known of a participant, here and in every copy of this database. Counts stay.

    On a terminal the id is asked for once more; --yes, or a script's standard input, answers that. `posle serve` does
    what --due does once a night: contact details, people, notes and audit rows whose time is over.
    """
    if due == bool(participant):
        raise typer.BadParameter("give a participant, or --due", param_hint="ID / --due")
    if due:
        _purge_due(folder, by, json)
        return
    from posle.cli.asking import see_that_it_is_meant
    from posle.leaving import purge as purge_one

    if not yes:
        see_that_it_is_meant(participant, "purged, with all that is known of them")
    new = asyncio.run(purge_one(folder, participant, by, datetime.now(UTC)))
    _said(json, participant, new, "purged")


def _purge_due(folder: Path, by: str, json: bool) -> None:
    from posle.leaving import purge_due

    gone = asyncio.run(purge_due(folder, by, datetime.now(UTC)))
    if json:
        print_json(gone)
    else:
        print(
            f"Purged: {gone.purged}. Contact details forgotten: {gone.contacts}. Notes: {gone.notes}. "
            f"Entries of the audit: {gone.audit}."
        )


def _said(json: bool, participant: str, new: bool, what: str) -> None:
    if json:
        print_json({"participant": participant, what: True, "new": new})
    else:
        print(f"{participant} is {what}." if new else f"{participant} was {what} already; nothing changed.")
