"""Figures that were counted ahead, so that no page counts everything: JSON of codes and counts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from surveys.records.database import Tx
from surveys.records.tables import snapshots


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was counted, and when."""

    at: datetime
    document: Mapping[str, Any]


_NEW = insert(snapshots)
_KEEP = _NEW.on_conflict_do_update(
    index_elements=["name"], set_={"at": _NEW.excluded.at, "document": _NEW.excluded.document}
)
_GET = select(snapshots.c.at, snapshots.c.document).where(snapshots.c.name == bindparam("the_name"))


async def keep(tx: Tx, name: str, document: Mapping[str, Any], now: datetime) -> None:
    """The last count of this name; the one before is gone."""
    await tx.run(_KEEP, name=name, at=now, document=json.dumps(document))


async def get(tx: Tx, name: str) -> Snapshot | None:
    """The last count, or `None`."""
    row = await tx.row(_GET, the_name=name)
    return Snapshot(row[0], json.loads(row[1])) if row else None
