"""Where what concerns the whole side is kept up to date: one page that leads to each, and says where it lacks."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from staff.asked import Answer, Asked, Page, Shown
from staff.pages import centres, days_off, helplines, protocol, rota, texts, wording
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
    Part(wording.AT, mark("Речи порука"), mark("Поруке и анкете које се виде прве, и одобрење двоје људи."),
         mark("није одобрено"), wording.has_changed),
    Part(texts.AT, mark("Текстови пристанка"), mark("Све верзије са отиском тачних речи, и нова верзија.")),
    Part(centres.AT, mark("Центри"), mark("Имена, бројеви на које се јавља човек, спајање.")),
    Part(days_off.AT, mark("Празници и нерадни дани"), mark("Када служба ништа не започиње.")),
    Part(protocol.AT, mark("Протокол"), mark("Кругови, рокови, подсетници и границе, и предлог измене."),
         mark("спремност није уписана"), protocol.not_attested),
)  # fmt: skip


async def shown(asked: Asked) -> Answer:
    """The list of what can be set."""
    async with asked.service.database.reading() as tx:
        parts = [(each, each.lacks is not None and await each.lacks(tx, asked)) for each in PARTS]
    return Shown("settings.html", {"parts": parts})


PAGES = (
    Page("GET", AT, shown, May.CONFIGURE), *rota.PAGES, *helplines.PAGES, *wording.PAGES, *texts.PAGES, *centres.PAGES,
    *days_off.PAGES, *protocol.PAGES,
)  # fmt: skip
