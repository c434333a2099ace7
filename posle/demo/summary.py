"""What came of the demo's cohort: the flow from those who started to those who answered, and how waves ended."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posle.demo.cohort import Cohort
from surveys.records import alerts, deliveries, invitations
from surveys.records.invitations import Invitation
from surveys.rules.vocabulary import DeliveryKind, DeliveryState, Disposition
from surveys.steps.service import Service

_ANSWERED = (Disposition.COMPLETE, Disposition.PARTIAL)
FILE = "flow.json"


async def summarise(his: Service, hers: Service, cohort: Cohort, out: Path, seed: int) -> Mapping[str, object]:
    """The figures of both sides, also written to `out`/flow.json. They meet here alone: nobody in the demo is real."""
    figures: dict[str, object] = {
        "seed": seed,
        "started": sum(cohort.started.values()),
        "completed": sum(cohort.completed.values()),
        "by_centre": {name: [cohort.started[name], cohort.completed[name]] for name in sorted(cohort.started)},
        **await _side(his),
        "survivors": await _side(hers),
    }
    write(out / FILE, figures)
    return figures


async def _side(service: Service) -> dict[str, object]:
    async with service.database.reading(long=True) as tx:
        every: list[Invitation] = []
        while page := await invitations.page(tx, every[-1].id if every else ""):
            every += page
        sent = await deliveries.counts(tx)
        standing = await alerts.standing(tx)
    waves = sorted({each.wave for each in every})
    return {
        "consented": len({each.participant for each in every}),
        "waves": {wave: _wave([each for each in every if each.wave == wave]) for wave in waves},
        "notices_sent": sent.get((DeliveryKind.NOTICE, DeliveryState.SENT), 0),
        "reminders_sent": sent.get((DeliveryKind.REMINDER, DeliveryState.SENT), 0),
        "alerts_opened": len(standing),
    }


def _wave(every: list[Invitation]) -> dict[str, object]:
    ends = Counter(str(each.disposition or each.state) for each in every)
    answered = sum(each.disposition in _ANSWERED for each in every)
    return {"invited": len(every), "answered": answered, "dispositions": dict(sorted(ends.items()))}


def write(path: Path, figures: Mapping[str, object]) -> None:
    """The figures as JSON, for whoever draws them."""
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def lines(figures: Mapping[str, Any]) -> list[str]:
    """The figures as a person reads them: his side, then hers."""
    hers = figures["survivors"]
    return [
        f"ex-perpetrators: started {figures['started']} → completed {figures['completed']} → "
        f"consented {figures['consented']}",
        *_lines(figures),
        f"survivors: consented {hers['consented']}",
        *_lines(hers),
    ]


def _lines(side: Mapping[str, Any]) -> list[str]:
    told = [
        f"notices sent {side['notices_sent']}, reminders sent {side['reminders_sent']}, "
        f"alerts opened {side['alerts_opened']}"
    ]
    for wave, each in side["waves"].items():
        share = 100 * each["answered"] / max(1, each["invited"])
        told.append(f"{wave}: invited {each['invited']} → answered {each['answered']} ({share:.0f} %)")
        told += [f"    {name:<18}{number:>5}" for name, number in each["dispositions"].items()]
    return told
