"""Puts one side's core together from its settings: database, library, keys, holidays, chance. Reads no clock."""

from posle.settings import Settings
from surveys.language.adding import take_in
from surveys.library import Library, load_library
from surveys.records.database import Database
from surveys.records.evaluators import read_evaluators_public
from surveys.records.tombstones import Tombstones
from surveys.rules.calendar import Holidays
from surveys.rules.chance import Chance, SystemChance
from surveys.steps.page_link import links_at
from surveys.steps.service import Recorded, Service

TOMBSTONES = "tombstones"


def library_of(settings: Settings) -> Library:
    """The side's library with what its staff set in the console."""
    return settings.configured.on(_from_files(settings))


def _from_files(settings: Settings) -> Library:
    """The library as its files have it; its added languages are spoken and understood by this process from now on."""
    folder = settings.side.languages
    library = load_library(settings.side.name, languages=folder, own_files=settings.folder, cover=settings.cover)
    if folder is not None:
        take_in(folder)
    return library


def wire(
    settings: Settings, database: Database, chance: Chance | None = None, library: Library | None = None
) -> Service:
    """The side's service. The evaluators' key may be missing here: only enrolment needs it, and refuses without."""
    public, own = settings.keys.evaluators_public, library or _from_files(settings)
    return Service(
        side=settings.side.name,
        database=database,
        shipped=own,
        recorded=Recorded(configured=settings.configured),
        chance=chance or SystemChance(),
        zone=settings.side.timezone,
        holidays=Holidays(),
        phone=settings.side.phone,
        sends_from=frozenset(each.sender for each in (settings.sms, settings.paging) if each is not None),
        issue_link=links_at(settings.side.public_url) if settings.sms or own.covers else None,
        two_way=bool(settings.sms and settings.sms.two_way),
        tombstones=Tombstones(settings.folder / TOMBSTONES),
        evaluators_public=read_evaluators_public(public) if public else None,
    )
