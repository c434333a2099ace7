"""Telephone numbers that people are told or sent from, held against the other side's settings. It never says a number.

It reads this side's database alone, and of that what staff set: the other side's is never opened. So what both typed
into their consoles is compared by nobody but people.
"""

from collections.abc import Iterable

import phonenumbers

from posle.doctor.finding import Finding, missing, ok, wrong
from posle.settings import Settings
from surveys.records import migrations, stamps
from surveys.records.database import Database, DatabaseUnavailable
from surveys.records.keyfile import KeyFileRefused
from surveys.records.sealing import Seals
from surveys.steps import configured

CHECK = "numbers of centres"


async def compare_numbers(mine: Settings, other: Settings) -> Finding:
    """Whether a number that people here are told or written to from is one of the other side's."""
    told = await _of_centres(mine)
    if told is None:
        return missing(CHECK, "this side's database cannot be read, so its centres were not compared; mend that first")
    shared = told & (_told(other) | _sent_from(other))
    shared |= (_told(mine) & _sent_from(other)) | (_sent_from(mine) & _told(other))
    if shared:
        return wrong(CHECK, "one of them, or the side's own, is a number of the other side; give each side its own")
    return ok(CHECK)


async def _of_centres(settings: Settings) -> set[str] | None:
    """What was typed in the console; None where it cannot be read, which the side's own examination explains."""
    if settings.database_file is not None and not settings.database_file.is_file():
        return None
    try:
        database = await Database.open(settings.database, Seals.load(settings.keys.file, settings.side.name))
    except (KeyFileRefused, DatabaseUnavailable, OSError):
        return None
    try:
        return await _read(database)
    except (DatabaseUnavailable, migrations.SchemaOlder, migrations.SchemaNewer, stamps.StampRefused):
        return None
    finally:
        await database.close()


async def _read(database: Database) -> set[str]:
    await migrations.check(database)
    async with database.reading() as tx:
        await stamps.check(tx)
        found = await configured.read(tx)
    return plain(each.phone for each in found.centres.values())


def _told(settings: Settings) -> set[str]:
    return plain([settings.side.phone])


def _sent_from(settings: Settings) -> set[str]:
    return plain(each.sender for each in (settings.sms, settings.paging) if each is not None)


def plain(several: Iterable[str]) -> set[str]:
    """Those that are telephone numbers, however they were written, in E.164; a sender may be a name."""
    found: set[str] = set()
    for each in several:
        try:
            number = phonenumbers.parse(each, "RS")
        except phonenumbers.NumberParseException:
            continue
        found.add(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return found
