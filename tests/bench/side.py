"""A side for benchmarks: its folder, an instrument of ten single-choice items, and people whose wave is due.

Nobody here is ever written to first: what was planned for them is cancelled, so that only exchanges are measured.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from posle.founding import found
from posle.opening import opened, service_of
from posle.publishing import publish
from posle.settings import load_settings
from surveys.records import deliveries
from surveys.records.evaluators import make_evaluator_keys
from surveys.records.sealing import Seals
from surveys.rules.vocabulary import Side
from surveys.steps.enrol import enrol_many, read
from tests.bench.floor import ITEMS
from tests.steps.stage import given

TOKEN = "7000000001:bench-token-Qx7Zr4Kf9Lm2Wp"
_AT_ONCE = 2000
_SETTINGS = """
[side]
name = "ex-perpetrators"
public_url = "http://127.0.0.1:{port}"
listen = "127.0.0.1:{port}"
timezone = "Europe/Belgrade"
[database]
url = "sqlite:///posle.db"
[telegram]
token = "{token}"
api_url = "{api_url}"
mode = "webhook"
[keys]
file = "side.key"
evaluators_public = "evaluators.pub"
[scheduler]
tick_seconds = 600
"""


@dataclass(frozen=True, slots=True)
class BenchSide:
    """Its folder, where it listens, and the secret that the provider shows."""

    folder: Path
    port: int
    secret: str


def form_of(items: int = ITEMS) -> str:
    """The bench's instrument as Markdown: single-choice items of four choices each."""
    asked = "\n".join(f"|  | select_one often | q{n} | Koliko često, {n}. pitanje? |" for n in range(1, items + 1))
    words = ("Nikad", "Retko", "Ponekad", "Često")
    choices = "\n".join(f"|  | often | o{n} | {word} |" for n, word in enumerate(words))
    return f"""
| survey |
|  | type | name | label::Srpski (sr_Latn) |
{asked}
| choices |
|  | list_name | name | label::Srpski (sr_Latn) |
{choices}
| settings |
|  | form_id | version | form_title |
|  | check-in | bench-{items} | Upitnik |
"""


async def make_side(
    root: Path, *, port: int, api_url: str, token: str = TOKEN, items: int = ITEMS, now: datetime | None = None
) -> BenchSide:
    """Begin the side in `root`/his and publish the instrument as its latest."""
    now = now or datetime.now(UTC)
    public, _ = make_evaluator_keys(root / "evaluators")
    folder = root / "his"
    await found(folder, Side.EX_PERPETRATORS, evaluators=public, database=None, now=now)
    (folder / "posle.toml").write_text(_SETTINGS.format(port=port, token=token, api_url=api_url))
    form = root / "check-in.md"
    form.write_text(form_of(items))
    await publish(folder, form, datetime.now(UTC) if now is None else now.replace(microsecond=999_999))
    return BenchSide(folder, port, secret_of(folder, token))


def secret_of(folder: Path, token: str = TOKEN) -> str:
    """What the provider shows at the webhook."""
    settings = load_settings(folder)
    return Seals.load(settings.keys.file, settings.side.name).index("telegram", "webhook", token).hex()


def people(count: int, today: date) -> Iterator[dict[str, Any]]:
    """What staff would hand in for people whose wave m3 is due now."""
    month, year = (today.month - 4) % 12 + 1, today.year - (today.month < 4)
    completed = date(year, month, min(today.day, 28))
    for number in range(count):
        yield given(case_code=f"KG-B{number:07d}", completed_on=completed.isoformat())


async def enrol_crowd(folder: Path, count: int) -> list[str]:
    """Enrol so many people; the first message (`/start` and their one-time token) of each."""
    now, starts = datetime.now(UTC), []
    async with opened(folder) as (settings, database):
        service = service_of(settings, database, enrols=True)
        rows = [read(service, each, now) for each in people(count, service.local(now).date())]
        for place in range(0, count, _AT_ONCE):
            enrolled = await enrol_many(service, rows[place : place + _AT_ONCE], now)
            starts += [f"/start {each.token}" for each in enrolled]
            await _cancel(database, [each.participant for each in enrolled], now)
    return starts


async def _cancel(database: Any, participants: Sequence[str], now: datetime) -> None:
    async with database.writing(long=True) as tx:
        for each in participants:
            await deliveries.cancel_of_participant(tx, each, "bench", now)
