"""A compiled instrument as text, for the database: canonical JSON, and the digest of all that can change what is asked.

Reading back gives the same instrument; nothing of a person is ever in it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from surveys.instruments.model import Choice, Instrument, Item, Kind, Risk
from surveys.rules.vocabulary import Channel, Urgency


def dump(instrument: Instrument) -> str:
    """Canonical JSON: equal instruments give equal text."""
    return _canonical(_plain(instrument))


def load(text: str) -> Instrument:
    """The instrument that `dump` wrote; KeyError, TypeError or ValueError on anything else."""
    return of_record(json.loads(text))


def of_record(record: dict[str, Any]) -> Instrument:
    """The same from what the text says."""
    record = dict(record)
    record["items"] = tuple(_item(each) for each in record["items"])
    record["lists"] = {name: tuple(Choice(**each) for each in rows) for name, rows in record["lists"].items()}
    record["languages"] = tuple(record["languages"])
    return Instrument(**record)


def with_digest(instrument: Instrument) -> Instrument:
    """The same instrument with its digest: SHA-256 of everything but the XForm text, which only restates the rest."""
    record = {key: value for key, value in _plain(instrument).items() if key not in ("digest", "xform")}
    return replace(instrument, digest=hashlib.sha256(_canonical(record).encode()).hexdigest())


def _plain(instrument: Instrument) -> dict[str, Any]:
    record = {name: getattr(instrument, name) for name in Instrument.__dataclass_fields__}
    record["items"] = [_record(each) for each in instrument.items]
    record["lists"] = {name: [_choice(each) for each in rows] for name, rows in instrument.lists.items()}
    record["title"] = dict(instrument.title)
    return record


def _record(item: Item) -> dict[str, Any]:
    record = {name: getattr(item, name) for name in Item.__dataclass_fields__}
    record["channels"] = sorted(item.channels)
    record["risks"] = [asdict(risk) for risk in item.risks]
    return {key: dict(value) if isinstance(value, Mapping) else value for key, value in _said(record).items()}


def _choice(choice: Choice) -> dict[str, Any]:
    return _said({
        "name": choice.name, "labels": dict(choice.labels), "low": choice.low, "high": choice.high,
        "extra": dict(choice.extra), "sms": dict(choice.sms),
    })  # fmt: skip


def _said(record: dict[str, Any]) -> dict[str, Any]:
    """Without short words where there are none: what was published before they existed keeps its digest."""
    return {key: value for key, value in record.items() if key != "sms" or value}


def _canonical(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _item(record: dict[str, Any]) -> Item:
    return Item(
        **record
        | {
            "kind": Kind(record["kind"]),
            "risks": tuple(Risk(Urgency(each["urgency"]), tuple(each["choices"])) for each in record["risks"]),
            "channels": frozenset(Channel(each) for each in record["channels"]),
            "groups": tuple((path, relevant) for path, relevant in record["groups"]),
            "bounds": tuple(record["bounds"]) if record["bounds"] else None,
        }
    )
