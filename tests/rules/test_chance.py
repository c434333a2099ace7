"""Chance: the seeded source repeats itself, the system's does not, and both keep to what was asked for."""

import pytest

from surveys.rules.chance import Chance, SeededChance, SystemChance


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    def draws(seed: int) -> list[object]:
        chance = SeededChance(seed)
        return [chance.bytes(16), chance.uniform(0, 1), chance.bytes(8)]

    assert draws(4) == draws(4)
    assert draws(4) != draws(5)


def test_safety_the_systems_source_never_repeats_itself() -> None:
    assert len({SystemChance().bytes(16) for _ in range(100)}) == 100
    assert len({SystemChance().uniform(0, 1) for _ in range(100)}) == 100


@pytest.mark.parametrize("chance", [SystemChance(), SeededChance(1)])
def test_as_many_bytes_as_asked_and_numbers_between_the_bounds(chance: Chance) -> None:
    assert [len(chance.bytes(count)) for count in (0, 1, 32)] == [0, 1, 32]
    assert all(3 <= chance.uniform(3, 7) <= 7 for _ in range(200))
    assert chance.uniform(5, 5) == 5
