"""Puts one side's core together from its settings: database, library, keys, holidays, chance. Reads no clock."""

from posle.settings import Settings
from surveys.library import Library, load_library
from surveys.records.database import Database
from surveys.records.evaluators import read_evaluators_public
from surveys.records.tombstones import Tombstones
from surveys.rules.calendar import Holidays
from surveys.rules.chance import Chance, SystemChance
from surveys.steps.service import Service

TOMBSTONES = "tombstones"


def wire(
    settings: Settings, database: Database, chance: Chance | None = None, library: Library | None = None
) -> Service:
    """The side's service. The evaluators' key may be missing here: only enrolment needs it, and refuses without."""
    public = settings.keys.evaluators_public
    return Service(
        side=settings.side.name,
        database=database,
        library=library or load_library(settings.side.name),
        chance=chance or SystemChance(),
        zone=settings.side.timezone,
        holidays=Holidays(),
        two_way=bool(settings.sms and settings.sms.two_way),
        tombstones=Tombstones(settings.folder / TOMBSTONES),
        evaluators_public=read_evaluators_public(public) if public else None,
    )
