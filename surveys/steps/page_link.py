"""Links to the private page: issued in the transaction that claims the message they travel in, for a short time.

A link that is over, or was never made, or belongs to another browser must look the same: whoever asks learns nothing.
"""

from datetime import datetime, timedelta

from surveys.records import audit, invitations, page_links
from surveys.records.database import Tx
from surveys.steps.service import SERVICE, IssueLink, Service

LIVES = timedelta(days=5)
"""Past the week-end, and no longer than until the next reminder or so, which brings a new one."""
PATH = "/p/"


def links_at(public_url: str) -> IssueLink:
    """Makes complete addresses under the side's public one, which has no slash at its end."""

    async def issue(tx: Tx, _: Service, invitation: str, participant: str, now: datetime) -> str:
        return public_url + PATH + await new_link(tx, invitation, participant, now)

    return issue


async def new_link(tx: Tx, invitation: str, participant: str, now: datetime) -> str:
    """The token of a new link; it is over with its invitation at the latest."""
    wave = await invitations.get(tx, invitation)
    expires = min(now + LIVES, wave.closes_at) if wave else now
    audit.record(tx, SERVICE, "page.issued", invitation, now)
    return await page_links.issue(tx, participant, invitation, now, expires)
