"""One side's wired core: what every step is handed. It holds no state of a person and reads no clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from surveys.instruments.form import Form
from surveys.library import Library
from surveys.records import instruments
from surveys.records.database import Database, Tx
from surveys.records.tombstones import Tombstones
from surveys.rules.calendar import Holidays
from surveys.rules.chance import Chance
from surveys.rules.vocabulary import Side

SERVICE, PERSON = "service", "person"
"""Who did it, in the audit, where it was no member of staff."""


@dataclass(frozen=True, slots=True)
class Service:
    """`bot` gives the Telegram user name once it is known; `forms` keeps compiled instruments, shared by all people."""

    side: Side
    database: Database
    library: Library
    chance: Chance
    zone: ZoneInfo
    holidays: Holidays
    tombstones: Tombstones
    evaluators_public: bytes
    bot: Callable[[], str | None] = lambda: None
    forms: dict[tuple[str, str], Form] = field(default_factory=dict)

    def local(self, now: datetime) -> datetime:
        """The same instant on the clock of the people asked."""
        return now.astimezone(self.zone)

    async def form(self, tx: Tx, name: str, version: str) -> Form:
        """The published instrument, ready to be asked."""
        if (name, version) not in self.forms:
            self.forms[name, version] = Form(await instruments.load(tx, name, version))
        return self.forms[name, version]
