"""Where what concerns the whole side is kept up to date: one page that leads to each, and says where it lacks."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from staff.asked import Answer, Asked, Page, Shown
from staff.pages import helplines, rota
from surveys.language.catalogue import mark
from surveys.records.database import Tx
from surveys.rules.roles import May

AT = "/staff/settings"


@dataclass(frozen=True, slots=True)
class Part:
    """One page. `lacks` says whether something there is to be seen to, and `what` that is."""

    path: str
    name: str
    about: str
    what: str = ""
    lacks: Callable[[Tx, Asked], Awaitable[bool]] | None = None


PARTS: Sequence[Part] = (
    Part(rota.AT, mark("Дежурства"), mark("Кога зове узбуна, по центру и сату, и када нема никога."),
         mark("има сати без дежурног"), rota.has_gaps),
    Part(helplines.AT, mark("Линије за помоћ"), mark("Које се приказују, до када, и позиви којима се проверавају."),
         mark("има скривених линија"), helplines.hides_some),
)  # fmt: skip


async def shown(asked: Asked) -> Answer:
    """The list of what can be set."""
    async with asked.service.database.reading() as tx:
        parts = [(each, each.lacks is not None and await each.lacks(tx, asked)) for each in PARTS]
    return Shown("settings.html", {"parts": parts})


PAGES = (Page("GET", AT, shown, May.CONFIGURE), *rota.PAGES, *helplines.PAGES)
