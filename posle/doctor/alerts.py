"""Whether an alert would reach somebody now: a mail server, a list without gaps, a last address; and which are red."""

from collections.abc import AsyncIterator
from datetime import datetime

from posle.doctor.finding import Finding, missing, ok, wrong
from posle.settings import Settings
from surveys.library import Library
from surveys.records import alerts, tasks
from surveys.records.database import Tx
from surveys.rules.rota import Rota, gaps
from surveys.steps.escalate import NOT_TOLD
from surveys.steps.readiness import rota_of


async def examine_alerts(tx: Tx, settings: Settings, library: Library, now: datetime) -> AsyncIterator[Finding]:
    """Every check of what tells staff that somebody is in danger."""
    if settings.smtp_url is None and settings.paging is None:
        yield missing("alerts", "fill in [alerts] smtp_url; without it nobody is told of an alert, it only waits")
    else:
        yield ok("alerts")
    yield _twice(settings)
    yield _on_call(await rota_of(tx, settings.side.timezone), library)
    red = sum(each.is_red(now) for each in await alerts.standing(tx))
    advice = f"{red} of them were taken by nobody in time; see posle alerts, and take them now"
    yield wrong("alerts_waiting", advice) if red else ok("alerts_waiting")
    yield _told((await tasks.counts(tx)).get(NOT_TOLD, 0))


def _told(open_tasks: int) -> Finding:
    """A mail server that is named may still take nothing: whoever tried says so by a task."""
    if not open_tasks:
        return ok("alerts told")
    advice = (
        f"{open_tasks} tasks alert_not_told are open: a mail or SMS to who is on call did not leave, or was refused"
    )
    return wrong("alerts told", f"{advice}; look at [alerts] and the list, try posle drill, then posle done")


def _twice(settings: Settings) -> Finding:
    """Whether one means is there where the other fails."""
    if settings.paging is None:
        return missing("alerts by sms", "fill in [alerts] sms_account_sid; until then alerts leave by e-mail alone")
    if settings.smtp_url is None:
        return missing("alerts by sms", "fill in [alerts] smtp_url too; until then alerts leave by SMS alone")
    return ok("alerts by sms")


def _on_call(rota: Rota, library: Library) -> Finding:
    if not rota.contacts:
        return missing("on_call", "nobody is on the list; hand it to posle ready")
    free = {name: found for name in sorted(library.centres) if (found := gaps(rota, name))}
    if free:
        name, found = next(iter(free.items()))
        more = f", and {len(free) - 1} more centres have gaps" if len(free) > 1 else ""
        return missing("on_call", f"nobody is on call for {name} from {found[0][0]} to {found[0][1]}{more}")
    if rota.host is None:
        return missing("on_call", "name host_phone and host_email in posle ready: they are told of an alert last")
    return ok("on_call")
