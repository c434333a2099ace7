"""The kill switch from the command line: anybody may stop, two people start again; no name is kept."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posle.actors import OnePersonTwice, TwoPeopleNeeded, two_actors
from posle.holding import hold_burned
from posle.opening import opened
from surveys.records import holds
from surveys.records.holds import WHOLE_SIDE, Scope
from tests.posle.conftest import Posle

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TWO = ("--by", "Mira Jović", "--by", "Petar Ilić")


def held(folder: Path) -> list[tuple[str, str, str]]:
    async def look() -> list[tuple[str, str, str]]:
        async with opened(folder) as (_, database), database.reading() as tx:
            return [(each.scope, each.target, each.reason) for each in await holds.standing(tx)]

    return asyncio.run(look())


def test_a_side_is_held_at_once_and_released_by_two(his: Path, posle: Posle) -> None:
    assert posle("hold", his, "--reason", "wrong texts went out").status == 0
    assert held(his) == [("side", "all", "wrong_texts_went_out")]
    assert posle("release", his, *TWO).status == 0
    assert held(his) == []


def test_a_hold_without_any_option_holds_the_side(his: Path, posle: Posle) -> None:
    assert json.loads(posle("hold", his, "--json").out)["hold"].startswith("h-")
    assert held(his)[0][0] == "side"


def test_a_centre_is_held_apart(his: Path, posle: Posle) -> None:
    assert posle("hold", his, "--centre", "nis").status == 0
    assert posle("release", his, *TWO).status == 1
    assert posle("release", his, *TWO, "--centre", "nis").status == 0


@pytest.mark.parametrize(
    "names",
    [("Mira Jović",), ("Mira Jović", "Mira Jović"), ("Mira Jović", "МИРА ЈОВИЋ"), ("Mira Jović", " "), ("a", "b", "c")],
)
def test_one_person_under_two_spellings_cannot_release(his: Path, posle: Posle, names: tuple[str, ...]) -> None:
    assert posle("hold", his).status == 0
    done = posle("release", his, *(part for name in names for part in ("--by", name)))
    assert (done.status, done.out) == (1, "")
    assert held(his) != []


def test_the_audit_holds_no_name(his: Path, posle: Posle) -> None:
    assert posle("hold", his, "--by", "Mira Jović").status == 0
    assert posle("release", his, *TWO).status == 0
    raw = b"".join(path.read_bytes() for path in his.glob("posle.db*"))
    for name in ("Mira", "Jović", "Petar"):
        assert name.encode() not in raw
    assert "hold.released" in posle("audit", his, "--of", "all").out


def test_safety_a_burned_cover_holds_the_side_until_another_one_is_active(hers: Path, posle: Posle) -> None:
    assert posle("hold", hers, "--cover-burned").status == 0
    assert held(hers)[0][2].startswith("cover_burned.")
    done = posle("release", hers, *TWO)
    assert (done.status, held(hers) != []) == (1, True)
    assert "cover" in done.err
    settings = hers / "posle.toml"
    settings.write_text(settings.read_text() + '\n[page]\ncover = "1-everyday-life"\n')
    assert posle("release", hers, *TWO).status == 1
    settings.write_text(settings.read_text().replace("1-everyday-life", "2-free-time"))
    assert posle("release", hers, *TWO).status == 0
    assert held(hers) == []


async def test_safety_the_consoles_two_people_do_not_lift_the_hold_of_a_burned_cover(hers: Path) -> None:
    placed = await hold_burned(hers, None, NOW)
    async with opened(hers) as (_, database), database.writing() as tx:
        assert await holds.release(tx, Scope.SIDE, WHOLE_SIDE, "one+two", NOW) == 0
        assert [each.id for each in await holds.standing(tx)] == [placed]


def test_a_side_without_a_cover_has_none_to_burn(his: Path, posle: Posle) -> None:
    assert posle("hold", his, "--cover-burned").status == 1
    assert posle("hold", his, "--cover-burned", "--centre", "nis").status == 2


WRONG = {
    "no centre of that name": (("hold", "--centre", "atlantis"), "there are belgrade"),
    "nobody of that id": (("hold", "--participant", "p-nobody"), ""),
    "no reason": (("hold", "--reason", " "), "a few words"),
    "a long reason": (("hold", "--reason", "x" * 61), "a few words"),
    "nothing is held": (("release", *TWO), "No hold stands"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_makes_no_sense_is_refused(his: Path, posle: Posle, kind: str) -> None:
    (command, *rest), expected = WRONG[kind]
    done = posle(command, his, *rest)
    assert (done.status, done.out) == (1, "")
    assert expected in done.err
    assert held(his) == []


async def test_the_order_of_two_people_does_not_matter(his: Path) -> None:
    async with opened(his) as (_, database):
        assert two_actors(database, ["Ana", "Bojan"]) == two_actors(database, ["БОЈАН", "ana"])
        with pytest.raises(OnePersonTwice):
            two_actors(database, ["Ana", "Ана"])
        with pytest.raises(TwoPeopleNeeded):
            two_actors(database, ["Ana"])
