"""Alerts from the command line: listed with their clocks, taken, closed, drilled. Never the answer, nor a number."""

from datetime import datetime
from pathlib import Path
from typing import TypedDict
from zoneinfo import ZoneInfo

from posle.actors import actor
from posle.opening import OPERATOR, opened
from surveys.library import load_library
from surveys.records import alerts, audit
from surveys.records.alerts import Alert
from surveys.rules.vocabulary import Side
from surveys.steps import taking
from surveys.steps.duress import plan_of

_MOST = 500


class NoSuchAlert(Exception):
    """There is no open alert with this id; `posle alerts DIR --all` lists them all."""


class TakenAlready(Exception):
    """Somebody took this alert already, and nobody else is told; `posle close` closes it once it is dealt with."""


class NotTakenYet(Exception):
    """Only an alert that somebody took can be closed; take it with `posle acknowledge DIR ALERT --by NAME`."""


class NotAsked(Exception):
    """The question of this side is not answered; the message names the option."""


class NoSuchCentre(Exception):
    """There is no such centre; the message names those there are."""


class Listed(TypedDict):
    """One alert. `red` says that nobody took it in time; `next_at` is when the next person is told."""

    id: str
    urgency: str
    state: str
    red: bool
    drill: bool
    centre: str
    participant: str | None
    call_consented: bool
    opened_at: str
    told: int
    next_at: str | None
    minutes: int | None
    acknowledged_at: str | None
    closed_at: str | None


async def listed(folder: Path, closed: bool, now: datetime) -> list[Listed]:
    """Red ones first, then urgent ones, then the oldest; those that are closed too where asked for. It is audited."""
    async with opened(folder) as (settings, database), database.writing() as tx:
        found = await alerts.latest(tx, _MOST) if closed else await alerts.standing(tx)
        found.sort(key=lambda each: (_place(each, now), each.urgency != "urgent", each.opened_at))
        audit.record(tx, OPERATOR, "alerts.read", "side", now, count=len(found))
        return [_shown(each, now, settings.side.timezone) for each in found]


def _place(alert: Alert, now: datetime) -> int:
    return 0 if alert.is_red(now) else {"open": 1, "acknowledged": 2}.get(alert.state, 3)


def _shown(alert: Alert, now: datetime, zone: ZoneInfo) -> Listed:
    def said(instant: datetime | None) -> str | None:
        return instant.astimezone(zone).isoformat(timespec="minutes") if instant else None

    next_at = alert.escalate_at if alert.state == "open" else None
    return {
        "id": alert.id, "urgency": str(alert.urgency), "state": alert.state, "red": alert.is_red(now),
        "drill": alert.drill, "centre": alert.centre, "participant": alert.participant,
        "call_consented": alert.call_consented, "opened_at": said(alert.opened_at) or "", "told": alert.escalations,
        "next_at": said(next_at), "minutes": int((next_at - now).total_seconds() // 60) if next_at else None,
        "acknowledged_at": said(alert.acknowledged_at), "closed_at": said(alert.closed_at),
    }  # fmt: skip


async def acknowledge(folder: Path, alert: str, by: str, now: datetime) -> str | None:
    """Take an open alert: nobody else is told any more. After a duress word, the plan that was agreed on for it.

    TakenAlready where somebody has it, NoSuchAlert where it is not open.
    """
    async with opened(folder) as (_, database), database.writing() as tx:
        who = actor(database, by)
        if not await taking.take(tx, alert, who, now):
            found = await alerts.get(tx, alert)
            raise TakenAlready if found is not None and found.state == "acknowledged" else NoSuchAlert
        return await plan_of(tx, alert, who, now)


async def close(
    folder: Path, alert: str, by: str, informed: bool | None, could_infer: bool | None, note: str | None, now: datetime
) -> None:
    """Close an alert that was taken, with the answer to the side's own question and a sealed note."""
    async with opened(folder) as (settings, database), database.writing() as tx:
        answered = _answered(settings.side.name, informed, could_infer)
        if await taking.close(tx, alert, actor(database, by), answered, now, note):
            return
        found = await alerts.get(tx, alert)
        raise NotTakenYet if found is not None and found.state == "open" else NoSuchAlert


def _answered(side: Side, informed: bool | None, could_infer: bool | None) -> bool:
    wanted, other, option = (
        (informed, could_infer, "--informed yes or no: was the survivors' service informed, person to person")
        if side is Side.EX_PERPETRATORS
        else (could_infer, informed, "--could-infer yes or no: could what is done let him infer where it comes from")
    )
    if wanted is None or other is not None:
        raise NotAsked(f"this side's question must be answered, and no other: {option}")
    return wanted


async def drill(folder: Path, centre: str, by: str | None, now: datetime) -> str:
    """Open a drill; the alert's id."""
    async with opened(folder) as (settings, database), database.writing() as tx:
        centres = settings.configured.on(load_library(settings.side.name)).centres
        if centre not in centres:
            raise NoSuchCentre(f"there is no such centre; there are {', '.join(sorted(centres))}")
        return await taking.drill(tx, centre, actor(database, by) if by else OPERATOR, now)
