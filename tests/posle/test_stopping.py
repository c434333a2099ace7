"""The kill switch from the command line: anybody may stop, two people start again; no name is kept."""

import asyncio
import json
from pathlib import Path

import pytest

from posle.actors import TwoPeopleNeeded, two_actors
from posle.holding import standing
from posle.opening import opened
from tests.posle.conftest import Posle

TWO = ("--by", "Mira Jović", "--by", "Petar Ilić")


def held(folder: Path) -> list[tuple[str, str, str]]:
    return [(each.scope, each.target, each.reason) for each in asyncio.run(standing(folder))]


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
        with pytest.raises(TwoPeopleNeeded):
            two_actors(database, ["Ana", "Ана"])
