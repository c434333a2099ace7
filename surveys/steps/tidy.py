"""What nobody needs any more is forgotten: contents of dead updates, marks of handled ones, sessions that are over.

It never touches an answer, a consent or the audit; those have clocks of their own.
"""

from datetime import datetime, timedelta

from surveys.records import inbox, page_links, safe_contacts, staff_sessions
from surveys.steps.service import Service

DEAD_FOR = timedelta(days=30)
"""Time enough to find out what was wrong with an update that nobody could handle."""
HANDLED_FOR = timedelta(days=7)
"""Providers deliver again for a day at most: until then the mark keeps an update from being handled twice."""
OVER_FOR = timedelta(days=1)
LINKS_FOR = timedelta(days=60)
"""A link that is over answers like one that never was; how long a wave lasts, it is worth knowing what became of it."""


async def tidy(service: Service, now: datetime) -> None:
    """Forget; safe to repeat."""
    async with service.database.writing() as tx:
        await inbox.forget_dead(tx, now - DEAD_FOR)
        await inbox.forget_handled(tx, now - HANDLED_FOR)
        await staff_sessions.forget(tx, now - OVER_FOR)
        await page_links.forget(tx, now - LINKS_FOR)
        await safe_contacts.forget_closed(tx)
