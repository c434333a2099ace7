"""The protocol that the side follows: waves, windows, caps, as readiness attests it. It is read, never edited.

Another protocol is another version of the program's data, and nothing is sent until readiness is recorded for it.
"""

from staff.asked import Answer, Asked, Page, Shown
from surveys.records import audit
from surveys.rules.roles import May

AT = "/staff/settings/protocol"


async def shown(asked: Asked) -> Answer:
    """All of it in words."""
    async with asked.service.database.writing() as tx:
        audit.record(tx, asked.reader.account.id, "settings.read", "side", asked.now, kind="protocol")
    return Shown("protocol.html", {"protocol": asked.service.library.protocol})


PAGES = (Page("GET", AT, shown, May.CONFIGURE),)
