"""The pace of messages that the service starts, on a clock of the test's own."""

import asyncio
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pace import Pace
from surveys.rules.chance import SeededChance


class Clock:
    """A monotonic clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 50.0
        self.waited: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


def paced(clock: Clock, **how: float) -> Pace:
    return Pace(SeededChance(3), monotonic=lambda: clock.now, sleep=clock.sleep, **how)


async def _departures(pace: Pace, clock: Clock, addresses: list[str]) -> list[float]:
    """When each leaves, all asking at the same instant."""
    found = []
    for address in addresses:
        before = len(clock.waited)
        await pace.turn(address)
        found.append(clock.now + sum(clock.waited[before:]))
    return found


async def test_a_first_message_hardly_waits() -> None:
    clock = Clock()
    [at] = await _departures(paced(clock), clock, ["1"])
    assert 50.0 <= at <= 50.25


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=60))
def test_one_address_is_written_to_once_a_second_at_most(addresses: list[str]) -> None:
    clock = Clock()
    at = asyncio.run(_departures(paced(clock), clock, addresses))
    for address in set(addresses):
        own = [when for when, whose in zip(at, addresses, strict=True) if whose == address]
        assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in itertools.pairwise(own))


async def test_a_sender_keeps_to_thirty_a_second() -> None:
    clock = Clock()
    at = sorted(await _departures(paced(clock, jitter=0.0), clock, [str(number) for number in range(300)]))
    assert all(later - earlier >= 1 / 30 - 1e-9 for earlier, later in itertools.pairwise(at))
    assert at[-1] - at[0] < 10.1


async def test_nobody_leaves_in_step() -> None:
    clock = Clock()
    at = await _departures(paced(clock), clock, [str(number) for number in range(50)])
    gaps = {round(later - earlier, 6) for earlier, later in itertools.pairwise(at)}
    assert len(gaps) > 40


async def test_after_a_rest_nobodys_turn_comes_before() -> None:
    clock = Clock()
    pace = paced(clock)
    pace.rest(7.0)
    assert min(await _departures(pace, clock, ["1", "2"])) >= 57.0


async def test_addresses_are_forgotten() -> None:
    clock = Clock()
    pace = paced(clock)
    for number in range(1001):
        await pace.turn(str(number))
    clock.now += 3600.0
    await pace.turn("x")
    assert len(pace._addresses) == 1
