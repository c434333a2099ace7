"""What the service holds in memory: idle, and with many people half-way through their questionnaire."""

from pathlib import Path

from bot.telegram.webhook import PATH
from tests.bench.crowd import Crowd
from tests.bench.exchanges import started
from tests.bench.table import Row

_HALF_WAY = 3
"""Messages after which everybody puts the phone away: the consent text and two items."""


async def measure(root: Path, quick: bool) -> list[Row]:
    """Resident MiB of the whole process, the floor's beside it."""
    people = 500 if quick else 10_000
    pair = await started(root, 2 * people)
    try:
        idle, floor_idle = pair.ours.memory(), pair.floor.memory()
        for place, bot in enumerate((pair.ours, pair.floor)):
            crowd = Crowd(bot.port, PATH, pair.secret, most_steps=_HALF_WAY)
            pair.crowds[:] = [crowd]
            await crowd.run(1 + place * people, pair.starts[place * people : (place + 1) * people], 20)
        return [
            Row("memory: idle", idle, "MiB", floor_idle),
            Row(f"memory: {people:,} open interviews", pair.ours.memory(), "MiB", pair.floor.memory(), "≤ 90 MiB"),
        ]
    finally:
        pair.ours.stop()
        pair.floor.stop()
