"""Research exports of people who never were, with a truth that is known, sealed to real evaluators' keys."""

import csv
import random
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from surveys.records.evaluators import make_evaluator_keys, read_evaluators_public, seal_for_evaluators
from surveys.steps.export import ANSWERS, CASE, CENTRE, RESPONSES

HARM = ("threatened", "physical_force", "against_will")


@dataclass(frozen=True)
class Person:
    """One wave of one person as it is written into an export."""

    case: str
    wave: str
    disposition: str
    answers: Mapping[str, str]
    centre: str = "nis"


def answers_of(*, violent: bool, apart: bool = False, towards: str = "index") -> dict[str, str]:
    """What somebody answers to whom that happened, or did not."""
    said = dict.fromkeys(HARM, "never") | {"contact_now": "no_contact" if apart else "together"}
    return said | ({"threatened": "once", "towards_whom": towards} if violent else {})


def write_export(folder: Path, people: Sequence[Person], public: bytes) -> Path:
    """One side's research export."""
    folder.mkdir(parents=True)
    ids: dict[str, str] = {}
    with (
        (folder / "responses.csv").open("w", newline="") as file,
        (folder / "answers.csv").open("w", newline="") as rows,
    ):
        responses, answers = csv.writer(file), csv.writer(rows)
        responses.writerow((*RESPONSES, CENTRE, CASE))
        answers.writerow(ANSWERS)
        for each in people:
            name = ids.setdefault(each.case, f"r-{len(ids):05}")
            sealed = b64encode(seal_for_evaluators(public, each.case, CASE)).decode()
            head = (name, each.wave, 1, each.disposition, "2027-02", "", "", "page", "check-in", "1", 3, 3)
            responses.writerow((*head, each.centre, sealed))
            for item, value in each.answers.items():
                answers.writerow((name, each.wave, 1, "check-in", "1", item, "", value, "", "", "page"))
    return folder


def keys(folder: Path) -> tuple[bytes, Path]:
    """The public key and the private one's file."""
    public, private = make_evaluator_keys(folder)
    return read_evaluators_public(public), private


@dataclass(frozen=True)
class Cohort:
    """`truth` is the share of all men whose wave was non-violent, whoever answered."""

    hers: list[Person]
    his: list[Person]
    truth: float


def cohort(men: int, seed: int, *, peace: float = 0.7, wave: str = "m3", violent_answer: float = 0.25) -> Cohort:
    """Pairs of whom the violent ones answer less often; a man tells of half of what he did."""
    chance = random.Random(seed)
    hers, his, peaceful = [], [], 0
    for number in range(men):
        violent = chance.random() > peace
        peaceful += not violent
        case = f"C-{seed}-{number:05}"
        answers = chance.random() < (violent_answer if violent else 0.45)
        hers.append(_told(case, wave, answers, violent))
        his.append(_told(case, wave, chance.random() < 0.6, violent and chance.random() < 0.5))
    return Cohort(hers, his, peaceful / men)


def _told(case: str, wave: str, answers: bool, violent: bool) -> Person:
    if not answers:
        return Person(case, wave, "non_contact", {})
    return Person(case, wave, "complete", answers_of(violent=violent))
