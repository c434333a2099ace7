"""The figures of the overview, counted ahead: by the tick where a side is large, on opening where it is small.

What is shown is settled here, once for every reader and every table: nobody gets a number that is not in `shown`.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from surveys.records import counting, snapshots
from surveys.records.database import Tx
from surveys.records.snapshots import Snapshot
from surveys.rules.suppression import OTHERS, Parts, shown_groups, shown_number, shown_share, summed
from surveys.steps.service import Service

NAME = "overview"
FRESH = timedelta(hours=1)
SOONEST = timedelta(minutes=1)
QUICK_MS = 30
"""What was counted in less is counted again whenever somebody looks."""
ANSWERED = ("complete", "partial")
OPEN = ("planned", "open")
LEAST_LATENESS = 30
_TENTH = 10

_ByCentre = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class WaveShown:
    """One wave as everybody may see it: outcomes and response rate of every group, and of all together."""

    wave: str
    groups: Mapping[str, Parts]
    together: Parts
    contacts: Parts
    lateness: Parts

    def rate(self, group: str | None = None) -> int | None:
        """Complete and partial of what is over, in hundred; of all together where no group is given."""
        parts = self.together if group is None else self.groups.get(group, {})
        over = sum(number or 0 for name, number in parts.items() if name not in OPEN)
        return shown_share(sum(parts.get(name) or 0 for name in ANSWERED), over)


async def count(service: Service, now: datetime) -> None:
    """Count everything anew and keep it."""
    began = time.monotonic()
    async with service.database.reading(long=True) as tx:
        document = await _counted(tx)
    took = {"took_ms": round(1000 * (time.monotonic() - began))}
    async with service.database.writing() as tx:
        await snapshots.keep(tx, NAME, document | took, now)


async def _counted(tx: Tx) -> dict[str, Any]:
    return {
        "outcomes": await counting.outcomes(tx), "contacts": await counting.contacts(tx),
        "lateness": await counting.lateness(tx),
    }  # fmt: skip


async def refresh(service: Service, now: datetime) -> None:
    """For the tick: count where the last count is an hour old."""
    last = await _last(service)
    if last is None or not timedelta(0) <= now - last.at < FRESH:
        await count(service, now)


async def latest(service: Service, now: datetime) -> Snapshot:
    """The last count; a new one where counting is quick, where there is none yet, or where no tick counted in time."""
    last = await _last(service)
    quick = last is not None and last.document["took_ms"] < QUICK_MS and last.at != now
    if last is None or quick or not timedelta(0) <= now - last.at < FRESH:
        await count(service, now)
        last = await _last(service)
    assert last is not None
    return last


async def again(service: Service, now: datetime) -> None:
    """Count anew because somebody asked, once a minute at most: counting costs everybody's time."""
    last = await _last(service)
    if last is None or not timedelta(0) <= now - last.at < SOONEST:
        await count(service, now)


async def _last(service: Service) -> Snapshot | None:
    async with service.database.reading() as tx:
        return await snapshots.get(tx, NAME)


def shown(counted: Snapshot) -> list[WaveShown]:
    """Every wave, in the order of their names."""
    outcomes, contacts, late = (_by_wave(counted.document[name]) for name in ("outcomes", "contacts", "lateness"))
    return [
        _wave(wave, centres, contacts.get(wave, {}), late.get(wave, {})) for wave, centres in sorted(outcomes.items())
    ]


def _wave(wave: str, centres: _ByCentre, contacts: _ByCentre, late: _ByCentre) -> WaveShown:
    groups = shown_groups(centres)
    sent = {name: shown_number(number) for name, number in _all(contacts).items()}
    return WaveShown(wave, groups, summed(groups), sent, _tenths(_all(late)))


def _tenths(counted: Mapping[str, int]) -> Parts:
    """Shares in steps of ten, of thirty answers at least: they add up to nothing that could be subtracted."""
    whole = sum(counted.values())
    if whole < LEAST_LATENESS:
        return dict.fromkeys(counted)
    return {name: round(100 * number / whole / _TENTH) * _TENTH for name, number in counted.items()}


def _all(centres: _ByCentre) -> dict[str, int]:
    together: dict[str, int] = defaultdict(int)
    for parts in centres.values():
        for name, number in parts.items():
            together[name] += number
    return together


def _by_wave(rows: Iterable[Sequence[Any]]) -> dict[str, _ByCentre]:
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for centre, wave, what, number in rows:
        found[wave][centre][what] += number
    return {wave: {centre: dict(parts) for centre, parts in centres.items()} for wave, centres in found.items()}


def visible(wave: WaveShown, centre: str, every: str) -> list[str]:
    """The groups that a reader of this centre sees: their own alone; `others` is for who sees all."""
    return [group for group in wave.groups if centre in (every, group)] if centre != OTHERS else []
